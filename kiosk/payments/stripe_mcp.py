"""Payments at Stripe, over its MCP server or by REST.

What makes a link certain to be paid at most once: its attempt's key is stored before Stripe is asked,
and goes with the link as metadata. When an answer gets lost, the link of that key is looked for before
another is made, and one that nobody was shown is killed.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Container, Sequence
from decimal import Decimal
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from loguru import logger

from kiosk.errors import OperatorError
from kiosk.money import USD, Currency, exact
from kiosk.payments.mcp_connection import McpConnection
from kiosk.payments.provider import (
    AttemptReport,
    LinkReport,
    PaidLink,
    PaymentError,
    PaymentLink,
    PaymentRefusedError,
    PaymentTimeoutError,
    PaymentUnavailableError,
)
from kiosk.payments.server_time import ServerTime
from kiosk.payments.simulated import SIMULATED_HOST, SimulatedPayments, is_simulated
from kiosk.payments.stripe_links import STRIPE_HOSTS, Link, StripeLinks
from kiosk.payments.stripe_rest import RestApi
from kiosk.payments.stripe_ways import StripeWays
from kiosk.settings import Settings, load_settings

AVAILABLE_SECS = 30.0
FIRST_PAUSE_SECS = 1.0
# After which time a request that somebody sent, and nobody waits for any more, has been acted on or never will be: all
# tries to make a link have a quarter of it.
LANDING_SECS = 60.0
# How often `check_payment_status` asks: with a look every two seconds that is half a minute.
MOST_LOOKS = 15

TEST_KEYS = ("rk_test_", "sk_test_")
LIVE_KEYS = ("rk_live_", "sk_live_")

Answer = TypeVar("Answer")
Status = Literal["pending", "succeeded", "failed", "timeout"]


class StripeMCPError(PaymentError):
    """Something went wrong between the kiosk and Stripe."""


class StripeUnavailableError(StripeMCPError, PaymentUnavailableError):
    """Stripe cannot be reached, or refuses the key; nothing was sent."""


class PaymentLinkCreationError(StripeMCPError):
    """No link was made, however often it was tried.

    Parameters:
        code: what the tools return.
        outcome_is_known: certainly no link was made; false where one may have been.
    """

    def __init__(self, message: str, code: str, outcome_is_known: bool) -> None:
        super().__init__(message)
        self.code = code
        self.outcome_is_known = outcome_is_known


class PaymentStatusTimeoutError(StripeMCPError, PaymentTimeoutError):
    """Stripe did not say in time how a link stands."""


class StripeKeyError(OperatorError):
    """A key, or an address, that the kiosk must not use; nothing was sent."""


class StripeMCPClient:
    """A payment provider: Stripe, through its MCP server or by REST, as `Settings.stripe_by` says.

    Parameters:
        test_mode: no money moves. Only a test key is taken, and while Stripe cannot be reached links are
            simulated. Without it only a live key is taken, and a link is real or is not made.
        max_retries: how often making a link is tried again.
        timeout: seconds for all tries together.
        settings: with key and addresses; by default those of the environment.
        simulated: makes the simulated links of test mode.
        sleep: waits between two tries.
        clock: seconds, for time limits.

    Raises:
        StripeKeyError: the key is of the other mode, or it would travel unencrypted.
    """

    is_cloud = True

    def __init__(
        self,
        test_mode: bool = True,
        max_retries: int = 3,
        timeout: float = 15.0,
        *,
        settings: Settings | None = None,
        currency: Currency = USD,
        simulated: SimulatedPayments | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        settings = settings or load_settings()
        self.test_mode = test_mode
        self.max_retries = max_retries
        self.timeout = timeout
        key, mcp_url, api_url = _secret(settings), settings.stripe_mcp_url, settings.stripe_api_url
        _check_key(key, test_mode)
        for address in (mcp_url, api_url):
            _check_address(address)
        self._stripe_hosts = STRIPE_HOSTS | {*settings.stripe_domains}
        # Only in test mode links are simulated.
        self.page_hosts = self._stripe_hosts | {SIMULATED_HOST} if test_mode else self._stripe_hosts
        self._currency = currency
        self._simulated = simulated or SimulatedPayments(None, currency=currency)
        self._sleep = sleep
        self._clock = clock
        # Both servers are Stripe's; whichever answered last tells the time.
        self._time = ServerTime()
        self._ways: StripeWays | None = None
        if key:
            connection = McpConnection(mcp_url, key, self._time)
            rest = RestApi(api_url, key, time=self._time, sleep=sleep)
            self._ways = StripeWays(
                settings.stripe_by, connection, rest, currency, not test_mode, self._stripe_hosts, clock=clock
            )
        self._links: StripeLinks | None = None
        self._availability: tuple[bool, float] | None = None
        self._searched: dict[str, float] = {}

    def generate_idempotency_key(self, session_id: str) -> str:
        """A key for an attempt of this session to make a link."""
        return f"{session_id}_{int(time.time())}"

    async def is_available(self) -> bool:
        """Whether links can be made at Stripe now; asked at most every half minute."""
        if self._availability and self._clock() - self._availability[1] < AVAILABLE_SECS:
            return self._availability[0]
        available = await self._probe()
        self._availability = available, self._clock()
        return available

    def invalidate_availability_cache(self) -> None:
        """Ask anew next time."""
        self._availability = None

    async def create_payment_link(
        self,
        amount: Decimal | float | str,
        description: str,
        idempotency_key: str,
        max_retries: int | None = None,
        *,
        is_new: bool = False,
    ) -> PaymentLink:
        """A link for `amount`: the one that `idempotency_key` has already, or a new one.

        Raises:
            PaymentRefusedError: Stripe will not make it, however often it is asked.
            PaymentLinkCreationError: it could not be made in time; not in test mode.
            StripeUnavailableError: Stripe cannot be reached; not in test mode.
        """
        self._searched.pop(idempotency_key, None)
        charge = exact(amount)
        if charge != self._currency.chargeable(charge):
            raise PaymentRefusedError(f"{charge} cannot be charged in {self._currency.code}.")
        retries = self.max_retries if max_retries is None else max_retries
        try:
            return await self._create(charge, description, idempotency_key, retries, is_new)
        except PaymentRefusedError:
            raise
        except PaymentError as error:
            logger.error("no link for {} of {}: {!r}", charge, idempotency_key, error)
            self.invalidate_availability_cache()
            if not self.test_mode:
                raise
            made = await self._simulated.create_payment_link(charge, description, idempotency_key)
            return made if error.outcome_is_known else {**made, "may_have_twin": True}

    async def check_payment_status(
        self, payment_id: str, poll_interval: float = 2.0, poll_timeout: float = 5.0, deadline: float = 30.0
    ) -> Status:
        """Ask every `poll_interval` seconds until the link is paid or dead; "timeout" after `MOST_LOOKS` or `deadline`.

        A look takes `poll_timeout` seconds at most, and none outlasts the deadline. A `deadline` of 0 asks once, and
        "pending" is an answer. Not to get an answer settles nothing.
        """
        until = self._clock() + deadline
        for look in range(1, MOST_LOOKS + 1):
            limit = min(poll_timeout, until - self._clock()) if deadline > 0 else poll_timeout
            try:
                async with asyncio.timeout(limit):
                    status: Status = (await self.look_at(payment_id)).status
            except (PaymentError, TimeoutError) as error:
                logger.warning("how {} stands is not known: {!r}", payment_id, error)
                status = "timeout"
            if status in ("succeeded", "failed") or deadline <= 0:
                return status
            if look == MOST_LOOKS or self._clock() + poll_interval >= until:
                break
            await self._sleep(poll_interval)
        return "timeout"

    async def server_time(self) -> float | None:
        """See `PaymentProvider`."""
        return self._time.now() if self._ways and await self.is_available() else None

    async def look_at(self, payment_id: str) -> LinkReport:
        """See `PaymentProvider`."""
        if is_simulated(payment_id):
            return await self._simulated.look_at(payment_id)
        return await (await self._reached()).report(payment_id)

    async def cancel_payment_link(self, payment_id: str) -> Decimal | None:
        """See `PaymentProvider`."""
        if is_simulated(payment_id):
            return await self._simulated.cancel_payment_link(payment_id)
        return await (await self._reached()).kill(payment_id)

    async def cancel_attempt(self, idempotency_key: str, *, spare: Container[str] = ()) -> AttemptReport:
        """See `PaymentProvider`; a simulated link of the same attempt is not touched.

        Looks at once, and a second time when what was on its way must have arrived; the answer to that is final.
        """
        searched_at = self._searched.get(idempotency_key)
        if searched_at is not None and self._clock() - searched_at < LANDING_SECS:
            return AttemptReport(is_final=False)
        links, paid = await self._reached(), []
        for link in await links.find(idempotency_key):
            if link["id"] not in spare and (arrived := await links.kill(link["id"])) is not None:
                paid.append(PaidLink(link["id"], arrived))
        self._searched.pop(idempotency_key, None)
        if searched_at is None:
            self._searched[idempotency_key] = self._clock()
        return AttemptReport(tuple(paid), is_final=searched_at is not None)

    async def close(self) -> None:
        """End the session with the server."""
        if self._ways:
            await self._ways.close()

    async def examine(self) -> str:
        """Ask Stripe anew, and say how it is reached.

        Raises:
            StripeUnavailableError: there is no key, or by none of the ways that may be used Stripe can be reached,
                takes the key and makes payment links.
        """
        return await self._open(is_tolerant=True)

    async def inspect(self) -> tuple[str, str]:
        """What `examine` says, where trouble of the moment counts, too; and what the key may not do. For the doctor.

        Raises:
            StripeUnavailableError: see `examine`.
        """
        words = await self._open(is_tolerant=False)
        return words, await self._asked(lambda ways: ways.shortcomings())

    async def _open(self, *, is_tolerant: bool) -> str:
        try:
            # Until it is known better, links that are out are asked about as before.
            self._links, words = await self._asked(lambda ways: ways.open(is_tolerant=is_tolerant))
        except StripeUnavailableError:
            self._links = None
            raise
        return words

    async def _asked(self, ask: Callable[[StripeWays], Awaitable[Answer]]) -> Answer:
        if self._ways is None:
            raise StripeUnavailableError("No STRIPE_SECRET_KEY is set.")
        try:
            return await ask(self._ways)
        except PaymentError as error:
            raise StripeUnavailableError(str(error)) from error

    async def _probe(self) -> bool:
        try:
            await self.examine()
        except StripeUnavailableError as error:
            logger.warning("Stripe is not available: {}", error)
            return False
        return True

    async def _reached(self) -> StripeLinks:
        if self._links is None:
            await self.is_available()
        if self._links is None:
            raise StripeUnavailableError("Stripe cannot be reached.")
        return self._links

    async def _create(self, amount: Decimal, description: str, key: str, retries: int, is_new: bool) -> PaymentLink:
        until = self._clock() + self.timeout
        if not await self.is_available():
            # Whether an earlier process got further with this key cannot be asked now.
            raise PaymentLinkCreationError("Stripe cannot be reached.", "STRIPE_UNAVAILABLE", is_new)
        links = await self._reached()
        # Requests for a link of which it is not known what became; of somebody else's, not even how many.
        lost = 0.0 if is_new else math.inf
        failure = PaymentLinkCreationError("Stripe was not asked.", "STRIPE_UNAVAILABLE", is_new)
        for attempt in range(1 + retries):
            try:
                async with asyncio.timeout(until - self._clock()):
                    found = await links.find(key) if lost else []
                    link = await self._kept_of(links, found) or await links.create(amount, description, key)
                made = PaymentLink(url=link["url"], payment_id=link["id"], is_simulated=False)
                return {**made, "may_have_twin": True} if lost > len(found) else made
            except TimeoutError:
                raise PaymentLinkCreationError("Stripe took too long.", "PAYMENT_TIMEOUT", False) from None
            except PaymentRefusedError as error:
                # This try made nothing; one before it, or somebody else's, may have.
                error.outcome_is_known = error.outcome_is_known and not lost
                raise
            except PaymentError as error:
                logger.warning("try {} of making the link of {}: {!r}", attempt + 1, key, error)
                lost += not error.outcome_is_known
                failure = PaymentLinkCreationError(str(error), error.code, not lost)
            pause = FIRST_PAUSE_SECS * 2**attempt
            if self._clock() + pause >= until or attempt == retries:
                break
            await self._sleep(pause)
        raise failure

    async def _kept_of(self, links: StripeLinks, found: Sequence[Link]) -> Link | None:
        """The one among the links of an attempt that goes on; the others die."""
        paid = [link for link in found if (await links.report(link["id"])).status == "succeeded"]
        payable = [link for link in found if link["active"] and link not in paid]
        kept = paid or [link for link in payable if links.is_as_asked(link)][:1]
        for twin in payable:
            if twin not in kept and await links.kill(twin["id"]) is not None:
                kept = [twin]
        return kept[0] if kept else None


def payments_of(
    settings: Settings, currency: Currency, simulated: SimulatedPayments
) -> StripeMCPClient | SimulatedPayments:
    """The provider that the settings ask for: Stripe with a key, `simulated` payments without.

    Raises:
        StripeKeyError: the key must not be used.
    """
    if not _secret(settings):
        if settings.stripe_live:
            raise StripeKeyError("KIOSK_STRIPE_LIVE is set, and STRIPE_SECRET_KEY is not: give a live key, or unset it")
        return simulated
    return StripeMCPClient(not settings.stripe_live, settings=settings, currency=currency, simulated=simulated)


def _secret(settings: Settings) -> str:
    return settings.stripe_secret_key.get_secret_value() if settings.stripe_secret_key else ""


def _check_key(key: str, test_mode: bool) -> None:
    if test_mode and key and not key.startswith(TEST_KEYS):
        raise StripeKeyError(
            "STRIPE_SECRET_KEY is not a test key (rk_test_…, sk_test_…); a live one needs KIOSK_STRIPE_LIVE=true"
        )
    if not test_mode and not key.startswith(LIVE_KEYS):
        raise StripeKeyError("KIOSK_STRIPE_LIVE is set, and STRIPE_SECRET_KEY is not a live key (rk_live_…)")


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        raise StripeKeyError(f"{url}: the key would travel unencrypted; use https")
