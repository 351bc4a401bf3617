"""Two ears hear an utterance, and one thing was said."""

import pytest

from kiosk.voice.stt.judge import Judge, is_noise
from kiosk.voice.stt.whisper import Reading
from tests.bartender.menus import BAR


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(BAR)


def sure(text: str) -> Reading:
    return Reading(text, score=-0.4, no_speech=0.01)


@pytest.mark.parametrize(
    ("known", "opened", "heard"),
    [
        ("four classic brews please", "For classic brews please", "four classic brews please"),
        ("actually make that two martinis", "Actually make that to martinis.", "Actually make that two martinis."),
        ("give me long island and a gin", "Give me a long island and a chin.", "Give me a long island and a gin."),
        ("let me pay my tab", "Let me pay my time.", "Let me pay my tab."),
        ("how are you today", "Cal are you today?", "how are you today?"),
    ],
)  # fmt: skip
def test_words_that_make_no_sense_give_way_to_those_of_the_bar_that_sound_like_them(judge, known, opened, heard):
    assert judge.heard(known, sure(opened)) == heard


@pytest.mark.parametrize(
    ("known", "opened"),
    [
        ("whiskey please", "Can I have a receipt?"),
        ("a double gin", "Can I get an apple juice?"),
        ("turn life add the draft beer to like", "Turn left at the traffic light and go straight for two miles."),
        ("i'd like a dirty nine the stay shaken", "I parked the car behind the station."),
        ("two pay please", "I'd like to pay please."),
    ],
)
def test_what_the_bar_has_no_words_for_is_heard_as_it_was_said(judge, known, opened):
    assert judge.heard(known, sure(opened)) == opened


@pytest.mark.parametrize(
    ("opened", "heard"),
    [
        ("a neat groany", "a negroni"),
        ("three jins", "three gins"),
        ("can I get indigroni", "can i get negroni"),
    ],
)
def test_no_word_of_any_language_becomes_the_name_that_sounds_like_it(judge, opened, heard):
    assert judge.heard("", sure(opened)) == heard


@pytest.mark.parametrize(
    "opened", ["a cider please", "I'd like a port.", "can I have the bill", "is there any nut in it"]
)
def test_a_word_that_there_is_becomes_no_name_without_the_other_ear(judge, opened):
    assert judge.heard("", sure(opened)) == opened


def test_a_word_that_there_is_becomes_the_name_that_the_other_ear_heard(judge):
    assert "gin" in judge.heard("a gin", sure("a chin"))


@pytest.mark.parametrize(
    "noise", [Reading("drink drink", -2.15, 0.82), Reading("and it's a", -2.96, 0.14), Reading("daiquiri", -1.64, 0.64)]
)
def test_words_that_were_made_of_noise_are_none(judge, noise):
    assert is_noise(noise)
    assert judge.heard("two and a", noise) == ""


@pytest.mark.parametrize(
    "speech", [Reading("1 2 3 4 5 6 7 8", -0.1, 0.37), Reading("yes", -1.39, 0.11), Reading("no thanks", -0.9, 0.05)]
)
def test_short_and_doubtful_words_are_no_noise(speech):
    assert not is_noise(speech)


def test_a_short_turn_that_the_decoder_repeats_was_said_once_where_the_other_ear_heard_it_once(judge):
    assert judge.heard("one brandy", sure("One brandy, one brandy.")) == "One brandy"
    assert judge.heard("one brandy one brandy", sure("One brandy, one brandy.")) == "One brandy, one brandy."


def test_where_the_open_ear_wrote_nothing_the_other_one_is_believed(judge):
    assert judge.heard("two beers", sure("")) == "two beers"


@pytest.mark.parametrize(
    ("known", "opened", "score"),
    [
        ("four tequilas", "for it call us", -1.6),
        ("a dozen beers", "A blessing bears", -1.11),
        ("a tequila please", "but a killer please.", -0.65),
        ("an negroni please", "And I'd grow me please.", -0.78),
    ],
)
def test_a_guess_that_makes_no_sense_gives_way_to_what_the_bars_ear_is_certain_of(judge, known, opened, score):
    guess = Reading(opened, score, no_speech=0.01)
    assert judge.heard(known, guess, confidence=0.97) == known
    assert judge.heard(known, guess, confidence=0.7) != known
    assert judge.heard(known, Reading(opened, -0.2, no_speech=0.01), confidence=0.97) != known
