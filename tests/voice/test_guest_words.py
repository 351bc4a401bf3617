"""What a guest has said is understood once, and what it means goes with it to everybody who asks."""

import copy
import json
import sys
from collections import Counter
from collections.abc import Sequence

from pipecat.audio.turn.base_turn_analyzer import EndOfTurnState
from pipecat.frames.frames import (
    EndWorkerFrame,
    Frame,
    InterruptionFrame,
    LLMContextUserTurnFrame,
    TranscriptionFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.tests.utils import run_test
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from kiosk.bartender.notices import words_in
from kiosk.understanding import reader
from kiosk.understanding.completeness import completeness, wants_the_floor
from kiosk.understanding.utterance import Utterance
from kiosk.voice.guest_words import GuestWords
from kiosk.voice.turns import CompleteRequestStop, GuestTurnStart
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR
from tests.voice.test_turns import Opinion


class Readings:
    """How often each sentence is read while this is open."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()

    def __enter__(self) -> "Readings":
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame, kind: str, _argument: object) -> None:
        if kind == "call" and frame.f_code is reader._read.__code__:
            self.of[str(frame.f_locals["text"])] += 1


class Ears(FrameProcessor):
    """Hears a guest say `parts` in one turn, as soon as it has begun."""

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__()
        self._parts = parts

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if direction is FrameDirection.UPSTREAM and isinstance(frame, InterruptionFrame):
            for part in self._parts:
                await self.push_frame(TranscriptionFrame(part, "guest", "now"))
            await self.push_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))
        if direction is FrameDirection.UPSTREAM and isinstance(frame, UserStoppedSpeakingFrame):
            await self.push_frame(EndWorkerFrame())


async def memory_of(*parts: str) -> tuple[LLMContext, list[str]]:
    """The conversation after a guest has said `parts` in one turn, and what was told of it to those who look on."""
    context = LLMContext()
    turns = UserTurnStrategies(
        start=[GuestTurnStart(lambda said: wants_the_floor(said, BAR))],
        stop=[CompleteRequestStop(lambda said: completeness(said, BAR), Opinion(EndOfTurnState.INCOMPLETE))],
    )
    words = GuestWords(context, params=LLMUserAggregatorParams(user_turn_strategies=turns))
    frames, _ = await run_test(
        Pipeline([Ears(parts), words]),
        frames_to_send=[VADUserStartedSpeakingFrame(start_secs=0.2)],
        send_end_frame=False,
    )
    return context, [frame.text for frame in frames if isinstance(frame, LLMContextUserTurnFrame)]


async def test_the_words_of_a_turn_carry_into_the_conversation_what_turn_taking_has_understood():
    with Readings() as readings:
        context, [told] = await memory_of("two martinis and", "a beer please")
        [message] = context.messages
        said = words_in(message)
        orders = reader.understand(said, BAR).orders
    assert [(add.quantity, add.item) for add in orders] == [(2, "Martini"), (1, "Tap Beer")]
    assert said is told
    assert readings.of == {"two martinis and": 1, "two martinis and a beer please": 1}


async def test_bartender_and_phases_read_no_sentence_again():
    visit, said = Conversation(BAR), ["two martinis please", "how was your day", "what do you have", "can i pay"]
    with Readings() as readings:
        for line in said:
            await visit.say(line)
        for heard in filter(None, map(words_in, visit.messages)):
            visit.tools.phases.should_use_rag(heard)
    assert readings.of == dict.fromkeys(said, 1)


def test_an_utterance_is_plain_text_to_whoever_wants_words():
    said = Utterance("a beer")
    assert reader.understand(said, BAR).orders
    assert json.dumps({"content": said}) == '{"content": "a beer"}'
    assert type(copy.deepcopy(said)) is str
