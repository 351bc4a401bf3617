"""Facts about the model that hears a language, and about what it is asked for, by the service's own rules."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.bartender.prompts import language_name
from kiosk.catalogue import languages
from kiosk.settings import find_assets
from kiosk.voice.cartesia_models import INK_2, INK_WHISPER, keyterms, stt_query
from tests.fakes.cartesia_rules import (
    INK_2_HEARS,
    MOST_KEYTERM_CHARACTERS,
    MOST_KEYTERMS,
    SONIC_SPEAKS,
    WHISPER_HEARS,
    refusal_of_stt,
)

NAMES = ["Old Fashioned", "Piña Colada", "7&7"]


def test_english_is_heard_by_the_newest_model_and_named():
    asked = parse_qs(stt_query("en", 16000, NAMES))
    assert (asked["model"], asked["language"], asked["keyterm"]) == ([INK_2], ["en"], NAMES)


@pytest.mark.parametrize("language", ["es", "fr"])
def test_what_the_newest_model_finds_out_by_itself_is_not_named(language):
    asked = parse_qs(stt_query(language, 16000, NAMES))
    assert (asked["model"], asked["keyterm"]) == ([INK_2], NAMES)
    assert "language" not in asked


@pytest.mark.parametrize("language", ["de", "it", "nl", "pt"])
def test_other_languages_are_heard_by_the_model_that_has_them_which_takes_no_keyterms(language):
    asked = parse_qs(stt_query(language, 16000, NAMES))
    assert (asked["model"], asked["language"]) == ([INK_WHISPER], [language])
    assert "keyterm" not in asked


@pytest.mark.parametrize("language", sorted({*INK_2_HEARS, *WHISPER_HEARS}))
def test_nothing_is_asked_for_that_the_service_refuses(language):
    assert refusal_of_stt(stt_query(language, 16000, NAMES)) is None


@given(st.lists(st.text(max_size=300), max_size=150))
def test_however_long_a_menu_is_no_more_is_asked_for_than_a_connection_takes(names):
    kept = keyterms(names)
    assert len(kept) <= MOST_KEYTERMS
    assert sum(map(len, kept)) <= MOST_KEYTERM_CHARACTERS
    assert kept == [name.strip() for name in names if name.strip()][: len(kept)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("model=ink-3&encoding=pcm_s16le&sample_rate=16000", "The model is not valid"),
        ("model=ink-2&encoding=pcm_s16le&sample_rate=16000&language=de", "does not take language de"),
        ("model=ink-2&encoding=pcm_s16le&sample_rate=16000&min_volume=0.1", "min_volume is not a parameter"),
        ("model=ink-whisper&encoding=pcm_s16le&sample_rate=16000&language=de&keyterm=Gin", "keyterm is not"),
        ("model=ink-2&encoding=pcm_s16le", "are required"),
        (f"model=ink-2&encoding=pcm_s16le&sample_rate=16000{'&keyterm=a' * 101}", "at most 100 keyterms"),
        (f"model=ink-2&encoding=pcm_s16le&sample_rate=16000&keyterm={'a' * 1201}", "at most 1200 characters"),
        ("model=ink-2&encoding=pcm_s16le&sample_rate=16000&keyterm=Tap+Beer", "%20"),
    ],
)
def test_the_fake_refuses_what_the_service_refuses(query, words):
    refused = refusal_of_stt(query)
    assert refused
    assert refused.keys() >= {"type", "status_code", "error_code", "title", "message"}
    assert words in refused["message"]


@pytest.mark.parametrize("language", languages(find_assets()))
def test_every_language_that_can_be_set_is_heard_and_spoken_by_cartesia_and_has_a_name_for_gemini(language):
    assert refusal_of_stt(stt_query(language, 16000, NAMES)) is None
    assert language in SONIC_SPEAKS
    assert language_name(language).isalpha()
