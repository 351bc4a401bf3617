"""The cloud's ears: Cartesia, and the house's own ears for what Cartesia does not put into words.

Cartesia hears a guest, and only while one speaks: neither the bar's talk nor its silence leaves the house. The
utterance is kept until its words are there, so that the house can hear it again.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserMuteStartedFrame,
    UserMuteStoppedFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.cartesia.stt import CartesiaSTTService
from pipecat.utils.time import time_now_iso8601
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from kiosk.voice.cartesia_models import hears_with, stt_query
from kiosk.voice.failover import CloudStage, ask_websocket, in_words, told
from kiosk.voice.house_ears import BYTES_PER_SECOND, SAMPLE_RATE, HouseEars, Preroll
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.reporter import Publish
from kiosk.voice.sphinx_stt import transcript
from kiosk.voice.stt.open_ear import OpenEar
from kiosk.voice.turns import TranscriptWithdrawnFrame

# How long after the guest's last word the words may take; pipecat has 0.81 s as the service's 99th percentile.
TRANSCRIPT_SECS = 1.5
CONNECT_SECS = 2.0


class CartesiaEars(CartesiaSTTService):
    """Speech to text by Cartesia, else by the local ears; it never fails.

    Parameters:
        url: the service's address, "wss://…".
        names: what is on the menu; Cartesia listens for it.
        recognizer: of the local ears.
        open_ear: theirs, too.
        language: what guests speak there, as "de". The house understands English: what was said before a guest of
            another language could know that it listens is asked for again, and never taken for English.

    Attributes:
        stage: where the ears are, and when they come back.
        transcript_secs: after how long without a transcript the house takes over.
    """

    def __init__(
        self,
        api_key: str,
        url: str,
        names: Sequence[str],
        recognizer: Recognizer,
        publish: Publish,
        language: str = "en",
        open_ear: OpenEar | None = None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            base_url=url,
            sample_rate=SAMPLE_RATE,
            settings=CartesiaSTTService.Settings(model=hears_with(language), language=language),
            reconnect_on_error=False,
        )
        self.stage = CloudStage("stt", self.is_back, publish)
        self.transcript_secs = TRANSCRIPT_SECS
        self._url = f"{url}/stt/websocket?{stt_query(language, SAMPLE_RATE, names)}"
        self._house = HouseEars(recognizer, open_ear)
        self._preroll = Preroll()
        self._sent_at = 0.0
        self._is_speaking = False
        # Maya speaks, and would be heard.
        self._is_deaf = False
        # The utterance whose words are not there yet, and those that are.
        self._utterance: bytearray | None = None
        self._words = ""
        # How many times the cloud was asked for words and has not said that they are all.
        self._due = 0
        # What the connection still has to say is about an utterance that the house has taken over.
        self._is_stale = False
        self._alarm: asyncio.TimerHandle | None = None
        # Of this utterance the house takes down the words; it has begun to.
        self._in_house = self._house_listens = False
        # Of this turn it does not: the guest speaks another language.
        self._is_foreign = False
        self._has_english = language == "en"
        self._in_turn = asyncio.Lock()
        self._taking_over: asyncio.Task[None] | None = None

    async def cleanup(self) -> None:
        """Let the house's decoding thread end, too."""
        await super().cleanup()
        self._house.close()

    async def is_back(self) -> bool:
        """Whether it listens: given a moment of silence, on a connection of its own.

        Raises:
            CloudError, OSError, TimeoutError, ...: it does not; the error says why.
        """
        silence = bytes(BYTES_PER_SECOND // 10)
        headers = {"X-API-Key": self._api_key, "Cartesia-Version": "2026-03-01"}
        return bool(await ask_websocket(self._url, headers, [silence, "finalize"], "flush_done"))

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Keep the last moments while nobody speaks; have them put into words while somebody does."""
        if not self._is_speaking or self._utterance is None:
            self._preroll.add(audio)
            # The connection is kept alive by what is sent, not by what is heard.
            self._last_audio_time = self._sent_at
            return
        if not self._in_house:
            self._utterance += audio
            await self._send(audio)
            return
        if self._is_foreign:
            return
        async with self._in_turn:
            await self._have_house_listen()
            if partial := await self._house.hear(audio):
                yield InterimTranscriptionFrame(partial, self._user_id, time_now_iso8601())

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow the guest's voice."""
        match frame:
            case UserMuteStartedFrame():
                self._is_deaf = True
            case UserMuteStoppedFrame():
                self._is_deaf = False
            case VADUserStartedSpeakingFrame() if not self._is_deaf:
                await self._begin()
            case VADUserStoppedSpeakingFrame():
                self._is_speaking = False
                if self._utterance is not None:
                    await self._finish()
            case UserStartedSpeakingFrame():
                self._house.begin_turn()
            case UserStoppedSpeakingFrame():
                self._is_foreign = False
                async with self._in_turn:
                    await self._house.end_turn()
        await super().process_frame(frame, direction)

    async def push_error_frame(self, error: ErrorFrame, force_treat_as_permanent: bool = False) -> None:  # noqa: ARG002
        """The connection fails: the house goes on, so that nobody else needs to know.

        One that ends while nobody speaks is made anew when somebody does.
        """
        # One that the service closes in order, after minutes without a word, comes without an exception.
        is_closed = error.exception is None or isinstance(error.exception, ConnectionClosed)
        if self._utterance is not None or not is_closed:
            self._lose(error.exception)

    async def _websocket_connect(self, uri: str, **kwargs: Any) -> Any:  # noqa: ARG002
        """Connect as the probe does: pipecat's own address names a language, where ink-2 takes none but English."""
        return await super()._websocket_connect(self._url, **kwargs)

    async def _begin(self) -> None:
        if self._taking_over:
            await asyncio.wait([self._taking_over])
            self._taking_over = None
        self._expect_nothing()
        sound = self._preroll.take()
        self._is_speaking = True
        if self._utterance is not None:
            # The guest goes on before the words of the last utterance are there: both are one.
            self._utterance += sound
            await self._send(sound)
            return
        self._utterance = bytearray(sound)
        self._words = ""
        self._due = 0
        self._in_house = self._house_listens = False
        # In the middle of an utterance a new connection would know half of it.
        if not await self._send(sound, may_connect=True):
            self._in_house = True

    async def _finish(self) -> None:
        if self._in_house:
            await self._have_house_conclude()
        elif not self._websocket or self._websocket.state is not State.OPEN:
            self._lose(ConnectionError("the connection is gone"))
        else:
            # pipecat asks for the words as the frame passes.
            self._due += 1
            late = TimeoutError("no transcript")
            self._alarm = self.get_event_loop().call_later(self.transcript_secs, self._lose, late)

    async def _process_response(self, data: dict[str, Any]) -> None:
        match data.get("type"):
            case "error":
                self._lose(told(data))
            case "transcript" if self._utterance is not None and not self._in_house:
                text = self._words + data["text"]
                if data["is_final"]:
                    self._words = text
                await self.push_frame(InterimTranscriptionFrame(text.strip(), self._user_id, time_now_iso8601()))
            case "flush_done" if self._utterance is not None and not self._in_house:
                self._due -= 1
                if self._alarm and not self._due:
                    await self._conclude()

    async def _conclude(self) -> None:
        assert self._utterance is not None
        self._expect_nothing()
        self._house.remember(bytes(self._utterance))
        self._utterance = None
        await self.emit_stt_usage_metrics()
        words = self._words.strip()
        await self.push_frame(TranscriptionFrame(words, self._user_id, time_now_iso8601(), finalized=True))

    async def _have_house_listen(self) -> None:
        if not self._house_listens:
            assert self._utterance is not None
            self._house_listens = True
            if self._house.has_heard:
                await self.push_frame(TranscriptWithdrawnFrame())
            await self._house.begin(bytes(self._utterance))

    async def _have_house_conclude(self) -> None:
        async with self._in_turn:
            if self._utterance is None:
                return
            if self._is_foreign:
                self._utterance = None
                await self.push_frame(TranscriptionFrame("", self._user_id, time_now_iso8601(), finalized=True))
                return
            await self._have_house_listen()
            hypothesis = await self._house.finish()
            self._utterance = None
            await self.push_frame(transcript(hypothesis, self._user_id))

    async def _send(self, message: bytes, *, may_connect: bool = False) -> bool:
        if not self.stage.in_cloud:
            return False
        try:
            async with asyncio.timeout(CONNECT_SECS):
                is_open = self._websocket and self._websocket.state is State.OPEN
                if may_connect and (not is_open or self._is_stale):
                    self._is_stale = False
                    await self._disconnect()
                    await self._connect()
                await self._get_websocket().send(message)
        except Exception as error:
            self._lose(error)
        self._sent_at = self._last_audio_time
        return self.stage.in_cloud

    def _lose(self, error: BaseException | None) -> None:
        """The house takes over the utterance that the cloud has not put into words."""
        logger.debug("Cartesia's ears: {!r}", error)
        self._expect_nothing()
        self.stage.lose(in_words(error))
        self._is_stale = True
        if self._utterance is not None and not self._in_house:
            self._in_house = True
            self._is_foreign = not self._has_english
            if not self._is_speaking:
                self._taking_over = self.create_task(self._have_house_conclude(), "house ears")

    def _expect_nothing(self) -> None:
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
