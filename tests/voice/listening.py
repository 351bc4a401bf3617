"""Someone who listens to a voice, and what was heard of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from pipecat.frames.frames import (
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner


def answer(*tokens: str) -> list[Frame]:
    return [LLMFullResponseStartFrame(), *map(LLMTextFrame, tokens), LLMFullResponseEndFrame()]


def words(frames: Sequence[Frame]) -> list[str]:
    return [frame.text for frame in frames if isinstance(frame, TTSTextFrame)]


def sound(frames: Sequence[Frame]) -> bytes:
    return b"".join(frame.audio for frame in frames if isinstance(frame, TTSAudioRawFrame))


class Guest(FrameProcessor):
    """A guest who does `at_first_sound` once, and keeps what is heard from then on.

    Attributes:
        answers: how many answers were heard to their end.
    """

    def __init__(self, at_first_sound: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__()
        self.at_first_sound = at_first_sound
        self.heard: list[Frame] = []
        self.answers = 0
        self._answered = asyncio.Condition()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame) and self.at_first_sound:
            act, self.at_first_sound = self.at_first_sound, None
            await act()
        elif self.at_first_sound is None:
            self.heard.append(frame)
            if isinstance(frame, TTSStoppedFrame):
                async with self._answered:
                    self.answers += 1
                    self._answered.notify_all()
        await self.push_frame(frame, direction)

    async def has_heard(self, answers: int) -> None:
        """Return once so many answers were heard to their end."""
        async with asyncio.timeout(20), self._answered:
            await self._answered.wait_for(lambda: self.answers >= answers)


async def converse(guest: Guest, worker: PipelineWorker, answers: int = 1) -> None:
    """Run until the guest has heard so many answers to their end."""
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    try:
        await guest.has_heard(answers)
    finally:
        await worker.cancel()
        await running


async def heard_after_interrupting(voice: FrameProcessor) -> tuple[list[Frame], list[Frame]]:
    """What is heard of a long answer once it is interrupted, and of the one that is asked for then."""
    guest = Guest()
    worker = PipelineWorker(Pipeline([voice, guest]), enable_rtvi=False)

    async def interrupt_and_ask_again() -> None:
        await guest.broadcast_interruption()
        await worker.queue_frames(answer("Coming right up."))

    guest.at_first_sound = interrupt_and_ask_again
    await worker.queue_frames(answer("We have daiquiri, martini, negroni and other fine things to drink. " * 40))
    await converse(guest, worker)
    begin = next(i for i, frame in enumerate(guest.heard) if isinstance(frame, TTSStartedFrame))
    return guest.heard[:begin], guest.heard[begin:]
