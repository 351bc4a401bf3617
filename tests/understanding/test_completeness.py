"""Whether a guest who pauses has said a whole request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.understanding.completeness import Completeness, completeness
from tests.bartender.menus import BAR, COFFEE


@pytest.mark.parametrize(
    "text",
    [
        "two old fashioneds please",
        "two old fashioneds on the rocks and a dirty martini",
        "a martini",
        "yes",
        "no",
        "fifteen percent",
        "can i pay",
        "the bill please",
        "what cocktails do you have",
        "how are you",
        "that's all",
        "make it a double",
        "same again",
        "cancel my order",
    ],
)
def test_a_whole_request_is_complete(text):
    assert completeness(text, BAR) is Completeness.COMPLETE


@pytest.mark.parametrize(
    "text",
    [
        "two old fashioneds and",
        "two old fashioneds and uh",
        "um",
        "can i get",
        "i'd like",
        "i'd like a",
        "i'd like two",
        "could you make me a",
        "make that",
        "a martini with",
        "a beer and a",
        "a glass of",
        "hello can i have",
        "two beers please and",
    ],
)
def test_a_request_that_breaks_off_is_incomplete(text):
    assert completeness(text, BAR) is Completeness.INCOMPLETE


@pytest.mark.parametrize("text", ["", "a large elephant in the room", "some words nobody knows", "two"])
def test_words_that_do_not_tell_leave_it_open(text):
    assert completeness(text, BAR) is Completeness.UNSURE


def test_modifiers_alone_are_the_beginning_of_a_drink():
    assert completeness("a small double shot", COFFEE) is Completeness.INCOMPLETE
    assert completeness("small double shot", COFFEE) is Completeness.UNSURE


@given(
    st.sampled_from([item.name.lower() for item in BAR.items]),
    st.sampled_from(["and", "or", "with", "and a", "and the", "and uh", "um", "and some", "and two"]),
)
def test_a_dangling_word_leaves_any_order_incomplete(item, ending):
    assert completeness(f"a {item} {ending}", BAR) is Completeness.INCOMPLETE
