"""What Maya is going to do about a request: the calls to make, what to say, and what she asks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from kiosk.bartender.outcomes import Wording
from kiosk.bartender.tally import ADD, ADDING
from kiosk.understanding.acts import Act, Modify, Remove

Wanted = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Unfinished:
    """A drink that is wanted, and for which something has to be chosen first.

    Parameters:
        arguments: of the call that puts it on the order.
        gone: where it is to be instead of something, the call that takes that off, and the one that puts it back.
    """

    arguments: dict[str, Any]
    gone: tuple[Wanted, Wanted] | None = None

    @property
    def item(self) -> str:
        """Which drink it is."""
        return str(self.arguments["item_name"])


@dataclass(frozen=True)
class Plan:
    """What to do about one request; each act of the request makes another of it.

    Parameters:
        calls: the tools to call, in order.
        say: sentences that need no tool.
        talk: sentences that are said only where there is nothing else to say.
        on_yes: calls to make if the guest says yes to what `say` asks.
        options: items that `say` asks the guest to choose from.
        ways: how the one of `options` was asked about.
        listed: items that were named, and not asked about.
        left: of several that were offered those that were not taken.
        quantity: how many of the chosen one.
        asks_tip: `say` asks how much the tip should be.
        told: the question that `say` answers, of any drink.
        changed: the one change of the order that was asked for.
        unfinished: drinks for which something has to be chosen first; `asks_choice`: it is asked now.
        begun: what the guest has begun to say; `say` asks for the rest.
        needs: for a call (by index), the earlier one without whose success it makes no sense.
        amends: for a call (by index), the one that puts things back when it fails.
        worded: for a tool, how what came of it is said where it is not said as usual.
    """

    calls: tuple[Wanted, ...] = ()
    say: tuple[str, ...] = ()
    talk: tuple[str, ...] = ()
    on_yes: tuple[Wanted, ...] = ()
    options: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    quantity: int = 1
    asks_tip: bool = False
    told: Callable[[str], Act] | None = None
    changed: Modify | Remove | None = None
    unfinished: tuple[Unfinished, ...] = ()
    asks_choice: bool = False
    begun: str = ""
    needs: Mapping[int, int] = field(default_factory=dict)
    amends: Mapping[int, Wanted] = field(default_factory=dict)
    worded: Mapping[str, Wording] = field(default_factory=dict)

    def saying(self, *sentences: str) -> Self:
        """The same with more to say."""
        return replace(self, say=(*self.say, *sentences))

    def talking(self, sentence: str) -> Self:
        """The same with more to say where there is nothing else."""
        return replace(self, talk=(*self.talk, sentence))

    def calling(self, tool: str, *, worded: Wording | None = None, **arguments: Any) -> Self:
        """The same with one more call; `worded` says what came of it, if not as usual."""
        ways = {**self.worded, tool: worded} if worded else self.worded
        return replace(self, calls=(*self.calls, (tool, arguments)), worded=ways)

    def wanting(self, *calls: Wanted) -> Self:
        """The same with more calls."""
        return replace(self, calls=(*self.calls, *calls))

    def asking(self, question: str, *on_yes: Wanted) -> Self:
        """The same with a question, and what a yes to it calls."""
        return replace(self.saying(question), on_yes=on_yes)

    def naming(self, *items: str) -> Self:
        """The same, with items of which the guest may want one."""
        return replace(self, listed=items)

    def offering(self, *items: str) -> Self:
        """The same, with items from which the guest is to choose."""
        return replace(self, options=items)

    def exchanging(self, away: Wanted, add: Wanted, back: Wanted) -> Self:
        """The same with `add` in place of what `away` takes off; where it fails, `back` puts that on again."""
        place = len(self.calls)
        needs, amends = {**self.needs, place + 1: place}, {**self.amends, place + 1: back}
        return replace(self.wanting(away, add), needs=needs, amends=amends)

    def waiting_for_choice(self, *drinks: Unfinished) -> Self:
        """The same, with `drinks` for which something has to be chosen; that is asked now."""
        return replace(self, unfinished=(*self.unfinished, *drinks), asks_choice=True)

    def beginning_with(self, drink: Unfinished) -> Self:
        """The same, after `drink` was put on the order."""
        add = (ADD, drink.arguments)
        first = [drink.gone[0], add] if drink.gone else [add]
        moved = len(first)
        needs = {place + moved: needed + moved for place, needed in self.needs.items()}
        amends = {place + moved: wanted for place, wanted in self.amends.items()}
        if drink.gone:
            needs, amends = {**needs, 1: 0}, {**amends, 1: drink.gone[1]}
        return replace(self, calls=(*first, *self.calls), needs=needs, amends=amends)

    def with_question_of(self, before: "Plan") -> Self:
        """The same, with the question of `before` still open, for an answer that was not understood."""
        return replace(
            self,
            on_yes=before.on_yes,
            options=before.options,
            quantity=before.quantity,
            asks_tip=before.asks_tip,
            begun=before.begun,
            unfinished=before.unfinished,
        )

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The items that "that one", "two of those" or "the first one" may be."""
        return self.options or self.listed

    @property
    def orders(self) -> bool:
        """Whether it puts something on the order."""
        return any(name in ADDING for name, _ in self.calls)

    @property
    def asked_for(self) -> dict[str, Any] | None:
        """The one drink that a yes would order."""
        match self.on_yes:
            case [(name, arguments)] if name in ADDING:
                return arguments
        return None


def adding(
    name: str, quantity: int, modifiers: Iterable[str], without: Iterable[str] = (), note: str | None = None
) -> Wanted:
    """The call that puts it on the order."""
    arguments: dict[str, Any] = {"item_name": name, "modifiers": list(modifiers), "quantity": quantity}
    left_out = list(without)
    return ADD, arguments | ({"without": left_out} if left_out else {}) | ({"note": note} if note else {})
