"""What some of a line are made with, how many are wanted of what was named before, and pauses that end nothing."""

import pytest

from kiosk.menu import Menu
from kiosk.understanding.acts import Add, Replace, Say, Topic
from kiosk.understanding.reader import understand
from tests.bartender.menus import COFFEE

PLACE = """
[[items]]
name = "Taco"
price = "3"
category = "Tacos"
contains = ["salsa", "onions"]
modifiers = ["cheese", "guacamole"]

[[items]]
name = "Latte"
price = "4"
category = "Coffees"
modifiers = ["decaf", "oat milk", "almond milk", "large"]

[[items]]
name = "Cheese Pizza"
synonyms = ["pizza"]
price = "10"
category = "Pizzas"
modifiers = ["ham", "mushrooms", "thin", "large"]

[[items]]
name = "Hawaiian"
price = "12"
category = "Pizzas"
modifiers = ["thin", "large"]

[[items]]
name = "Meat Lovers"
price = "12"
category = "Pizzas"
contains = ["bacon"]
modifiers = ["thin", "large"]

[[items]]
name = "Wings"
sizes = [{ name = "6 piece", price = "6", default = true }, { name = "12 piece", price = "10" }]
category = "Sides"
modifiers = ["garlic"]

[[items]]
name = "Fries"
price = "3"
category = "Sides"
modifiers = []

[[modifiers]]
name = "decaf"
[[modifiers]]
name = "oat milk"
group = "milk"
[[modifiers]]
name = "almond milk"
group = "milk"
[[modifiers]]
name = "large"
[[modifiers]]
name = "ham"
[[modifiers]]
name = "mushrooms"
[[modifiers]]
name = "thin"
[[modifiers]]
name = "cheese"
[[modifiers]]
name = "guacamole"
[[modifiers]]
name = "garlic"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Menu:
    path = tmp_path_factory.mktemp("place") / "menu.toml"
    path.write_text(PLACE)
    return Menu.load(path)


DECAF, OAT, ALMOND = ("decaf",), ("oat milk",), ("almond milk",)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # Said of some behind how they are made.
        ("three tacos, no salsa on one of them", [Add("Taco", 1, (), ("salsa",)), Add("Taco", 2)]),
        ("two tacos with cheese, no salsa and no onions on one of them", [
            Add("Taco", 1, ("cheese",), ("salsa", "onions")), Add("Taco", 1, ("cheese",)),
        ]),
        ("two lattes, oat milk in one of them and almond milk in the other", [
            Add("Latte", 1, OAT), Add("Latte", 1, ALMOND),
        ]),
        ("four tacos, cheese on half of them please", [Add("Taco", 2, ("cheese",)), Add("Taco", 2)]),
        # By their place.
        ("two lattes. The first one with oat milk, the second with almond milk", [
            Add("Latte", 1, OAT), Add("Latte", 1, ALMOND),
        ]),
        ("two lattes, one should be decaf and the other isn't", [Add("Latte", 1, DECAF), Add("Latte", 1)]),
        ("two lattes, one latte with oat milk and the other latte with almond milk", [
            Add("Latte", 1, OAT), Add("Latte", 1, ALMOND),
        ]),
        # Another one of what one was wanted of.
        ("one latte with oat milk and the other with almond milk", [Add("Latte", 1, OAT), Add("Latte", 1, ALMOND)]),
        ("one taco with guacamole and one with none", [
            Add("Taco", 1, ("guacamole",)), Add("Taco", 1, (), ("guacamole",)),
        ]),
        ("a large pizza with ham on it and a large pizza without", [
            Add("Cheese Pizza", 1, ("large", "ham")), Add("Cheese Pizza", 1, ("large",), ("ham",)),
        ]),
        ("one large pizza with ham and one with mushrooms", [
            Add("Cheese Pizza", 1, ("large", "ham")), Add("Cheese Pizza", 1, ("large", "mushrooms")),
        ]),
        ("one decaf latte and one regular", [Add("Latte", 1, DECAF), Add("Latte", 1)]),
        # Which they are.
        ("two large thin pizzas, one of them meat lovers without bacon and the other one hawaiian", [
            Add("Meat Lovers", 1, ("large", "thin"), ("bacon",)), Add("Hawaiian", 1, ("large", "thin")),
        ]),
        # Counted behind the name.
        ("tacos, two", [Add("Taco", 2)]),
        ("tacos: two, lattes: three", [Add("Taco", 2), Add("Latte", 3)]),
        ("wings, twelve, garlic, and a taco", [Add("Wings", 1, ("12 piece", "garlic")), Add("Taco")]),
        ("fries, two of those please", [Add("Fries", 2)]),
        ("wings and fries for the kids, two of each", [Add("Wings", 2), Add("Fries", 2)]),
        # Numbers and names that are not of one thing.
        ("a taco, two lattes", [Add("Taco"), Add("Latte", 2)]),
        ("two lattes and one latte with oat milk", [Add("Latte", 2), Add("Latte", 1, OAT)]),
        ("one latte decaf one latte with oat milk", [Add("Latte", 1, DECAF), Add("Latte", 1, OAT)]),
        # A pause within one thing.
        ("five tacos! Cheese.", [Add("Taco", 5, ("cheese",))]),
        ("just a taco and a latte", [Add("Taco"), Add("Latte")]),
    ],
)  # fmt: skip
def test_each_of_them_is_made_as_it_was_said(said, expected, place):
    assert [act for act in understand(said, place).acts if isinstance(act, Add)] == expected
    assert len(understand(said, place).acts) == len(expected)


def test_the_second_drink_of_a_list_corrects_nothing(place):
    acts = understand("just a taco and a latte", place).acts
    assert [act.corrects for act in acts if isinstance(act, Add)][1:] == [False]


def test_a_pause_between_a_size_and_what_is_counted_ends_nothing():
    assert understand("nine medium, lemon cakes", COFFEE).acts == (Add("Lemon Cake", 9, ("medium",)),)


def test_no_wait_takes_back_once(place):
    drink, taken_back, instead = understand("a taco no wait make it a latte", place).acts
    assert drink == Add("Taco")
    assert taken_back == Say(Topic.NO)
    assert instead == Replace(Add("Latte"))
