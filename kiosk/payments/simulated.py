"""Payments without a provider: links that look real, say that they are not, and pay themselves."""

import hashlib
import re
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from decimal import Decimal

from kiosk.money import USD, Currency
from kiosk.payments.provider import (
    AttemptReport,
    LinkReport,
    LinkStatus,
    PaidLink,
    PaymentLink,
    PaymentRefusedError,
)

# Nobody's, for ever: RFC 2606.
SIMULATED_HOST = "pay.invalid"

_PAYMENT_ID = re.compile(r"plink_sim(\d+)c[0-9a-f]+")


@dataclass
class _Page:
    opened_at: float
    status: LinkStatus = "pending"


def is_simulated(payment_id: str) -> bool:
    """Whether a link of this id was made here."""
    return _PAYMENT_ID.fullmatch(payment_id) is not None


class SimulatedPayments:
    """A provider that charges nobody.

    A link's id comes from its idempotency key and its amount alone. So the same attempt has the same
    link after a restart, too; a link from before it counts as opened when it is first asked about.

    Parameters:
        pays_after_secs: a link is found paid once it is that old; None: only `pay` pays.
        clock: seconds, on whose time links grow old.
        currency: of all amounts.
    """

    is_cloud = False
    page_hosts = frozenset([SIMULATED_HOST])

    def __init__(
        self,
        pays_after_secs: float | None,
        clock: Callable[[], float] = time.monotonic,
        *,
        currency: Currency = USD,
    ) -> None:
        self._pays_after_secs = pays_after_secs
        self._currency = currency
        self._clock = clock
        self._pages: dict[str, _Page] = {}
        self._links: dict[str, str] = {}

    async def create_payment_link(
        self,
        amount: Decimal,
        description: str,  # noqa: ARG002 - a real provider shows it on its page
        idempotency_key: str,
        *,
        is_new: bool = False,  # noqa: ARG002 - there is nothing to look for
    ) -> PaymentLink:
        """A link that is simulated and says so; see `PaymentProvider`."""
        digest = hashlib.sha256(idempotency_key.encode()).hexdigest()[:20]
        payment_id = f"plink_sim{self._currency.charge_units(amount)}c{digest}"
        if self._links.setdefault(idempotency_key, payment_id) != payment_id:
            raise PaymentRefusedError(f"{idempotency_key} was used for another amount.")
        self._page(payment_id)
        url = f"https://{SIMULATED_HOST}/simulated/{payment_id}"
        return PaymentLink(url=url, payment_id=payment_id, is_simulated=True)

    async def server_time(self) -> None:
        """It has no clock of its own."""

    async def look_at(self, payment_id: str) -> LinkReport:
        """Paid if it is old enough or was paid by hand, failed if it was cancelled."""
        page = self._page(payment_id)
        due = self._pays_after_secs is not None and self._clock() - page.opened_at >= self._pays_after_secs
        if page.status == "pending" and due:
            page.status = "succeeded"
        return LinkReport(page.status, self._amount_of(payment_id) if page.status == "succeeded" else None)

    async def cancel_payment_link(self, payment_id: str) -> Decimal | None:
        """Make the link unpayable, unless it was already seen or said to be paid."""
        page = self._page(payment_id)
        if page.status == "succeeded":
            return self._amount_of(payment_id)
        page.status = "failed"
        return None

    async def cancel_attempt(self, idempotency_key: str, *, spare: Container[str] = ()) -> AttemptReport:
        """Make the attempt's link unpayable, if this process made one."""
        payment_id = self._links.get(idempotency_key)
        if payment_id is None or payment_id in spare:
            return AttemptReport()
        paid = await self.cancel_payment_link(payment_id)
        return AttemptReport(() if paid is None else (PaidLink(payment_id, paid),))

    async def close(self) -> None:
        """Nothing is held open."""

    def pay(self, payment_id: str) -> bool:
        """Pay the link as a guest's phone would; false if it cannot be paid any more."""
        page = self._page(payment_id)
        if page.status == "pending":
            page.status = "succeeded"
        return page.status == "succeeded"

    def _page(self, payment_id: str) -> _Page:
        # A link of a provider's, from before its key was taken out of the settings: only that provider can end it.
        if not is_simulated(payment_id):
            raise PaymentRefusedError(f"{payment_id} is not a simulated link.")
        return self._pages.setdefault(payment_id, _Page(self._clock()))

    def _amount_of(self, payment_id: str) -> Decimal:
        found = _PAYMENT_ID.fullmatch(payment_id)
        assert found, "its page was asked for first"
        return self._currency.of_charge_units(int(found[1]))
