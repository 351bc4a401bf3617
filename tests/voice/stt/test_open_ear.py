"""Facts about Whisper as the second of the local ears."""

import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest
from loguru import logger
from pipecat.frames.frames import InputAudioRawFrame, TranscriptionFrame, VADUserStartedSpeakingFrame
from pipecat.frames.frames import VADUserStoppedSpeakingFrame as Stopped
from pipecat.tests.utils import run_test

from kiosk.settings import Settings, find_assets
from kiosk.voice import language_model
from kiosk.voice.house_ears import BYTES_PER_SECOND, HouseEars
from kiosk.voice.recognizer import Hypothesis, Recognizer
from kiosk.voice.recording import Utterance, read_turns
from kiosk.voice.sphinx_stt import SphinxSTTService
from kiosk.voice.stt.open_ear import OpenEar, open_ear_of
from kiosk.voice.stt.whisper import Reading
from tests.evening import MENU

AUDIO = Path(__file__).parents[2] / "audio"
QUIET = bytes(BYTES_PER_SECOND // 2)
PIECE = 640


def said(name: str) -> bytes:
    (turn,) = read_turns(find_assets() / "demo" / f"{name}.wav")
    assert isinstance(turn, Utterance)
    return turn.pcm


@pytest.fixture
def warnings():
    """What was logged as a warning."""
    lines: list[str] = []
    sink = logger.add(lambda line: lines.append(str(line)), level="WARNING", format="{message}")
    yield lines
    logger.remove(sink)


@pytest.fixture(scope="module")
def recognizer(cache_dir) -> Recognizer:
    return Recognizer(language_model.build(MENU, cache_dir))


class Following(OpenEar):
    """Notes how much it was given to read, and when."""

    def __init__(self, load, menu, most_secs=None):
        super().__init__(load, menu, most_secs)
        self.given: list[int] = []

    def read(self, pcm, heard=""):
        self.given.append(len(pcm))
        return super().read(pcm, heard)


@pytest.fixture(scope="module")
def loaded(whisper) -> Following:
    ear = Following(lambda: whisper, MENU)
    assert ear.trial_secs()
    return ear


@pytest.fixture
def ear(loaded):
    """One for all tests, since it takes a second to make."""
    loaded.given.clear()
    return loaded


async def test_until_it_is_loaded_nothing_is_read_and_nobody_waits(whisper):
    may_load = threading.Event()

    def load():
        may_load.wait()
        return whisper

    ear = OpenEar(load, MENU)
    assert await ear.read(said("1_order")) is None
    may_load.set()
    assert await asyncio.to_thread(ear.trial_secs)
    reading = await ear.read(said("1_order"))
    assert reading
    assert "martini" in reading.text


@pytest.mark.slow
async def test_a_long_utterance_is_read_from_its_beginning(ear):
    pause = bytes(12 * BYTES_PER_SECOND)
    reading = await ear.read(said("1_order") + pause + pause + said("3_tip"))
    assert reading
    assert "martini" in reading.text
    assert "tip" in reading.text


async def test_a_word_that_was_misheard_is_mended_once_the_rest_makes_sense(ear):
    words = "hi maya two old fashioneds on the rocks and a dirty martini please"
    known = Hypothesis(words, rejected=False, confidence=0.9, fluency=2.5)
    read_as = Reading("I might two old fashionedits on the rocks and a Bertie martini please.", -0.3, no_speech=0.001)
    text = (await ear.judged(known, read_as)).text
    assert text.startswith("hi maya two")
    assert text.endswith("a dirty martini please.")
    assert await ear.judged(known, None) == known


async def test_a_model_that_cannot_be_loaded_is_said_once_and_read_by_nobody(tmp_path, warnings):
    (tmp_path / "model.bin").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text('{"added_tokens": [{"content": "<|startoftranscript|>"}]}')
    ear = open_ear_of(Settings(stt="whisper", stt_model=str(tmp_path)), MENU)
    assert ear
    assert await asyncio.to_thread(ear.trial_secs) is None
    assert await ear.read(said("1_order")) is None
    (warning,) = warnings
    assert "PocketSphinx hears alone" in warning
    assert warning.count("\n") == 1


@pytest.mark.slow
async def test_where_a_guest_would_wait_for_it_it_only_looks_at_what_was_not_understood(whisper, recognizer, warnings):
    ear = Following(lambda: whisper, MENU, most_secs=0.0)
    assert await asyncio.to_thread(ear.trial_secs)
    assert ear.is_slow
    assert "only looks again" in warnings[0]
    ears = HouseEars(recognizer, ear)
    await ears.begin(said("1_order") + QUIET)
    assert (await ears.finish()).text == "hi maya two old fashioneds on the rocks and a dirty martini please"
    assert ear.given == []
    await ears.end_turn()
    hum = np.sin(np.arange(16000) / 4).astype(np.float32) * 3000
    await ears.begin(hum.astype(np.int16).tobytes())
    await ears.finish()
    assert len(ear.given) == 1
    ears.close()


def test_without_weights_there_is_no_open_ear(tmp_path, warnings):
    assert open_ear_of(Settings(stt="whisper", stt_model=str(tmp_path / "nothing")), MENU) is None
    assert "PocketSphinx hears alone" in warnings[0]
    assert open_ear_of(Settings(stt="sphinx"), MENU) is None


async def test_the_stage_hands_on_what_whisper_has_read(ear, recognizer):
    (turn,) = read_turns(AUDIO / "order_09.flac")
    assert isinstance(turn, Utterance)
    pcm = turn.pcm
    sound = [InputAudioRawFrame(pcm[at : at + PIECE], 16000, 1) for at in range(0, len(pcm), PIECE)]
    frames = [VADUserStartedSpeakingFrame(start_secs=0.2), *sound, Stopped()]
    down, _ = await run_test(SphinxSTTService(recognizer, ear), frames_to_send=frames)
    (text,) = [frame.text for frame in down if isinstance(frame, TranscriptionFrame)]
    # PocketSphinx writes no stops, and Whisper "4" or "for".
    assert text == "four classic brews please."


@pytest.mark.slow
async def test_reading_begins_with_the_first_quiet_and_again_when_the_guest_goes_on(ear, recognizer):
    ears = HouseEars(recognizer, ear)
    order, tip = said("1_order") + QUIET, said("3_tip") + QUIET
    await ears.begin(b"")
    await ears.hear(order[: -len(QUIET)])
    await ears.hear(QUIET)
    assert ear.given == [len(order)]
    await ears.hear(tip[: -len(QUIET)])
    await ears.hear(QUIET)
    assert ear.given == [len(order), len(order + tip)]
    heard = await ears.finish()
    # What was begun in the quiet was waited for, and nothing is read twice.
    assert len(ear.given) == 2
    assert "martini" in heard.text
    assert "tip" in heard.text
    ears.close()
