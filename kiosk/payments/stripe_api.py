"""Stripe's operations, and who has them done: the hosted tools, REST, or either of them."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from loguru import logger

from kiosk.payments.provider import PaymentError, PaymentRefusedError

CALL_SECS = 5.0


@dataclass(frozen=True)
class Operation:
    """One thing that Stripe does: its name among the hosted tools, its method and path by REST."""

    name: str
    method: str
    path: str

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing, so that it does not matter whether it was done."""
        return self.method == "GET"


CREATE_LINK = Operation("PostPaymentLinks", "POST", "/v1/payment_links")
UPDATE_LINK = Operation("PostPaymentLinksPaymentLink", "POST", "/v1/payment_links/{id}")
GET_LINK = Operation("GetPaymentLinksPaymentLink", "GET", "/v1/payment_links/{id}")
LIST_LINKS = Operation("GetPaymentLinks", "GET", "/v1/payment_links")
LIST_SESSIONS = Operation("GetCheckoutSessions", "GET", "/v1/checkout/sessions")
# The hosted server does not offer this one.
EXPIRE_SESSION = Operation("", "POST", "/v1/checkout/sessions/{id}/expire")


class StripeApi(Protocol):
    """Someone who has Stripe's operations done."""

    async def do(self, operation: Operation, parameters: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
        """Do `operation`; a parameter called `id` is part of its path.

        Parameters:
            key: under which it is done once, however often it is asked for, where the way to Stripe has such keys.

        Raises:
            PaymentError: it was not done, or nobody knows whether it was.
        """
        ...


class ToolsUnfitError(PaymentRefusedError):
    """The hosted tools ask for something that a kiosk does not have: an account to name, a person to agree."""


class EitherApi:
    """The hosted tools, and REST wherever these have certainly done nothing.

    Tools that failed for another reason than Stripe's own refusal are left alone from then on: the next guest's payment
    looks at them anew, and this one's does not wait for them twice.
    """

    def __init__(self, hosted: StripeApi, rest: StripeApi) -> None:
        self._hosted = hosted
        self._rest = rest
        self._has_left_tools = False

    async def do(self, operation: Operation, parameters: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
        """See `StripeApi`; where both refuse, the reason is the first that Stripe itself gave."""
        if self._has_left_tools:
            return await self._rest.do(operation, parameters, key)
        try:
            return await self._hosted.do(operation, parameters, key)
        except asyncio.CancelledError:
            self._leave_tools("whoever asked did not wait for the answer")
            raise
        except PaymentError as error:
            first, is_stripes_word = error, _is_stripes_word(error)
        if not is_stripes_word:
            self._leave_tools(str(first))
        if not (first.outcome_is_known or operation.is_read):
            raise first
        try:
            return await self._rest.do(operation, parameters, key)
        except PaymentError as second:
            if is_stripes_word and second.outcome_is_known:
                raise first from second
            raise

    def _leave_tools(self, why: str) -> None:
        self._has_left_tools = True
        logger.warning("Stripe is asked by REST from now on, not by its hosted tools: {}", why)


def flattened(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested values as Stripe's forms name them: "line_items[0][quantity]"."""
    for key, value in values.items():
        name = f"{prefix}[{key}]" if prefix else key
        if isinstance(value, list):
            value = {str(place): item for place, item in enumerate(value)}
        if isinstance(value, dict):
            yield from flattened(value, name)
        else:
            yield name, value


def _is_stripes_word(error: PaymentError) -> bool:
    return isinstance(error, PaymentRefusedError) and not isinstance(error, ToolsUnfitError)
