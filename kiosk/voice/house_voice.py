"""Maya's own voice: eSpeak NG on a thread, its first sound handed on at once."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass

from kiosk.voice.espeak import SAMPLE_RATE, Chunk, Voice, espeak
from kiosk.voice.script import Script

BYTES_PER_SAMPLE = 2


@dataclass(frozen=True)
class Spoken:
    """The next sound: 16-bit mono, `SAMPLE_RATE`.

    Parameters:
        written: the written words that begin with it.
        at_secs: when it begins, from the beginning of the script.
    """

    written: Sequence[str]
    at_secs: float
    pcm: bytes

    @property
    def secs(self) -> float:
        """How long it sounds."""
        return len(self.pcm) / BYTES_PER_SAMPLE / SAMPLE_RATE


class HouseVoice:
    """Speaks one script after the other.

    Raises:
        VoiceError: eSpeak NG cannot be loaded.
    """

    def __init__(self) -> None:
        self._espeak = espeak()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")

    def close(self) -> None:
        """Let the speaking thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def say(self, script: Script, voice: Voice) -> AsyncGenerator[Spoken, None]:
        """Speak `script`: sound as it is made, each written word with the sound it begins with.

        Raises:
            VoiceError: there is no such voice.
        """
        secs = 0.0
        async with aclosing(self._synthesize(script.text, voice)) as chunks:
            async for chunk in chunks:
                for position, sample, pcm in _parts(chunk):
                    part = Spoken([] if position is None else script.reach(position), sample / SAMPLE_RATE, pcm)
                    secs += part.secs
                    yield part
        yield Spoken(script.rest(), secs, b"")

    async def _synthesize(self, text: str, voice: Voice) -> AsyncGenerator[Chunk, None]:
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        unwanted = threading.Event()

        def deliver(chunk: Chunk) -> bool:
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            return not unwanted.is_set()

        work = loop.run_in_executor(self._thread, self._espeak.synthesize, text, voice, deliver)
        work.add_done_callback(lambda _: chunks.put_nowait(None))
        try:
            while chunk := await chunks.get():
                yield chunk
            await work
        finally:
            # An interruption ends this generator; the library stops at its next piece.
            unwanted.set()


def _parts(chunk: Chunk) -> list[tuple[int | None, int, bytes]]:
    """`chunk` cut where its words begin: the place in the text or None, the first sample, the sound."""
    cuts: list[tuple[int | None, int]] = [(None, chunk.first_sample)]
    cuts += [(word.position, word.sample) for word in chunk.words]
    ends = [sample for _, sample in cuts[1:]] + [chunk.first_sample + len(chunk.pcm) // BYTES_PER_SAMPLE]
    parts: list[tuple[int | None, int, bytes]] = []
    for (position, sample), end in zip(cuts, ends, strict=True):
        first, last = (BYTES_PER_SAMPLE * (at - chunk.first_sample) for at in (sample, end))
        parts.append((position, sample, chunk.pcm[max(first, 0) : max(last, 0)]))
    return parts
