"""What guests may call what a menu has: in any order of its words, for short, with a letter missing."""

import pytest

from kiosk.menu import Menu
from kiosk.understanding.acts import Add
from kiosk.understanding.reader import understand

PLACE = """
[[items]]
name = "Latte"
price = "4"
category = "Coffees"
modifiers = ["2% lactose-free milk", "2% milk", "non-fat milk", "extra shot", "large"]

[[items]]
name = "Mocha"
price = "4"
category = "Coffees"

[[items]]
name = "Iced Mocha"
price = "4"
category = "Coffees"

[[items]]
name = "Iced Tea"
price = "3"
category = "Teas"

[[items]]
name = "Lavender Earl Grey"
price = "3"
category = "Teas"

[[items]]
name = "Soup"
price = "3"
category = "Soups"
modifiers = []

[[choices]]
name = "soup"
of = ["Soup"]
from = ["clam chowder", "chicken noodle"]
required = true

[[modifiers]]
name = "2% lactose-free milk"
synonyms = ["2% lactose-free"]
group = "milk"
[[modifiers]]
name = "2% milk"
synonyms = ["2%"]
group = "milk"
[[modifiers]]
name = "non-fat milk"
synonyms = ["non-fat"]
group = "milk"
[[modifiers]]
name = "extra shot"
counted = true
[[modifiers]]
name = "large"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Menu:
    path = tmp_path_factory.mktemp("place") / "menu.toml"
    path.write_text(PLACE)
    return Menu.load(path)


LACTOSE_FREE, NON_FAT = ("2% lactose-free milk",), ("non-fat milk",)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # The words of a name in another order.
        ("a latte with the lactose free 2%", [Add("Latte", 1, LACTOSE_FREE)]),
        ("a latte with lactose-free 2% milk", [Add("Latte", 1, LACTOSE_FREE)]),
        ("a mocha iced please", [Add("Iced Mocha")]),
        ("a mocha and an iced tea", [Add("Mocha"), Add("Iced Tea")]),
        # Where a name in order begins within it, or a number counts what follows, it is no such name.
        ("a mocha iced tea and a latte", [Add("Mocha"), Add("Iced Tea"), Add("Latte")]),
        ("a latte extra shot two mochas", [Add("Latte", 1, ("extra shot",)), Add("Mocha", 2)]),
        # The end of a name, where no other ends so.
        ("an earl grey", [Add("Lavender Earl Grey")]),
        ("a chowder", [Add("Soup", 1, ("clam chowder",))]),
        # As it is typed.
        ("a no fat latte", [Add("Latte", 1, NON_FAT)]),
        ("a nonfat latte", [Add("Latte", 1, NON_FAT)]),
        ("a larg latte", [Add("Latte", 1, ("large",))]),
        ("uhhh a latte", [Add("Latte")]),
        # A word that guests use otherwise, too, is no slip.
        ("it's getting late", []),
    ],
)
def test_a_name_is_known_however_it_is_said(said, expected, place):
    assert [act for act in understand(said, place).acts if isinstance(act, Add)] == expected
