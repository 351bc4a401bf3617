"""Cartesia on loopback: speech to text, and text to speech with word timestamps, by websocket; voices by HTTP; faults.

    python -m tests.fakes.cartesia --port 4344

It hears with PocketSphinx and speaks with a man's voice of eSpeak NG's, which Maya never has.
"""

import argparse
import asyncio
import base64
import contextlib
import hashlib
import json
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from kiosk.menu import Menu
from kiosk.settings import Settings, find_assets
from kiosk.voice import language_model
from kiosk.voice.espeak import SAMPLE_RATE
from kiosk.voice.recognizer import Recognizer
from tests.fakes import cartesia_rules as rules
from tests.fakes.cartesia_sound import pieces, synthesize
from tests.fakes.server import Fake, RunningSockets

KEY = "sk_car_fake"

# What is asked for over HTTP is "voices".
Face = Literal["stt", "tts", "voices"]
Fault = Literal["401", "429", "500", "silent", "cut", "garbage", "drip"]
FAULTS: tuple[Fault, ...] = ("401", "429", "500", "silent", "cut", "garbage", "drip")

_ERRORS = {
    "429": (429, "Too many concurrent requests", "as planned", "concurrency_limited"),
    "500": (500, "Internal server error", "as planned"),
}
DRIP_SECS = 3.0
# After how long without a message a connection is closed.
IDLE = "connection idle timeout"
IDLE_SECS: dict[Face, float] = {"stt": 180.0, "tts": 300.0}


