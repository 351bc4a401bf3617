"""The drinks of an order: which names are drinks, how many are wanted, and which size a number means."""

from kiosk.menu import Item
from kiosk.understanding import beyond, sizes
from kiosk.understanding.ahead import ADJECTIVES
from kiosk.understanding.lines import Line
from kiosk.understanding.walk import Walk
from kiosk.understanding.words import canonical


def is_way_of_making(walk: Walk, at: int) -> bool:
    """Whether a name that is a drink and a modifier is meant as a modifier of the drink before it."""
    spoken, following = walk.modifier(at), walk.item(at + 1)
    if spoken and following and walk.ahead.allows(following, spoken):
        # "A pepperoni slice".
        return True
    if not (spoken and walk.lines) or walk.coming.quantity is not None or walk.coming.article in ("another", "the"):
        return False
    if not walk.ahead.allows(walk.line.item, spoken):
        return False
    if walk.linked or walk.negated or walk.share is not None:
        return True
    # "A large pizza, pepperoni, mushrooms", and no drink of its own as in "a pizza and a salad".
    return not walk.coming.article and (walk.has_ways or walk.tags[at - 1].is_pause)


def named(walk: Walk, at: int, item: Item) -> int | None:
    """Behind the name of a drink; None: it is none of this order."""
    if walk.lines and walk.said_of_it:
        return None
    if end := beyond.extra(walk, at):
        return end
    if walk.is_behind_a_line and not walk.joined and walk.line.item is item:
        # "Lemonade, lemonade": the same wish.
        return walk.mark(at + 1)
    return taken(walk, at, item)


def taken(walk: Walk, at: int, item: Item) -> int:
    """Open a line for a drink, with what was said for it before; the place behind it."""
    coming = walk.coming
    quantity = coming.quantity if coming.quantity is not None else 1
    if coming.quantity is not None and (size := sizes.of_so_many(walk.menu, item, coming.quantity)):
        quantity = 1
        coming.modifiers.append(size)
    if size := sizes.by_rank(walk.menu, item, coming.ranked):
        coming.modifiers.append(size)
    missed = [coming.ranked] if coming.ranked and not size and coming.ranked not in ADJECTIVES else []
    if missed and not sizes.are_modifiers(walk.menu, item):
        # What sizes there are is told.
        coming.unknown += missed
        missed = []
    is_its_name = canonical(walk.said(at)) == canonical(item.name.lower())
    line = Line(
        item, quantity, coming.begin, at + 1, coming.article, coming.quantity is not None,
        coming.modifiers, coming.without, tuple(coming.unknown), missed=missed,
        kind=None if is_its_name else walk.tags[at].category,
    )  # fmt: skip
    return walk.open(line)


def count(walk: Walk, line: Line, number: int) -> None:
    """So many are wanted of a line that was named without a number."""
    if size := sizes.of_so_many(walk.menu, line.item, number):
        line.modifiers.append(size)
    else:
        line.quantity, line.counted = number, True
