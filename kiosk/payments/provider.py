"""What a payment provider is to the kiosk: links that are made, asked about and withdrawn.

PaymentError
├── PaymentRefusedError
├── PaymentUnavailableError
├── RateLimitedError
├── PaymentNetworkError
└── PaymentTimeoutError
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal, Protocol

LinkStatus = Literal["pending", "succeeded", "failed"]


class PaymentError(Exception):
    """The provider did not do what was asked.

    Parameters:
        code: what the tools return.
        outcome_is_known: certainly nothing happened there; false where the request may have been
            acted on although no answer came.
    """

    code: ClassVar[str] = "PAYMENT_FAILED"
    outcome_is_known: ClassVar[bool] = True


class PaymentRefusedError(PaymentError):
    """The provider will not do this, however often it is asked."""


class PaymentUnavailableError(PaymentError):
    """The provider cannot be reached; nothing was sent."""

    code = "STRIPE_UNAVAILABLE"


class RateLimitedError(PaymentError):
    """The provider wants to be asked less often."""

    code = "RATE_LIMITED"


class PaymentNetworkError(PaymentError):
    """The connection broke before the answer came."""

    code = "NETWORK_ERROR"
    outcome_is_known = False


class PaymentTimeoutError(PaymentError):
    """The answer did not come in time."""

    code = "PAYMENT_TIMEOUT"
    outcome_is_known = False


@dataclass(frozen=True)
class PaymentLink:
    """A page where a guest can pay once."""

    url: str
    payment_id: str
    is_simulated: bool


class PaymentProvider(Protocol):
    """One who makes payment links. Every method may raise a `PaymentError`."""

    async def create_payment_link(self, amount: Decimal, description: str, idempotency_key: str) -> PaymentLink:
        """A link for `amount`; the same key gives the same link again, never a second one."""
        ...

    async def check_payment_status(self, payment_id: str) -> LinkStatus:
        """How the link stands now, asked once."""
        ...

    async def cancel_payment_link(self, payment_id: str) -> bool:
        """Make the link unpayable. False when it is too late: it has been paid."""
        ...
