"""Sizes that are not called by their name: by a number ("six nuggets"), by a coffee chain's word ("a venti latte")."""

from kiosk.menu import SIZE, Item, Menu, SpokenModifier
from kiosk.understanding.numbers import number_words
from kiosk.understanding.table import kind, listed
from kiosk.understanding.words import plain_words

_PORTIONS = kind("portions")
# The smallest first.
_RANKED = listed("ranked_sizes")
RANKED = frozenset(_RANKED)


def of_so_many(menu: Menu, item: Item, number: int) -> SpokenModifier | None:
    """The size that has a number in its name: "six nuggets" are one portion of six."""
    for size in item.sizes:
        count, *unit = plain_words(size.name)
        if count in (str(number), number_words(number)) and _PORTIONS.intersection(unit):
            return menu.find_modifier(size.name)
    return None


def by_rank(menu: Menu, item: Item, word: str) -> SpokenModifier | None:
    """The size of the same rank as a word of `RANKED`, where the item comes in just as many, told apart by price."""
    ranked = sorted(item.sizes, key=lambda size: size.price)
    if word not in RANKED or len({size.price for size in ranked}) != len(_RANKED) or len(ranked) != len(_RANKED):
        return None
    return menu.find_modifier(ranked[_RANKED.index(word)].name)


def are_modifiers(menu: Menu, item: Item) -> bool:
    """Whether the item has no sizes with prices of their own, and modifiers that are sizes, in no order."""
    return not item.sizes and any(modifier.group == SIZE for modifier in menu.allowed_modifiers(item))
