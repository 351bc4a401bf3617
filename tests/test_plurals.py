"""More than one of what stands on a menu."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.plurals import plural


@pytest.mark.parametrize(
    ("one", "more"),
    [
        ("Martini", "Martinis"),
        ("Old Fashioned", "Old Fashioneds"),
        ("Whiskey", "Whiskeys"),
        ("Brandy", "Brandies"),
        ("Campari Spritz", "Campari Spritzes"),
        ("Sandwich", "Sandwiches"),
        ("Guinness", "Guinnesses"),
        ("Espresso", "Espressos"),
        ("IPA", "IPAs"),
        ("Piña Colada", "Piña Coladas"),
        ("Gin and Tonic", "Gin and Tonics"),
        ("Rum & Coke", "Rum & Cokes"),
        ("Glass of Wine", "Glasses of Wine"),
        ("glass of red wine", "glasses of red wine"),
        ("Half of Lager", "Halves of Lager"),
        ("Pint of Guinness", "Pints of Guinness"),
        ("Large Cup of Tea with Milk", "Large Cups of Tea with Milk"),
        ("Coffee with Milk", "Coffees with Milk"),
        ("Whiskey on the Rocks", "Whiskeys on the Rocks"),
        ("Sex on the Beach", "Sex on the Beach"),
        ("Bottle of Water, sparkling", "Bottles of Water, sparkling"),
        ("Tap Beer (0.5 l)", "Tap Beers (0.5 l)"),
        ("Lemonade - large", "Lemonades - large"),
        ("Nachos", "Nachos"),
        ("Chicken Wings", "Chicken Wings"),
        ("Fish and Chips", "Fish and Chips"),
        ("Coke Zero", "Coke Zeros"),
        ("B-52", "B-52s"),
        ("Y", "Ys"),
        ("Bloody Mary!", "Bloody Maries!"),
    ],
)
def test_the_head_word_takes_the_plural(one, more):
    assert plural(one) == more


@given(st.text(min_size=1, max_size=60))
def test_whatever_a_name_is_it_has_a_plural_that_is_hardly_longer(name):
    assert len(name) - 1 <= len(plural(name)) <= len(name) + 3
