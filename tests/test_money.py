"""A currency: its amounts, exactly rounded; what cards are charged; how a guest reads and hears it."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from kiosk.money import CURRENCIES, USD, Currency, CurrencyError, MoneyError, as_number

currencies = st.sampled_from(CURRENCIES).map(Currency)
units = st.integers(0, 10**8)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


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
    assert str(USD.amount(given_value)) == amount


@pytest.mark.parametrize(
    ("code", "given_value", "amount"),
    [
        ("JPY", "82.5", "83"),
        ("JPY", 550, "550"),
        ("KRW", "6500.00", "6500"),
        ("KWD", "2.505", "2.505"),
        ("KWD", "0.0005", "0.001"),
        ("HUF", "1500", "1500.00"),
        ("ISK", "990.5", "991"),
    ],
)
def test_it_is_quantised_to_the_smallest_unit_of_its_currency(code, given_value, amount):
    assert str(Currency(code).amount(given_value)) == amount


@pytest.mark.parametrize("nonsense", ["", "ten", "NaN", "sNaN", "inf", "-inf", float("nan"), -1, "-0.01", True, 10**12])
def test_what_is_not_an_amount_is_refused_in_words(nonsense):
    with pytest.raises(MoneyError, match=r"\w"):
        USD.amount(nonsense)


# Decimals are those of ISO 4217. CLDR, which Babel follows, has fewer where people have given up the small coins.
@pytest.mark.parametrize("code", CURRENCIES)
def test_decimals_agree_with_cldr_but_for_small_coins_that_are_out_of_use(code):
    used, decimals = get_currency_precision(code), Currency(code).decimals
    assert used == decimals or (used, decimals) == (0, 2)


@pytest.mark.parametrize(
    ("code", "decimals"),
    [("USD", 2), ("EUR", 2), ("GBP", 2), ("HUF", 2), ("JPY", 0), ("KRW", 0), ("UGX", 0)]
    + [(code, 3) for code in ("KWD", "BHD", "OMR", "JOD", "TND")],
)
def test_decimals_are_those_of_iso_4217(code, decimals):
    assert Currency(code).decimals == decimals


@given(currencies, units)
def test_every_amount_survives_being_written_and_read(currency, number):
    amount = currency.unit * number
    assert currency.amount(str(amount)) == amount
    assert currency.amount(as_number(amount)) == amount
    assert str(currency.amount(str(amount))) == str(amount)


@given(currencies, units, st.integers(1, 100))
def test_a_percentage_is_never_off_by_more_than_half_the_smallest_unit(currency, number, percentage):
    amount = currency.unit * number
    tip, exact = currency.percent(amount, percentage), amount * percentage / 100
    assert tip == currency.amount(tip)
    assert -currency.unit / 2 < tip - exact <= currency.unit / 2


@pytest.mark.parametrize(
    ("code", "tab", "tip"),
    [
        ("USD", "37", "5.55"),
        ("JPY", "550", "83"),
        ("KRW", "6500", "975"),
        ("KWD", "2.505", "0.376"),
        ("HUF", "1550", "232.50"),
    ],
)
def test_fifteen_per_cent(code, tab, tip):
    assert str(Currency(code).percent(Decimal(tab), 15)) == tip


# Stripe's page on currencies: https://docs.stripe.com/currencies
@pytest.mark.parametrize(
    ("code", "amount", "counted"),
    [
        ("USD", "10.99", 1099),
        ("JPY", "500", 500),
        ("KRW", "6500", 6500),
        ("KWD", "5.120", 5120),
        ("HUF", "1500.00", 150_000),
        ("ISK", "5", 500),
        ("UGX", "5", 500),
        ("MGA", "4500", 4500),
    ],
)
def test_stripe_is_told_what_it_counts(code, amount, counted):
    currency = Currency(code)
    assert currency.charge_units(Decimal(amount)) == counted
    assert str(currency.of_charge_units(counted)) == amount


def test_stripe_takes_fils_in_tens_only():
    kuwaiti = Currency("KWD")
    assert str(kuwaiti.chargeable(Decimal("5.124"))) == "5.120"
    assert str(kuwaiti.chargeable(Decimal("5.125"))) == "5.130"
    with pytest.raises(MoneyError, match="cannot be charged"):
        kuwaiti.charge_units(Decimal("5.124"))


@given(currencies, units)
def test_what_can_be_charged_is_what_was_asked_to_a_step_and_comes_back_the_same(currency, number):
    asked = currency.unit * number
    charge = currency.chargeable(asked)
    assert abs(charge - asked) <= 5 * Decimal("0.001") if currency.decimals == 3 else charge == asked
    assert currency.of_charge_units(currency.charge_units(charge)) == charge


@pytest.mark.parametrize("units_paid", [50_050, 1])
def test_an_amount_that_the_currency_does_not_have_is_not_rounded_to_one_that_fits(units_paid):
    assert Currency("ISK").of_charge_units(units_paid) == Decimal(units_paid) / 100


@pytest.mark.parametrize(
    ("code", "least"),
    [
        ("USD", "0.50"),
        ("GBP", "0.30"),
        ("JPY", "50"),
        ("KRW", "50"),
        ("HUF", "175.00"),
        ("MXN", "10.00"),
        ("KWD", "0.010"),
    ],
)
def test_the_least_charge_is_stripe_s(code, least):
    assert str(Currency(code).least_charge) == least


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_currency_can_be_charged_at_its_least_and_has_names(code):
    currency = Currency(code)
    assert currency.charge_units(currency.least_charge) > 0
    assert all(name.islower() for name in currency.names)
    assert currency.about(1000) >= 1000


@pytest.mark.parametrize(
    ("code", "amount", "english", "german", "spanish"),
    [
        ("USD", "1000", "$1,000.00", "1.000,00 $", "$1,000.00"),
        ("EUR", "3.5", "€3.50", "3,50 €", "3,50 €"),
        ("GBP", "3.5", "£3.50", "3,50 £", "3,50 £"),
        ("JPY", "900", "¥900", "900 ¥", "900 ¥"),
        ("KRW", "6500", "₩6,500", "6.500 ₩", "6.500 ₩"),
        ("KWD", "2.505", "KWD 2.505", "2,505 KWD", "2,505 KWD"),
        ("HUF", "1500", "HUF 1,500", "1.500 HUF", "1.500 HUF"),
        ("HUF", "232.5", "HUF 232.50", "232,50 HUF", "232,50 HUF"),
        ("CAD", "12", "$12.00", "12,00 CA$", "12,00 $"),
        ("CHF", "1234.5", "CHF 1,234.50", "CHF 1’234.50", "1.234,50 CHF"),
        ("SEK", "89", "kr 89.00", "89,00 kr", "89,00 kr"),
        ("DKK", "55", "kr 55.00", "55,00 kr", "55,00 kr"),
        ("MXN", "150", "MX$150.00", "150,00 MX$", "$150.00"),
    ],
)
def test_a_guest_reads_sign_and_places_of_the_language(code, amount, english, german, spanish):
    currency = Currency(code)
    labels = [plain(currency.label(currency.amount(amount), language)) for language in ("en", "de", "es")]
    assert labels == [english, german.replace("’", labels[1][5]) if "’" in german else german, spanish]


@pytest.mark.parametrize(
    ("code", "amount", "said"),
    [
        ("USD", "12", "$12"),
        ("USD", "12.5", "$12.50"),
        ("JPY", "900", "¥900"),
        ("KWD", "2", "KWD 2"),
        ("KWD", "2.5", "KWD 2.500"),
    ],
)
def test_in_a_sentence_nothing_stands_behind_the_point_where_nothing_is(code, amount, said):
    currency = Currency(code)
    assert plain(currency.brief(currency.amount(amount))) == said


@pytest.mark.parametrize(
    ("code", "one", "many"),
    [("USD", "dollar", "dollars"), ("GBP", "pound", "pounds"), ("JPY", "yen", "yen"), ("KWD", "dinar", "dinars")],
)
def test_whose_dollars_they_are_goes_without_saying(code, one, many):
    assert Currency(code).names == (one, many)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("IRR", "Stripe does not charge"),
        ("XYZ", "not a currency of ISO 4217"),
        ("usd", "not a currency"),
        ("", "not a currency"),
        ("BTC", "not a currency"),
    ],
)
def test_what_the_kiosk_cannot_take_is_refused_in_one_line(code, why):
    with pytest.raises(CurrencyError, match=why) as refused:
        Currency(code)
    assert "\n" not in str(refused.value)
