"""What is wished of a drink and is not on the menu is kept with it; it is neither another drink nor a question."""

import pytest

from kiosk.menu import Menu
from kiosk.understanding.acts import Add, Missed, NoSuchSize, NotOnMenu
from kiosk.understanding.reader import understand

PLACE = """
[[items]]
name = "Nachos"
price = "6"
category = "Mains"
contains = ["cheese", "beans", "onions"]
modifiers = ["guacamole", "jalapenos"]

[[items]]
name = "Coke"
sizes = [{ name = "small", price = "2" }, { name = "medium", price = "3", default = true }, { name = "large", price = "4" }]
category = "Drinks"
contains = ["ice"]

[[items]]
name = "Fries"
sizes = [{ name = "regular", price = "2", default = true }, { name = "large", price = "4" }]
category = "Sides"

[[items]]
name = "Espresso"
price = "2"
category = "Coffees"

[[items]]
name = "Latte"
price = "3"
category = "Coffees"
modifiers = ["little", "big"]

[[modifiers]]
name = "guacamole"
price = "1"
[[modifiers]]
name = "jalapenos"
[[modifiers]]
name = "little"
group = "size"
[[modifiers]]
name = "big"
group = "size"
"""  # noqa: E501


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Menu:
    path = tmp_path_factory.mktemp("place") / "menu.toml"
    path.write_text(PLACE)
    return Menu.load(path)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # Left out of what nobody knows to contain it.
        ("nachos, no chicken, jalapenos, and a coke", [
            Add("Nachos", 1, ("jalapenos",)), Add("Coke"), Missed("no chicken", "Nachos"),
        ]),
        ("a coke without lemon please", [Add("Coke"), Missed("without lemon", "Coke")]),
        ("a coke, no worries", [Add("Coke")]),
        # What is not in it cannot be left out of it.
        ("nachos no cheese no onions and guacamole", [Add("Nachos", 1, ("guacamole",), ("cheese", "onions"))]),
        ("nachos no cheese or guacamole", [Add("Nachos", 1, (), ("cheese", "guacamole"))]),
        ("nachos no cheese and onions", [Add("Nachos", 1, (), ("cheese", "onions"))]),
        # Neither more of it nor none.
        ("nachos, light on the onions, and a coke", [
            Add("Nachos"), Add("Coke"), Missed("light on the onions", "Nachos"),
        ]),
        ("a large coke, easy ice", [Add("Coke", 1, ("large",)), Missed("easy ice", "Coke")]),
        # Something else that the menu does not have.
        ("nachos and a large dr pepper", [Add("Nachos"), NotOnMenu("large dr pepper", ())]),
        ("a latte with an extra shot of espresso", [Add("Latte"), Missed("an extra shot of espresso", "Latte")]),
        ("a latte and an extra espresso", [Add("Latte"), Add("Espresso")]),
        # Sizes by their rank, where there are as many.
        ("a venti coke", [Add("Coke", 1, ("large",))]),
        ("a grande coke and a coke, tall", [Add("Coke", 1, ("medium",)), Add("Coke", 1, ("small",))]),
        ("a venti fries", [Add("Fries"), NoSuchSize("Fries")]),
        ("a venti latte", [Add("Latte"), Missed("venti", "Latte")]),
        ("a tall latte", [Add("Latte")]),
    ],
)  # fmt: skip
def test_the_drink_is_taken_and_the_rest_is_said(said, expected, place):
    assert list(understand(said, place).acts) == expected


def test_what_is_only_talked_of_is_not_left_out(place):
    acts = understand("they offered me a coke and no severance", place).acts
    assert not any(isinstance(act, Add | Missed) for act in acts)
