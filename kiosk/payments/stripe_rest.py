"""Stripe's REST interface: its version pinned, its keys for requests, its rules for trying again."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx2

from kiosk.payments.bounds import UNPACKED, TooMuchError, bounded, sentence
from kiosk.payments.mcp_connection import trusted
from kiosk.payments.provider import (
    PaymentError,
    PaymentNetworkError,
    PaymentRefusedError,
    PaymentTimeoutError,
    PaymentUnavailableError,
    RateLimitedError,
)
from kiosk.payments.server_time import ServerTime
from kiosk.payments.stripe_api import CALL_SECS, Operation, flattened

# Without it an account's own default would decide what answers look like.
# https://github.com/stripe/stripe-ruby/releases/tag/v19.4.0
API_VERSION = "2026-07-29.dahlia"
# Less than a call may take, so that it is known that nothing was sent.
CONNECT_SECS = 4.0
# Before the second and the third try, as in Stripe's own libraries, which shorten each by up to a half at random.
PAUSES_SECS = (0.5, 1.0)


class KeyRefusedError(PaymentUnavailableError):
    """The API key is none, or lacks a permission; the message says which if Stripe does."""


class SpentKeyError(PaymentNetworkError):
    """An idempotency key will answer the same failure for a day, or was used for something else; another must do."""


class RestApi:
    """Stripe's REST interface.

    What Stripe says it could not do now is asked for again, under the same key: 409, 429, 5xx, a connection that broke.

    Parameters:
        url: without the "/v1".
        call_secs: how long a call may take as a whole, all its tries together.
        time: learns what time it is at Stripe.
        sleep: waits between two tries.

    Attributes:
        url: see above.
    """

    def __init__(
        self,
        url: str,
        secret_key: str,
        call_secs: float = CALL_SECS,
        *,
        time: ServerTime | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": API_VERSION, **UNPACKED}
        self._call_secs = call_secs
        self._time = time or ServerTime()
        self._sleep = sleep
        # How many of its idempotency keys an attempt has used up.
        self._spent: Counter[str] = Counter()

    async def do(self, operation: Operation, parameters: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
        """See `StripeApi`."""
        is_lost, until = False, asyncio.get_running_loop().time() + self._call_secs
        try:
            # The client's own limits count from byte to byte: an answer that drips would last for ever.
            async with asyncio.timeout(self._call_secs), self._client() as http:
                request = self._request(http, operation, parameters, key)
                for least in PAUSES_SECS:
                    response = await self._sent(http, request)
                    pause = _pause(least, response)
                    if not _is_worth_another_try(response) or asyncio.get_running_loop().time() + pause >= until:
                        break
                    is_lost = is_lost or isinstance(response, PaymentError) or response.status_code >= 500
                    await self._sleep(pause)
                else:
                    response = await self._sent(http, request)
            return self._answer(response)
        except TimeoutError:
            raise PaymentTimeoutError(f"No answer came from {self.url}.") from None
        except SpentKeyError:
            if key:
                self._spent[key] += 1
            raise
        except PaymentError as error:
            if is_lost and error.outcome_is_known:
                # This try did nothing; an earlier one may have.
                raise PaymentNetworkError(str(error)) from None
            raise

    def _request(
        self, http: httpx2.AsyncClient, operation: Operation, parameters: Mapping[str, Any], key: str | None
    ) -> httpx2.Request:
        url = self.url + operation.path.format_map({"id": _path_part(parameters.get("id"))})
        fields = {name: _form_value(value) for name, value in flattened(parameters) if name != "id"}
        if operation.is_read:
            return http.build_request(operation.method, url, params=fields)
        headers = {"Idempotency-Key": self._unspent(key)} if key else {}
        return http.build_request(operation.method, url, data=fields, headers=headers)

    def _unspent(self, key: str) -> str:
        return f"{key}-{self._spent[key] + 1}" if self._spent[key] else key

    async def _sent(self, http: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response | PaymentError:
        """Stripe's answer; an error instead of one where the connection broke, which another may do better."""
        try:
            return await http.send(request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise PaymentUnavailableError(f"{self.url} cannot be reached.") from None
        except httpx2.TimeoutException:
            raise PaymentTimeoutError(f"No answer came from {self.url}.") from None
        except TooMuchError as error:
            raise PaymentNetworkError(f"The connection to {self.url} broke: {error!r}") from None
        except httpx2.HTTPError as error:
            return PaymentNetworkError(f"The connection to {self.url} broke: {error!r}")

    def _client(self) -> httpx2.AsyncClient:
        limits = httpx2.Timeout(self._call_secs, connect=CONNECT_SECS)
        hooks = {"response": [self._time.note, bounded]}
        return httpx2.AsyncClient(headers=self._headers, timeout=limits, event_hooks=hooks, verify=trusted())

    def _answer(self, response: httpx2.Response | PaymentError) -> dict[str, Any]:
        if isinstance(response, PaymentError):
            raise response
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = {}
        if not isinstance(answer, dict):
            answer = {}
        kind, message = _error_of(answer)
        match response.status_code:
            case 200 if answer:
                return answer
            case 200:
                raise PaymentNetworkError(f"{self.url} answered something that is not an object.")
            case 401 | 403 as status:
                raise KeyRefusedError(sentence(f"{self.url} refuses the key (HTTP {status}). {message}"))
            case 409:
                # Another request under this key is being worked on: what comes of it is not known yet.
                raise PaymentNetworkError(f"{self.url} is still busy with this request.")
            case 429:
                raise RateLimitedError(f"{self.url} is asked too often.")
            case status if status >= 500 and response.headers.get("idempotent-replayed") == "true":
                raise SpentKeyError(f"{self.url} failed with this request (HTTP {status}).")
            case status if status >= 500:
                raise PaymentNetworkError(f"{self.url} is in trouble (HTTP {status}).")
            case _ if kind == "idempotency_error":
                raise SpentKeyError(message)
            case status:
                raise PaymentRefusedError(message or f"Stripe answered HTTP {status}.")


def _is_worth_another_try(response: httpx2.Response | PaymentError) -> bool:
    if isinstance(response, PaymentError):
        return True
    match response.headers.get("stripe-should-retry"):
        case "true":
            return True
        case "false":
            return False
    return response.status_code in (409, 429) or response.status_code >= 500


def _pause(least: float, response: httpx2.Response | PaymentError) -> float:
    asked = "" if isinstance(response, PaymentError) else response.headers.get("retry-after", "")
    return max(least * random.uniform(0.5, 1.0), int(asked) if asked.isdecimal() else 0)


def _error_of(answer: Mapping[str, Any]) -> tuple[str, str]:
    """Type and message of an error, as far as the answer has them."""
    error = answer.get("error")
    if not isinstance(error, dict):
        return "", ""
    return str(error.get("type") or ""), sentence(error.get("message") or "")


def _path_part(value: Any) -> str:
    # What is empty, or only dots, would lead to another place.
    return quote(str(value), safe="").replace(".", "%2E") or "%00"


def _form_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
