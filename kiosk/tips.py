"""The tips that a bar offers, in per cent of the tab: what may be chosen, and how the choice is worded."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

Tips = tuple[int, ...]

DEFAULT: Tips = (10, 15, 20)
# As many buttons as stand side by side, and a list that is still quickly said.
MOST = 5


class TipError(ValueError):
    """Not a tip that the bar offers; the message says which it does."""


def chosen(value: object, tips: Tips) -> int | None:
    """The tip that is meant by `value`, a number of any kind or the text of one; None is no tip.

    Raises:
        TipError: it is none of `tips`.
    """
    if value is None:
        return None
    found = [tip for tip in tips if tip == _number(value)]
    if not found:
        raise TipError(f"The tip can be {listed(tips)} per cent, or none.")
    return found[0]


def listed(tips: Sequence[int]) -> str:
    """ "10, 15 or 20"."""
    *most, last = map(str, tips)
    return f"{', '.join(most)} or {last}" if most else last


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        # Words, or a whole number of more digits than Python writes.
        return None
    return number if number.is_finite() else None
