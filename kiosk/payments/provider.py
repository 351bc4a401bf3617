"""What a payment provider is to the kiosk: links that are made, asked about and withdrawn.

PaymentError
├── PaymentRefusedError
│   └── WrongLinkError
├── PaymentUnavailableError
├── RateLimitedError
├── PaymentNetworkError
└── PaymentTimeoutError
"""

from collections.abc import Collection, Container
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NotRequired, Protocol, TypedDict

LinkStatus = Literal["pending", "succeeded", "failed"]


class PaymentError(Exception):
    """The provider did not do what was asked.

    Parameters:
        code: what the tools return.
        outcome_is_known: certainly nothing happened there; false where the request may have been
            acted on although no answer came.
    """

    code: str = "PAYMENT_FAILED"
    outcome_is_known: bool = True


class PaymentRefusedError(PaymentError):
    """The provider will not do this, however often it is asked."""


class WrongLinkError(PaymentRefusedError):
    """The provider made a link for something else than was asked, or to anywhere else; nobody was shown it."""

    # To a guest it is the same as a provider that is not there: the message is for models and logs.
    code = "STRIPE_UNAVAILABLE"
    outcome_is_known = False


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


class PaymentLink(TypedDict):
    """A page where a guest can pay once.

    Parameters:
        is_simulated: nobody is charged there.
        may_have_twin: the provider may have made, or be about to make, another link of the same attempt.
    """

    url: str
    payment_id: str
    is_simulated: bool
    may_have_twin: NotRequired[bool]


@dataclass(frozen=True)
class LinkReport:
    """How a link stands.

    Parameters:
        paid: what arrived, over all payments, if any did.
        asks: what a page that is open on a phone asks for, if one is.
    """

    status: LinkStatus
    paid: Decimal | None = None
    asks: Decimal | None = None


@dataclass(frozen=True)
class PaidLink:
    """A payment that arrived at a link which nobody knew of any more."""

    payment_id: str
    paid: Decimal


@dataclass(frozen=True)
class AttemptReport:
    """What had come of an attempt beside the links that are on record; whatever of it was unpaid is dead now.

    Parameters:
        paid: the links that were paid.
        is_final: no other link can come to light; false while a request may still be on its way to the provider.
    """

    paid: tuple[PaidLink, ...] = ()
    is_final: bool = True


class PaymentProvider(Protocol):
    """One who makes payment links. Every method may raise a `PaymentError`.

    Attributes:
        is_cloud: a service that moves money, at least in a test mode of its own.
    """

    is_cloud: bool

    @property
    def page_hosts(self) -> Collection[str]:
        """Where the pages are that its links lead to; a link to anywhere else is never shown."""
        ...

    async def create_payment_link(
        self, amount: Decimal, description: str, idempotency_key: str, *, is_new: bool = False
    ) -> PaymentLink:
        """A link for `amount`; the same key gives the same link again, never a second one.

        Parameters:
            is_new: no one can have asked with this key before, so there is no need to look for its link.
        """
        ...

    async def server_time(self) -> float | None:
        """What time it is there, in seconds since the epoch; None: it does not say, or has no clock of its own."""
        ...

    async def look_at(self, payment_id: str) -> LinkReport:
        """How the link stands now, asked once."""
        ...

    async def cancel_payment_link(self, payment_id: str) -> Decimal | None:
        """Make the link unpayable. When it is too late: what was paid."""
        ...

    async def cancel_attempt(self, idempotency_key: str, *, spare: Container[str] = ()) -> AttemptReport:
        """Make whatever came of an attempt unpayable, but for the links to `spare`, and say what of it was paid."""
        ...

    async def close(self) -> None:
        """Let go of what is held open."""
        ...
