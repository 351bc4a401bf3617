"""How long a payment link still counts, whatever the clock is set to meanwhile.

A document says when its link dies by the clock on the wall, which may be years off on a machine without a battery.
Within one process that moment is kept by a clock that nobody sets.
"""

import time
from collections.abc import Callable

from kiosk.state.schema import Link

# After which time an unpaid link is withdrawn.
LINK_SECS = 900.0

# What a link that another process made has at least: the clock may have jumped, and its guest may be paying.
GRACE_SECS = 60.0


class Expiry:
    """The ends of the links that this process knows.

    Parameters:
        link_secs: after which time an unpaid link is withdrawn.
        clock: seconds since the epoch, for documents.
        monotonic: seconds, on which links grow old.
    """

    def __init__(
        self,
        link_secs: float = LINK_SECS,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._link_secs = link_secs
        self._clock = clock
        self._monotonic = monotonic
        self._ends: dict[str, float] = {}

    def begin(self, payment_id: str) -> float:
        """A link is made now; returns when it will be withdrawn, in seconds since the epoch."""
        self._keep(payment_id, self._link_secs)
        return self._clock() + self._link_secs

    def left(self, link: Link) -> float | None:
        """The seconds for which `link` still counts, below 0 when it does not any more; None: it does not expire."""
        if link.expires_at is None:
            return None
        if link.payment_id not in self._ends:
            left = max(link.expires_at - self._clock(), GRACE_SECS)
            self._keep(link.payment_id, min(left, self._link_secs))
        return self._ends[link.payment_id] - self._monotonic()

    def _keep(self, payment_id: str, secs: float) -> None:
        now = self._monotonic()
        # An expired link is withdrawn when it is next looked at, and then never asked about again.
        self._ends = {known: end for known, end in self._ends.items() if end > now - self._link_secs - GRACE_SECS}
        self._ends[payment_id] = now + secs
