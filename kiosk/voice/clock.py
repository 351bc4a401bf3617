"""The conversation's clock: real time, plus what a recording skipped.

A recording can be played into the pipeline faster than it was spoken. Whoever plays it tells the
clock how much time that saved, so that moments and latencies read off this clock are those of the
same conversation held at its real pace.
"""

import time

from pipecat.clocks.base_clock import BaseClock

NANOSECONDS = 1_000_000_000


class ConversationClock(BaseClock):
    """Monotonic nanoseconds since `start()`, advanced by `skip()`."""

    def __init__(self) -> None:
        self._started_at: int | None = None
        self._skipped = 0

    def start(self) -> None:
        """Begin to count, once; a later call changes nothing."""
        if self._started_at is None:
            self._started_at = time.monotonic_ns()

    def get_time(self) -> int:
        """Nanoseconds of conversation so far; 0 before `start()`."""
        if self._started_at is None:
            return 0
        return time.monotonic_ns() - self._started_at + self._skipped

    def skip(self, seconds: float) -> None:
        """Count `seconds` that the conversation would have taken and the replay did not; negative is none."""
        self._skipped += max(0, round(seconds * NANOSECONDS))

    @property
    def seconds(self) -> float:
        """Seconds of conversation so far."""
        return self.get_time() / NANOSECONDS
