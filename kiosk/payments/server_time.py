"""What time it is at a server: by the date of its last answer, and by a clock of this machine that nobody sets."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx2


class ServerTime:
    """The time at one server.

    Parameters:
        monotonic: seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ahead: float | None = None

    async def note(self, response: httpx2.Response) -> None:
        """A hook for responses."""
        try:
            there = parsedate_to_datetime(response.headers["date"]).timestamp()
        except (KeyError, ValueError, OverflowError):
            return
        self._ahead = there - self._monotonic()

    def now(self) -> float | None:
        """Seconds since the epoch, to the second; None: it has not told."""
        return None if self._ahead is None else self._ahead + self._monotonic()
