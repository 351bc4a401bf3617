"""What a guest can do with words: the acts that a sentence is understood as.

Items are named by the menu's own names and modifiers as they stand on the order. A reference that
only the conversation can resolve ("that one", "make it two") is an act without an item. What is asked
is in `questions`.
"""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Act:
    """One thing that was meant."""


@dataclass(frozen=True)
class Which:
    """Lines of the order as a guest tells them from others; without anything, the one that was added last.

    Parameters:
        modifiers: that they have, empty for any; "plain" alone: those that have none.
        position: counts from 1 in the order of ordering, -1 is the last, 0 the one that was not added last.
        quantity: so many of them; None is all of the line.
        everything: not one line, but all of them.
        kind: the category that was named, or that is called as the item is: "the beers".
    """

    item: str | None = None
    modifiers: tuple[str, ...] = ()
    position: int | None = None
    quantity: int | None = None
    everything: bool = False
    kind: str | None = field(default=None, compare=False)


THAT = Which()


@dataclass(frozen=True)
class Add(Act):
    """Wants `quantity` of `item`.

    Parameters:
        without: what is to be left out of it: modifiers, or what it contains.
        counted: a number was said: "one martini", not "a martini".
        uncounted: "martinis", without any number or article.
        definite: "the martini", which may be one that was ordered.
        corrects: "wait, two martinis", which may be so many instead of those that were just ordered.
        instead: "no, a manhattan", which is instead of what was just ordered.
        in_all: "just two martinis", not so many more.
        asks: nothing was said but the name, as a question: "and an ipa?"
        unknown: words before it that the menu does not know: "a frozen daiquiri".
    """

    item: str
    quantity: int = 1
    modifiers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    counted: bool = field(default=False, compare=False)
    uncounted: bool = field(default=False, compare=False)
    definite: bool = field(default=False, compare=False)
    corrects: bool = field(default=False, compare=False)
    instead: bool = field(default=False, compare=False)
    in_all: bool = field(default=False, compare=False)
    asks: bool = field(default=False, compare=False)
    unknown: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class AddMentioned(Act):
    """Wants what was just talked about: "I'll take that one", "two of those".

    Without a quantity it is what was offered, and never more of what was ordered already.
    """

    quantity: int | None = None
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choose(Act):
    """Picks one of those that Maya named; `position` counts from 1, -1 is the last, 0 "the other one".

    Parameters:
        by_price: counts from the cheapest.
    """

    position: int
    by_price: bool = False


@dataclass(frozen=True)
class AddOneOfEach(Act):
    """Wants one of each of a category, or, without one, of what was just named.

    Parameters:
        again: of what is on the order.
    """

    category: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Again(Act):
    """Wants the last order once more, or `quantity` more of its last item, or of `item`."""

    quantity: int | None = None
    item: str | None = None


@dataclass(frozen=True)
class Remove(Act):
    """Takes what `which` means off the order."""

    which: Which = THAT


@dataclass(frozen=True)
class Replace(Act):
    """Wants `new` instead of what `which` means.

    Parameters:
        is_choice: between the two, so that the old one need not have been ordered: "not a martini but a gin".
    """

    new: Add
    which: Which = THAT
    is_choice: bool = False


@dataclass(frozen=True)
class SetQuantity(Act):
    """Wants `quantity` in all of what `which` means."""

    quantity: int
    which: Which = THAT


@dataclass(frozen=True)
class Modify(Act):
    """Wants what `which` means with or without `modifiers`.

    Parameters:
        without: the modifiers are to be left out; none given: all of them.
        instead_of: modifiers that make way for them.
        corrects: "i said dry", which is instead of what was said of it before.
    """

    modifiers: tuple[str, ...]
    which: Which = THAT
    without: bool = False
    instead_of: tuple[str, ...] = ()
    corrects: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Rather(Act):
    """Puts right which was meant just before: "no, the other one", "sorry, I meant the rum"."""

    which: Which


@dataclass(frozen=True)
class Decline(Act):
    """Does not want `item`: no order, and perhaps a change of mind about one that stands.

    Parameters:
        definite: "I don't want the martini", which is one that stands.
    """

    item: str | None = None
    definite: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Clear(Act):
    """Wants everything off the order."""


@dataclass(frozen=True)
class ClearBut(Act):
    """Wants everything off the order but `item`."""

    item: str


