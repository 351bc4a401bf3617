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


@pytest.mark.parametrize("missing", ["bartender", "speech"])
async def test_where_the_house_serves_it_says_so_in_its_own_language(cache_dir, speech, brain, missing):
    evening = Evening(
        cache_dir,
        [CARD],
        brain=None if missing == "bartender" else brain,
        speech=None if missing == "speech" else speech,
        language="de",
    )
    await evening.hold()
    assert evening.said() == [ENGLISH.to_one_who_comes(MENU), ENGLISH.no_card_numbers]
