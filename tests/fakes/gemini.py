"""Gemini on loopback: `generateContent` and its stream of server-sent events, with function calls and faults.

    python -m tests.fakes.gemini --port 4343

It understands what the house understands, and says so: each answer begins with "Right.", as the house never does.
"""

import argparse
import asyncio
import json
import threading
import uuid
import zlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.words import canonical, plain_words
from kiosk.menu import Menu
from kiosk.settings import find_assets
from tests.fakes.server import Fake, Running

KEY = "AIza-fake"
MARK = "Right. "

Fault = Literal["401", "429", "500", "silent", "cut", "garbage", "drip", "empty"]
FAULTS: tuple[Fault, ...] = ("401", "429", "500", "silent", "cut", "garbage", "drip", "empty")

_MEANS = {"booziest": "strongest", "hooch": "strongest", "ladies": "cosmopolitan"}
_STATUS = {"401": "UNAUTHENTICATED", "429": "RESOURCE_EXHAUSTED", "500": "INTERNAL"}
Part = dict[str, Any]


class FakeGemini(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        latency_secs: to the first chunk.
        port: 0: a free one.

    Attributes:
        asked: the bodies of all requests for an answer, oldest first.
        embedded: the texts that embeddings were asked of, oldest first.
        embeds: whether it gives any.
        has_refused: set once it gave none.
    """

    def __init__(self, *, latency_secs: float = 0.0, port: int = 0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.embedded: list[str] = []
        self.embeds = True
        self.has_refused = threading.Event()
        self._faults: deque[Fault] = deque()
        self._answers: deque[list[Part]] = deque()
        self._latency_secs = latency_secs
        self._bartender = HouseBartender(Menu.load(find_assets() / "menu.toml"))
        super().__init__(port)

    @property
    def url(self) -> str:
        """What takes the place of Google's address."""
        return f"http://127.0.0.1:{self._port}"

    def go_wrong(self, *faults: Fault) -> None:
        """Have the next requests go wrong, one by one."""
        self._faults.extend(faults)

    def will_answer(self, *parts: Part) -> None:
        """Have the next answer that is not planned yet be these parts, whatever was asked."""
        self._answers.append(list(parts))

    def _served(self, port: int) -> Running:
        path = "/v1beta/models/{model}:"
        routes = [
            Route(path + "batchEmbedContents", self._embed, methods=["POST"]),
            Route(path + "{method}", self._generate, methods=["POST"]),
        ]
        return Running(Starlette(routes=routes), port)

    async def _embed(self, request: Request) -> Response:
        wanted = (await request.json())["requests"]
        texts = [part["text"] for content in wanted for part in content["content"]["parts"]]
        self.embedded += texts
        if not self.embeds:
            self.has_refused.set()
            error = {"code": 500, "message": "as planned", "status": _STATUS["500"]}
            return JSONResponse({"error": error}, status_code=500)
        size = wanted[0]["outputDimensionality"]
        embeddings = [{"values": _embedding(text, size)} for text in texts]
        return Response(self.mangle(json.dumps({"embeddings": embeddings}).encode()), media_type="application/json")

    async def _generate(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        fault = self._faults.popleft() if self._faults else None
        if request.headers.get("x-goog-api-key") != KEY:
            fault = "401"
        if fault in _STATUS:
            error = {"code": int(fault), "message": "as planned", "status": _STATUS[fault]}
            return JSONResponse({"error": error}, status_code=int(fault))
        await asyncio.sleep(3600 if fault == "silent" else self._latency_secs)
        parts = [] if fault == "empty" else self._parts(body["contents"])
        if request.path_params["method"] == "generateContent":
            return Response(self.mangle(json.dumps(_chunk(parts)).encode()), media_type="application/json")
        return StreamingResponse(map_async(self.mangle, _events(parts, fault)), media_type="text/event-stream")

    def _parts(self, contents: Sequence[dict[str, Any]]) -> list[Part]:
        if self._answers:
            return self._answers.popleft()
        reply = self._bartender.respond(_messages(contents))
        calls = [call(name, **args) for name, args in reply.calls]
        words = (MARK + reply.say).split(" ") if reply.say or not calls else []
        return [*({"text": word if last else f"{word} "} for word, last in _marked(words)), *calls]


def _embedding(text: str, size: int) -> list[float]:
    """Where a text stands among others: by its words, of which some mean the same."""
    values = [0.0] * size
    for word in plain_words(text):
        meant = _MEANS.get(word, canonical(word))
        values[zlib.crc32(meant.encode()) % size] += len(meant) > 5
    return values


def call(name: str, **args: Any) -> Part:
    """A part of an answer that calls a tool."""
    return {"functionCall": {"id": uuid.uuid4().hex, "name": name, "args": args}}


def _marked(words: Sequence[str]) -> list[tuple[str, bool]]:
    return [(word, number == len(words) - 1) for number, word in enumerate(words)]


def _messages(contents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conversation as the house's bartender reads it."""
    messages: list[dict[str, Any]] = []
    open_calls: dict[str, str] = {}
    for content in contents:
        for part in content["parts"]:
            if "functionCall" in part:
                call = part["functionCall"]
                call_id = call.get("id") or uuid.uuid4().hex
                open_calls[call["name"]] = call_id
                function = {"name": call["name"], "arguments": json.dumps(call.get("args") or {})}
                tool_call = {"id": call_id, "type": "function", "function": function}
                messages.append({"role": "assistant", "tool_calls": [tool_call]})
            elif "functionResponse" in part:
                answer = part["functionResponse"]
                call_id = answer.get("id") or open_calls.get(answer["name"], "")
                messages.append({"role": "tool", "tool_call_id": call_id, "content": json.dumps(answer["response"])})
            elif "text" in part:
                role = "assistant" if content["role"] == "model" else "user"
                messages.append({"role": role, "content": part["text"].removeprefix(MARK)})
    return messages


def _chunk(parts: Sequence[Part], **more: Any) -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "index": 0, **more}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": len(parts), "totalTokenCount": 10 + len(parts)}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "fake"}


async def map_async(change: Callable[[bytes], bytes], messages: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Each of `messages`, changed."""
    async for message in messages:
        yield change(message)


async def _events(parts: Sequence[Part], fault: Fault | None) -> AsyncIterator[bytes]:
    """One server-sent event a part, and what goes wrong with them."""
    if fault == "garbage":
        yield b'data: {"candidates": [{"conte\x00\xff\r\n\r\n'
        return
    for number, part in enumerate(parts):
        if fault == "cut" and number == len(parts) // 2:
            raise ConnectionResetError("as planned")
        yield f"data: {json.dumps(_chunk([part]))}\r\n\r\n".encode()
        if fault == "drip":
            await asyncio.sleep(5.0)
    yield f"data: {json.dumps(_chunk([], finishReason='STOP'))}\r\n\r\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4343)
    parser.add_argument("--latency-secs", type=float, default=0.4)
    options = parser.parse_args()
    with FakeGemini(latency_secs=options.latency_secs, port=options.port) as gemini:
        print(f"GEMINI_API_KEY={KEY} GEMINI_BASE_URL={gemini.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
