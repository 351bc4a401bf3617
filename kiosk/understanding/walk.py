"""How far the reading of an order has got: its lines, what is said of the open one, and the drink that is to come."""

from dataclasses import dataclass, field

from kiosk.menu import Item, Menu, SpokenModifier
from kiosk.understanding.ahead import Ahead
from kiosk.understanding.lines import Line, Share
from kiosk.understanding.sentence import Sentence


@dataclass
class Coming:
    """What was said for a drink before it is named: "a large", "two iced".

    Parameters:
        begin: where the line of the drink begins.
        is_begun: an article, a number or a way of making was said.
        quantity: None: no number was said.
        ranked: a size as coffee chains call it.
        unknown: words that the menu does not know: "a frozen daiquiri".
    """

    begin: int
    is_begun: bool = False
    quantity: int | None = None
    article: str = ""
    modifiers: list[SpokenModifier] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    ranked: str = ""
    unknown: list[str] = field(default_factory=list)


class Walk:
    """The reading of one order, from left to right.

    Attributes:
        lines: what was read; the last one is open.
        coming: what was said for the drink that is to come.
        share: of the open line, whose making is being said; None: all of it.
        to_all: what follows is said of all the lines.
        is_said_of_all: something was said of all the lines.
        negated: what follows is left out.
        joined: an "and" stands before what follows.
        linked: a "with" stands before what follows.
        said_of_it: "the beer should be an IPA": what follows is no further drink.
        has_ways: how the open line is made is being listed.
        times: how often the next counted way is wanted.
    """

    def __init__(self, sentence: Sentence, menu: Menu, at: int) -> None:
        self.sentence = sentence
        self.tags = sentence.tags
        self.menu = menu
        self.ahead = Ahead(sentence, menu)
        self.lines: list[Line] = []
        self.is_said_of_all = False
        self.coming = Coming(at)
        self._forget()

    @property
    def line(self) -> Line:
        """The open line."""
        return self.lines[-1]

    @property
    def is_behind_a_line(self) -> bool:
        """Whether a line is open and no other drink is begun."""
        return bool(self.lines) and not self.coming.is_begun

    def said(self, at: int) -> str:
        """The words of a place; "" behind the sentence."""
        return self.tags[at].said if at < len(self.tags) else ""

    def number(self, at: int) -> int | None:
        """The number at a place, if one is there."""
        return self.tags[at].number if at < len(self.tags) else None

    def item(self, at: int) -> Item | None:
        """The item that is named at a place, if one is."""
        return self.tags[at].item if at < len(self.tags) else None

    def modifier(self, at: int) -> SpokenModifier | None:
        """The way of making that is named at a place, if one is."""
        return self.tags[at].modifier if at < len(self.tags) else None

    def begin(self, at: int) -> None:
        """Something is said for a drink that is to come."""
        self.coming.begin, self.coming.is_begun = at, True
        self.negated = self.linked = False

    def open(self, line: Line) -> int:
        """Open a line, of which nothing but what it holds was said; the place behind it."""
        self.lines.append(line)
        self.ahead.open_item = line.item
        self.coming = Coming(line.end)
        self._forget()
        return line.end

    def forget_what_comes(self, at: int) -> None:
        """What was said for the drink that is to come was not said for one."""
        self.coming = Coming(at)

    def mark(self, end: int) -> int:
        """The open line was read up to a place; that place."""
        self.line.end = end
        return end

    def _forget(self) -> None:
        self.share: Share | None = None
        self.to_all = self.negated = self.joined = self.linked = self.said_of_it = self.has_ways = False
        self.times = 1