class FakeCartesia(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        cache_dir: where the recogniser's model of the menu is kept.
        transcripts: what is heard, one a finalized utterance and in one piece, instead of what was said.
        stt_secs, tts_secs: to the transcript, and to the first sound.
        idle_secs: after how long without a message a connection is closed; by default the service's own limits.
        flushes: whether the end of each transcript is told by `flush_done`, too, as it was seen; documented is that
            only for one that is flushed.
        port: 0: a free one.

    Attributes:
        said: the transcripts that it was given to say, oldest first.
        languages: in which it was to say them.
        cancelled: how many answers were called off.
        heard: how many seconds of sound it was given.
        asked: the queries of all connections.
        voices: those that there are.
        chatter: how many transcripts without a word precede each that has some.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        transcripts: Sequence[str] | None = None,
        stt_secs: float = 0.0,
        tts_secs: float = 0.0,
        idle_secs: float | None = None,
        flushes: bool = False,
        port: int = 0,
    ) -> None:
        self.said: list[str] = []
        self.languages: set[str] = set()
        self.cancelled = 0
        self.chatter = 0
        self.voices = [voice(Settings().cartesia_voice_id, "Tessa", "en", "en-US")]
        self.heard = 0.0
        self.asked: list[str] = []
        self._cache_dir = cache_dir
        self._transcripts = None if transcripts is None else deque(transcripts)
        self._stt_secs, self._tts_secs = stt_secs, tts_secs
        self._idle_secs = idle_secs
        self.flushes = flushes
        super().__init__(port)
        self._faults: dict[Face, deque[Fault]] = defaultdict(deque)
        self._model = language_model.build(Menu.load(find_assets() / "menu.toml"), cache_dir)

    @property
    def url(self) -> str:
        """What takes the place of Cartesia's address."""
        return f"ws://127.0.0.1:{self._port}"

    def go_wrong(self, face: Face, *faults: Fault) -> None:
        """Have the next requests at `face` go wrong, one by one."""
        self._faults[face].extend(faults)
        if "401" in faults and isinstance(self._server, RunningSockets):
            # A key is looked at when a connection is made.
            self._server.cut(f"/{face}")

    def be_idle(self, face: Face) -> None:
        """Close the connections to `face` as if nothing had come for as long as the service waits."""
        assert isinstance(self._server, RunningSockets)
        self._server.close(f"/{face}", IDLE)

    def _served(self, port: int) -> RunningSockets:
        return RunningSockets(self._serve, self._admit, port)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.asked.append(request.path)
        if urlsplit(request.path).path.startswith("/voices"):
            return self._tell_of_voices(request)
        face: Face = "stt" if request.path.startswith("/stt/websocket?") else "tts"
        if not request.path.startswith(f"/{face}/websocket"):
            return connection.respond(HTTPStatus.NOT_FOUND, "no such path\n")
        if self._faults[face] and self._faults[face][0] == "401":
            self._faults[face].popleft()
        elif request.headers.get("X-API-Key") == KEY and request.headers.get("Cartesia-Version") == "2026-03-01":
            return None
        return _refusal(HTTPStatus.UNAUTHORIZED, "Invalid API key")

    def _tell_of_voices(self, request: Request) -> Response:
        fault = self._fault("voices")
        if fault == "garbage":
            return _json(HTTPStatus.OK, '{"data": [\x00')
        if fault in ("401", "429", "500"):
            return _refusal(HTTPStatus(int(fault)), "as planned")
        # What the SDK sends; the websockets take the older header.
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _refusal(HTTPStatus.UNAUTHORIZED, "Invalid API key")
        if request.headers.get("Cartesia-Version") != "2026-08-14":
            return _refusal(HTTPStatus.BAD_REQUEST, "Unknown version")
        url = urlsplit(request.path)
        _, _, wanted = url.path.removeprefix("/").partition("/")
        voices = {voice["id"]: voice for voice in self.voices}
        if wanted:
            found = voices.get(wanted)
            return _json(HTTPStatus.OK, json.dumps(found)) if found else _refusal(HTTPStatus.NOT_FOUND, "No such voice")
        asked = dict(parse_qsl(url.query))
        limit, after = int(asked.pop("limit", "10")), asked.pop("starting_after", None)
        if asked or not 1 <= limit <= 100 or (after and after not in voices):
            return _refusal(HTTPStatus.BAD_REQUEST, "Invalid query")
        start = list(voices).index(after) + 1 if after else 0
        page = self.voices[start : start + limit]
        return _json(HTTPStatus.OK, json.dumps({"data": page, "has_more": start + limit < len(voices)}))

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request
        if connection.request.path.startswith("/stt/"):
            await self._listen(connection)
        else:
            await self._speak(connection)

    def _fault(self, face: Face) -> Fault | None:
        return self._faults[face].popleft() if self._faults[face] else None

    async def _listen(self, connection: ServerConnection) -> None:
        request_id = str(uuid.uuid4())
        sound = bytearray()
        assert connection.request
        query = urlsplit(connection.request.path).query
        if refused := rules.refusal_of_stt(query):
            await connection.send(json.dumps({**refused, "request_id": request_id}))
            return
        language = dict(parse_qsl(query)).get("language", "en")
        async for message in self._until_idle(connection, "stt"):
            if isinstance(message, bytes):
                sound += message
                self.heard += len(message) / 2 / 16000
                # The connection is cut in the middle of what the guest says.
                if len(sound) > 16000 and self._faults["stt"] and self._faults["stt"][0] == "cut":
                    self._fault("stt")
                    connection.transport.abort()
            elif message == "finalize":
                await self._transcribe(connection, request_id, bytes(sound), language)
                sound.clear()
            elif message in ("close", "done"):
                await connection.send(json.dumps({"type": "done", "request_id": request_id}))
                return
            else:
                refused = rules.refusal(400, "Invalid command", f"{message[:40]} is not a command")
                await connection.send(json.dumps({**refused, "request_id": request_id}))
                return

    async def _until_idle(self, connection: ServerConnection, face: Face) -> AsyncIterator[str | bytes]:
        try:
            while True:
                yield await asyncio.wait_for(connection.recv(), self._idle_secs or IDLE_SECS[face])
        except TimeoutError:
            await connection.close(1000, IDLE)

    async def _transcribe(self, connection: ServerConnection, request_id: str, sound: bytes, language: str) -> None:
        fault = self._fault("stt") if len(sound) > 16000 else None
        match fault:
            case "429" | "500":
                await connection.send(json.dumps({**rules.refusal(*_ERRORS[fault]), "request_id": request_id}))
                return
            case "silent":
                return
            case "garbage":
                await connection.send('{"type": "transc\x00')
                return
        words = await asyncio.to_thread(self._words, sound)
        await asyncio.sleep(self._stt_secs)
        for _ in range(self.chatter):
            await connection.send(
                self.mangled({"type": "transcript", "is_final": False, "text": "", "language": language})
            )
        for number, delta in enumerate(_deltas(words) if self._transcripts is None else [words]):
            if fault == "drip" and number:
                await asyncio.sleep(DRIP_SECS)
            told = {"type": "transcript", "is_final": True, "text": delta, "language": language}
            await connection.send(self.mangled({**told, "request_id": request_id}))
        await connection.send(self.mangled({"type": "flush_done", "request_id": request_id}))

    def _words(self, sound: bytes) -> str:
        if self._transcripts is not None:
            return self._transcripts.popleft() if self._transcripts and len(sound) > 16000 else ""
        # The real one has the words while they are spoken; a recogniser on a busy machine would have them too late.
        kept = self._cache_dir / f"heard-{hashlib.sha256(sound).hexdigest()[:16]}.txt"
        if not kept.exists():
            recognizer = Recognizer(self._model)
            recognizer.start()
            recognizer.feed(sound)
            unfinished = kept.with_suffix(f".{uuid.uuid4()}")
            unfinished.write_text(recognizer.finish().text, encoding="utf-8")
            unfinished.rename(kept)
        heard = kept.read_text(encoding="utf-8")
        return f"{heard[0].upper()}{heard[1:]}." if heard else ""

    async def _speak(self, connection: ServerConnection) -> None:
        contexts: dict[str, _Context] = {}
        try:
            async for message in self._until_idle(connection, "tts"):
                asked = json.loads(message)
                context_id = asked["context_id"]
                if asked.get("cancel"):
                    self.cancelled += 1
                    if context := contexts.pop(context_id, None):
                        context.end()
                    continue
                if refused := rules.refusal_of_tts(asked):
                    await connection.send(json.dumps({**refused, "context_id": context_id}))
                    continue
                if context_id not in contexts:
                    contexts[context_id] = _Context(self, connection, context_id)
                context = contexts[context_id]
                if asked["transcript"]:
                    assert asked["add_timestamps"]
                    assert asked["output_format"]["sample_rate"] == SAMPLE_RATE
                    self.said.append(asked["transcript"])
                    self.languages.add(asked["language"])
                    context.transcripts.put_nowait((asked["transcript"], self._fault("tts")))
                if asked.get("flush") or (self.flushes and asked["transcript"]):
                    context.transcripts.put_nowait(("", None))
                if not asked["continue"]:
                    context.transcripts.put_nowait(None)
                    contexts.pop(context_id)
        finally:
            for context in contexts.values():
                context.end()

    def mangled(self, told: dict[str, Any]) -> str:
        """A message as it goes out."""
        return self.mangle(json.dumps(told).encode()).decode("utf-8", "replace")


