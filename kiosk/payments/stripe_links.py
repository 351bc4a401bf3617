"""Payment links at Stripe: made for one amount, found again, asked about, killed."""

import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar

from loguru import logger

from kiosk.links import is_page_of
from kiosk.money import Currency, MoneyError
from kiosk.payments.bounds import sentence
from kiosk.payments.mcp_connection import McpConnection
from kiosk.payments.provider import (
    LinkReport,
    PaymentError,
    PaymentNetworkError,
    PaymentRefusedError,
    WrongLinkError,
)
from kiosk.payments.stripe_api import (
    CALL_SECS,
    CREATE_LINK,
    EXPIRE_SESSION,
    GET_LINK,
    LIST_LINKS,
    LIST_SESSIONS,
    UPDATE_LINK,
    Operation,
    StripeApi,
)

_ID = re.compile(r"[A-Za-z0-9_]{1,255}")

# Where a phone pays; a bar may have a domain of its own there, too.
STRIPE_HOSTS = frozenset(["buy.stripe.com", "checkout.stripe.com"])
# Links of both modes begin with the first, and those of test mode with the second.
PAYMENT_PAGE, TEST_PAGE = "https://buy.stripe.com/", "https://buy.stripe.com/test_"

# The most that Stripe lists at once.
PAGE = 100
# More pages than that are none that an honest account has, or can be looked through in time.
MOST_PAGES = 100
# How much older than its attempt a link may seem. Both are stamped by Stripe's clock, see `Checkout`.
CLOCK_SECS = 3600

VOID = "This code does not count any more. Please ask Maya for a new one."

