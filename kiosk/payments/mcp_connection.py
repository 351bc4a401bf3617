"""One session with an MCP server: opened when it is first needed, kept open, opened anew after it broke."""

import asyncio
import contextlib
import functools
import json
import ssl
from collections.abc import Mapping
from typing import Any

import httpx2
from loguru import logger
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from kiosk.payments.bounds import UNPACKED, bounded, sentence
from kiosk.payments.provider import (
    PaymentNetworkError,
    PaymentRefusedError,
    PaymentTimeoutError,
    PaymentUnavailableError,
    RateLimitedError,
)
from kiosk.payments.server_time import ServerTime

CONNECT_SECS = 5.0


@functools.cache
def trusted() -> ssl.SSLContext:
    """Whose certificates count; to read them all takes as long as a request."""
    return httpx2.create_ssl_context()


class ToolError(PaymentRefusedError):
    """The tool answered that it did not do it; the message is its own."""


class McpConnection:
    """Calls the tools of the server at `url`, one call at a time.

    A network error ends an MCP session together with the task that opened it. So the session has a
    task of its own, and whoever calls waits for the answer or for the end of that task.

    Parameters:
        token: sent as bearer token.
        time: learns what time it is there.

    Attributes:
        url: where the server is.
        known_schemas: what `schemas` last found.
    """

    def __init__(self, url: str, token: str, time: ServerTime | None = None) -> None:
        self.url = url
        self._time = time or ServerTime()
        self._headers = {"Authorization": f"Bearer {token}", **UNPACKED}
        self._one_at_a_time = asyncio.Lock()
        self._owner: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._client: Client | None = None
        self.known_schemas: Mapping[str, Mapping[str, Any]] = {}
        self._status = 0

    async def schemas(self, timeout_secs: float = CONNECT_SECS) -> Mapping[str, Mapping[str, Any]]:
        """The input schema of each tool by its name, asked of the server anew.

        Raises:
            PaymentError: it cannot be reached, refuses the key, or does not answer in time.
        """
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(timeout_secs):
                    client = await self._connected()
                    listed = await self._answer(client.list_tools(cache_mode="bypass"), timeout_secs)
            except TimeoutError:
                await self._drop()
                raise PaymentUnavailableError(f"{self.url} does not answer.") from None
        self.known_schemas = {tool.name: tool.input_schema for tool in listed.tools}
        return self.known_schemas

    async def call(self, tool: str, arguments: Mapping[str, Any], timeout_secs: float) -> dict[str, Any]:
        """The JSON object that `tool` answers.

        Raises:
            ToolError: it says that it did not do it.
            PaymentUnavailableError: the server could not be reached, or refuses the key.
            RateLimitedError: it is asked too often.
            PaymentNetworkError: no usable answer came; it may have been done all the same.
            PaymentTimeoutError: likewise, in time.
        """
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(CONNECT_SECS):
                    client = await self._connected()
            except TimeoutError:
                await self._drop()
                raise PaymentUnavailableError(f"{self.url} does not answer.") from None
            result = await self._answer(client.call_tool(tool, dict(arguments)), timeout_secs)
        text = next((part.text for part in result.content if part.type == "text"), "")
        if result.is_error:
            raise ToolError(sentence(text) or f"{tool} failed and does not say why.")
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise PaymentNetworkError(f"{tool} answered something that is no JSON object: {text[:80]!r}")
        return answer

    async def close(self) -> None:
        """End the session."""
        await self._drop()

    async def _connected(self) -> Client:
        if self._client and self._owner and not self._owner.done():
            return self._client
        await self._drop()
        self._over, self._status = asyncio.Event(), 0
        opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._owner = asyncio.create_task(self._own(opened, self._over), name="mcp session")
        self._client = await opened
        return self._client

    async def _own(self, opened: "asyncio.Future[Client]", over: asyncio.Event) -> None:
        hooks = {"response": [self._note_status, self._time.note, bounded]}
        try:
            async with (
                httpx2.AsyncClient(
                    headers=self._headers, timeout=CONNECT_SECS * 6, event_hooks=hooks, verify=trusted()
                ) as http,
                # The newer handshake first asks for something that older servers leave unanswered.
                Client(streamable_http_client(self.url, http_client=http), mode="legacy") as client,
            ):
                opened.set_result(client)
                await over.wait()
        except BaseException as error:
            if not opened.done():
                opened.set_exception(self._failure(PaymentUnavailableError(f"{self.url} cannot be reached.")))
            elif not over.is_set():
                logger.debug("mcp session with {} broke: {!r}", self.url, error)
            if isinstance(error, asyncio.CancelledError):
                raise

    async def _answer(self, asked: Any, timeout_secs: float) -> Any:
        assert self._owner
        self._status = 0
        answer = asyncio.ensure_future(asked)
        try:
            done, _ = await asyncio.wait({answer, self._owner}, timeout=timeout_secs, return_when="FIRST_COMPLETED")
            if answer in done and answer.exception() is None:
                return answer.result()
        finally:
            if not answer.done():
                answer.cancel()
                await asyncio.gather(answer, return_exceptions=True)
        kind = PaymentNetworkError if done else PaymentTimeoutError
        error = self._failure(kind(f"No answer came from {self.url}."))
        await self._drop()
        raise error

    def _failure(self, otherwise: PaymentNetworkError | PaymentTimeoutError | PaymentUnavailableError) -> Exception:
        match self._status:
            case 401 | 403:
                return PaymentUnavailableError(f"{self.url} refuses the key (HTTP {self._status}).")
            case 429:
                return RateLimitedError(f"{self.url} is asked too often.")
            case _:
                return otherwise

    async def _note_status(self, response: httpx2.Response) -> None:
        # Not every server offers the GET stream, or cares for the DELETE at the end.
        if response.status_code >= 400 and response.request.method == "POST":
            self._status = response.status_code

    async def _drop(self) -> None:
        owner, self._owner, self._client = self._owner, None, None
        self._over.set()
        if owner is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await asyncio.gather(owner, return_exceptions=True)
        owner.cancel()
        await asyncio.gather(owner, return_exceptions=True)