def voice(voice_id: str, name: str, language: str, *locales: str) -> dict[str, Any]:
    """A voice as the HTTP interface tells of it."""
    return {
        "id": voice_id,
        "name": name,
        "language": language,
        "locales": [{"locale": locale, "is_native": not number} for number, locale in enumerate(locales)],
        "access": "public",
        "created_at": "2026-01-01T00:00:00Z",
        "description": "",
        "is_owner": False,
        "tagline": "",
        "visibility": "all",
    }


def _json(status: HTTPStatus, body: str) -> Response:
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body.encode())


def _refusal(status: HTTPStatus, title: str) -> Response:
    told = {"error_code": None, "title": title, "message": title, "request_id": str(uuid.uuid4())}
    return _json(status, json.dumps(told))


class _Context:
    """What is said in one context, sentence by sentence."""

    def __init__(self, fake: FakeCartesia, connection: ServerConnection, context_id: str) -> None:
        self._fake = fake
        self._latency_secs = fake._tts_secs
        self._connection = connection
        self._id = context_id
        self._secs = 0.0
        self.transcripts: asyncio.Queue[tuple[str, Fault | None] | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._run())

    def end(self) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        flush_id = 0
        while transcript := await self.transcripts.get():
            if not transcript[0]:
                flush_id += 1
                await self._tell("flush_done", flush_done=True, flush_id=flush_id)
            elif not await self._say(*transcript):
                return
        await self._tell("done", done=True)

    async def _say(self, transcript: str, fault: Fault | None) -> bool:
        """Say it; whether there is more to come."""
        match fault:
            case "429" | "500":
                await self._tell(**rules.refusal(*_ERRORS[fault]))
                return False
            case "silent":
                return False
            case "garbage":
                await self._connection.send('{"type": "chunk", "data": \x00')
                return False
        await asyncio.sleep(self._latency_secs)
        sound, words, starts = await asyncio.to_thread(synthesize, transcript)
        secs = len(sound) / 2 / SAMPLE_RATE
        ends = [*starts[1:], secs]
        timed = {"words": words, "start": [self._secs + at for at in starts], "end": [self._secs + at for at in ends]}
        await self._tell("timestamps", word_timestamps=timed)
        for piece in pieces(sound):
            if fault == "cut" and piece.start > len(sound) / 2:
                self._connection.transport.abort()
                return False
            if fault == "drip" and piece.start:
                await asyncio.sleep(DRIP_SECS)
            data = base64.b64encode(sound[piece]).decode()
            await self._tell("chunk", data=data, step_time=1.0)
        self._secs += secs
        return True

    async def _tell(self, type: str, **fields: Any) -> None:
        message = {"type": type, "done": False, "status_code": 206, "context_id": self._id, **fields}
        with contextlib.suppress(Exception):
            await self._connection.send(self._fake.mangled(message))


def _deltas(words: str) -> list[str]:
    """Pieces that make up the transcript when they are joined as they are."""
    middle = words.find(" ", len(words) // 2)
    return [words] if middle < 0 else [words[:middle], words[middle:]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4344)
    parser.add_argument("--stt-secs", type=float, default=0.15)
    parser.add_argument("--tts-secs", type=float, default=0.1)
    options = parser.parse_args()
    secs = {"stt_secs": options.stt_secs, "tts_secs": options.tts_secs}
    with FakeCartesia(Settings().cache_dir, port=options.port, **secs) as cartesia:
        print(f"CARTESIA_API_KEY={KEY} CARTESIA_URL={cartesia.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
