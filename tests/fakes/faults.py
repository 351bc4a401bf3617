"""What can go wrong between a client and a server of HTTP, on demand, step by step."""

import asyncio
import gzip
import json
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Kind = Literal[
    "slow",
    "409",
    "429",
    "429_later",
    "500",
    "503",
    "500_after",
    "error",
    "rate_limit_error",
    "garbage",
    "cut_before",
    "cut_after",
    "duplicate",
    "huge",
    "endless",
    "packed",
    "deep",
]
BEFORE: tuple[Kind, ...] = ("429", "500", "error", "rate_limit_error", "cut_before")
AFTER: tuple[Kind, ...] = ("slow", "500_after", "garbage", "cut_after", "duplicate")
KINDS: tuple[Kind, ...] = (*BEFORE, *AFTER)
# What only a server of HTTP with keys for its requests answers, before it has acted.
BY_STATUS: tuple[Kind, ...] = ("409", "429", "500", "503")
# What no honest server does, after it has acted.
HOSTILE: tuple[Kind, ...] = ("huge", "endless", "packed", "deep")

# How long a held request waits for a test, and a test for it.
WAIT_SECS = 120.0
HUGE = 64 * 1024 * 1024

_WORDS = {
    "error": "Stripe API error: An unexpected error occurred.",
    "rate_limit_error": "Stripe API error: Too many requests hit the API too quickly.",
}


@dataclass
class Fault:
    """One fault that waits for its step.

    Parameters:
        times: how often it happens.
        secs: how late a slow answer comes.
    """

    step: str
    kind: Kind
    times: int = 1
    secs: float = 60.0


class Held:
    """A request that waits: until it may be acted on, and then until it may be answered."""

    def __init__(self, step: str) -> None:
        self.step = step
        self._here, self._acts = threading.Event(), threading.Event()
        self._acted, self._answers = threading.Event(), threading.Event()

    def await_request(self) -> None:
        """Return when it is here."""
        assert self._here.wait(WAIT_SECS), f"{self.step} was not asked for"

    def act(self) -> None:
        """Have it acted on, and return when that is done; whoever asked is not told."""
        self._acts.set()
        assert self._acted.wait(WAIT_SECS), f"{self.step} was not done"

    def answer(self) -> None:
        """Have it answered, if anybody still waits for that."""
        self._acts.set()
        self._answers.set()

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it, as slowly as it is wanted."""
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        self._here.set()
        await asyncio.to_thread(self._acts.wait, WAIT_SECS)
        await app(scope, receive, keep)
        self._acted.set()
        await asyncio.to_thread(self._answers.wait, WAIT_SECS)
        for message in kept:
            await send(message)


class Faults:
    """ASGI middleware that does each planned fault when its step is asked for.

    Parameters:
        step_of: what a request asks for, from method, path and body.

    Attributes:
        steps: every step that was asked for, faults included.
    """

    def __init__(self, step_of: Callable[[str, str, bytes], str]) -> None:
        self._step_of = step_of
        self._planned: list[Fault] = []
        self._held: list[Held] = []
        self.steps: list[str] = []

    def plan(self, fault: Fault) -> None:
        """Have it happen at the next request for its step."""
        self._planned.append(fault)

    def hold(self, step: str) -> Held:
        """Have the next request for a step wait."""
        held = Held(step)
        self._held.append(held)
        return held

    def forget(self) -> None:
        """Have nothing go wrong any more."""
        self._planned.clear()

    def around(self, app: ASGIApp) -> ASGIApp:
        """`app`, with the faults in front of it."""

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] not in ("POST", "GET"):
                await app(scope, receive, send)
                return
            body, further = await _body_of(receive)
            step = self._step_of(scope["method"], scope["path"], body)
            self.steps.append(step)
            fault = self._due(step)
            if held := next((held for held in self._held if held.step == step), None):
                self._held.remove(held)
                await held.serve(app, scope, _again(body, further), send)
            elif fault is None:
                await app(scope, _again(body, further), send)
            else:
                await self._go_wrong(fault, app, scope, body, further, send)

        return served

    def _due(self, step: str) -> Fault | None:
        for fault in self._planned:
            if fault.step == step and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    async def _go_wrong(
        self, fault: Fault, app: ASGIApp, scope: Scope, body: bytes, further: Receive, send: Send
    ) -> None:
        match fault.kind:
            case "409" | "429" | "500" | "503":
                await Response(status_code=int(fault.kind))(scope, further, send)
            case "429_later":
                await Response(status_code=429, headers={"retry-after": "60"})(scope, further, send)
            case "error" | "rate_limit_error":
                await _refusal(fault.kind, body)(scope, further, send)
            case "cut_before":
                _cut(send)
            case "cut_after":
                await app(scope, _again(body, further), _ignore)
                _cut(send)
            case "500_after":
                await app(scope, _again(body, further), _ignore)
                await Response(status_code=500)(scope, further, send)
            case "garbage":
                await app(scope, _again(body, further), _ignore)
                await Response("<html>Bad gateway</html>", media_type="text/html")(scope, further, send)
            case "duplicate":
                await app(scope, _again(body, further), _ignore)
                await app(scope, _again(body, further), send)
            case "huge" | "endless" | "packed" | "deep":
                await app(scope, _again(body, further), _ignore)
                await _hostile(fault, body)(scope, further, send)
            case "slow":
                late: list[Message] = []

                async def keep(message: Message) -> None:
                    late.append(message)

                await app(scope, _again(body, further), keep)
                await asyncio.sleep(fault.secs)
                for message in late:
                    await send(message)


async def _body_of(receive: Receive) -> tuple[bytes, Receive]:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body, receive


def _again(body: bytes, further: Receive) -> Receive:
    waiting = deque([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return waiting.popleft() if waiting else await further()

    return receive


def _refusal(kind: Kind, body: bytes) -> Response:
    text = _WORDS[kind]
    try:
        asked: Any = json.loads(body)
    except ValueError:
        asked = {}
    if "jsonrpc" not in asked:
        return JSONResponse({"error": {"message": text}}, status_code=429 if kind == "rate_limit_error" else 500)
    result = {"content": [{"type": "text", "text": text}], "isError": True}
    return JSONResponse({"jsonrpc": "2.0", "id": asked["id"], "result": result})


def _hostile(fault: Fault, body: bytes) -> Response:
    match fault.kind:
        case "huge":
            return StreamingResponse(_repeated(b" " * 65536, HUGE // 65536, 0.0), media_type="application/json")
        case "endless":
            return StreamingResponse(_repeated(b" ", round(fault.secs / 0.02), 0.02), media_type="application/json")
        case "packed":
            headers = {"content-encoding": "gzip"}
            return Response(gzip.compress(b" " * HUGE), headers=headers, media_type="application/json")
    deep = "[" * 200_000
    try:
        asked: Any = json.loads(body)
    except ValueError:
        asked = {}
    if "jsonrpc" in asked:
        result = {"content": [{"type": "text", "text": deep}], "isError": False}
        return JSONResponse({"jsonrpc": "2.0", "id": asked.get("id"), "result": result})
    return Response(deep, media_type="application/json")


async def _repeated(piece: bytes, times: int, pause_secs: float) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece
        await asyncio.sleep(pause_secs)


def _cut(send: Send) -> None:
    # ASGI has no word for a cable that is pulled; uvicorn's own object behind `send` holds the connection.
    cycle: Any = getattr(send, "__self__")  # noqa: B009 - not every `send` has one
    cycle.transport.abort()


async def _ignore(_message: Message) -> None:
    """An answer that nobody gets."""