Link = Mapping[str, Any]

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def _understood(ask: Callable[Arguments, Awaitable[Answer]]) -> Callable[Arguments, Awaitable[Answer]]:
    """What comes in a shape that cannot be read is no answer: nobody knows what was done."""

    @functools.wraps(ask)
    async def answer(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        try:
            return await ask(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise PaymentNetworkError(sentence(f"Stripe's answer cannot be read: {error!r}")) from error

    return answer


class StripeLinks:
    """The links of one account and currency.

    Parameters:
        api: does most of it; what it lacks goes by `rest`.
        live: whether money moves; every object must say the same of itself.
        hosts: where its pages are.

    Attributes:
        generation: of Stripe's tools.
    """

    generation = "hosted"

    def __init__(
        self, api: StripeApi, rest: StripeApi, currency: Currency, live: bool, hosts: Collection[str] = STRIPE_HOSTS
    ) -> None:
        self._api = api
        self._rest = rest
        self._money = currency
        self._currency = currency.code.lower()
        self._live = live
        self._hosts = hosts

    @_understood
    async def create(self, amount: Decimal, description: str, attempt: str) -> Link:
        """A link that can be paid once, for `amount`, and that says which attempt it belongs to."""
        price = {"currency": self._currency, "unit_amount": self.minor_units(amount)}
        made = await self._api.do(
            CREATE_LINK,
            {
                "line_items": [{"price_data": {**price, "product_data": {"name": description}}, "quantity": 1}],
                "payment_intent_data": {"metadata": _metadata(attempt)},
                "payment_method_types": ["card"],
                **_terms(attempt),
            },
            key=attempt,
        )
        return await self._as_asked(made, amount, attempt)

    @_understood
    async def look(self) -> None:
        """Read one link, if there is any: whether the key may, and whether the account is of this mode."""
        for link in (await self._api.do(LIST_LINKS, {"limit": 1}))["data"]:
            self._check_mode(link)

    @_understood
    async def find(self, attempt: str) -> list[Link]:
        """The links that were made for `attempt`: none, one, or more if an answer got lost on the way."""
        moment = attempt.rpartition("_")[2]
        begun = int(moment) if moment.isdecimal() else 0
        found: list[Link] = []
        async for link in self._pages(LIST_LINKS, {}):
            if link.get("created", begun) < begun - CLOCK_SECS:
                break
            if link.get("metadata", {}).get("attempt_id") == attempt:
                found.append(self._checked_link(link))
        return found

    @_understood
    async def report(self, payment_id: str) -> LinkReport:
        """How the link stands: paid, still payable, or neither."""
        sessions = [session async for session in self._sessions(payment_id)]
        if any(session["payment_status"] == "paid" for session in sessions):
            return LinkReport("succeeded", self._paid(sessions))
        if opened := [session for session in sessions if session["status"] == "open"]:
            return LinkReport("pending", asks=max(self._sum([session]) for session in opened))
        link = self._checked_link(await self._api.do(GET_LINK, {"id": _checked_id(payment_id)}), payment_id)
        return LinkReport("pending" if link["active"] else "failed")

    @_understood
    async def kill(self, payment_id: str) -> Decimal | None:
        """Make the link unpayable, pages that are open on a phone included; what was paid, if it was."""
        await self._deactivate(payment_id)
        sessions = [session async for session in self._sessions(payment_id)]
        if still_open := [session["id"] for session in sessions if session["status"] == "open"]:
            for session_id in still_open:
                await self._expire(_checked_id(session_id))
            sessions = [session async for session in self._sessions(payment_id)]
        if any(session["status"] == "open" for session in sessions):
            raise PaymentNetworkError(f"{payment_id} is still open on a phone.")
        return self._paid(sessions) if any(session["payment_status"] == "paid" for session in sessions) else None

    def minor_units(self, amount: Decimal) -> int:
        """`amount` as Stripe counts it."""
        try:
            return self._money.charge_units(amount)
        except MoneyError as error:
            raise PaymentRefusedError(f"{error}.") from None

    async def _deactivate(self, payment_id: str) -> None:
        answer = await self._api.do(UPDATE_LINK, {"id": _checked_id(payment_id), "active": False})
        if self._checked_link(answer, payment_id)["active"]:
            raise PaymentNetworkError(f"{payment_id} is still active.")

    async def _expire(self, session_id: str) -> None:
        try:
            await self._rest.do(EXPIRE_SESSION, {"id": session_id})
        except PaymentRefusedError:
            # It was paid or ended in this moment; the next look tells which.
            return

    async def _sessions(self, payment_id: str) -> AsyncIterator[Mapping[str, Any]]:
        async for session in self._pages(LIST_SESSIONS, {"payment_link": payment_id}):
            self._check_mode(session)
            if session["payment_link"] != payment_id:
                raise PaymentNetworkError(f"A payment of another link was told of {payment_id}.")
            yield session

    async def _pages(self, operation: Operation, parameters: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
        further: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            page = await self._api.do(operation, {**parameters, "limit": PAGE, **further})
            for item in page["data"]:
                yield item
            if not page.get("has_more") or not page["data"]:
                return
            further = {"starting_after": _checked_id(page["data"][-1]["id"])}
        raise PaymentNetworkError(f"{operation.name} has no end.")

    def is_as_asked(self, link: Link) -> bool:
        """Whether a link that was found has a page and is of the bar's currency; its pages alone say for how much."""
        return self._has_page(link) and link.get("currency", self._currency) == self._currency

    def _paid(self, sessions: list[Mapping[str, Any]]) -> Decimal:
        return self._sum([session for session in sessions if session["payment_status"] == "paid"])

    def _sum(self, sessions: list[Mapping[str, Any]]) -> Decimal:
        """What they come to in the bar's currency; another currency counts as nothing, which no tab equals."""
        return self._money.of_charge_units(
            sum(_units(session["amount_total"]) for session in sessions if session["currency"] == self._currency)
        )

    async def _as_asked(self, link: Link, amount: Decimal, attempt: str) -> Link:
        """`link` as it was just made, if it is for what was asked; else it dies before anybody sees it."""
        self._checked_link(link)
        lines = link.get("line_items")
        asks = {
            "currency": link.get("currency", self._currency),
            "attempt": link["metadata"].get("attempt_id"),
            "active": link["active"],
            "page": self._has_page(link),
        }
        asked = {"currency": self._currency, "attempt": attempt, "active": True, "page": True}
        if lines:
            asks["amount"] = sum(_units(line["amount_total"]) for line in lines["data"])
            asked["amount"] = self.minor_units(amount)
        if asks != asked:
            await self._deactivate(link["id"])
            logger.error("Stripe made a link for {} where {} was asked", asks, asked)
            raise WrongLinkError("Stripe made another link than was asked for.")
        return link

    def _checked_link(self, link: Link, payment_id: str | None = None) -> Link:
        """`link`, which is one, of this mode, and the one that was asked about if one was."""
        self._check_mode(link)
        if _checked_id(link["id"]) != (payment_id or link["id"]) or not link["id"].startswith("plink_"):
            raise PaymentNetworkError(sentence(f"Stripe told of {link['id']} where {payment_id} was asked."))
        if not isinstance(link["active"], bool):
            raise TypeError(f"active: {link['active']!r}")
        return link

    def _has_page(self, link: Link) -> bool:
        """Whether the link leads to a page that is Stripe's, and of this mode as far as its address says."""
        url = link.get("url", "")
        if not is_page_of(url, self._hosts):
            return False
        return not url.startswith(PAYMENT_PAGE) or url.startswith(TEST_PAGE) is not self._live

    def _check_mode(self, thing: Mapping[str, Any]) -> None:
        if thing.get("livemode") is not self._live:
            raise PaymentRefusedError(sentence(f"{thing.get('id')} is not of {'live' if self._live else 'test'} mode."))


class ClassicLinks(StripeLinks):
    """Links by the older tools, which make them in three steps; all that these tools lack goes by REST.

    Parameters:
        rest_stands_in: whether REST makes the link where the tools certainly have made none.
    """

    generation = "classic"

    def __init__(
        self,
        connection: McpConnection,
        rest: StripeApi,
        currency: Currency,
        live: bool,
        hosts: Collection[str] = STRIPE_HOSTS,
        *,
        rest_stands_in: bool = False,
    ) -> None:
        super().__init__(rest, rest, currency, live, hosts)
        self._connection = connection
        self._rest_stands_in = rest_stands_in

    @_understood
    async def create(self, amount: Decimal, description: str, attempt: str) -> Link:
        """See `StripeLinks.create`. Until its terms are set, nobody has been shown the link."""
        try:
            link = await self._without_terms(amount, description)
        except PaymentError as error:
            if not (self._rest_stands_in and error.outcome_is_known):
                raise
            logger.warning("The link of {} is made by REST, not by the tools: {}", attempt, error)
            return await super().create(amount, description, attempt)
        terms = await self._rest.do(UPDATE_LINK, {"id": _checked_id(link["id"]), **_terms(attempt)})
        return await self._as_asked(self._checked_link(terms, link["id"]), amount, attempt)

    async def _without_terms(self, amount: Decimal, description: str) -> dict[str, Any]:
        product = await self._call("create_product", {"name": description})
        price = {"unit_amount": self.minor_units(amount), "currency": self._currency}
        made = await self._call("create_price", {"product": product["id"], **price})
        if {name: made[name] for name in price} != price:
            raise PaymentRefusedError(sentence(f"Stripe made a price of {made} where {price} was asked."))
        return await self._call("create_payment_link", {"price": made["id"], "quantity": 1})

    async def _call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return await self._connection.call(tool, arguments, CALL_SECS)


def _checked_id(thing_id: Any) -> str:
    """`thing_id`, if it is one that Stripe gives: it goes into paths and documents."""
    if not isinstance(thing_id, str) or not _ID.fullmatch(thing_id):
        raise ValueError(f"{str(thing_id)[:80]!r} is not an id")
    return thing_id


def _units(amount: Any) -> int:
    """`amount` of the currency's smallest units, if it is a whole number of them."""
    if type(amount) is not int or amount < 0:
        raise ValueError(f"{str(amount)[:80]!r} is not an amount")
    return amount


def _metadata(attempt: str) -> dict[str, str]:
    return {"attempt_id": attempt, "session_id": attempt.rpartition("_")[0]}


def _terms(attempt: str) -> dict[str, Any]:
    return {
        "metadata": _metadata(attempt),
        "restrictions": {"completed_sessions": {"limit": 1}},
        "inactive_message": VOID,
    }
