"""Facts about the house's voice in other languages, and how what it says is read out."""

import pytest
from pipecat.tests.utils import run_test

from kiosk.catalogue import languages
from kiosk.money import USD
from kiosk.settings import find_assets
from kiosk.voice.espeak import Voice, espeak
from kiosk.voice.espeak_tts import EspeakTTSService
from kiosk.voice.spoken_language import house_voice, read_out
from tests.voice.listening import answer, sound, words

GERMAN = "Zwei Bier, das macht 12,50 Euro."


@pytest.mark.parametrize("language", languages(find_assets()))
def test_the_house_has_a_voice_for_every_language_that_can_be_set(language):
    assert espeak().phonemes("Martini", house_voice(language))


def test_english_is_read_by_mayas_own_voice():
    assert house_voice("en") == Voice()
    assert house_voice("de").name == "de+f2"


def test_amounts_are_read_out_as_the_language_does():
    assert [piece.spoken for piece in read_out("That makes $5.", "en", USD)] == ["That", "makes", "five dollars."]
    assert [piece.spoken for piece in read_out(GERMAN, "de", USD)] == GERMAN.split()


async def test_the_house_does_not_read_german_as_if_it_were_english():
    german, _ = await run_test(EspeakTTSService(speaks=lambda: "de"), frames_to_send=answer(GERMAN))
    english, _ = await run_test(EspeakTTSService(), frames_to_send=answer(GERMAN))
    assert words(german) == GERMAN.split()
    assert sound(german) != sound(english)
