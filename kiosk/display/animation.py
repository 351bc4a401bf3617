"""Figures that count up: pure functions of time, one animation a change, in a queue.

Animations follow one another, never overlap and are never dropped. Where many wait, each runs
faster, so that the truth is on the screen in two seconds at most.
"""

from collections import deque
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

DURATION_SECS = 0.5
LONGEST_SECS = 2.0
PULSE = 0.1


@dataclass(frozen=True)
class Count:
    """An amount on its way from one value to another.

    Parameters:
        begins_at: seconds, on the caller's clock.
        lasts: seconds.
    """

    start: Decimal
    end: Decimal
    begins_at: float
    lasts: float

    @property
    def ends_at(self) -> float:
        """When the end value is reached."""
        return self.begins_at + self.lasts

    def value(self, now: float) -> Decimal:
        """The amount that is shown at `now`."""
        if now >= self.ends_at:
            return self.end
        progress = _eased(max(0.0, (now - self.begins_at) / self.lasts))
        # A difference has as many decimals as the amounts themselves.
        difference = self.end - self.start
        return (self.start + difference * Decimal(progress)).quantize(difference, ROUND_HALF_UP)

    def scale(self, now: float) -> float:
        """The pulse: 1.0 to 1.1 at half time and back."""
        if not self.begins_at <= now < self.ends_at:
            return 1.0
        progress = (now - self.begins_at) / self.lasts
        return 1.0 + PULSE * (1 - abs(2 * progress - 1))


class Counter:
    """An amount on the screen; `queue` holds the animations that have not ended."""

    def __init__(self, value: Decimal) -> None:
        self.target = value
        self.queue: deque[Count] = deque()

    def change(self, value: Decimal, now: float) -> None:
        """Animate to `value` after what is under way."""
        self._forget_ended(now)
        self.queue.append(Count(self.target, value, now, DURATION_SECS))
        self.target = value
        self._reschedule(now)

    def reset(self, value: Decimal) -> None:
        """Show `value` at once."""
        self.target = value
        self.queue.clear()

    def value(self, now: float) -> Decimal:
        """The amount that is shown at `now`."""
        current = self._current(now)
        return current.value(now) if current else self.target

    def scale(self, now: float) -> float:
        """How much larger than usual it is drawn at `now`."""
        current = self._current(now)
        return current.scale(now) if current else 1.0

    def ends_at(self, now: float) -> float:
        """When the last animation will have ended."""
        return max(now, self.queue[-1].ends_at) if self.queue else now

    def _current(self, now: float) -> Count | None:
        return next((count for count in self.queue if now < count.ends_at), None)

    def _forget_ended(self, now: float) -> None:
        while self.queue and self.queue[0].ends_at <= now:
            self.queue.popleft()

    def _reschedule(self, now: float) -> None:
        first, *waiting = self.queue
        begins_at = first.begins_at
        if begins_at < now and waiting:
            # What is on its way is shown to its end, in what is left of its share of the time.
            waiting = list(self.queue)[1:]
            left = min(first.ends_at - now, LONGEST_SECS / len(self.queue))
            first = Count(first.value(now), first.end, now, left)
        else:
            waiting = list(self.queue)
            first, left = None, 0.0
        share = min(DURATION_SECS, (LONGEST_SECS - left) / len(waiting))
        begins_at = now + left
        self.queue = deque([first] if first else [])
        for count in waiting:
            self.queue.append(Count(count.start, count.end, begins_at, share))
            begins_at += share


def _eased(progress: float) -> float:
    return 1 - (1 - progress) ** 3
