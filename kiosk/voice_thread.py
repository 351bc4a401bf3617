"""The thread that the conversation lives on; the main thread belongs to the window."""

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from loguru import logger


class VoiceThread:
    """A thread with an event loop of its own.

    Parameters:
        conversation: what runs on it.
        on_end: called on that thread when the conversation has ended, well or badly.
    """

    def __init__(
        self, conversation: Callable[[], Coroutine[Any, Any, None]], on_end: Callable[[], None] | None = None
    ) -> None:
        self._conversation = conversation
        self._on_end = on_end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._error: BaseException | None = None
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._work, name="voice", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` on the thread's loop; a loop that has ended drops it."""
        if self._loop and self._loop.is_running():
            asyncio.run_coroutine_threadsafe(work, self._loop)
        else:
            work.close()

    @property
    def has_ended(self) -> bool:
        """Whether the conversation is over, well or badly."""
        return not self._thread.is_alive()

    def responds(self, patience_secs: float) -> bool:
        """Whether its loop is running free: it answers within `patience_secs`."""
        answered = threading.Event()
        if not self._loop:
            return self._begun.wait(patience_secs) or self.has_ended
        try:
            self._loop.call_soon_threadsafe(answered.set)
        except RuntimeError:
            # It is closed already, and the thread about to end.
            return True
        return answered.wait(patience_secs) or self.has_ended

    def abandon(self) -> str:
        """Leave a thread that hangs to itself; it ends should it ever come free. Returns where it hangs."""
        self._on_end = None
        with suppress(RuntimeError):
            if self._loop and self._task:
                self._loop.call_soon_threadsafe(self._task.cancel)
        frame = sys._current_frames().get(self._thread.ident or 0)
        return "".join(traceback.format_stack(frame)[-4:])

    def stop(self, patience_secs: float = 5.0) -> None:
        """Cancel the conversation and wait for the thread, but not for ever."""
        if self._loop and self._task:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.join(patience_secs)

    def join(self, patience_secs: float | None = None) -> None:
        """Wait for the end of the conversation; raises what it died of."""
        self._thread.join(patience_secs)
        if self._error:
            raise self._error

    def _work(self) -> None:
        try:
            asyncio.run(self._main())
        except asyncio.CancelledError:
            logger.debug("the conversation was cancelled")
        except BaseException as error:
            self._error = error
        finally:
            if self._on_end:
                self._on_end()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._begun.set()
        await self._conversation()
