"""The open ear: Whisper on a thread of its own, loaded after the start; until then PocketSphinx hears alone."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from loguru import logger

from kiosk.menu import Menu
from kiosk.settings import Settings
from kiosk.voice.stt.dictation import as_said
from kiosk.voice.stt.prompt import prompt_of
from kiosk.voice.stt.whisper import MOST_PROMPT_TOKENS, Reading, Whisper
from kiosk.weights import WeightsError, usable

_LOUDEST = 32768.0


class OpenEar:
    """Reads one utterance after the other, off the event loop.

    Parameters:
        load: makes the model; it takes half a second, and runs on the ear's own thread.
    """

    def __init__(self, load: Callable[[], Whisper], menu: Menu) -> None:
        self._menu = menu
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")
        self._loading: Future[Whisper | None] = self._thread.submit(_loaded, load)

    def is_there(self) -> bool:
        """Whether it can read; returns once that is known."""
        return self._loading.result() is not None

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

    def _read(self, pcm: bytes, heard: str) -> Reading | None:
        whisper = self._loading.result()
        assert whisper
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / _LOUDEST
        prompt = prompt_of(self._menu, lambda text: len(whisper.tokens_of(text)), MOST_PROMPT_TOKENS, heard)
        try:
            reading = whisper.read(samples, prompt)
        except RuntimeError as error:
            logger.warning("Whisper has read nothing: {}", error)
            return None
        return replace(reading, text=as_said(reading.text))


def open_ear_of(settings: Settings, menu: Menu) -> OpenEar | None:
    """The open ear as `settings` have it, loading in the background; None where PocketSphinx hears alone."""
    if settings.stt != "whisper":
        return None
    try:
        folder = usable(settings)
    except WeightsError as error:
        logger.warning("{}; until then PocketSphinx hears alone", error)
        return None
    return OpenEar(lambda: Whisper(folder), menu)


def _loaded(load: Callable[[], Whisper]) -> Whisper | None:
    try:
        return load()
    except (RuntimeError, ValueError, OSError, ImportError) as error:
        logger.warning("Whisper cannot be loaded, so PocketSphinx hears alone: {}", str(error).partition("\n")[0])
        return None
