"""A line of an order while it is read, and what is ordered by it."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from kiosk.menu import Item, SpokenModifier
from kiosk.understanding.acts import Add, Missed
from kiosk.understanding.table import kind

# Said of a drink that is there already.
DEFINITE = kind("definite")


@dataclass
class Share:
    """Some of a line that are made in their own way: "one dry and one dirty"."""

    quantity: int | None
    modifiers: list[SpokenModifier] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


@dataclass
class Line:
    """A line of an order while it is read.

    Parameters:
        end: where what was read of it ends.
        unknown: words before the drink that the menu does not know: "a frozen daiquiri".
        counted: a number was said.
        missed: what was wished of it and is nothing that the menu knows: "light on the onions".
        kind: the category that is called so, where the item's own name is another: "three pizzas".
    """

    item: Item
    quantity: int
    begin: int
    end: int
    article: str = ""
    counted: bool = False
    modifiers: list[SpokenModifier] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    shares: list[Share] = field(default_factory=list)
    kind: str | None = None
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._named_with = len(self.modifiers)

    @property
    def said_before(self) -> list[SpokenModifier]:
        """The ways of making that were said before the name: "a large pizza"."""
        return self.modifiers[: self._named_with]

    @property
    def said_behind(self) -> list[SpokenModifier]:
        """Those that were said behind it: "a pizza with onions"."""
        return self.modifiers[self._named_with :]

    @property
    def opening(self) -> Hashable:
        """What the line holds: two readings that open a line with the same read on in the same way."""
        modifiers = tuple(spoken.text for spoken in self.modifiers)
        return self.begin, self.end, self.item.name, self.quantity, self.article, modifiers, tuple(self.without)

    @cached_property
    def adds(self) -> tuple[Add, ...]:
        """The line as orders, once it was read: one, or one for each share that differs."""
        return tuple(self._orders())

    def announces(self, line: "Line") -> "Line":
        """A line of those that this one only said the number of, made as was said of all of them."""
        of_all = [spoken for spoken in self.modifiers if spoken not in line.modifiers]
        return replace(line, modifiers=of_all + line.modifiers, without=line.without + self.without)

    def _orders(self) -> Iterator[Add]:
        rest = self.quantity
        for share in self.shares:
            count = min(rest, share.quantity or rest) if rest else share.quantity or 1
            rest -= count
            if count > 0:
                yield self._add(count, (*self.modifiers, *share.modifiers), (*self.without, *share.without))
        if rest > 0 or not self.shares:
            yield self._add(rest, self.modifiers, self.without)

    def _add(self, quantity: int, modifiers: Sequence[SpokenModifier], without: Sequence[str]) -> Add:
        made = list(dict.fromkeys(spoken.text for spoken in modifiers))
        # What is counted stands as often as it is wanted.
        for spoken in modifiers:
            if spoken.modifier.counted:
                made += [spoken.text] * (modifiers.count(spoken) - made.count(spoken.text))
        return Add(
            self.item.name,
            quantity,
            tuple(made),
            tuple(dict.fromkeys(without)),
            counted=self.counted,
            uncounted=not (self.counted or self.article),
            definite=self.article in DEFINITE,
            unknown=self.unknown,
        )


class Group(NamedTuple):
    """An order that was read, up to some place of the sentence.

    Parameters:
        unknown: words that the menu does not know and that describe a drink.
        missed: what was wished and is nothing that the menu knows.
    """

    end: int
    adds: tuple[Add, ...]
    unknown: tuple[str, ...]
    missed: tuple[Missed, ...] = ()
