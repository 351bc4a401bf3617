"""Card numbers are found however a guest says them and a recogniser writes them; other numbers are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.security.card_numbers import without_cards, without_cards_inside, without_long_numbers
from tests.security.cards import WORDS, card


@pytest.mark.parametrize(
    "said",
    [
        "4242 4242 4242 4242",
        "4242424242424242",
        "4242-4242-4242-4242",
        "4242, 4242, 4242, 4242",
        "4242. 4242. 4242. 4242.",
        "４２４２ ４２４２ ４２４２ ４２４２",
        "four two four two four two four two four two four two four two four two",
        "Four two four two, four two four two, um, four two four two, and then four two four two",
        "forty two forty-two forty two forty two 4242 4242",
        "four to for too 4242 four two four two 4242",
        "fifty five double five fifty five fifty five 5555 double four double four",
        "three seven eight two, eight two two four six three one, oh oh oh five",
        "vier zwei vier zwei zweiundvierzig zweiundvierzig 4242 und dann 4242",
        "cuatro dos cuatro dos cuarenta y dos cuarenta y dos 4242 4242",
        "4242 4242 4242 4242 expires",
    ],
)
def test_a_card_is_heard_in_figures_and_in_words(said):
    heard = without_cards(f"it is {said}, thanks")
    assert heard.startswith("it is …")
    assert heard.endswith("thanks")


def test_what_is_said_with_it_in_one_breath_is_hidden_too():
    assert without_cards("4242 4242 4242 4242 twelve twenty seven 123, and a beer") == "…, and a beer"


def test_other_numbers_before_it_do_not_hide_it():
    assert without_cards("tip fifteen four two four two 4242 4242 4242") == "tip fifteen …"


@pytest.mark.parametrize(
    "said",
    [
        "two martinis, one beer and four whiskeys for table forty two",
        "four two four two four two",
        "my number is 415 555 0199",
        "plus forty nine one five one two three four five six seven eight",
        "order 1234567890123",
        "tab 26.00, tip 3.90, total 29.90, balance 974.00",
        "one two three four five six seven eight nine ten eleven twelve",
        "4242 4242 4242 4243",
        "1763740000.123456",
        "to go or not to go, that is for you two to say",
    ],
)
def test_other_numbers_stay(said):
    assert without_cards(said) == said


BETWEEN = st.sampled_from([" ", " ", " ", ", ", "-", " um ", " and "])


@given(st.sampled_from(["4", "51", "2223", "34", "36", "3528", "62"]), st.data())
def test_every_brand_is_found_in_any_mixture_of_figures_and_words(begins, data):
    length = {"34": 15, "36": 14}.get(begins, 16)
    rest = data.draw(st.text("0123456789", min_size=length - 1 - len(begins), max_size=length - 1 - len(begins)))
    number = card(begins + rest)
    words = data.draw(st.sampled_from(sorted(WORDS.values()))).split()
    said = ""
    for digit in number:
        said += data.draw(BETWEEN) + data.draw(st.sampled_from([digit, words[int(digit)]]))
    heard = without_cards(f"fifteen percent, my card {said} please")
    assert not set(words) & set(heard.split())
    assert not any(char.isdecimal() for char in heard)


@given(st.text(), st.integers(0, 5))
def test_nothing_else_of_a_text_is_touched(text, place):
    before, after = text[:place], text[place:]
    said = f"{before}; ok: 4242424242424242 :ok; {after}"
    assert without_cards(said) == f"{without_cards(before)}; ok: … :ok; {without_cards(after)}"


def test_of_a_number_that_is_still_being_said_no_more_is_shown_than_its_beginning():
    number = "four two four two four two four two four two four two four two four two".split()
    shown = [without_long_numbers(f"card {' '.join(number[:said])}") for said in range(1, 17)]
    assert shown[7] == f"card {' '.join(number[:8])}"
    assert shown[8:] == ["card …"] * 8


def test_of_a_number_that_began_in_what_was_said_before_the_rest_is_hidden():
    assert without_cards("4242 4242, thanks", before="my card is 4242 4242") == "…, thanks"
    assert without_cards("two beers", before="my number is 415 555 0199") == "two beers"
    assert without_cards("4242 4242", before="4242 4242 was that") == "4242 4242"


def test_texts_in_whatever_they_are_kept_in_lose_their_card_numbers_and_nothing_else():
    said = {"words": ["4242 4242 4242 4242", "two beers"], "4242424242424242": ("a", 1, None, 2.5, True)}
    assert without_cards_inside(said) == {"words": ["…", "two beers"], "…": ["a", 1, None, 2.5, True]}


@pytest.mark.parametrize("forty_two", ["quarante-deux", "quarantadue", "tweeënveertig", "tweeenveertig"])
def test_numbers_that_are_said_two_digits_at_a_time_are_found_in_each_language(forty_two):
    assert without_cards(" ".join([forty_two] * 8)) == "…"
