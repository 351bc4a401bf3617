"""A Stripe account: payment links, the pages that phones open from them, and what was charged.

It knows of Stripe only what the kiosk depends on, and refuses what Stripe would refuse. The pages are
what a guest's phone can do: open, pay, be declined.
"""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Thing = dict[str, Any]

LIVE_PAGE = "https://buy.stripe.com/"
TEST_PAGE = f"{LIVE_PAGE}test_"

# What an account can charge in, as Stripe counts it: https://docs.stripe.com/currencies. Of its 135 currencies those
# that tests pay in, each of the kinds that there are.
HUNDREDTHS = frozenset("usd eur gbp aud cad chf czk dkk hkd huf inr mxn nok pln sek sgd twd".split())
WHOLE = frozenset("clp jpy krw vnd xof".split())
# Stripe: "these API calls require the least-significant (last) digit to be 0".
THOUSANDTHS_IN_TENS = frozenset("bhd jod kwd omr tnd".split())
# Stripe: "you can't charge fractions", and "the decimal amount is always 00".
HUNDREDTHS_IN_HUNDREDS = frozenset("isk ugx".split())
CURRENCIES = HUNDREDTHS | WHOLE | THOUSANDTHS_IN_TENS | HUNDREDTHS_IN_HUNDREDS

# The same page, "Minimum charge amount by currency", in what is counted.
LEAST_CHARGES = {
    "usd": 50, "aud": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400,
    "huf": 17_500, "inr": 50, "jpy": 50, "krw": 50, "mxn": 1000, "nok": 300, "pln": 200, "sek": 300, "sgd": 50,
}  # fmt: skip
# "12 digits for most card payments."
MOST_CHARGE = 999_999_999_999

_LINK_PARAMETERS = {
    "line_items",
    "metadata",
    "payment_intent_data",
    "payment_method_types",
    "restrictions",
    "inactive_message",
}


_TERMS = {"active", "metadata", "inactive_message", "restrictions"}
_PAGES = {"limit", "starting_after", "ending_before"}


