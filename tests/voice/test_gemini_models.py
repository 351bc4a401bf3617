"""How much each of Gemini's models is told to think, held against what the service takes."""

import pytest

from kiosk.bartender.house_brain import HouseBartender
from kiosk.voice.gemini import MOST_TOKENS, GeminiBartender
from kiosk.voice.gemini_models import thinking_of
from tests.evening import MENU
from tests.fakes.gemini import KEY, FakeGemini
from tests.fakes.gemini_rules import LEVELS, thinking, thoughts


@pytest.mark.parametrize("model", LEVELS)
async def test_every_model_is_told_the_least_that_it_takes_and_has_room_for_its_words(model):
    with FakeGemini() as fake:
        bartender = GeminiBartender(KEY, model, "You are Maya.", HouseBartender(MENU), fake.url)
        assert await bartender.is_back()
        assert await bartender.first_word_secs(model) >= 0
        await bartender.cleanup()
        asked = fake.asked[-1]
    levels, config = LEVELS[model], asked["generationConfig"]
    assert thinking(asked).get("thinkingLevel", "").lower() == (levels[0] if levels else "")
    assert config["maxOutputTokens"] >= MOST_TOKENS + thoughts(model, asked)


def test_a_model_that_nobody_knows_is_told_to_think_little():
    assert thinking_of("gemini-9-flash") == thinking_of("gemini-flash-latest") == thinking_of("models/gemini-3.8-flash")
    assert str(thinking_of("gemini-9-flash")) == 'thinking "low"'
    assert str(thinking_of("gemini-3.6-flash")) == 'thinking "minimal"'
    assert str(thinking_of("gemini-2.5-flash")) == "no thinking"
    assert str(thinking_of("gemini-2.5-pro")) == "thinking 128 tokens"
