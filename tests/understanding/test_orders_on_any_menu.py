"""Orders at a place that sells food: sizes, choices, what is in it, and what only a way of making names."""

import pytest

from kiosk.menu import Menu
from kiosk.understanding.acts import Add, Say, Topic
from kiosk.understanding.questions import AskAbout
from kiosk.understanding.reader import understand

PLACE = """
[[items]]
name = "Cheeseburger"
price = "7"
category = "Burgers"
contains = ["lettuce", "onions", "ketchup", "mayo", "pickles"]
modifiers = ["double", "bacon", "cheese", "mayo", "pickles", "extra patty"]

[[items]]
name = "Turkey Sub"
price = "8"
category = "Subs"
contains = ["tomato sauce", "onions"]
modifiers = ["bacon", "toasted"]

[[items]]
name = "Pickles"
price = "2"
category = "Sides"
modifiers = []

[[items]]
name = "French Fries"
synonyms = ["fries"]
sizes = [{ name = "small", price = "2" }, { name = "large", price = "4", default = true }]
category = "Sides"
contains = ["salt"]
modifiers = ["cheese sauce"]

[[items]]
name = "Chicken Nuggets"
synonyms = ["nuggets"]
sizes = [{ name = "6 piece", price = "4", default = true }, { name = "10 piece", price = "6" }]
category = "Sides"
modifiers = []

[[items]]
name = "Soup"
sizes = [{ name = "cup", price = "4", default = true }, { name = "bowl", price = "5" }]
category = "Soups"
modifiers = ["crackers"]

[[items]]
name = "Pepperoni Pizza"
price = "12"
category = "Pizzas"
modifiers = ["mushrooms"]

[[items]]
name = "Cheese Pizza"
synonyms = ["pizza"]
price = "10"
category = "Pizzas"
modifiers = ["mushrooms", "pepperoni"]

[[items]]
name = "Cookie"
price = "1"
category = "Sweets"
modifiers = []

[[choices]]
name = "soup"
of = ["Soup"]
from = ["tomato bisque", "chicken noodle"]
required = true

[[modifiers]]
name = "double"
[[modifiers]]
name = "bacon"
[[modifiers]]
name = "cheese"
amounts = ["extra"]
[[modifiers]]
name = "mayo"
amounts = ["extra"]
[[modifiers]]
name = "pickles"
[[modifiers]]
name = "extra patty"
price = "2"
counted = true
[[modifiers]]
name = "toasted"
[[modifiers]]
name = "cheese sauce"
[[modifiers]]
name = "crackers"
[[modifiers]]
name = "mushrooms"
[[modifiers]]
name = "pepperoni"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Menu:
    path = tmp_path_factory.mktemp("place") / "menu.toml"
    path.write_text(PLACE)
    return Menu.load(path)


BURGER = "Cheeseburger"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # What is in it is left out, until something ends the "no".
        ("a cheeseburger no onions extra cheese", [Add(BURGER, 1, ("extra cheese",), ("onions",))]),
        ("a cheeseburger, no ketchup, mayo or pickles", [Add(BURGER, 1, (), ("ketchup", "mayo", "pickles"))]),
        ("a cheeseburger no onions, bacon", [Add(BURGER, 1, ("bacon",), ("onions",))]),
        ("a cheeseburger with everything but onions", [Add(BURGER, 1, (), ("onions",))]),
        ("a cheeseburger with bacon instead of mayo", [Add(BURGER, 1, ("bacon",), ("mayo",))]),
        ("hold the mayo on a cheeseburger", [Add(BURGER, 1, (), ("mayo",))]),
        ("a turkey sub without sauce", [Add("Turkey Sub", 1, (), ("tomato sauce",))]),
        ("a cheeseburger with lettuce", [Add(BURGER)]),
        # Some of them.
        (
            "two cheeseburgers, one with bacon and one without",
            [Add(BURGER, 1, ("bacon",)), Add(BURGER, 1, (), ("bacon",))],
        ),
        ("two cheeseburgers, one no onions", [Add(BURGER, 1, (), ("onions",)), Add(BURGER)]),
        ("four cheeseburgers, half of them with bacon", [Add(BURGER, 2, ("bacon",)), Add(BURGER, 2)]),
        ("two cheeseburgers, both without onions", [Add(BURGER, 2, (), ("onions",))]),
        ("a double cheeseburger and a bacon one", [Add(BURGER, 1, ("double",)), Add(BURGER, 1, ("bacon",))]),
        # What is an item and a way of making one.
        ("a cheeseburger with bacon and pickles", [Add(BURGER, 1, ("bacon", "pickles"))]),
        ("a cheeseburger with bacon and two pickles", [Add(BURGER, 1, ("bacon",)), Add("Pickles", 2)]),
        ("two pizzas, one with pepperoni and one with mushrooms", [
            Add("Cheese Pizza", 1, ("pepperoni",)), Add("Cheese Pizza", 1, ("mushrooms",)),
        ]),
        # Names for short, apart, in figures.
        ("a turkey please", [Add("Turkey Sub")]),
        ("a pepperoni with mushrooms", [Add("Pepperoni Pizza", 1, ("mushrooms",))]),
        ("2x cheese burger, 3 cookies", [Add(BURGER, 2), Add("Cookie", 3)]),
        ("six nuggets and a 10pc nuggets", [
            Add("Chicken Nuggets", 1, ("6 piece",)), Add("Chicken Nuggets", 1, ("10 piece",)),
        ]),
        ("a cheeseburger with two extra patties", [Add(BURGER, 1, ("extra patty", "extra patty"))]),
        # Only the choice is named.
        ("a bowl of tomato bisque with crackers", [Add("Soup", 1, ("bowl", "tomato bisque", "crackers"))]),
        ("a cheeseburger and cheese sauce on my fries", [Add(BURGER), Add("French Fries", 1, ("cheese sauce",))]),
        # The first says only how many.
        ("two pizzas: a pepperoni and a cheese pizza", [Add("Pepperoni Pizza"), Add("Cheese Pizza")]),
    ],
)  # fmt: skip
def test_an_order_is_read_by_the_menu_of_the_place(place, said, expected):
    assert list(understand(said, place).acts) == expected


def test_a_question_that_no_phrase_explains_orders_nothing(place):
    assert list(understand("what kind of drink pairs well with a cheeseburger", place).acts) == [AskAbout(BURGER)]


def test_who_complains_of_what_he_has_orders_nothing(place):
    assert list(understand("my cheeseburger is too cold", place).acts) == [Say(Topic.STATEMENT)]
