"""What can be left out of an item: what is in it, and what could be done to it."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from kiosk.menu.entries import SIZE, Item
from kiosk.menu.menu import Menu
from kiosk.menu.names import normalise, singulars

# A name that is at least this like another (0 to 100) and begins with the same letter is that one misspelt. Stricter
# than for what is ordered: who wants no ice must not go without rice.
MISSPELT = 86.0


def possible(menu: Menu, item: Item) -> tuple[str, ...]:
    """All that may be left out of `item`: what it contains, its modifiers, and whatever it has a choice of."""
    sizes = {size.name for size in item.sizes}
    allowed = (modifier.name for modifier in menu.allowed_modifiers(item) if modifier.name not in sizes)
    choices = (choice.name for choice in menu.choices_of(item) if choice.name != SIZE)
    return tuple(dict.fromkeys([*item.contains, *allowed, *choices]))


def left_out(menu: Menu, item: Item, name: str) -> str | None:
    """What the menu calls that which a guest wants left out of `item` by `name`; None: it knows nothing of that name.

    What is in other items only is no harm to leave out of this one.
    """
    return _called(name, possible(menu, item)) or _called(name, _everything(menu))


def left_out_in(menu: Menu, description: str) -> tuple[str, ...]:
    """What is left out according to `description`: "the lemonade without mint and lime"."""
    spelled = _spelled(_everything(menu))
    return tuple(dict.fromkeys(spelled[name] for name in _behind_a_no(description) if name in spelled))


def _behind_a_no(description: str) -> Iterator[str]:
    for scope in re.split(r"\b(?:without|no)\b", normalise(description))[1:]:
        for name in re.split(r"\b(?:and|or|nor)\b", scope):
            words = singulars(name).split()
            # "Without mint, please": where the name ends is for the menu to say.
            yield from (" ".join(words[:end]) for end in range(len(words), 0, -1))


def _everything(menu: Menu) -> Iterator[str]:
    yield from menu.contents
    yield from (modifier.name for modifier in menu.modifiers)
    yield from (choice.name for choice in menu.choices)


def _spelled(names: Iterable[str]) -> dict[str, str]:
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(singulars(normalise(name)), name)
    return spelled


def _called(name: str, names: Iterable[str]) -> str | None:
    spelled = _spelled(names)
    wanted = singulars(normalise(name))
    if wanted in spelled:
        return spelled[wanted]
    near = process.extractOne(wanted, spelled.keys(), scorer=fuzz.ratio, score_cutoff=MISSPELT)
    return spelled[near[0]] if near and near[0][:1] == wanted[:1] else None
