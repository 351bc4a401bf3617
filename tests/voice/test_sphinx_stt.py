"""Facts about the house's ears as a stage of the pipeline."""

import pytest
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    TranscriptionFrame,
    UserMuteStartedFrame,
    UserMuteStoppedFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.tests.utils import run_test

from kiosk.settings import find_assets
from kiosk.voice import language_model
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.recording import Utterance, read_turns
from kiosk.voice.sphinx_stt import SphinxSTTService
from kiosk.voice.turns import TranscriptWithdrawnFrame
from tests.evening import MENU

PIECE = 640


@pytest.fixture(scope="module")
def model(cache_dir):
    """Of the bar's menu."""
    return language_model.build(MENU, cache_dir)


def said(name: str) -> list[Frame]:
    """Somebody speaks."""
    (turn,) = read_turns(find_assets() / "demo" / f"{name}.wav")
    assert isinstance(turn, Utterance)
    pieces = [turn.pcm[start : start + PIECE] for start in range(0, len(turn.pcm), PIECE)]
    sound = [InputAudioRawFrame(piece, 16000, 1) for piece in pieces]
    return [VADUserStartedSpeakingFrame(start_secs=0.2), *sound, VADUserStoppedSpeakingFrame()]


async def heard(model, *frames: Frame) -> list[str]:
    """The transcripts, "-" where the earlier ones are withdrawn."""
    down, _ = await run_test(SphinxSTTService(Recognizer(model)), frames_to_send=frames)
    return [
        "-" if isinstance(frame, TranscriptWithdrawnFrame) else frame.text
        for frame in down
        if isinstance(frame, TranscriptionFrame | TranscriptWithdrawnFrame)
    ]


def order_and_tip(heard: list[str]) -> list[tuple[bool, bool]]:
    """Whether order and tip are in each transcript."""
    return [("dirty martini" in text, "fifteen percent" in text) for text in heard if text != "-"]


async def test_what_was_said_in_one_turn_is_heard_as_one(model):
    frames = [*said("1_order"), UserStartedSpeakingFrame(), *said("3_tip"), UserStoppedSpeakingFrame()]
    found = await heard(model, *frames)
    assert order_and_tip(found) == [(True, False), (True, True)]
    assert found[1] == "-"


async def test_the_next_turn_begins_with_nothing(model):
    frames = [UserStartedSpeakingFrame(), *said("1_order"), UserStoppedSpeakingFrame(), *said("3_tip")]
    assert order_and_tip(await heard(model, *frames)) == [(True, False), (False, True)]


async def test_what_was_said_while_nobody_had_the_floor_is_not_heard_again(model):
    assert order_and_tip(await heard(model, *said("1_order"), *said("3_tip"))) == [(True, False), (False, True)]


async def test_nothing_is_heard_while_maya_would_be(model):
    frames = [UserMuteStartedFrame(), *said("1_order"), UserMuteStoppedFrame(), *said("3_tip")]
    assert order_and_tip(await heard(model, *frames)) == [(False, True)]
