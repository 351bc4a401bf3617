"""The open ear: Whisper on a thread of its own, loaded after the start; until then PocketSphinx hears alone.

When it is loaded it is timed once. Where it is too slow for a guest who waits, it only looks again at what PocketSphinx
has not understood.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from loguru import logger

from kiosk.menu import Menu
from kiosk.settings import Settings
from kiosk.voice.recognizer import Hypothesis
from kiosk.voice.stt.dictation import as_said
from kiosk.voice.stt.judge import Judge, is_noise
from kiosk.voice.stt.log_mel import SAMPLE_RATE
from kiosk.voice.stt.pieces import pieces
from kiosk.voice.stt.prompt import prompt_of
from kiosk.voice.stt.whisper import MOST_PROMPT_TOKENS, Reading, Whisper
from kiosk.voice.stt.whisper import MOST_SECS as MOST_UTTERANCE_SECS
from kiosk.weights import WeightsError, usable

# A reading of this much sound may take so long, where `KIOSK_STT` is auto.
TRIAL_SECS, MOST_SECS = 2.0, 0.8

_LOUDEST = 32768.0


@dataclass(frozen=True)
class Loaded:
    """A model in memory.

    Parameters:
        judge: decides between it and PocketSphinx.
        trial_secs: how long it took to read `TRIAL_SECS` of sound.
    """

    whisper: Whisper
    judge: Judge
    trial_secs: float


class OpenEar:
    """Reads one utterance after the other, off the event loop.

    Parameters:
        load: makes the model; it takes half a second, and runs on the ear's own thread.
        most_secs: how long reading `TRIAL_SECS` of sound may take; None: as long as it takes.
    """

    def __init__(self, load: Callable[[], Whisper], menu: Menu, most_secs: float | None = None) -> None:
        self._menu = menu
        self._most_secs = most_secs
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")
        self._loading: Future[Loaded | None] = self._thread.submit(self._loaded, load)

    def trial_secs(self) -> float | None:
        """How long it took to read `TRIAL_SECS` of sound, once that is known; None: it cannot read."""
        loaded = self._loading.result()
        return loaded and loaded.trial_secs

    @property
    def is_slow(self) -> bool:
        """Whether a guest would wait for it, as far as that is known."""
        loaded = self._loading.result() if self._loading.done() else None
        return loaded is not None and self._most_secs is not None and loaded.trial_secs > self._most_secs

    def read(self, pcm: bytes, heard: str = "") -> "asyncio.Future[Reading | None]":
        """What is said in `pcm` (16-bit mono, 16 kHz); None where it cannot read, or not yet.

        Parameters:
            heard: what the first ear made of it.
        """
        if not self._loading.done() or not self._loading.result():
            nothing: asyncio.Future[Reading | None] = asyncio.get_running_loop().create_future()
            nothing.set_result(None)
            return nothing
        return asyncio.wrap_future(self._thread.submit(self._read, pcm, heard))

    async def judged(self, known: Hypothesis, reading: Reading | None) -> Hypothesis:
        """What was heard of the two: `known` is PocketSphinx's."""
        if reading is None:
            return known
        return await asyncio.wrap_future(self._thread.submit(self._judged, known, reading))

    def _judged(self, known: Hypothesis, reading: Reading) -> Hypothesis:
        loaded = self._loading.result()
        assert loaded
        words = "" if known.rejected else known.text
        text = loaded.judge.heard(words, reading, known.confidence)
        # What one stretch lacks may only show once the others make sense.
        text = loaded.judge.heard(words, replace(reading, text=text), known.confidence)
        return replace(known, text=text, rejected=not text)

    def _read(self, pcm: bytes, heard: str) -> Reading | None:
        loaded = self._loading.result()
        assert loaded
        whisper = loaded.whisper
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / _LOUDEST
        prompt = prompt_of(self._menu, lambda text: len(whisper.tokens_of(text)), MOST_PROMPT_TOKENS, heard)
        try:
            readings = [whisper.read(piece, prompt) for piece in pieces(samples, MOST_UTTERANCE_SECS)]
        except RuntimeError as error:
            logger.warning("Whisper has read nothing: {}", error)
            return None
        if len(readings) > 1:
            # The words of a long pause are nobody's.
            readings = [reading for reading in readings if not is_noise(reading)] or readings[:1]
        text = " ".join(as_said(reading.text) for reading in readings)
        return Reading(text, min(reading.score for reading in readings), max(reading.no_speech for reading in readings))

    def _loaded(self, load: Callable[[], Whisper]) -> Loaded | None:
        try:
            whisper, judge = load(), Judge(self._menu)
            begun = time.monotonic()
            noise = np.random.default_rng(0).normal(0, 0.01, int(TRIAL_SECS * SAMPLE_RATE)).astype(np.float32)
            whisper.read(noise, prompt_of(self._menu, lambda text: len(whisper.tokens_of(text)), MOST_PROMPT_TOKENS))
        except (RuntimeError, ValueError, OSError, ImportError) as error:
            logger.warning("Whisper cannot be loaded, so PocketSphinx hears alone: {}", str(error).partition("\n")[0])
            return None
        secs = time.monotonic() - begun
        if self._most_secs is not None and secs > self._most_secs:
            logger.warning(
                "Whisper took {:.1f} s for {:g} s of sound: it only looks again at what was not understood",
                secs,
                TRIAL_SECS,
            )
        return Loaded(whisper, judge, secs)


def open_ear_of(settings: Settings, menu: Menu, *, waits: bool = False) -> OpenEar | None:
    """The open ear as `settings` have it, loading in the background; None where PocketSphinx hears alone.

    Parameters:
        waits: nobody is there who would be kept waiting, so that it may be slow.
    """
    if settings.stt == "sphinx":
        return None
    try:
        folder = usable(settings)
    except WeightsError as error:
        logger.warning("{}; until then PocketSphinx hears alone", error)
        return None
    return OpenEar(lambda: Whisper(folder), menu, MOST_SECS if settings.stt == "auto" and not waits else None)
