"""What is wrong with Gemini, in words: each trouble its own."""

from typing import Any

import pytest
from google.genai.errors import APIError

from kiosk.bartender.house_brain import HouseBartender
from kiosk.events import Event, ServiceChanged
from kiosk.voice.gemini import GeminiBartender
from kiosk.voice.gemini_errors import GeminiError, told_by
from tests.evening import MENU
from tests.fakes.gemini import KEY, FakeGemini
from tests.fakes.gemini_rules import PLANNED

WORDS = {
    "key": "the key is refused",
    "401": "the key is refused",
    "403": "the key is refused",
    "place": "it is not served to this place, or not without billing",
    "404": "it has no model gemini-3.6-flash",
    "429": "too many requests, or the quota is used up",
    "day": "the quota of the day is used up until",
    "500": "the service has trouble of its own (500)",
    "503": "the service is overloaded (503)",
}


def bartender(fake: FakeGemini, fallback_model: str | None = None, **given: Any) -> GeminiBartender:
    house = HouseBartender(MENU)
    return GeminiBartender(
        KEY, "gemini-3.6-flash", "You are Maya.", house, fake.url, fallback_model=fallback_model, **given
    )


@pytest.mark.parametrize("fault", PLANNED)
async def test_each_trouble_has_its_own_words(fault):
    with FakeGemini() as fake:
        fake.go_wrong(fault)
        gemini = bartender(fake)
        with pytest.raises(GeminiError) as raised:
            await gemini.first_word_secs("gemini-3.6-flash")
        await gemini.cleanup()
    assert raised.value.words.startswith(WORDS[fault])
    assert raised.value.advice


def test_a_key_that_is_refused_for_another_reason_says_so():
    detail = {"reason": "SERVICE_DISABLED", "domain": "googleapis.com"}
    error = APIError(403, {"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [detail]}})
    assert told_by(error, "gemini").words == "the key is refused (SERVICE_DISABLED)"


@pytest.mark.parametrize("details", [None, {}, "no", [None, 3, "x"], [{"violations": None, "retryDelay": 5}]])
def test_details_that_are_of_no_use_are_passed_over(details):
    error = APIError(429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": details}})
    assert told_by(error, "gemini").retry_secs == 0


def test_the_quota_of_a_day_lasts_to_its_end_even_where_the_service_names_seconds():
    def told(delay: str) -> float:
        details = [{"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]
        error = APIError(429, {"error": {"code": 429, "details": [*details, {"retryDelay": delay}]}})
        return told_by(error, "gemini").retry_secs

    assert told("35640s") == 35640
    assert 0 < told("20.2s") <= 25 * 3600
    assert told("20.2s") != 20.2


@pytest.mark.parametrize("fault", ["429", "day"])
async def test_a_model_that_says_when_it_may_be_asked_again_is_not_asked_before(fault):
    with FakeGemini() as fake:
        fake.go_wrong(fault)
        gemini = bartender(fake)
        with pytest.raises(GeminiError):
            await gemini.is_back()
        assert not await gemini.is_back()
        await gemini.cleanup()
        assert len(fake.asked) == 1


async def test_meanwhile_the_other_model_is_asked():
    with FakeGemini() as fake:
        fake.go_wrong("day")
        gemini = bartender(fake, "gemini-3.5-flash-lite")
        assert await gemini.is_back()
        assert await gemini.is_back()
        await gemini.cleanup()
        assert fake.models == ["gemini-3.6-flash", "gemini-3.5-flash-lite", "gemini-3.5-flash-lite"]


async def test_the_bar_hears_why_the_other_model_answers_once():
    heard: list[Event] = []
    with FakeGemini() as fake:
        fake.go_wrong("day")
        gemini = bartender(fake, "gemini-3.5-flash-lite", publish=heard.append)
        assert await gemini.is_back()
        assert await gemini.is_back()
        await gemini.cleanup()
    (told,) = heard
    assert isinstance(told, ServiceChanged)
    assert (told.stage, told.where) == ("llm", "cloud")
    assert told.reason.startswith("gemini-3.6-flash: the quota of the day is used up until")


async def test_an_answer_that_thoughts_have_eaten_shows_that_it_is_back():
    with FakeGemini() as fake:
        fake.go_wrong("empty")
        gemini = bartender(fake)
        assert await gemini.is_back()
        await gemini.cleanup()
