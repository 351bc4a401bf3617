"""The tips of a bar: what is taken as one of them, and how they are worded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.bartender.prompts import confidential, system_prompt
from kiosk.menu import Menu
from kiosk.security.scanner import Scanner
from kiosk.settings import find_assets
from kiosk.tips import DEFAULT, TipError, chosen, listed

MENU = Menu.load(find_assets() / "menu.toml")


@pytest.mark.parametrize("value", [15, 15.0, Decimal(15), Decimal("15.00"), "15", " 15 ", "15.0", "1.5e1"])
def test_a_percentage_of_any_kind_is_the_number_that_it_is(value):
    tip = chosen(value, DEFAULT)
    assert (tip, type(tip)) == (15, int)


def test_none_is_no_tip():
    assert chosen(None, DEFAULT) is None


@pytest.mark.parametrize(
    "value",
    [
        0,
        5,
        -15,
        14.9,
        "15.5",
        Decimal("NaN"),
        Decimal("sNaN"),
        float("inf"),
        "fifteen",
        "15%",
        "",
        True,
        [15],
        {},
        b"15",
    ],
)
def test_what_is_none_of_them_is_refused_with_those_that_there_are(value):
    with pytest.raises(TipError, match="10, 15 or 20 per cent"):
        chosen(value, DEFAULT)


def test_a_number_of_more_digits_than_python_writes_is_refused_like_any_other():
    with pytest.raises(TipError):
        chosen(10**5000, DEFAULT)


anything = st.none() | st.booleans() | st.floats() | st.decimals() | st.text() | st.binary() | st.lists(st.integers())


@given(anything, st.lists(st.integers(1, 100), min_size=1, max_size=4, unique=True).map(tuple))
def test_whatever_is_given_one_of_them_is_taken_or_none_or_it_is_refused(value, tips):
    try:
        tip = chosen(value, tips)
    except TipError:
        return
    assert tip is None if value is None else tip in tips


@pytest.mark.parametrize(("tips", "words"), [((10, 15, 20), "10, 15 or 20"), ((5, 10), "5 or 10"), ((18,), "18")])
def test_they_are_listed_as_they_are_said(tips, words):
    assert listed(tips) == words


@pytest.mark.parametrize("offered", [DEFAULT, (15, 18, 20), (5, 10, 15, 18, 20)])
def test_which_they_are_is_no_secret(offered):
    menu = Menu(MENU.bar.model_copy(update={"tips": offered}), MENU.items, MENU.modifiers)
    with pytest.raises(TipError) as refused:
        chosen(12, offered)
    assert Scanner(confidential=confidential(menu)).rule_on_output(str(refused.value)).is_valid
    assert listed(offered) in system_prompt(menu)
