"""Facts about Whisper as the second of the local ears."""

import asyncio
import threading

import pytest
from loguru import logger
from pipecat.frames.frames import InputAudioRawFrame, TranscriptionFrame, VADUserStartedSpeakingFrame
from pipecat.frames.frames import VADUserStoppedSpeakingFrame as Stopped
from pipecat.tests.utils import run_test

from kiosk.settings import Settings, find_assets
from kiosk.voice import language_model
from kiosk.voice.house_ears import BYTES_PER_SECOND, HouseEars
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.recording import Utterance, read_turns
from kiosk.voice.sphinx_stt import SphinxSTTService
from kiosk.voice.stt.open_ear import OpenEar, open_ear_of
from tests.evening import MENU

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

    def __init__(self, load, menu):
        super().__init__(load, menu)
        self.given: list[int] = []

    def read(self, pcm, heard=""):
        self.given.append(len(pcm))
        return super().read(pcm, heard)


async def test_until_it_is_loaded_nothing_is_read_and_nobody_waits(whisper):
    may_load = threading.Event()

    def load():
        may_load.wait()
        return whisper

    ear = OpenEar(load, MENU)
    assert await ear.read(said("1_order")) is None
    may_load.set()
    assert await asyncio.to_thread(ear.is_there)
    reading = await ear.read(said("1_order"))
    assert reading
    assert "martini" in reading.text


async def test_a_model_that_cannot_be_loaded_is_said_once_and_read_by_nobody(tmp_path, warnings):
    (tmp_path / "model.bin").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text('{"added_tokens": [{"content": "<|startoftranscript|>"}]}')
    ear = open_ear_of(Settings(stt="whisper", stt_model=str(tmp_path)), MENU)
    assert ear
    assert not await asyncio.to_thread(ear.is_there)
    assert await ear.read(said("1_order")) is None
    (warning,) = warnings
    assert "PocketSphinx hears alone" in warning
    assert warning.count("\n") == 1


def test_without_weights_there_is_no_open_ear(tmp_path, warnings):
    assert open_ear_of(Settings(stt="whisper", stt_model=str(tmp_path / "nothing")), MENU) is None
    assert "PocketSphinx hears alone" in warnings[0]
    assert open_ear_of(Settings(stt="sphinx"), MENU) is None


async def test_the_stage_hands_on_what_whisper_has_read(whisper, recognizer):
    pcm = said("1_order")
    ear = OpenEar(lambda: whisper, MENU)
    assert await asyncio.to_thread(ear.is_there)
    sound = [InputAudioRawFrame(pcm[at : at + PIECE], 16000, 1) for at in range(0, len(pcm), PIECE)]
    frames = [VADUserStartedSpeakingFrame(start_secs=0.2), *sound, Stopped()]
    down, _ = await run_test(SphinxSTTService(recognizer, ear), frames_to_send=frames)
    (text,) = [frame.text for frame in down if isinstance(frame, TranscriptionFrame)]
    assert "martini" in text
    # PocketSphinx writes neither capitals nor stops.
    assert text[0].isupper()
    assert text.endswith(".")


async def test_reading_begins_with_the_first_quiet_and_again_when_the_guest_goes_on(whisper, recognizer):
    ear = Following(lambda: whisper, MENU)
    assert await asyncio.to_thread(ear.is_there)
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