class StripeError(Exception):
    """What Stripe refuses, in its words.

    Parameters:
        status: of HTTP.
        kind: which type of error.
        code: more precisely, where Stripe says so.
    """

    def __init__(
        self, message: str, status: int = 400, kind: str = "invalid_request_error", code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code


class PageClosedError(Exception):
    """The page does not take a payment any more."""


@dataclass(frozen=True)
class Charge:
    """Money that a guest has paid; `amount` in the currency's smallest unit."""

    link: str
    amount: int
    currency: str


@dataclass
class Account:
    """One account, in one mode; safe to use from several threads."""

    livemode: bool = False
    charges: list[Charge] = field(default_factory=list)
    links: dict[str, Thing] = field(default_factory=dict)
    sessions: dict[str, Thing] = field(default_factory=dict)
    _products: dict[str, Thing] = field(default_factory=dict)
    _prices: dict[str, Thing] = field(default_factory=dict)
    _amounts: dict[str, tuple[int, str]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: count = field(default_factory=lambda: count(1))

    def create_product(self, given: Mapping[str, Any]) -> Thing:
        """A thing that can have a price."""
        with self._lock:
            return self._kept(self._products, "prod", {"object": "product", "name": given["name"]})

    def create_price(self, given: Mapping[str, Any]) -> Thing:
        """What a product costs."""
        with self._lock:
            if given["product"] not in self._products:
                raise StripeError(f"No such product: '{given['product']}'", 404, code="resource_missing")
            amount, currency = _checked_amount(given)
            return self._kept(self._prices, "price", {"object": "price", "unit_amount": amount, "currency": currency})

    def create_link_of_price(self, given: Mapping[str, Any]) -> Thing:
        """A link for a price that was made before, with no terms yet."""
        with self._lock:
            price = self._prices.get(given["price"])
            if price is None:
                raise StripeError(f"No such price: '{given['price']}'", 404, code="resource_missing")
            return self._new_link(price["unit_amount"] * int(given["quantity"]), price["currency"], {})

    def create_link(self, given: Mapping[str, Any]) -> Thing:
        """A link whose price is made on the way."""
        with self._lock:
            _check_known(given, _LINK_PARAMETERS)
            total, currency = 0, ""
            for item in _listed(given.get("line_items", ())):
                data = item["price_data"]
                if not data["product_data"]["name"]:
                    raise StripeError("You passed an empty string for 'line_items[0][price_data][product_data][name]'.")
                amount, currency = _checked_amount(data)
                total += amount * int(item["quantity"])
            if not total:
                raise StripeError("Missing required param: line_items.")
            return self._new_link(total, currency, given)

    def update_link(self, given: Mapping[str, Any]) -> Thing:
        """Other terms for a link; the pages that are open are not touched."""
        with self._lock:
            _check_known(given, {"id", *_TERMS})
            link = self.link({"id": given["id"]})
            if "active" in given:
                link["active"] = _flag(given["active"])
            _set_terms(link, given)
            return link

    def link(self, given: Mapping[str, Any]) -> Thing:
        """The link of this id."""
        with self._lock:
            _check_known(given, {"id"})
            found = self.links.get(given["id"])
            if found is None:
                raise StripeError(f"No such payment link: '{given['id']}'", 404, code="resource_missing")
            return found

    def list_links(self, given: Mapping[str, Any]) -> Thing:
        """Links, newest first, a page at a time."""
        with self._lock:
            _check_known(given, {"active", *_PAGES})
            links = list(self.links.values())
            if "active" in given:
                links = [link for link in links if link["active"] == _flag(given["active"])]
            return _page(links, given, "/v1/payment_links")

    def list_sessions(self, given: Mapping[str, Any]) -> Thing:
        """The pages that were opened from a link, newest first."""
        with self._lock:
            _check_known(given, {"payment_link", *_PAGES})
            wanted = given.get("payment_link")
            of_link = [page for page in self.sessions.values() if wanted in (None, page["payment_link"])]
            return _page(of_link, given, "/v1/checkout/sessions")

    def expire_session(self, given: Mapping[str, Any]) -> Thing:
        """Close a page that is open."""
        with self._lock:
            _check_known(given, {"id"})
            page = self.sessions.get(given["id"])
            if page is None:
                raise StripeError(f"No such checkout.session: '{given['id']}'", 404, code="resource_missing")
            if page["status"] != "open":
                raise StripeError('Only Checkout Sessions with a status in ["open"] can be expired.')
            page["status"] = "expired"
            return page

    def open_page(self, link_id: str) -> str:
        """A phone opens the link; returns its page.

        Raises:
            PageClosedError: the link is not active.
        """
        with self._lock:
            link = self.links[link_id]
            if not link["active"] or self._is_used_up(link):
                raise PageClosedError(link["inactive_message"] or "deactivated")
            amount, currency = self._amounts[link_id]
            page = {
                "object": "checkout.session",
                "status": "open",
                "payment_status": "unpaid",
                "payment_link": link_id,
                "amount_total": amount,
                "currency": currency,
                "metadata": dict(link["metadata"]),
            }
            return self._kept(self.sessions, "cs", page)["id"]

    def pay(self, page_id: str, amount: int | None = None) -> None:
        """A phone pays on a page; `amount` where the guest is charged something else than the link says.

        Raises:
            PageClosedError: it is closed, was paid, or the link was paid as often as it may be.
        """
        with self._lock:
            page = self.sessions[page_id]
            link = self.links[page["payment_link"]]
            if page["status"] != "open" or self._is_used_up(link):
                raise PageClosedError(page["status"])
            charged = page["amount_total"] if amount is None else amount
            page |= {"status": "complete", "payment_status": "paid", "amount_total": charged}
            limits = link["restrictions"]
            if limits:
                limits["completed_sessions"]["count"] += 1
            self.charges.append(Charge(link["id"], charged, page["currency"]))

    def pay_link(self, link_id: str, amount: int | None = None) -> None:
        """A phone opens the link and pays."""
        self.pay(self.open_page(link_id), amount)

    def _new_link(self, amount: int, currency: str, given: Mapping[str, Any]) -> Thing:
        link = {"object": "payment_link", "active": True, "metadata": {}, "restrictions": None}
        kept = self._kept(self.links, "plink", link | {"currency": currency, "inactive_message": None})
        kept["url"] = (LIVE_PAGE if self.livemode else TEST_PAGE) + kept["id"].removeprefix("plink_")
        self._amounts[kept["id"]] = amount, currency
        _set_terms(kept, given)
        return kept

    def _kept(self, shelf: dict[str, Thing], prefix: str, thing: Thing) -> Thing:
        mode = "_live" if self.livemode else "_test"
        thing_id = f"{prefix}{mode if prefix == 'cs' else ''}_{next(self._numbers):024d}"
        kept = {"id": thing_id, "livemode": self.livemode, "created": int(time.time()), **thing}
        shelf[thing_id] = kept
        return kept

    def _is_used_up(self, link: Thing) -> bool:
        if not link["restrictions"]:
            return False
        completed = link["restrictions"]["completed_sessions"]
        return completed["count"] >= completed["limit"]


def _check_known(given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := given.keys() - known:
        raise StripeError(f"Received unknown parameter: {sorted(unknown)[0]}", code="parameter_unknown")


def _set_terms(link: Thing, given: Mapping[str, Any]) -> None:
    if "metadata" in given:
        link["metadata"] |= given["metadata"]
    if "inactive_message" in given:
        link["inactive_message"] = given["inactive_message"]
    if "restrictions" in given:
        limit = int(given["restrictions"]["completed_sessions"]["limit"])
        link["restrictions"] = {"completed_sessions": {"count": 0, "limit": limit}}


def _page(things: list[Thing], given: Mapping[str, Any], url: str) -> Thing:
    newest_first = things[::-1]
    ids = [thing["id"] for thing in newest_first]
    start = ids.index(given["starting_after"]) + 1 if "starting_after" in given else 0
    limit = int(given.get("limit", 10))
    if not 1 <= limit <= 100:
        raise StripeError("This value must be between 1 and 100 (inclusive).")
    shown = newest_first[start : start + limit]
    return {"object": "list", "url": url, "has_more": start + limit < len(ids), "data": shown}


def _checked_amount(given: Mapping[str, Any]) -> tuple[int, str]:
    written, currency = str(given["unit_amount"]), given["currency"]
    if currency not in CURRENCIES:
        known = ", ".join(sorted(CURRENCIES))
        raise StripeError(f"Invalid currency: {currency}. Stripe currently supports these currencies: {known}")
    if not re.fullmatch(r"-?\d+", written):
        raise StripeError(f"Invalid integer: {written}")
    amount = int(written)
    step = 10 if currency in THOUSANDTHS_IN_TENS else 100 if currency in HUNDREDTHS_IN_HUNDREDS else 1
    if amount % step:
        raise StripeError(f"Invalid amount: {amount}. Amounts in {currency} must be evenly divisible by {step}.")
    if amount < LEAST_CHARGES.get(currency, step):
        least = "add up to at least $0.50 usd" if currency == "usd" else "convert to at least 50 cents"
        raise StripeError(f"The Payment Link's total amount due must {least}")
    if amount > MOST_CHARGE:
        raise StripeError("Amount must be no more than 999999999999.")
    return amount, currency


def _listed(value: Any) -> list[Any]:
    """A list, which forms write as {"0": …, "1": …}."""
    return list(value.values()) if isinstance(value, Mapping) else list(value)


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else value == "true"