@dataclass(frozen=True)
class NotOnMenu(Act):
    """Asked for something that the menu does not have; `offers` are the nearest that it has."""

    name: str
    offers: tuple[str, ...]


@dataclass(frozen=True)
class WhichOf(Act):
    """Asked for something that may be any of `items`: a category, or an ambiguous name."""

    name: str
    items: tuple[str, ...]
    quantity: int = 1


@dataclass(frozen=True)
class Perhaps(Act):
    """Sounded as if `adds` were wanted, but not surely enough to act: Maya asks.

    Parameters:
        otherwise: with a word that is not known: "a frozen daiquiri".
    """

    adds: tuple[Add, ...]
    otherwise: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class OddQuantity(Act):
    """A quantity of `item` that makes no sense or is vague: none, half a, a few."""

    item: str | None = None


@dataclass(frozen=True)
class TipOfMoney(Act):
    """Wants a tip of an amount, where only percentages can be set."""


@dataclass(frozen=True)
class UnderAge(Act):
    """Says of himself that he is so old, or (None) under age."""

    age: int | None


class Matter(StrEnum):
    """What guests raise beside order, money and talk."""

    SPLIT = "split"
    DISPUTE = "dispute"
    AT_BAR = "at_bar"
    CARDS = "cards"
    RECEIPT = "receipt"
    TAX = "tax"
    ORDER_NUMBER = "order_number"
    WRONG_ORDER = "wrong_order"
    IDS = "ids"
    PRIVACY = "privacy"
    OFFERS = "offers"
    BAR = "bar"


@dataclass(frozen=True)
class Raise(Act):
    """Brings up a `matter`."""

    matter: Matter


@dataclass(frozen=True)
class Tip(Act):
    """Wants a tip of `percentage`; None is no tip."""

    percentage: int | None


@dataclass(frozen=True)
class TipUnsaid(Act):
    """Wants to tip, without saying how much."""


@dataclass(frozen=True)
class Pay(Act):
    """Wants to pay."""


@dataclass(frozen=True)
class CancelPayment(Act):
    """Does not want to pay now."""


@dataclass(frozen=True)
class Number(Act):
    """A bare number: what it counts, Maya's question or the last order tells."""

    value: int


class Topic(StrEnum):
    """What is said that needs an answer but no tool."""

    GREETING = "greeting"
    THANKS = "thanks"
    BYE = "bye"
    YES = "yes"
    NO = "no"
    OKAY = "okay"
    DONE = "done"
    WAIT = "wait"
    UNDECIDED = "undecided"
    REPEAT = "repeat"
    HELP = "help"
    ORDERING = "ordering"
    HOW_ARE_YOU = "how_are_you"
    WHO_ARE_YOU = "who_are_you"
    ROBOT = "robot"
    WEATHER = "weather"
    JOKE = "joke"
    STORY = "story"
    COMPLIMENT = "compliment"
    FEELING_LOW = "feeling_low"
    FEELING_GOOD = "feeling_good"
    TIME = "time"
    PLACE = "place"
    STAFF = "staff"
    ALLERGY = "allergy"
    FOOD = "food"
    INSULT = "insult"
    SORRY = "sorry"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Say(Act):
    """Talk: see `Topic`."""

    topic: Topic


@dataclass(frozen=True)
class Missed(Act):
    """Words of an order that was understood, which were not.

    Parameters:
        item: how it is to be made, as far as that is known.
    """

    words: str
    item: str | None = None


@dataclass(frozen=True)
class NoSuchSize(Act):
    """Asked for `item` in a size that nothing on the menu comes in."""

    item: str


@dataclass(frozen=True)
class Unclear(Act):
    """Words that were not understood."""

    words: str


@dataclass(frozen=True)
class Understanding:
    """The acts of one sentence, in the order in which they were said.

    Parameters:
        acts: what was understood; words that were not are an `Unclear` among them.
        dangling: the sentence breaks off ("two beers and uh"): more is to come.
        named: the items that were named in it, whatever was said of them.
    """

    acts: tuple[Act, ...]
    dangling: bool = False
    named: tuple[str, ...] = ()

    @property
    def orders(self) -> tuple[Add, ...]:
        """What was plainly ordered."""
        return tuple(act for act in self.acts if isinstance(act, Add))

    def says(self, topic: Topic) -> bool:
        """Whether `topic` is among the acts."""
        return any(isinstance(act, Say) and act.topic is topic for act in self.acts)
