from pipecat.frames.frames import LLMContextFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame
from pipecat.processors.aggregators.llm_context import LLMContext, LLMContextMessage
from pipecat.tests.utils import run_test

from kiosk.events import Speaking
from kiosk.voice.doorkeeper import Doorkeeper

NOISE: LLMContextMessage = {"role": "user", "content": "[nothing understood]"}


async def test_noise_before_anybody_came_is_answered_with_silence_and_forgotten():
    context, told = LLMContext([NOISE, NOISE]), []
    await run_test(
        Doorkeeper("[nothing understood]", told.append),
        frames_to_send=[LLMContextFrame(context)],
        expected_down_frames=[LLMFullResponseStartFrame, LLMFullResponseEndFrame],
    )
    assert context.messages == []
    assert told == [Speaking(False)]


async def test_a_guest_who_was_not_understood_is_answered():
    context = LLMContext([{"role": "assistant", "content": "What can I get you?"}, NOISE])
    await run_test(
        Doorkeeper("[nothing understood]", print),
        frames_to_send=[LLMContextFrame(context)],
        expected_down_frames=[LLMContextFrame],
    )
    assert len(context.messages) == 2
