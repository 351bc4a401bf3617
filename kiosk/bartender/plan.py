"""What Maya is going to do about a request: the calls to make, what to say, and what she asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from kiosk.bartender.outcomes import Wording
from kiosk.bartender.tally import ADD, ADDING

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


@dataclass
class Plan:
    """What to do about one request.

    Parameters:
        calls: the tools to call, in order.
        say: sentences that need no tool.
        talk: sentences that are said only where there is nothing else to say.
        on_yes: calls to make if the guest says yes to what `say` asks.
        options: items that `say` asks the guest to choose from.
        ways: how the one of `options` was asked about.
        listed: items that were named, and not asked about.
        quantity: how many of the chosen one.
        asks_tip: `say` asks how much the tip should be.
        tells_about: `say` tells what a drink is.
        unfinished: drinks for which something has to be chosen first; `asks_choice`: it is asked now.
        begun: what the guest has begun to say; `say` asks for the rest.
        needs: for a call (by index), the earlier one without whose success it makes no sense.
        amends: for a call (by index), the one that puts things back when it fails.
        worded: for a tool, how what came of it is said where it is not said as usual.
    """

    calls: list[Wanted] = field(default_factory=list)
    say: list[str] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)
    on_yes: list[Wanted] = field(default_factory=list)
    options: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    quantity: int = 1
    asks_tip: bool = False
    tells_about: bool = False
    unfinished: tuple[Unfinished, ...] = ()
    asks_choice: bool = False
    begun: str = ""
    needs: dict[int, int] = field(default_factory=dict)
    amends: dict[int, Wanted] = field(default_factory=dict)
    worded: Mapping[str, Wording] = field(default_factory=dict)

    def saying(self, *sentences: str) -> Self:
        """The same with more to say."""
        return replace(self, say=[*self.say, *sentences])

    def calling(self, tool: str, *, worded: Wording | None = None, **arguments: Any) -> Self:
        """The same with one more call; `worded` says what came of it, if not as usual."""
        ways = {**self.worded, tool: worded} if worded else self.worded
        return replace(self, calls=[*self.calls, (tool, arguments)], worded=ways)

    def asking(self, question: str, *on_yes: Wanted) -> Self:
        """The same with a question, and what a yes to it calls."""
        return replace(self.saying(question), on_yes=list(on_yes))

    def naming(self, *items: str) -> Self:
        """The same, with items of which the guest may want one."""
        return replace(self, listed=items)

    def beginning_with(self, drink: Unfinished) -> Self:
        """The same, after `drink` was put on the order."""
        add = (ADD, drink.arguments)
        first = [drink.gone[0], add] if drink.gone else [add]
        moved = len(first)
        needs = {place + moved: needed + moved for place, needed in self.needs.items()}
        amends = {place + moved: wanted for place, wanted in self.amends.items()}
        if drink.gone:
            needs, amends = {**needs, 1: 0}, {**amends, 1: drink.gone[1]}
        return replace(self, calls=[*first, *self.calls], needs=needs, amends=amends)

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The items that "that one", "two of those" or "the first one" may be."""
        return self.options or self.listed

    @property
    def asked_for(self) -> dict[str, Any] | None:
        """The one drink that a yes would order."""
        match self.on_yes:
            case [(name, arguments)] if name in ADDING:
                return arguments
        return None

    def question_of(self, before: "Plan") -> None:
        """Leave the question of `before` open, for an answer that was not understood."""
        self.on_yes, self.options, self.quantity = before.on_yes, before.options, before.quantity
        self.asks_tip, self.begun, self.unfinished = before.asks_tip, before.begun, before.unfinished
