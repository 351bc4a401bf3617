"""What people write is shown as they write it, and what cannot be seen is left out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.plain_text import brief, one_line, unseen

# What is likely to do harm, among anything that Unicode has.
HOSTILE = st.sampled_from(
    "\0\x07\x1b\n\r\t\x85\xad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060"
    "\u2066\u2069\u2800\u3164\ufe0f\ufeff\ufff9\uffff\ud800\udc00\ud83c\udf79\U000e0041\U000f0000\u0301\u0489\u20e3"
    "\u0651\u0e49\u1d165\u0958éß🍹👨👩🏽🇩م"
)
hostile_text = st.text(st.one_of(st.characters(), HOSTILE), max_size=60)


@pytest.mark.parametrize(
    "name",
    [
        "Smørrebrød", "Käsespätzle", "Jalapeño", "Crème brûlée", "Bánh mì Sài Gòn", "Ångström", "Šljivovica",
        "ערק", "عرق", "نمی‌خواهم", "क्‍ष", "日本酒", "소주", "กาแฟเย็น", "Μπίρα", "Пиво", "Straße №5 – “Gin & Tonic”, 50 %",
        "Piña 🍹 Colada", "👨‍👩‍👧", "🏳️‍🌈", "👩🏽‍🍳", "🇩🇪", "☕️", "1️⃣", "\U0001fae8",
    ],
)  # fmt: skip
def test_what_people_write_stays_as_it_is(name):
    assert one_line(name) == name
    assert unseen(name) is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("two\nmartinis\r\n\tplease", "two martinis please"),
        ("Mar\0ti\x07ni\x1b[31m", "Martini[31m"),
        ("\u202eininraM\u202c \u2066Gin\u2069", "ininraM Gin"),
        ("G\u200bi\u2060n\ufeff\xad", "Gin"),
        ("a\u200db", "ab"),
        ("\ud800Gin\udc00", "Gin"),
        ("\ud83c\udf79", "🍹"),
        ("Z" + "\u0334" * 500 + "ombie", "Z" + "\u0334" * 4 + "ombie"),
        ("\u0301Gin \u0301", "Gin"),
        ("\u200b\u202e\u3164", ""),
        ("e\u0301", "é"),
    ],
)
def test_what_cannot_be_seen_or_leaves_its_line_is_left_out(written, shown):
    assert one_line(written) == shown


def test_what_is_too_long_is_cut_and_says_so():
    assert one_line("M" * 10_000) == "M" * 1_999 + "…"
    assert one_line("é" * 10_000, 5) == "éééé…"
    assert len(one_line("\u202e" * 10_000 + "Gin")) == 1


@given(hostile_text, st.sampled_from([5, 40, 2_000]))
def test_whatever_is_written_can_be_stored_is_short_and_is_not_changed_any_more(text, most):
    line = one_line(text, most)
    assert line.encode().decode() == line
    assert len(line) <= most
    assert one_line(line, most) == line
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Co", "Cs", "Zl", "Zp"}


@given(hostile_text)
def test_a_text_of_which_all_can_be_seen_is_shown_but_for_its_blanks(text):
    if unseen(text) is None:
        assert one_line(text) == " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize(
    "value", ["9" * 5_000, 10**4_000, 0xF << 50_000, [[["9" * 100] * 50] * 50], {"a": "b" * 500}], ids=type
)
def test_a_value_is_named_briefly(value):
    assert len(brief(value)) <= 80
