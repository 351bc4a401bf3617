"""How one line of an order is made, in short words: for the screen, for Maya, and for whoever pours it."""

from collections import Counter
from collections.abc import Iterable

from kiosk.plurals import plural


def ways(modifiers: Iterable[str], without: Iterable[str] = (), note: str | None = None) -> tuple[str, ...]:
    """ "dirty", "2 extra shots", "no mint", "“extra lime”": one piece of text for each thing to heed.

    Parameters:
        modifiers: as they stand on the order; one that is wanted twice stands there twice.
        without: what is left out.
        note: a wish that the menu does not know.
    """
    made = tuple(times(modifier, count) for modifier, count in Counter(modifiers).items())
    return (*made, *(f"no {name}" for name in without), *([f"“{note}”"] if note else ()))


def times(modifier: str, count: int) -> str:
    """A modifier that is wanted `count` times: "2 extra shots"."""
    return modifier if count == 1 else f"{count} {plural(modifier)}"
