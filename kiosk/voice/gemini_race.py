"""First words fast: requests that start one after the other, of which the first to speak is taken.

An answer in ten of a model in the cloud comes seconds late, and a second request of the same kind mostly does not. What
a request answers has no effect before it is taken, so of those that are not taken nothing is left.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

from google.genai.types import FinishReason
from google.genai.types import GenerateContentResponse as Chunk

from kiosk.voice.failover import CloudError
from kiosk.voice.gemini_errors import GeminiError


class SilentError(CloudError):
    """An answer that ended before it had a word or a call."""

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> Self:
        """That of an answer of which these chunks came."""
        for candidate in (candidate for chunk in chunks for candidate in chunk.candidates or ()):
            if candidate.finish_reason not in (None, FinishReason.STOP):
                return cls(why := f"it broke off ({candidate.finish_reason.value})", words=why)
        return cls("the answer was empty")


@dataclass(frozen=True)
class Lane:
    """A request that may be made.

    Parameters:
        model: whom it asks.
        answer: makes it, and yields what comes.
    """

    model: str
    answer: Callable[[], AsyncGenerator[Chunk, None]]


class _Run:
    """A request up to its first word."""

    def __init__(self, lane: Lane) -> None:
        self.model = lane.model
        self.answer = lane.answer()
        self.heard: list[Chunk] = []
        self.task = asyncio.create_task(self._listen(), name=f"first word of {lane.model}")

    async def _listen(self) -> None:
        async for chunk in self.answer:
            self.heard.append(chunk)
            if speaks(chunk):
                return
        raise SilentError.of(self.heard)

    async def close(self) -> None:
        """Have no more of it."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.answer.aclose()


async def first_to_speak(lanes: Sequence[Lane], pause_secs: float, patience_secs: float) -> AsyncGenerator[Chunk, None]:
    """The answer of the first of `lanes` that says a word or calls a tool, chunk by chunk.

    Parameters:
        pause_secs: after how long without a word the next is started beside those before; at once, where one fails.
        patience_secs: how long all of them may be silent.

    Raises:
        TimeoutError: nobody spoke in time.
        Exception: what was wrong with the last that failed.
    """
    runs: list[_Run] = []
    try:
        async with asyncio.timeout(patience_secs):
            taken = await _winner(list(lanes), runs, pause_secs)
        for run in runs:
            if run is not taken:
                await run.close()
        for chunk in taken.heard:
            yield chunk
        async with aclosing(taken.answer):
            async for chunk in taken.answer:
                yield chunk
    finally:
        for run in runs:
            await run.close()


async def _winner(waiting: list[Lane], runs: list[_Run], pause_secs: float) -> _Run:
    error: BaseException | None = None
    while True:
        if waiting:
            runs.append(_Run(waiting.pop(0)))
        running = {run.task: run for run in runs if not run.task.done()}
        if not running:
            raise error or SilentError("no model may be asked")
        done, _ = await asyncio.wait(running, timeout=pause_secs if waiting else None, return_when="FIRST_COMPLETED")
        for task in done:
            error = task.exception()
            if error is None:
                return running[task]
            if isinstance(error, GeminiError) and (error.is_final or error.is_of_model):
                waiting[:] = [lane for lane in waiting if not error.is_final and lane.model != running[task].model]


def speaks(chunk: Chunk) -> bool:
    """Whether there is a word or a call in it, beside thoughts."""
    for candidate in chunk.candidates or ():
        for part in (candidate.content and candidate.content.parts) or ():
            if part.function_call or (part.text and not part.thought):
                return True
    return False
