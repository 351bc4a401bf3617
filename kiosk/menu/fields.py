"""The kinds of fields that entries of the menu are made of."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from kiosk.money import USD, Currency
from kiosk.plain_text import brief, one_line, unseen

# Other names of one thing, or words of one kind for it.
MOST_NAMES = 100
# What a modifier or an offer may make of a price, at most.
MOST_FACTOR = Decimal(1000)


def number(value: Any) -> Decimal:
    """`value` as a number, which may be infinite or none at all (NaN).

    Raises:
        ValueError: it is not written as one.
    """
    try:
        return Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise ValueError(f"{brief(value)} is not a number") from None


def _price(value: Any, info: ValidationInfo) -> Decimal:
    currency: Currency = info.context or USD
    return currency.amount(value)


def _factor(value: Any) -> Decimal:
    factor = number(value)
    if not factor.is_finite() or factor <= 0:
        raise ValueError(f"{brief(value)} is not a positive number")
    if factor > MOST_FACTOR:
        raise ValueError(f"{brief(value)} is more than {MOST_FACTOR}")
    return factor


def _readable(name: str) -> str:
    if hidden := unseen(name):
        raise ValueError(f"{name!r} has a character that cannot be seen, {hidden!r}")
    return one_line(name)


Price = Annotated[Decimal, BeforeValidator(_price)]
Factor = Annotated[Decimal, BeforeValidator(_factor)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\w"), AfterValidator(_readable)]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES)]
SomeNames = Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_NAMES)]


class Entry(BaseModel):
    """An entry of the file: unknown fields are refused, and nothing changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
