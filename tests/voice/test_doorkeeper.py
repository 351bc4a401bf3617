import pytest
from pipecat.frames.frames import LLMContextFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame
from pipecat.processors.aggregators.llm_context import LLMContext, LLMContextMessage
from pipecat.tests.utils import run_test

from kiosk.bartender.notices import Notice
from kiosk.events import Speaking
from kiosk.voice.doorkeeper import Doorkeeper

NOISE: LLMContextMessage = {"role": "user", "content": Notice.UNINTELLIGIBLE.value}


async def test_noise_before_anybody_came_is_answered_with_silence_and_forgotten():
    context, told = LLMContext([NOISE, NOISE]), []
    await run_test(
        Doorkeeper(told.append),
        frames_to_send=[LLMContextFrame(context)],
        expected_down_frames=[LLMFullResponseStartFrame, LLMFullResponseEndFrame],
    )
    assert context.messages == []
    assert told == [Speaking(False)]


async def test_a_guest_who_was_not_understood_is_answered():
    context = LLMContext([{"role": "assistant", "content": "What can I get you?"}, NOISE])
    await run_test(
        Doorkeeper(print),
        frames_to_send=[LLMContextFrame(context)],
        expected_down_frames=[LLMContextFrame],
    )
    assert len(context.messages) == 2


@pytest.mark.parametrize(
    ("said", "is_answered"),
    [
        ("two beers please", False),
        ("Hey, Maya! Two beers please.", True),
        ("maya hey", False),
        ("[button touched]", True),
    ],
)
async def test_where_there_is_a_wake_phrase_nothing_begins_without_it_but_a_touch(said, is_answered):
    context = LLMContext([NOISE, {"role": "user", "content": said}])
    down, _ = await run_test(Doorkeeper(lambda _: None, "hey Maya"), frames_to_send=[LLMContextFrame(context)])
    assert any(isinstance(frame, LLMContextFrame) for frame in down) == is_answered
    assert bool(context.messages) == is_answered


async def test_a_guest_who_is_there_need_not_say_the_wake_phrase_again():
    context = LLMContext([{"role": "assistant", "content": "What can I get you?"}, {"role": "user", "content": "ipa"}])
    await run_test(
        Doorkeeper(print, "hey Maya"),
        frames_to_send=[LLMContextFrame(context)],
        expected_down_frames=[LLMContextFrame],
    )
