"""Gemini on loopback: `generateContent` and its stream of server-sent events, with function calls and faults.

    python -m tests.fakes.gemini --port 4343

It understands what the house understands, and says so: each answer begins with "Right.", as the house never does. For
a mind that is not ours it has other manners: see `MANNERS`. It refuses what the service refuses: see gemini_rules.py.
"""

import argparse
import asyncio
import json
import threading
import uuid
import zlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Literal, get_args

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kiosk.bartender.house_brain import HouseBartender
from kiosk.menu import Menu
from kiosk.settings import find_assets
from kiosk.understanding.words import canonical, plain_words
from tests.fakes.gemini_rules import BAD_KEY, PLANNED, Part, refused, signed, thoughts
from tests.fakes.server import Fake, Running

KEY = "AIza-fake"
MARK = "Right. "

Fault = Literal[
    "key", "401", "403", "place", "404", "429", "day", "500", "503",
    "silent", "late", "cut", "garbage", "drip", "empty",
    "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MAX_TOKENS", "SAFETY",
]  # fmt: skip
# Those that end an answer in the middle, and those of them that the service says so of.
ENDINGS: tuple[Fault, ...] = ("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MAX_TOKENS", "SAFETY")
# "late" is none where a second request is made in time.
FAULTS: tuple[Fault, ...] = tuple(fault for fault in get_args(Fault) if fault != "late")
LATE_SECS = 1.0

Manner = Literal["thinks", "words_only", "another_tool", "wrong_tools", "twice_the_tool", "wrong_figures", "silence"]
# How it answers whatever is asked: as the house thinks; with words and no tool; with a tool that tells something; with
# every tool that changes something; with the latest call once more; with an amount of its own; not at all.
MANNERS: tuple[Manner, ...] = (
    "thinks", "words_only", "another_tool", "wrong_tools", "twice_the_tool", "wrong_figures", "silence",
)  # fmt: skip
WORDS = "Certainly! That is done."

_MEANS = {"booziest": "strongest", "hooch": "strongest", "ladies": "cosmopolitan"}


class FakeGemini(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        latency_secs: to the first chunk.
        late_secs: to that of an answer that is planned to be late.
        port: 0: a free one.

    Attributes:
        asked: the bodies of all requests for an answer, oldest first.
        models: the models that they were sent to.
        embedded: the texts that embeddings were asked of, oldest first.
        embeds: whether it gives any.
        manner: how it answers.
        has_refused: set once it gave none.
    """

    def __init__(self, *, latency_secs: float = 0.0, late_secs: float = LATE_SECS, port: int = 0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.models: list[str] = []
        self.embedded: list[str] = []
        self.embeds = True
        self.manner: Manner = "thinks"
        self.has_refused = threading.Event()
        self._faults: deque[Fault | None] = deque()
        self._answers: deque[list[Part]] = deque()
        self._latency_secs, self._late_secs = latency_secs, late_secs
        self._bartender = HouseBartender(Menu.load(find_assets() / "menu.toml"))
        super().__init__(port)

    @property
    def url(self) -> str:
        """What takes the place of Google's address."""
        return f"http://127.0.0.1:{self._port}"

    def go_wrong(self, *faults: Fault | None) -> None:
        """Have the next requests go wrong, one by one; None: that one does not."""
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
            return PLANNED["500"].response()
        size = wanted[0]["outputDimensionality"]
        embeddings = [{"values": _embedding(text, size)} for text in texts]
        return Response(self.mangle(json.dumps({"embeddings": embeddings}).encode()), media_type="application/json")

    async def _generate(self, request: Request) -> Response:
        body, model = await request.json(), request.path_params["model"]
        self.asked.append(body)
        self.models.append(model)
        fault = self._faults.popleft() if self._faults else None
        if request.headers.get("x-goog-api-key") != KEY:
            return BAD_KEY.response()
        if why := PLANNED.get(fault or "") or refused(model, body):
            return why.response()
        parts = [] if fault == "empty" else self._parts(body["contents"])
        await asyncio.sleep({"silent": 3600.0, "late": self._late_secs}.get(fault or "", self._latency_secs))
        thought, room = thoughts(model, body), body.get("generationConfig", {}).get("maxOutputTokens", 65536)
        parts = [] if thought >= room else signed(parts)
        may_call = body.get("toolConfig", {}).get("functionCallingConfig", {}).get("mode") != "NONE"
        has_called = any("functionCall" in part for part in parts)
        reason = "STOP" if may_call or not has_called else "UNEXPECTED_TOOL_CALL"
        if thought >= room:
            reason = "MAX_TOKENS"
        if request.path_params["method"] == "generateContent":
            whole = _chunk(parts, thought, finishReason=reason)
            return Response(self.mangle(json.dumps(whole).encode()), media_type="application/json")
        events = _events(parts, fault, reason, thought)
        return StreamingResponse(map_async(self.mangle, events), media_type="text/event-stream")

    def _parts(self, contents: Sequence[dict[str, Any]]) -> list[Part]:
        if self._answers:
            return self._answers.popleft()
        if self.manner != "thinks":
            return _parts_by_manner(self.manner, contents)
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


def _parts_by_manner(manner: Manner, contents: Sequence[dict[str, Any]]) -> list[Part]:
    made = [part["functionCall"] for content in contents for part in content["parts"] if "functionCall" in part]
    match manner:
        case "words_only":
            return [{"text": WORDS}]
        case "another_tool":
            return [{"text": "Let me see. "}, call("get_balance")]
        case "wrong_tools":
            martini = call("add_to_order_with_balance", item_name="Martini", quantity=2)
            wrong = [call("set_tip", percentage=20), call("create_stripe_payment"), call("clear_order"), martini]
            return [{"text": "All new! "}, *wrong]
        case "twice_the_tool":
            return [{"text": WORDS}, *(call(each["name"], **each.get("args") or {}) for each in made[-1:])]
        case "wrong_figures":
            return [{"text": "That makes $3.33 in all."}]
    return []


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


def _chunk(parts: Sequence[Part], thought: int, **more: Any) -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "index": 0, **more}
    tokens = {"promptTokenCount": 10, "candidatesTokenCount": len(parts), "thoughtsTokenCount": thought}
    usage = {**tokens, "totalTokenCount": sum(tokens.values())}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "fake"}


async def map_async(change: Callable[[bytes], bytes], messages: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Each of `messages`, changed."""
    async for message in messages:
        yield change(message)


async def _events(parts: Sequence[Part], fault: Fault | None, reason: str, thought: int) -> AsyncIterator[bytes]:
    """One server-sent event a part, and what goes wrong with them."""
    if fault == "garbage":
        yield b'data: {"candidates": [{"conte\x00\xff\r\n\r\n'
        return
    for number, part in enumerate(parts):
        if fault in ("cut", *ENDINGS) and number == len(parts) // 2:
            break
        yield f"data: {json.dumps(_chunk([part], thought))}\r\n\r\n".encode()
        if fault == "drip":
            await asyncio.sleep(5.0)
    if fault == "cut":
        raise ConnectionResetError("as planned")
    if fault in ENDINGS:
        reason = fault
    yield f"data: {json.dumps(_chunk([], thought, finishReason=reason))}\r\n\r\n".encode()


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
