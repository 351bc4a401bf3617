"""A guest who is served in another language than English, by the cloud, and what the house does for one."""

import json

import pytest

from kiosk.voice.recording import WrittenLine
from tests.evening import ENGLISH, GERMAN, MENU, Evening
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini

CARD = WrittenLine("meine Karte ist 4111 1111 1111 1111")


@pytest.fixture
def speech(cache_dir):
    with FakeCartesia(cache_dir) as running:
        yield running


@pytest.fixture
def brain():
    with FakeGemini() as running:
        yield running


async def test_all_that_maya_says_in_fixed_words_is_in_the_language_that_is_set(cache_dir, speech, brain):
    evening = Evening(cache_dir, [CARD], brain=brain, speech=speech, language="de")
    await evening.hold(then=evening.conversation.say_goodbye)
    await evening.floor.wait_until_free()
    assert evening.said() == [GERMAN.to_one_who_comes(MENU), f"{GERMAN.no_card_numbers} {GERMAN.goodbye}"]
    assert speech.said[0].startswith("Willkommen")
    assert speech.languages == {"de"}


async def test_the_bartender_is_told_to_answer_in_the_language_that_is_set(cache_dir, speech, brain):
    evening = Evening(cache_dir, [WrittenLine("zwei Bier bitte")], brain=brain, speech=speech, language="de")
    await evening.hold()
    assert "Answer in German" in json.dumps(brain.asked)


async def test_a_bartender_in_the_house_speaks_english_in_fixed_words_too(cache_dir, speech):
    evening = Evening(cache_dir, [CARD], speech=speech, language="de")
    await evening.hold()
    assert evening.said() == [ENGLISH.to_one_who_comes(MENU), ENGLISH.no_card_numbers]
    assert speech.languages == {"en"}


async def test_once_gemini_is_lost_what_is_said_is_english_and_read_as_english(cache_dir, speech, brain):
    async def before(turn: int) -> None:
        if turn == 0:
            brain.go_away()

    guest = [WrittenLine("two beers please"), CARD]
    evening = Evening(cache_dir, guest, brain=brain, speech=speech, before_turn=before, language="de")
    await evening.hold()
    assert evening.moves("llm") == ["cloud", "house"]
    assert evening.said()[0] == GERMAN.to_one_who_comes(MENU)
    assert evening.said()[-1] == ENGLISH.no_card_numbers
    assert evening.order() == [("Tap Beer", 2, [])]
    assert speech.languages == {"de", "en"}


async def test_without_cartesia_the_house_reads_the_language_of_the_bartender(cache_dir, brain):
    evening = Evening(cache_dir, [CARD], brain=brain, language="de")
    await evening.hold()
    assert evening.said() == [GERMAN.to_one_who_comes(MENU), GERMAN.no_card_numbers]
