"""What may stand in the menu file: the bar, its items and their sizes, modifiers, and what has to be chosen."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from kiosk.menu.fields import Entry, Factor, Name, Names, Price, SomeNames, number
from kiosk.menu.names import normalise
from kiosk.money import USD, Currency
from kiosk.plain_text import brief
from kiosk.plurals import plural
from kiosk.tips import DEFAULT as DEFAULT_TIPS
from kiosk.tips import MOST as MOST_TIPS
from kiosk.tips import Tips

# Of one item: more are not chosen from, neither by voice nor on a screen.
MOST_SIZES = 10
# The size of an item that has several is chosen like anything else, under this name.
SIZE = "size"


def _tips(value: Any) -> Any:
    whole = isinstance(value, list | tuple) and all(type(tip) is int and 1 <= tip <= 100 for tip in value)
    if not whole or not 1 <= len(set(value)) == len(value) <= MOST_TIPS:
        raise ValueError(f"write 1 to {MOST_TIPS} different whole percentages from 1 to 100, as [10, 15, 20]")
    return value


def _rate(value: Any) -> Decimal:
    rate = number(value)
    if not rate.is_finite() or not 0 <= rate <= 100:
        raise ValueError(f"{brief(value)} is not a rate in per cent, from 0 to 100")
    return rate


class Tax(Entry):
    """A tax on what is sold; it is read here, and not yet part of any total.

    Parameters:
        rate: in per cent.
        included: it is in the menu's prices already.
    """

    name: Name
    rate: Annotated[Decimal, BeforeValidator(_rate)]
    included: bool = False


class Bar(Entry):
    """The house.

    Parameters:
        currency: of all prices; its decimals, sign, spoken name and least charge follow from it.
        tips: the percentages that are offered, in this order.
        credit: what a guest may spend; where the menu does not say, about 1000 dollars, see `Currency.about`.
        legal_age: in years, to be served alcohol; None: nothing here is age-restricted.
        tax: None: there is none to show.
        notes: whether wishes that the menu does not know are passed on to the bar, free of charge.
        serve: when the bar gets to know of an order.
    """

    name: Name = "The bar"
    currency: Annotated[Currency, BeforeValidator(Currency.of)] = USD
    tips: Annotated[Tips, BeforeValidator(_tips)] = DEFAULT_TIPS
    credit: Decimal | None = None
    legal_age: Annotated[int, Field(ge=1, le=120)] | None = None
    tax: Tax | None = None
    notes: bool = False
    serve: Literal["when_paid", "when_ordered"] = "when_paid"

    @field_validator("credit", mode="before")
    @classmethod
    def _some_credit(cls, value: Any, info: ValidationInfo) -> Decimal:
        credit = info.data.get("currency", USD).amount(value)
        if not credit:
            raise ValueError("with nothing to spend no guest can order")
        return credit

    @property
    def opening_credit(self) -> Decimal:
        """What a guest starts with."""
        return self.currency.about(1000) if self.credit is None else self.credit

    @property
    def large_order(self) -> Decimal:
        """What is confirmed first: a tenth of the credit, and where that is small, about 100 dollars."""
        return max(self.currency.amount(self.opening_credit / 10), self.currency.about(100))


class Modifier(Entry):
    """Something done to a drink.

    Parameters:
        group: at most one modifier of a group stands on a line; the last one said wins.
        price: added to the item's price.
        multiply: the item's price times this, before `price` is added.
        amounts: words that may stand before the name and are kept as spoken ("a bit of sugar").
        counted: it may be had several times on one line, and is paid as often ("two extra shots").
    """

    name: Name
    synonyms: Names = ()
    group: Name | None = None
    price: Price = Decimal(0)
    multiply: Factor = Decimal(1)
    amounts: Names = ()
    counted: bool = False

    @model_validator(mode="after")
    def _is_counted_by_price(self) -> Self:
        if self.counted and self.multiply != 1:
            raise ValueError("what is counted has a price for each; it cannot multiply that of the drink")
        return self


class Size(Entry):
    """A size that an item comes in, with the price of the item in it.

    Parameters:
        default: what a guest gets who names none.
    """

    name: Name
    price: Price
    default: bool = False


class Item(Entry):
    """Something a guest can order.

    Parameters:
        sizes: with a price each; empty: it has but one, and a `price`.
        plural: what more than one of it are called, where English would say it otherwise.
        modifiers: what may be done to it; None: everything on the menu.
        contains: what is in it and may be left out by name.
        alcohol: whether it may have any.
        allergens: as they are shown and told; None: only the staff know.
    """

    name: Name
    sizes: Annotated[tuple[Size, ...], Field(max_length=MOST_SIZES)] = ()
    own_price: Price | None = Field(default=None, alias="price", validate_default=True)
    category: Name
    synonyms: Names = ()
    tags: Names = ()
    modifiers: Names | None = None
    plural: Name | None = None
    contains: Names = ()
    alcohol: bool = True
    allergens: Names | None = None

    @field_validator("sizes")
    @classmethod
    def _tells_sizes_apart(cls, sizes: tuple[Size, ...]) -> tuple[Size, ...]:
        names = [normalise(size.name) for size in sizes]
        if twice := next((size.name for size in sizes if names.count(normalise(size.name)) > 1), None):
            raise ValueError(f"there are two of the name {twice!r}")
        if sum(size.default for size in sizes) > 1:
            raise ValueError("only one can be the default")
        return sizes

    @field_validator("own_price", mode="before")
    @classmethod
    def _has_a_price(cls, value: Any, info: ValidationInfo) -> Any:
        sizes = info.data.get("sizes")
        if sizes and value is not None:
            raise ValueError("each size has a price, so the item has none of its own")
        if sizes == () and value is None:
            raise ValueError("field required, or sizes with a price each")
        return value

    @property
    def usual_size(self) -> Size | None:
        """The one that a guest gets who names none; None: it has to be asked for, or there are no sizes."""
        if len(self.sizes) == 1:
            return self.sizes[0]
        return next((size for size in self.sizes if size.default), None)

    @property
    def price(self) -> Decimal:
        """Of one, without modifiers or offers: in the usual size, or else the cheapest."""
        if self.own_price is not None:
            return self.own_price
        return self.usual_size.price if self.usual_size else min(size.price for size in self.sizes)

    @property
    def more_than_one(self) -> str:
        """The plural of its name: the menu's, else the usual one."""
        return self.plural or plural(self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """All that guests may call it, its own name first."""
        return (self.name, *self.synonyms, *([self.plural] if self.plural else ()))


class Choice(Entry):
    """One of several that has to be, or may be, chosen for an item.

    Parameters:
        of: the items, or categories of them, that it is for.
        options: modifiers of the menu, or names that stand only here and cost nothing.
        required: nobody gets the item without one.
        default: what the bar takes where nothing was said; None: a guest is asked, if it is required.
    """

    name: Name
    of: SomeNames
    options: SomeNames = Field(alias="from")
    required: bool = False
    default: Name | None = None

    @property
    def has_to_be_asked(self) -> bool:
        """Whether a guest who says nothing of it must be asked."""
        return self.required and self.default is None
