"""The local ears: PocketSphinx, decoding while the guest speaks, and Whisper, which reads the whole where it is there.

A guest who pauses and goes on within one turn is decoded again from the turn's beginning, since "with", pause,
"milk" means nothing in two pieces. Whisper begins to read at the first moment of quiet, before it is certain that the
guest has finished; what it reads of one who goes on is thrown away.
"""

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kiosk.voice.recognizer import Hypothesis, Recognizer
from kiosk.voice.stt.open_ear import OpenEar
from kiosk.voice.stt.whisper import Reading

SAMPLE_RATE = 16000
BYTES_PER_SECOND = SAMPLE_RATE * 2

# The detector confirms a voice 0.2 s after it began; a soft first consonant lies before even that.
PREROLL_SECS = 0.45
# Audio is decoded in pieces of this length: shorter ones cost more than they gain in latency.
PIECE_SECS = 0.1
# A piece so far below the loudest one is quiet: a pause between words rarely lasts as long as a piece.
QUIET_DB = 22.0


class Preroll:
    """The last moments of sound: 16-bit mono at `SAMPLE_RATE`."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()

    def add(self, sound: bytes) -> None:
        """The next piece; what is older than `PREROLL_SECS` is forgotten."""
        self._pieces.append(sound)
        kept = sum(map(len, self._pieces))
        while kept - len(self._pieces[0]) >= PREROLL_SECS * BYTES_PER_SECOND:
            kept -= len(self._pieces.popleft())

    def take(self) -> bytes:
        """All that is kept; nothing is kept after that."""
        sound = b"".join(self._pieces)
        self._pieces.clear()
        return sound


class HouseEars:
    """Hears one utterance after the other, and the utterances of one turn as one.

    Parameters:
        open_ear: reads what PocketSphinx has no words for; None: PocketSphinx hears alone.
    """

    def __init__(self, recognizer: Recognizer, open_ear: OpenEar | None = None) -> None:
        self._recognizer = recognizer
        self._open_ear = open_ear
        # What is being read of the turn, since its last moment of quiet.
        self._reading: asyncio.Future[Reading | None] | None = None
        self._loudest = 0.0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sphinx")
        self._utterance = bytearray()
        self._is_open = False
        self._decoded = 0
        self._turn = bytearray()
        self._has_floor = False
        self._partial = ""

    def close(self) -> None:
        """Let the decoding thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @property
    def has_heard(self) -> bool:
        """Whether something was said in this turn before: the next utterance is then heard together with it."""
        return self._has_floor and bool(self._turn)

    def begin_turn(self) -> None:
        """The guest has the floor, perhaps with an utterance that has begun before."""
        self._has_floor = True

    async def begin(self, sound: bytes) -> None:
        """An utterance begins with `sound`."""
        if not self._has_floor:
            # What was said before, while Maya spoke, was not meant for her.
            self._turn.clear()
        self._utterance = bytearray(sound)
        self._loudest = 0.0
        await self._restart()
        self._is_open = True

    async def hear(self, sound: bytes) -> str | None:
        """The next sound; returns the turn's words so far, if there are new ones."""
        self._utterance += sound
        if len(self._utterance) - self._decoded < PIECE_SECS * BYTES_PER_SECOND:
            return None
        self._follow(bytes(self._utterance[self._decoded :]))
        await self._decode_pending()
        partial = await self._on_thread(self._recognizer.partial)
        if partial == self._partial:
            return None
        self._partial = partial
        return partial

    async def finish(self) -> Hypothesis:
        """The utterance ends; returns what was said in the turn."""
        self._is_open = False
        if not self._reading and not self._is_slow:
            self._begin_reading()
        await self._decode_pending()
        hypothesis = await self._on_thread(self._recognizer.finish)
        if self._is_slow and hypothesis.rejected:
            self._begin_reading()
        reading, self._reading = await self._reading if self._reading else None, None
        self.remember(bytes(self._utterance))
        return await self._open_ear.judged(hypothesis, reading) if self._open_ear else hypothesis

    def remember(self, utterance: bytes) -> None:
        """This was said in the turn, too."""
        self._turn += utterance

    async def end_turn(self) -> None:
        """What comes next has nothing to do with what was said."""
        self._turn.clear()
        self._has_floor = False
        if self._is_open:
            # The guest began again just as the last turn ended: these words belong to the next one alone.
            await self._restart()

    def _follow(self, sound: bytes) -> None:
        """Begin to read at the first quiet piece, and throw that away when the guest goes on."""
        level = float(np.sqrt(np.mean(np.frombuffer(sound, np.int16).astype(np.float32) ** 2)))
        self._loudest = max(self._loudest, level)
        if level > self._loudest * 10 ** (-QUIET_DB / 20):
            self._reading = None
        elif not self._reading and not self._is_slow:
            self._begin_reading()

    @property
    def _is_slow(self) -> bool:
        return self._open_ear is not None and self._open_ear.is_slow

    def _begin_reading(self) -> None:
        if self._open_ear:
            self._reading = self._open_ear.read(bytes(self._turn + self._utterance), self._partial)

    async def _restart(self) -> None:
        self._reading = None
        self._decoded = 0
        self._partial = ""
        await self._on_thread(self._recognizer.start)
        if self._turn:
            await self._on_thread(self._recognizer.feed, bytes(self._turn))

    async def _decode_pending(self) -> None:
        pending = bytes(self._utterance[self._decoded :])
        self._decoded = len(self._utterance)
        await self._on_thread(self._recognizer.feed, pending)

    async def _on_thread(self, work, *arguments):
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
