"""Offers: what is cheaper at which days and hours."""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from kiosk.menu.fields import Entry, Factor, Name, Price, SomeNames
from kiosk.plain_text import brief

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = time(0)


def _moment(value: Any) -> Any:
    # TOML has times of its own: from = 17:00:00.
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value.strip()):
        raise ValueError(f'{brief(value)} is not a time of day: write "17:00"')
    hour, _, minute = value.strip().partition(":")
    return time(int(hour), int(minute))


Moment = Annotated[time, BeforeValidator(_moment)]


class Offer(Entry):
    """Another price for some items, at some days and hours of the bar's own clock.

    One that ends before it begins goes on over midnight, and counts to the day on which it began.

    Parameters:
        days: on which it begins.
        begins: the first moment at which it holds.
        ends: the first moment at which it does not hold any more; midnight is the end of the day.
        on: the items, or categories of them.
        multiply: of an item's own price, in its size; modifiers cost what they always do.
        price: instead of an item's own price, whatever its size.
    """

    name: Name
    days: Annotated[tuple[Day, ...], Field(min_length=1, max_length=7)] = _DAYS
    begins: Moment = Field(default=_MIDNIGHT, alias="from")
    ends: Moment = Field(default=_MIDNIGHT, alias="to")
    on: SomeNames
    multiply: Factor | None = None
    price: Price | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.multiply is None) == (self.price is None):
            raise ValueError("write either multiply or price")
        if self.begins == self.ends != _MIDNIGHT:
            raise ValueError("from and to are the same: it would never hold")
        return self

    def holds(self, at: datetime) -> bool:
        """Whether it holds at the moment `at`, as the bar's clock shows it."""
        now = at.time()
        if self.begins < self.ends or self.ends == _MIDNIGHT:
            return self._begins_on(at) and self.begins <= now and (now < self.ends or self.ends == _MIDNIGHT)
        if now >= self.begins:
            return self._begins_on(at)
        return now < self.ends and self._begins_on(at - timedelta(days=1))

    def of(self, price: Decimal) -> Decimal:
        """What becomes of an item's own `price`; not rounded."""
        return self.price if self.price is not None else price * (self.multiply or 1)

    def _begins_on(self, at: datetime) -> bool:
        return _DAYS[at.weekday()] in self.days
