"""Who has the floor: whether Maya has finished with everything that she was asked.

A guest who is played from a recording waits for that, as a polite guest would. It is derived from
the frames that every stage pushes anyway, so it holds for any stage, in the house or in the cloud.
"""

import asyncio
import contextlib
from collections.abc import Iterator

from loguru import logger
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    ErrorFrame,
    Frame,
    FunctionCallCancelFrame,
    FunctionCallResultFrame,
    FunctionCallsStartedFrame,
    InterruptionFrame,
    LLMContextAssistantTurnFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSSpeakFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregator
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import LLMService

# The floor counts as free once it was for this long: one stage's last frame and the next stage's
# first are not pushed in the same instant.
CALM_SECS = 0.05
# A stage that never answers must not keep a recorded guest waiting for ever.
ANSWER_SECS = 30.0


class Floor(BaseObserver):
    """Follows guest and bartender.

    Parameters:
        patience_secs: an answer that does not come for so long is not awaited any more.

    Attributes:
        guest_turns: how many turns guests have begun.
        guest_touches: how many touches of guests' were felt.
        guest_speaks: whether a guest's turn is open.
    """

    def __init__(self, patience_secs: float = ANSWER_SECS) -> None:
        super().__init__(observe_every_push=False)
        self._patience_secs = patience_secs
        self.guest_turns = self.guest_touches = 0
        self.guest_speaks = False
        self._quiet, self._free, self._busy = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._quiet.set()
        self._free.set()
        self._news = 0
        self._maya_spoke = asyncio.Event()
        self._maya_is_heard = False
        self._answer_due = False
        self._awaiting_answer = False
        self._responses = 0
        self._calls: set[str] = set()
        self._voice_due = False
        self._record_due = False

    @property
    def is_free(self) -> bool:
        """Whether nobody has anything left to say."""
        return self._free.is_set()

    @property
    def signs_of_a_guest(self) -> int:
        """How often guests have said or touched something."""
        return self.guest_turns + self.guest_touches

    @property
    def maya_works(self) -> bool:
        """Whether Maya has an answer to find or to finish while the guest is silent."""
        return not self.guest_speaks and not self._free.is_set()

    def expect_answer(self) -> None:
        """Something was sent that Maya will answer: the floor is not free until she did."""
        self._answer_due = True
        self._settle()

    @contextlib.contextmanager
    def news(self) -> Iterator[None]:
        """While the kiosk has something to tell: the floor is not free, though it may be quiet."""
        self._news += 1
        self._settle()
        try:
            yield
        finally:
            self._news -= 1
            self._settle()

    async def wait_until_free(self) -> None:
        """Return when nobody has anything left to say; an answer that does not come for too long is not awaited."""
        await self._wait(self._free)

    async def wait_until_quiet(self) -> None:
        """Return when the kiosk may tell its news; an answer that does not come for too long is not awaited."""
        await self._wait(self._quiet)

    async def _wait(self, calm: asyncio.Event) -> None:
        while True:
            try:
                async with asyncio.timeout(self._patience_secs):
                    return await _holds(calm)
            except TimeoutError:
                if not self._maya_is_heard:
                    break
        logger.warning("no answer within {} s", self._patience_secs)
        self._answer_due = self._awaiting_answer = self._voice_due = self._record_due = False
        self._responses = 0
        self._calls.clear()
        self._settle()

    async def stays_free(self, secs: float) -> bool:
        """Wait until nobody has anything left to say, and then for so long; whether it stayed so."""
        await self._free.wait()
        try:
            async with asyncio.timeout(secs):
                await self._busy.wait()
        except TimeoutError:
            return True
        return False

    async def wait_until_maya_speaks(self) -> None:
        """Return once Maya has been heard since `forget_that_maya_spoke`."""
        await self._maya_spoke.wait()

    def forget_that_maya_spoke(self) -> None:
        """What she has said was to a guest who has gone."""
        self._maya_spoke.clear()

    async def on_push_frame(self, data: FramePushed) -> None:
        """Take note of a frame, when it is pushed for the first time."""
        if isinstance(data.frame, ErrorFrame) and isinstance(data.source, LLMService) and self._responses:
            # Whoever takes over is asked only after this answer has ended.
            self.expect_answer()
        # Turn and voice frames are broadcast both ways; one of the pair is enough.
        if data.direction is not FrameDirection.DOWNSTREAM:
            return
        if isinstance(data.frame, LLMContextFrame) and not isinstance(data.source, LLMUserAggregator):
            # The assistant's side hands on its context when it has spoken; nobody will answer that.
            return
        self._follow(data.frame)
        self._settle()

    def _follow(self, frame: Frame) -> None:
        match frame:
            case UserStartedSpeakingFrame():
                self._answer_due = False
                self.guest_speaks = True
                self.guest_turns += 1
            case UserStoppedSpeakingFrame():
                self.guest_speaks = False
            case InterruptionFrame():
                self._awaiting_answer = self._voice_due = self._record_due = False
                self._responses = 0
            case LLMContextFrame():
                self._answer_due = False
                self._awaiting_answer = True
            case LLMFullResponseStartFrame():
                self._awaiting_answer = False
                self._responses += 1
            case LLMFullResponseEndFrame():
                self._responses = max(0, self._responses - 1)
            case LLMTextFrame() | TTSSpeakFrame() | BotStartedSpeakingFrame():
                self._answer_due = False
                self._voice_due = True
                # What is said stands in the conversation only after it was heard; asked before, it would be said again.
                if isinstance(frame, LLMTextFrame | TTSSpeakFrame):
                    self._record_due |= frame.append_to_context
                if isinstance(frame, BotStartedSpeakingFrame):
                    self._maya_is_heard = True
                    self._maya_spoke.set()
            case BotStoppedSpeakingFrame():
                self._voice_due = self._maya_is_heard = False
            case LLMContextAssistantTurnFrame():
                self._record_due = False
            case FunctionCallsStartedFrame():
                self._calls |= {call.tool_call_id for call in frame.function_calls}
            case FunctionCallResultFrame():
                self._calls.discard(frame.tool_call_id)
                # The result goes into the context and the bartender speaks about it, if she is to.
                self._awaiting_answer = frame.properties is None or frame.properties.run_llm is not False
            case FunctionCallCancelFrame():
                self._calls.discard(frame.tool_call_id)

    def _settle(self) -> None:
        busy = (
            self._answer_due
            or self.guest_speaks
            or self._awaiting_answer
            or self._responses
            or self._calls
            or self._voice_due
            or self._record_due
        )
        _signal(self._quiet, not busy)
        _signal(self._free, not busy and not self._news)
        _signal(self._busy, not self._free.is_set())


async def _holds(calm: asyncio.Event) -> None:
    """Return once `calm` has held for a moment."""
    while True:
        await calm.wait()
        await asyncio.sleep(CALM_SECS)
        if calm.is_set():
            return


def _signal(event: asyncio.Event, holds: bool) -> None:
    if holds:
        event.set()
    else:
        event.clear()
