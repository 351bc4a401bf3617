"""How one line is made: what was said for it, put into the choices that the menu has for the item.

A choice has room for one option, a group for one modifier, and the last one said wins. Of two choices with the same
options ("first topping", "second topping") the first that is still free is filled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kiosk.menu.entries import Choice
from kiosk.menu.spoken import SpokenModifier


@dataclass(frozen=True)
class Made:
    """How an item is made, as far as it was said.

    Parameters:
        modifiers: in the order in which they were said; a counted one as often as it is wanted.
        missing: the choices that a guest has to be asked about, in the menu's order.
    """

    modifiers: tuple[SpokenModifier, ...]
    missing: tuple[Choice, ...]


def made(spoken: Iterable[SpokenModifier], choices: Sequence[Choice]) -> Made:
    """What becomes of `spoken` for an item that has `choices`."""
    placed: list[tuple[SpokenModifier, str | None]] = []
    for new in spoken:
        modifier = new.modifier
        if not modifier.counted:
            placed = [(old, fills) for old, fills in placed if old.modifier.name != modifier.name]
        room = _room_for(modifier.name, choices, {fills for _, fills in placed})
        placed = [(old, fills) for old, fills in placed if not _gives_way(old, fills, new, room)]
        placed.append((new, room))
    filled = {fills for _, fills in placed}
    missing = tuple(choice for choice in choices if choice.has_to_be_asked and choice.name not in filled)
    return Made(tuple(spoken for spoken, _ in placed), missing)


def _room_for(option: str, choices: Sequence[Choice], filled: set[str | None]) -> str | None:
    """The choice that `option` fills; None: it is an option of none."""
    having = [choice.name for choice in choices if option in choice.options]
    return next((name for name in having if name not in filled), having[-1] if having else None)


def _gives_way(old: SpokenModifier, fills: str | None, new: SpokenModifier, room: str | None) -> bool:
    if old.modifier.name == new.modifier.name:
        return False
    is_of_its_group = new.modifier.group is not None and old.modifier.group == new.modifier.group
    return is_of_its_group or (room is not None and fills == room)
