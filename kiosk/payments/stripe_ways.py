"""The ways to Stripe: which of them makes the links now, and whether the key may do there what payments need."""

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Literal

from loguru import logger

from kiosk.money import Currency
from kiosk.payments.mcp_connection import McpConnection
from kiosk.payments.provider import PaymentError, PaymentRefusedError, PaymentUnavailableError
from kiosk.payments.stripe_api import (
    EXPIRE_SESSION,
    LIST_LINKS,
    LIST_SESSIONS,
    UPDATE_LINK,
    EitherApi,
    Operation,
    StripeApi,
)
from kiosk.payments.stripe_hosted import READ, WRITE, HostedApi
from kiosk.payments.stripe_links import ClassicLinks, StripeLinks
from kiosk.payments.stripe_rest import KeyRefusedError, RestApi

PROBE_SECS = 5.0
# For how long tools that could not be used are not asked again, where REST stands in: a guest waits for each look.
TOOLS_AGAIN_SECS = 300.0

CLASSIC_TOOLS = frozenset(["create_product", "create_price", "create_payment_link"])

# Ids that nothing has: whoever may change such a thing is told that there is none, and whoever may not, that.
_NO_LINK, _NO_SESSION = "plink_0KioskDoctor", "cs_test_0KioskDoctor"

By = Literal["auto", "mcp", "rest"]


class StripeWays:
    """The hosted or older tools of an MCP server, and REST.

    Parameters:
        by: which may be used.
        live, hosts: see `StripeLinks`.
        clock: seconds.
    """

    def __init__(
        self,
        by: By,
        connection: McpConnection,
        rest: RestApi,
        currency: Currency,
        live: bool,
        hosts: Collection[str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._by = by
        self._connection = connection
        self._rest = rest
        self._currency = currency
        self._live = live
        self._hosts = hosts
        self._clock = clock
        self._out: tuple[PaymentError, float] | None = None

    async def open(self, *, is_tolerant: bool = True) -> tuple[StripeLinks, str]:
        """Links by the first way that Stripe serves now, after one harmless look there; and which way it is, in words.

        Parameters:
            is_tolerant: whether a way is good enough that is there, takes the key and is only in trouble just now,
                where no other can stand in: the payment itself is tried more than once.

        Raises:
            PaymentError: there is none; the reason is the first way's, and then the other's.
        """
        if self._by == "rest":
            return await self._by_rest(is_tolerant)
        if self._out and self._clock() - self._out[1] < TOOLS_AGAIN_SECS:
            why_not = self._out[0]
        else:
            try:
                opened = await self._by_tools(is_tolerant and self._by == "mcp")
            except PaymentError as error:
                if self._by == "mcp":
                    raise
                why_not, self._out = error, (error, self._clock())
                logger.warning("Stripe is asked by REST, not by MCP: {}", error)
            else:
                self._out = None
                return opened
        try:
            links, words = await self._by_rest(is_tolerant)
        except PaymentError as error:
            raise PaymentUnavailableError(f"{why_not} {error}") from None
        return links, f"{words}, because by MCP: {why_not}"

    async def shortcomings(self) -> str:
        """What payments need and the key may not do, asked by REST and as harmlessly; "" if it may do all of it."""
        needed: dict[str, tuple[Operation, dict[str, str | int | bool]]] = {
            "payment links: read": (LIST_LINKS, {"limit": 1}),
            "payment links: write": (UPDATE_LINK, {"id": _NO_LINK, "active": False}),
            "checkout sessions: read": (LIST_SESSIONS, {"limit": 1}),
            "checkout sessions: write": (EXPIRE_SESSION, {"id": _NO_SESSION}),
        }
        lacking: dict[str, KeyRefusedError] = {}
        for permission, (operation, parameters) in needed.items():
            try:
                await self._rest.do(operation, parameters)
            except KeyRefusedError as error:
                lacking[permission] = error
            except PaymentRefusedError:
                # It may, and there is no such thing.
                continue
            except PaymentError as error:
                return f"{error} Without REST no page that is open on a phone can be closed."
        return f"the key lacks {', '.join(lacking)}. {next(iter(lacking.values()))}" if lacking else ""

    async def close(self) -> None:
        """End the session with the MCP server."""
        await self._connection.close()

    async def _by_rest(self, is_tolerant: bool) -> tuple[StripeLinks, str]:
        links = self._links(self._rest)
        await _look(links, is_tolerant)
        return links, f"REST at {self._rest.url}"

    async def _by_tools(self, is_tolerant: bool) -> tuple[StripeLinks, str]:
        try:
            async with asyncio.timeout(PROBE_SECS):
                schemas = await self._connection.schemas(PROBE_SECS)
                stands_in = self._by == "auto"
                if {READ, WRITE} <= schemas.keys():
                    hosted = HostedApi(self._connection, self._live)
                    await _look(self._links(hosted), is_tolerant)
                    links = self._links(EitherApi(hosted, self._rest) if stands_in else hosted)
                elif schemas.keys() >= CLASSIC_TOOLS:
                    links = ClassicLinks(
                        self._connection, self._rest, self._currency, self._live, self._hosts, rest_stands_in=stands_in
                    )
                    await _look(links, is_tolerant)
                else:
                    raise PaymentUnavailableError(
                        f"{self._connection.url} offers no tools that make payment links: {', '.join(sorted(schemas))}."
                    )
        except TimeoutError:
            raise PaymentUnavailableError(f"{self._connection.url} does not answer.") from None
        return links, f"{links.generation} tools at {self._connection.url}"

    def _links(self, api: StripeApi) -> StripeLinks:
        return StripeLinks(api, self._rest, self._currency, self._live, self._hosts)


async def _look(links: StripeLinks, is_tolerant: bool) -> None:
    try:
        await links.look()
    except (PaymentRefusedError, PaymentUnavailableError):
        raise
    except PaymentError as error:
        if not is_tolerant:
            raise
        logger.warning("Stripe is there, but in trouble: {}", error)
