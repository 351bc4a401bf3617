from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.money import MoneyError, as_label, as_number, as_text, money, percent

cents = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("given_value", "amount"),
    [
        (12, "12.00"),
        ("12.5", "12.50"),
        (0.1, "0.10"),
        ("1.005", "1.01"),
        (1.005, "1.01"),
        ("0.004", "0.00"),
        (" 7 ", "7.00"),
        (-0.0, "0.00"),
    ],
)
def test_what_enters_is_quantised_once_half_up(given_value, amount):
    assert as_text(money(given_value)) == amount


@pytest.mark.parametrize("nonsense", ["", "ten", "NaN", "inf", "-inf", float("nan"), -1, "-0.01", True, 10**12])
def test_what_is_not_an_amount_is_refused_in_words(nonsense):
    with pytest.raises(MoneyError, match=r"\w"):
        money(nonsense)


@given(cents)
def test_every_amount_survives_being_written_and_read(number):
    amount = Decimal(number) / 100
    assert money(as_text(amount)) == amount
    assert money(as_number(amount)) == amount


@given(cents, st.sampled_from([10, 15, 20]))
def test_a_percentage_is_never_off_by_more_than_half_a_cent(number, percentage):
    amount = money(Decimal(number) / 100)
    exact = amount * percentage / 100
    assert abs(percent(amount, percentage) - exact) <= Decimal("0.005")
    assert percent(amount, percentage) >= exact - Decimal("0.004999")


def test_fifteen_per_cent_of_thirty_seven_dollars_is_five_fifty_five():
    assert percent(money(37), 15) == Decimal("5.55")


def test_a_guest_reads_the_currency_s_sign_or_its_code():
    assert as_label(money(1000)) == "$1,000.00"
    assert as_label(money("3.5"), "EUR") == "€3.50"
    assert as_label(money("3.5"), "CHF") == "3.50 CHF"
