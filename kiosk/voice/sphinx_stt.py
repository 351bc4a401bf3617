"""The house's ears as a pipecat service: PocketSphinx, decoding while the guest speaks.

The decoder is open only while the voice activity detector hears a voice: room noise left on
makes it slow and makes it hear words. A guest who pauses and goes on within one turn is decoded
again from the turn's beginning, since "with", pause, "milk" means nothing in two pieces; the
earlier transcript is then withdrawn and replaced by that of the whole.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor

from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.time import time_now_iso8601

from kiosk.voice.recognizer import Recognizer
from kiosk.voice.turns import TranscriptWithdrawnFrame

SAMPLE_RATE = 16000
BYTES_PER_SECOND = SAMPLE_RATE * 2

# The detector confirms a voice 0.2 s after it began; a soft first consonant lies before even that.
PREROLL_SECS = 0.45
# Audio is decoded in pieces of this length: shorter ones cost more than they gain in latency.
PIECE_SECS = 0.1


class SphinxSTTService(STTService):
    """Speech to text by `Recognizer`; its work runs on one thread of its own."""

    def __init__(self, recognizer: Recognizer) -> None:
        super().__init__(
            sample_rate=SAMPLE_RATE,
            ttfs_p99_latency=0.5,
            settings=STTSettings(model="pocketsphinx-en-us", language=None),
        )
        self._recognizer = recognizer
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sphinx")
        self._preroll: deque[bytes] = deque()
        self._decoding = False
        self._segment = bytearray()
        self._decoded = 0
        self._turn = bytearray()
        self._partial = ""

    def can_generate_metrics(self) -> bool:
        """Latency metrics are measured."""
        return True

    async def cleanup(self) -> None:
        """Let the decoding thread end."""
        await super().cleanup()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Keep the last moments while nobody speaks; decode while somebody does."""
        if not self._decoding:
            self._preroll.append(audio)
            kept = sum(map(len, self._preroll))
            while kept - len(self._preroll[0]) >= PREROLL_SECS * BYTES_PER_SECOND:
                kept -= len(self._preroll.popleft())
            return
        self._segment += audio
        if len(self._segment) - self._decoded < PIECE_SECS * BYTES_PER_SECOND:
            return
        await self._decode_pending()
        partial = await self._on_thread(self._recognizer.partial)
        if partial != self._partial:
            self._partial = partial
            yield InterimTranscriptionFrame(partial, self._user_id, time_now_iso8601())

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Open and close the decoder with the guest's voice."""
        if isinstance(frame, VADUserStartedSpeakingFrame):
            await self._open()
        elif isinstance(frame, VADUserStoppedSpeakingFrame):
            await self._close()
        elif isinstance(frame, UserStoppedSpeakingFrame):
            await self._end_turn()
        await super().process_frame(frame, direction)

    async def _open(self) -> None:
        self._segment = bytearray(b"".join(self._preroll))
        self._preroll.clear()
        if self._turn:
            await self.push_frame(TranscriptWithdrawnFrame())
        await self._restart()
        self._decoding = True

    async def _restart(self) -> None:
        self._decoded = 0
        self._partial = ""
        await self._on_thread(self._recognizer.start)
        if self._turn:
            await self._on_thread(self._recognizer.feed, bytes(self._turn))

    async def _decode_pending(self) -> None:
        pending = bytes(self._segment[self._decoded :])
        self._decoded = len(self._segment)
        await self._on_thread(self._recognizer.feed, pending)

    async def _close(self) -> None:
        if not self._decoding:
            return
        self._decoding = False
        await self._decode_pending()
        hypothesis = await self._on_thread(self._recognizer.finish)
        self._turn += self._segment
        text = "" if hypothesis.rejected else hypothesis.text
        await self.push_frame(
            TranscriptionFrame(text, self._user_id, time_now_iso8601(), result=hypothesis, finalized=True)
        )

    async def _end_turn(self) -> None:
        self._turn.clear()
        if self._decoding:
            # The guest began again just as the last turn ended: these words belong to the next one alone.
            await self._restart()

    async def _on_thread(self, work, *arguments):
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
