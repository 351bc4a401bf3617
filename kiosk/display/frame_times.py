"""What frames cost, over the latest minute."""

from collections import deque

FRAMES = 3600


class FrameTimes:
    """The times of the latest `FRAMES` frames, seconds each."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=FRAMES)

    def add(self, secs: float) -> None:
        """One more frame."""
        self._times.append(secs)

    def within(self, share: float) -> float:
        """The time that `share` of the frames took at most, seconds; 0 without frames."""
        ordered = sorted(self._times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    def __len__(self) -> int:
        return len(self._times)

    def __str__(self) -> str:
        return f"{len(self)}, p50 {1000 * self.within(0.5):.1f} ms, p99 {1000 * self.within(0.99):.1f} ms"
