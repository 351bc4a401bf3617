"""Stripe's operations, and the two ways to have them done: through the hosted MCP server, or by REST."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx2

from kiosk.payments.bounds import UNPACKED, bounded, sentence
from kiosk.payments.mcp_connection import McpConnection, ToolError, trusted
from kiosk.payments.provider import (
    PaymentError,
    PaymentNetworkError,
    PaymentRefusedError,
    PaymentTimeoutError,
    PaymentUnavailableError,
    RateLimitedError,
)

CALL_SECS = 5.0
# Less, so that it is known that nothing was sent.
CONNECT_SECS = 4.0

_TOO_OFTEN = re.compile(r"rate.?limit|too many requests", re.IGNORECASE)
_THEIR_FAULT = re.compile(r"internal|unexpected error|temporar|timed? ?out|try again|\b50\d\b", re.IGNORECASE)


@dataclass(frozen=True)
class Operation:
    """One thing that Stripe does: its name among the hosted tools, its method and path by REST."""

    name: str
    method: str
    path: str


CREATE_LINK = Operation("PostPaymentLinks", "POST", "/v1/payment_links")
UPDATE_LINK = Operation("PostPaymentLinksPaymentLink", "POST", "/v1/payment_links/{id}")
GET_LINK = Operation("GetPaymentLinksPaymentLink", "GET", "/v1/payment_links/{id}")
LIST_LINKS = Operation("GetPaymentLinks", "GET", "/v1/payment_links")
LIST_SESSIONS = Operation("GetCheckoutSessions", "GET", "/v1/checkout/sessions")
# The hosted server does not offer this one.
EXPIRE_SESSION = Operation("", "POST", "/v1/checkout/sessions/{id}/expire")


class StripeApi(Protocol):
    """Someone who has Stripe's operations done."""

    async def do(self, operation: Operation, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Do `operation`; a parameter called `id` is part of its path.

        Raises:
            PaymentError: it was not done, or nobody knows whether it was.
        """
        ...


class HostedApi:
    """Stripe's hosted MCP server: one tool that reads and one that writes, each told which operation."""

    def __init__(self, connection: McpConnection, live: bool) -> None:
        self._connection = connection
        self._live = live
        self._is_flat = False

    async def do(self, operation: Operation, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """See `StripeApi`."""
        tool = "stripe_api_read" if operation.method == "GET" else "stripe_api_write"
        schema = (await self._schemas()).get(tool, {})
        if not self._is_flat:
            try:
                return await self._call(tool, schema, operation, parameters)
            except PaymentRefusedError:
                # Some dispatchers cannot take nested values. What was refused was not done.
                if not any(isinstance(value, (dict, list)) for value in parameters.values()):
                    raise
        answer = await self._call(tool, schema, operation, dict(flattened(parameters)))
        self._is_flat = True
        return answer

    async def _schemas(self) -> Mapping[str, Mapping[str, Any]]:
        return self._connection.known_schemas or await self._connection.schemas()

    async def _call(
        self, tool: str, schema: Mapping[str, Any], operation: Operation, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        arguments = {"stripe_api_operation_id": operation.name, "parameters": dict(parameters)}
        arguments |= self._further(schema, arguments)
        try:
            answer = await self._connection.call(tool, arguments, CALL_SECS)
        except ToolError as error:
            raise _classified(str(error)) from None
        if answer.get("approval_required"):
            raise PaymentRefusedError("Stripe wants this approved by a person; allow it for the kiosk's key.")
        return answer

    def _further(self, schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """What else the tool's schema asks for, as far as the kiosk can know it."""
        known: dict[str, Any] = {"livemode": self._live, "human_confirmation": _confirmed(schema)}
        missing = [name for name in schema.get("required", ()) if name not in given]
        if unknown := [name for name in missing if name not in known]:
            raise PaymentRefusedError(f"Stripe's tool asks for {', '.join(unknown)}, which the kiosk does not know.")
        return {name: known[name] for name in missing}


class RestApi:
    """Stripe's REST interface.

    Parameters:
        url: without the "/v1".
        call_secs: how long a call may take as a whole.
    """

    def __init__(self, url: str, secret_key: str, call_secs: float = CALL_SECS) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret_key}", **UNPACKED}
        self._call_secs = call_secs

    async def do(self, operation: Operation, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """See `StripeApi`."""
        url = self._url + operation.path.format_map({"id": _path_part(parameters.get("id"))})
        fields = {key: _form_value(value) for key, value in flattened(parameters) if key != "id"}
        query, form = (fields, None) if operation.method == "GET" else (None, fields)
        try:
            # The client's own limits count from byte to byte: an answer that drips would last for ever.
            async with asyncio.timeout(self._call_secs), self._client() as http:
                response = await http.request(operation.method, url, params=query, data=form)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise PaymentUnavailableError(f"{self._url} cannot be reached.") from None
        except (TimeoutError, httpx2.TimeoutException):
            raise PaymentTimeoutError(f"No answer came from {self._url}.") from None
        except httpx2.HTTPError as error:
            raise PaymentNetworkError(f"The connection to {self._url} broke: {error!r}") from None
        return self._answer(response)

    def _client(self) -> httpx2.AsyncClient:
        limits = httpx2.Timeout(self._call_secs, connect=CONNECT_SECS)
        return httpx2.AsyncClient(
            headers=self._headers, timeout=limits, event_hooks={"response": [bounded]}, verify=trusted()
        )

    def _answer(self, response: httpx2.Response) -> dict[str, Any]:
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = {}
        if not isinstance(answer, dict):
            answer = {}
        match response.status_code:
            case 200 if answer:
                return answer
            case 200:
                raise PaymentNetworkError(f"{self._url} answered something that is not an object.")
            case 401 | 403:
                raise PaymentUnavailableError(f"{self._url} refuses the key (HTTP {response.status_code}).")
            case 429:
                raise RateLimitedError(f"{self._url} is asked too often.")
            case status if status >= 500:
                raise PaymentNetworkError(f"{self._url} is in trouble (HTTP {status}).")
            case status:
                raise PaymentRefusedError(_message_of(answer) or f"Stripe answered HTTP {status}.")


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


def _path_part(value: Any) -> str:
    # What is empty, or only dots, would lead to another place.
    return quote(str(value), safe="").replace(".", "%2E") or "%00"


def _message_of(answer: Mapping[str, Any]) -> str:
    error = answer.get("error")
    return sentence(error.get("message") or "") if isinstance(error, dict) else ""


def _form_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _confirmed(schema: Mapping[str, Any]) -> Any:
    asked = schema.get("properties", {}).get("human_confirmation", {})
    return "The guest at the kiosk asked to pay." if asked.get("type") == "string" else True


def _classified(text: str) -> PaymentError:
    """What an error text without a status means: asked too often, trouble at Stripe's, or a plain no."""
    if _TOO_OFTEN.search(text):
        return RateLimitedError(text)
    return PaymentNetworkError(text) if _THEIR_FAULT.search(text) else PaymentRefusedError(text)
