"""The menu: the owner's TOML file, validated when it is read, and looked up the way guests speak.

Everything that is particular to a bar is in that file: names, synonyms, prices, what may be done to a drink, what must
be chosen, what is cheaper at which hour. Recogniser, reader, bartender and tools all read it from here.

    entries   what may stand in the file, field by field
    reading   the file, and whether its entries fit each other
    menu      what is looked up: items, modifiers, choices, prices
"""

from kiosk.menu.choosing import Made
from kiosk.menu.entries import SIZE, Bar, Choice, Item, Modifier, Size, Tax
from kiosk.menu.menu import Match, Menu
from kiosk.menu.names import LIKENESS, TIE, normalise, plain_letters, singular
from kiosk.menu.offers import Offer
from kiosk.menu.reading import MenuError
from kiosk.menu.spoken import NotAllowedError, SpokenModifier

__all__ = [
    "LIKENESS",
    "SIZE",
    "TIE",
    "Bar",
    "Choice",
    "Item",
    "Made",
    "Match",
    "Menu",
    "MenuError",
    "Modifier",
    "NotAllowedError",
    "Offer",
    "Size",
    "SpokenModifier",
    "Tax",
    "normalise",
    "plain_letters",
    "singular",
]
