"""What a guest can ask: acts that are answered and change nothing."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.understanding.acts import Act


@dataclass(frozen=True)
class AskMenu(Act):
    """What is there, of a category if one is named."""

    category: str | None = None


@dataclass(frozen=True)
class AskPrice(Act):
    """What `items` cost; without any: the one just talked about, or the tab.

    Parameters:
        modifiers: in which way a single one is to be made.
    """

    items: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskAvailable(Act):
    """Whether there is `item`, made with `modifiers`."""

    item: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskWays(Act):
    """Whether anything can be had with `modifiers`: "do you have oat milk?"."""

    modifiers: tuple[str, ...]


@dataclass(frozen=True)
class AskAbout(Act):
    """What `item` is: its making, strength, character. None is the one just talked about."""

    item: str | None = None


@dataclass(frozen=True)
class AskRecommendation(Act):
    """What Maya would pour, for a `preference` in the guest's words ("" for none)."""

    preference: str = ""


@dataclass(frozen=True)
class AskOrder(Act):
    """What is on the order, and what it comes to."""


@dataclass(frozen=True)
class AskBalance(Act):
    """How much money is left."""


@dataclass(frozen=True)
class AskTip(Act):
    """What tip is set, or which can be."""


@dataclass(frozen=True)
class AskTipAmount(Act):
    """How much a tip of `percentage` would be, or whether it is enough: nothing is set."""

    percentage: int


@dataclass(frozen=True)
class AskUnder(Act):
    """What there is for at most `amount`, in whole units of the currency."""

    amount: int


class Extreme(StrEnum):
    """Which end of the menu is asked for."""

    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    STRONGEST = "strongest"


@dataclass(frozen=True)
class AskExtreme(Act):
    """Which drink is the cheapest, the dearest, the strongest."""

    end: Extreme


@dataclass(frozen=True)
class AskPayment(Act):
    """Whether the payment went through, or the claim that it did."""
