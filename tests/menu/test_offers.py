"""Offers: when they hold, and what they make of a price."""

from datetime import datetime
from decimal import Decimal

import pytest

from tests.menu.menus import menu_of

# The 27th of November 2026 is a Friday.
FRIDAY, SATURDAY, SUNDAY, MONDAY = 27, 28, 29, 30


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute)


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        (at(FRIDAY, 16, 59), "6.01"),
        (at(FRIDAY, 17), "3.01"),
        (at(FRIDAY, 18, 59), "3.01"),
        (at(FRIDAY, 19), "6.01"),
        (at(SATURDAY, 18), "6.01"),
        (at(MONDAY, 18), "3.01"),
    ],
)
def test_an_offer_holds_on_its_days_from_its_first_minute_to_before_its_last(tmp_path, moment, price):
    menu = menu_of(tmp_path)
    ale = menu.find("pale ale").item
    assert ale
    assert menu.price_of(ale, moment) == menu.unit_price(ale, (), moment) == Decimal(price)
    assert menu.price_of(ale) == Decimal("6.01")


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (at(FRIDAY, 21, 59), False),
        (at(FRIDAY, 22), True),
        (at(SATURDAY, 1, 59), True),
        (at(SATURDAY, 2), False),
        (at(FRIDAY, 1), False),
        (at(SATURDAY, 23), False),
        (at(SUNDAY, 1), False),
    ],
)
def test_an_offer_over_midnight_counts_to_the_day_on_which_it_began(tmp_path, moment, holds):
    menu = menu_of(tmp_path)
    lemonade = menu.find("lemonade").item
    assert lemonade
    assert [offer.name for offer in menu.offers_of(lemonade, moment)] == ["Night owl"] * holds
    for size in ("small", "large"):
        usual = {"small": "2.00", "large": "3.00"}[size]
        made = menu.resolve_modifiers(lemonade, [size])
        assert menu.unit_price(lemonade, made, moment) == Decimal("1.50" if holds else usual)


def offered(tmp_path, *offers, moment):
    text = "[[items]]\nname='Ale'\nprice='4.00'\ncategory='Beer'\n"
    menu = menu_of(tmp_path, text + "".join(f"[[offers]]\nname='O'\non=['Ale']\n{fields}\n" for fields in offers))
    return menu.price_of(menu.items[0], moment)


@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        ("multiply=0.5", range(24)),
        ("price=2\nfrom='22:00'", (22, 23)),
        ("price=2\nto='03:00'", (0, 1, 2)),
        ("price=2\nfrom=21:30:00\nto=00:00:00", (22, 23)),
        ("price=2\nfrom='9:00'\nto='10:00'", (9,)),
    ],
)
def test_an_offer_without_a_beginning_or_an_end_holds_from_or_to_midnight(tmp_path, fields, hours):
    cheap = [hour for hour in range(24) if offered(tmp_path, fields, moment=at(SUNDAY, hour)) == 2]
    assert cheap == list(hours)


def test_of_several_offers_a_guest_gets_the_cheapest(tmp_path):
    assert offered(tmp_path, "multiply=0.9", "price='1.50'", "multiply=2", moment=at(SUNDAY, 12)) == Decimal("1.50")
