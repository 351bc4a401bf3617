"""Payments without a provider: links that look real, say that they are not, and pay themselves."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kiosk.payments.provider import LinkStatus, PaymentLink, PaymentRefusedError


@dataclass
class _Page:
    opened_at: float
    status: LinkStatus = "pending"


class SimulatedPayments:
    """A provider that charges nobody.

    A link's id comes from its idempotency key alone. So the same attempt has the same link after a
    restart, too; a link from before it counts as opened when it is first asked about.

    Parameters:
        pays_after_secs: a link is found paid once it is that old; None: only `pay` pays.
        clock: seconds, on whose time links grow old.
    """

    def __init__(self, pays_after_secs: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._pays_after_secs = pays_after_secs
        self._clock = clock
        self._pages: dict[str, _Page] = {}
        self._amounts: dict[str, Decimal] = {}

    async def create_payment_link(
        self,
        amount: Decimal,
        description: str,  # noqa: ARG002 - a real provider shows it on its page
        idempotency_key: str,
    ) -> PaymentLink:
        """A link that is simulated and says so; see `PaymentProvider`."""
        if self._amounts.setdefault(idempotency_key, amount) != amount:
            raise PaymentRefusedError(f"{idempotency_key} was used for another amount.")
        payment_id = "plink_sim" + hashlib.sha256(idempotency_key.encode()).hexdigest()[:20]
        self._page(payment_id)
        return PaymentLink(f"https://pay.invalid/simulated/{payment_id}", payment_id, is_simulated=True)

    async def check_payment_status(self, payment_id: str) -> LinkStatus:
        """Paid if it is old enough or was paid by hand, failed if it was cancelled."""
        page = self._page(payment_id)
        due = self._pays_after_secs is not None and self._clock() - page.opened_at >= self._pays_after_secs
        if page.status == "pending" and due:
            page.status = "succeeded"
        return page.status

    async def cancel_payment_link(self, payment_id: str) -> bool:
        """Make the link unpayable, unless it was already seen or said to be paid."""
        page = self._page(payment_id)
        if page.status == "pending":
            page.status = "failed"
        return page.status != "succeeded"

    def pay(self, payment_id: str) -> bool:
        """Pay the link as a guest's phone would; false if it cannot be paid any more."""
        page = self._page(payment_id)
        if page.status == "pending":
            page.status = "succeeded"
        return page.status == "succeeded"

    def _page(self, payment_id: str) -> _Page:
        return self._pages.setdefault(payment_id, _Page(self._clock()))
