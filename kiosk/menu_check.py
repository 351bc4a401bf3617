"""`menu check`: what is wrong or ambiguous in a menu file, and which names the ears will not tell apart."""

from collections.abc import Iterator
from pathlib import Path

from kiosk.menu import Item, Menu, Modifier, normalise
from kiosk.menu.remarks import Remark, Weight, remarks
from kiosk.voice.alike import Sounds

# The exit status where there is something to mend; a menu that cannot be used at all ends like any wrong input.
REMARKED = 1
# Names are compared with each other, each with each.
MOST_COMPARED = 1_000


def check(path: Path) -> int:
    """Print what there is to say of the menu at `path`; returns the exit status, 0 if nothing is wrong.

    Raises:
        MenuError: it cannot be used; the message is one line that names file, entry and field.
    """
    menu = Menu.load(path)
    sections = {
        "items": menu.items,
        "modifiers": menu.listed_modifiers,
        "choices": menu.choices,
        "offers": menu.offers,
    }
    counts = [f"{len(entries)} {section}" for section, entries in sections.items() if entries]
    print(f"{path}: {', '.join(counts)}")
    found = [*remarks(menu), *heard(menu)]
    for remark in found:
        print(f"{remark.weight:<7}  {remark.where}: {remark.text}")
    if not found:
        print("nothing wrong")
    return REMARKED if found else 0


def heard(menu: Menu) -> Iterator[Remark]:
    """What the ears will not tell apart, or cannot hear at all."""
    owners: dict[str, list[Item | Modifier]] = {}
    for entry in (*menu.items, *menu.modifiers):
        for name in (entry.name, *entry.synonyms):
            owners.setdefault(name, []).append(entry)
    sounds = Sounds()
    for name, entries in owners.items():
        if not sounds.of(name):
            yield Remark(
                Weight.WARNING,
                _place(entries[0], name),
                "the ears know no sounds for it: give it a name in Latin letters, too",
            )
    names = list(owners)
    if len(names) > MOST_COMPARED:
        text = f"only the first {MOST_COMPARED} of {len(names)} names were compared by their sound"
        yield Remark(Weight.WARNING, "items", text)
    told: set[tuple[str, str]] = set()
    for pair in sounds.alike(names[:MOST_COMPARED]):
        for first in owners[pair[0]]:
            for second in owners[pair[1]]:
                if _can_be_confused(menu, first, second) and (first.name, second.name) not in told:
                    told.add((first.name, second.name))
                    what = f"{_place(first, pair[0])} and {_place(second, pair[1])}"
                    yield Remark(
                        Weight.WARNING, what, "they sound alike, and guests may get the other: rename one of them"
                    )


def _can_be_confused(menu: Menu, first: Item | Modifier, second: Item | Modifier) -> bool:
    """Whether it matters to hear one for the other: what is never said of one drink is told by the drink."""
    if first.name == second.name or normalise(first.name) == normalise(second.name):
        return False
    if isinstance(first, Item) or isinstance(second, Item):
        return True
    return any(first in allowed and second in allowed for allowed in map(menu.allowed_modifiers, menu.items))


def _place(entry: Item | Modifier, name: str) -> str:
    section = "items" if isinstance(entry, Item) else "modifiers"
    return f"{section}, {entry.name!r}" + (f" ({name!r})" if name != entry.name else "")
