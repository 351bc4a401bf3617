"""Facts about how written text is spoken."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.money import CURRENCIES, Currency
from kiosk.voice.speakable import speakable, spoken


def pairs(text: str) -> list[tuple[str, str]]:
    return [(piece.written, piece.spoken) for piece in speakable(text)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$12.50", "twelve dollars and fifty cents"),
        ("$13", "thirteen dollars"),
        ("$13.00", "thirteen dollars"),
        ("$1.00", "one dollar"),
        ("$1.01", "one dollar and one cent"),
        ("$0.50", "fifty cents"),
        ("$0.00", "zero dollars"),
        ("$12.5", "twelve dollars and fifty cents"),
        ("$1,000.00", "one thousand dollars"),
        ("-$5.00", "minus five dollars"),
        ("€3.20", "three euros and twenty cents"),
        ("3.50 €", "three euros and fifty cents"),
        ("£1.01", "one pound and one penny"),
        ("£0.99", "ninety nine pence"),
        ("12.00 CHF", "twelve francs"),
        ("12.05 USD", "twelve dollars and five cents"),
        ("99.00 SEK", "ninety nine kronor"),
        ("$10-$15", "ten dollars to fifteen dollars"),
    ],
)
def test_an_amount_is_spoken_in_its_currency(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("code", "amount", "said"),
    [
        ("JPY", "900", "nine hundred yen"),
        ("JPY", "1", "one yen"),
        ("KRW", "6500", "six thousand five hundred won"),
        ("KWD", "2.5", "two dinars five hundred fils"),
        ("KWD", "1.005", "one dinar five fils"),
        ("KWD", "0.750", "seven hundred fifty fils"),
        ("HUF", "1500", "one thousand five hundred forints"),
        ("HUF", "232.5", "two hundred thirty two forints and fifty fillér"),
        ("CAD", "12.5", "twelve dollars and fifty cents"),
        ("SEK", "89", "eighty nine kronor"),
        ("DKK", "55.5", "fifty five kroner and fifty øre"),
        ("CNY", "20.5", "twenty yuan fifty"),
        ("CNY", "20.05", "twenty yuan oh five"),
        ("XOF", "1500", "one thousand five hundred francs"),
    ],
)
def test_maya_says_amounts_as_people_at_the_bar_do(code, amount, said):
    currency = Currency(code)
    assert spoken(currency.label(currency.amount(amount)), currency) == said


def test_a_sign_that_several_share_means_the_bar_s_money():
    assert spoken("¥20", Currency("CNY")) == "twenty yen"
    assert spoken("CN¥20", Currency("CNY")) == "twenty yuan"
    assert spoken("kr 20", Currency("NOK")) == "twenty kroner"
    assert spoken("12 krone, or a crate of kr", Currency("NOK")) == "twelve krone, or a crate of kr"


@pytest.mark.parametrize("talk", ["all 5 of you", "try 2 of them", "the top 10", "a 5 p m start"])
def test_words_that_are_codes_of_currencies_elsewhere_are_words(talk):
    assert all(word.isalpha() and word in spoken(talk) for word in talk.split() if word.isalpha())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("15%", "fifteen percent"),
        ("12.5 %", "twelve point five percent"),
        ("2 martinis", "two martinis"),
        ("2x Martini", "two Martini"),
        ("the 21st", "the twenty first"),
        ("1234", "one thousand two hundred thirty four"),
        ("2-3 drinks", "two to three drinks"),
        ("room 007", "room zero zero seven"),
        ("9:30", "nine thirty"),
        ("9:05", "nine oh five"),
        ("10:00", "ten o'clock"),
        ("10:00 PM", "ten PM"),
        ("MOK 5-ha", "MOK five ha"),
    ],
)
def test_a_number_is_spoken_in_words(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    "link",
    [
        "https://buy.stripe.com/test_abc?x=1&y=2",
        "http://localhost:8080/pay",
        "www.bar.example/menu",
        "buy.stripe.com/test_abc",
        "stripe.com",
    ],
)
def test_a_link_is_on_the_screen_and_not_spoken(link):
    assert spoken(f"Pay at {link}. Thanks!") == "Pay at the link on the screen. Thanks!"
    assert spoken(f"Pay ({link})") == "Pay the link on the screen"
    assert spoken(f"**{link}**") == "the link on the screen"


def test_a_named_link_is_spoken_by_its_name():
    assert spoken("See [the menu](https://bar.example/menu), please") == "See the menu, please"
    assert spoken("[https://a.example](https://a.example)") == "the link on the screen"


def test_an_address_is_not_spelled_out():
    assert spoken("Write to maya@bar.example.") == "Write to the address on the screen."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("**Two** *dirty* `martinis`", "Two dirty martinis"),
        ("# Tonight\nCheers", "Tonight. Cheers"),
        ("- Gin\n- Rum\n", "Gin. Rum."),
        ("Cheers! 🍸👩‍🍳", "Cheers!"),
        ("Gin & tonic", "Gin and tonic"),
        ("A tip — how kind", "A tip, how kind"),
        ("Really?!", "Really?"),
        ("Well… yes", "Well. yes"),
        ("don’t", "don't"),
        ("“Hello”", "Hello"),
        ("old_fashioned", "old fashioned"),
        ("an ipa", "an IPA"),
        ("ok", "okay"),
    ],
)
def test_marks_are_not_spoken(written, said):
    assert spoken(written) == said


def test_a_written_word_may_cover_several_spoken_ones():
    assert pairs("That's $12.50, please.") == [
        ("That's", "That's"),
        ("$12.50,", "twelve dollars and fifty cents,"),
        ("please.", "please."),
    ]
    assert pairs("It is 12.00 CHF") == [("It", "It"), ("is", "is"), ("12.00 CHF", "twelve francs")]


def test_symbols_that_stand_alone_belong_to_a_neighbour():
    assert pairs("- Gin  — 🍸 yes!") == [("- Gin  — 🍸", "Gin,"), ("yes!", "yes!")]
    assert pairs("🍸") == [("🍸", "")]
    assert pairs("… — !") == [("… — !", "")]
    assert pairs("") == []


def test_a_number_too_long_to_count_is_spoken_digit_by_digit():
    assert spoken("9" * 5000 + "th").startswith("nine nine nine")


# Every amount of the kiosk, however it labels it, is spoken without digits.
@example(Decimal("0.01"), Currency("USD"), Currency.label)
@given(
    st.decimals(Decimal("0.00"), Decimal("999999.99"), places=2),
    st.sampled_from(CURRENCIES).map(Currency),
    st.sampled_from([Currency.label, Currency.brief]),
)
def test_every_amount_is_spoken_without_digits_or_signs(amount, currency, written):
    said = spoken(f"That makes {written(currency, currency.amount(amount))}.", currency)
    assert re.fullmatch(r"That makes [^\W\dA-KM-Z]+( [^\W\dA-KM-Z]+)+\.", said)
    assert any(name in said for name in (*currency.names, *(currency.smaller_names or ())))


# No part of an address on the web is ever heard, wherever it stands and whatever surrounds it.
@given(
    st.text(max_size=20),
    st.sampled_from(["https://", "http://", "HTTPS://", "www.", ""]),
    st.from_regex(r"zq[a-z0-9]{1,10}(\.zq[a-z0-9-]{0,10}[a-z0-9])?\.com/zq[a-zA-Z0-9_?=&.-]{0,30}", fullmatch=True),
    st.sampled_from([" ", ". ", ")", ", ", "\n", "!", ""]),
)
def test_no_link_is_ever_spoken(before, scheme, rest, after):
    said = spoken(f"{before} {scheme}{rest}{after}")
    assert "://" not in said
    assert "www" not in said
    assert "zq" not in said.lower()


# Nothing that is written gets lost: captions show it all.
@given(st.text())
def test_the_pieces_are_all_of_the_text(text):
    written = "".join(piece.written for piece in speakable(text))
    assert re.sub(r"\s", "", written) == re.sub(r"\s", "", text)
