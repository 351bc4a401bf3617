"""Begins the voice anew when it hangs or fails, while the window stays and the visit goes on from the store."""

import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from loguru import logger

from kiosk import metrics
from kiosk.errors import OperatorError, RestartError
from kiosk.voice_thread import VoiceThread

# A loop is held up for seconds where a model is made from a new menu, or a store waits for its lock.
PATIENCE_SECS = 20.0
INTERVAL_SECS = 2.0
# What fails more often than so many times within so long is for a new process to try.
MOST_RESTARTS = 3
WITHIN_SECS = 300.0


class WatchedVoice:
    """A `VoiceThread` that is replaced by another when it hangs, or ends without being told to.

    Parameters:
        conversation: what runs on it; begins where the visit in the store is.
        on_end: called when it has ended for good.
        patience_secs: how long its loop may be held up.
        interval_secs: between two looks at it.
    """

    def __init__(
        self,
        conversation: Callable[[], Coroutine[Any, Any, None]],
        on_end: Callable[[], None],
        *,
        patience_secs: float = PATIENCE_SECS,
        interval_secs: float = INTERVAL_SECS,
    ) -> None:
        self._conversation = conversation
        self._on_end = on_end
        self._patience_secs = patience_secs
        self._interval_secs = interval_secs
        self._restarts: deque[float] = deque(maxlen=MOST_RESTARTS)
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._error: BaseException | None = None
        self._voice = self._new()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to converse, and to watch."""
        self._voice.start()
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` on the conversation's loop; one that has ended drops it."""
        self._voice.call(work)

    def stop(self) -> None:
        """End the conversation; raises what it died of.

        Raises:
            OperatorError: a person has to put it right, or a new process (`RestartError`).
        """
        self._stopping.set()
        self._look.set()
        # It may be waiting for a voice that hangs.
        self._thread.join(self._interval_secs)
        if self._error:
            raise self._error
        self._voice.stop()

    def _new(self) -> VoiceThread:
        return VoiceThread(self._conversation, on_end=self._look_now)

    def _look_now(self) -> None:
        self._look.set()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            if self._voice.has_ended:
                if not self._goes_on_after_its_end():
                    return
            elif not self._voice.responds(self._patience_secs):
                if self._may_restart():
                    logger.error("the voice hangs and is begun anew; it hangs in\n{}", self._voice.abandon())
                    self._begin_anew()
                else:
                    self._give_up(RestartError("the voice hangs again and again"))
                    return
            self._look.wait(self._interval_secs)
            self._look.clear()

    def _goes_on_after_its_end(self) -> bool:
        try:
            self._voice.join()
        except (OperatorError, KeyboardInterrupt, SystemExit) as error:
            # A person, or a new process, has to put this right.
            self._give_up(error)
            return False
        except BaseException as error:
            logger.opt(exception=error).error("the voice has failed")
            if not self._may_restart():
                self._give_up(RestartError(f"the voice fails again and again ({type(error).__name__})"))
                return False
            self._begin_anew()
            return True
        self._on_end()
        return False

    def _may_restart(self) -> bool:
        now = time.monotonic()
        return len(self._restarts) < MOST_RESTARTS or now - self._restarts[0] > WITHIN_SECS

    def _begin_anew(self) -> None:
        if self._stopping.is_set():
            return
        self._restarts.append(time.monotonic())
        metrics.VOICE_RESTARTS.inc()
        self._voice = self._new()
        self._voice.start()

    def _give_up(self, error: BaseException) -> None:
        self._error = error
        self._on_end()
