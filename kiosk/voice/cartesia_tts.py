"""Maya's voice in the cloud: Cartesia, and the house's own voice for what Cartesia leaves unsaid.

Both speak in one pipecat service, because an answer is one stream of sound: where Cartesia breaks off, the house
goes on in the same answer, from the word that was being said. A written word is passed on once its sound is there,
so that captions and memory hold what was heard, whoever said it.
"""

import asyncio
import base64
import contextlib
import json
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from loguru import logger
from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame, TTSStoppedFrame
from pipecat.services.cartesia.tts import CartesiaTTSService
from pipecat.transcriptions.language import Language
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from kiosk.money import USD, Currency
from kiosk.voice.clock import NANOSECONDS
from kiosk.voice.espeak import SAMPLE_RATE, VoiceError
from kiosk.voice.espeak_tts import unless_silent
from kiosk.voice.failover import CloudStage, ask_websocket, in_words, told
from kiosk.voice.house_voice import BYTES_PER_SAMPLE, HouseVoice
from kiosk.voice.reporter import Publish
from kiosk.voice.script import Script
from kiosk.voice.speakable import Piece
from kiosk.voice.spoken_language import Speaks, house_voice, read_out

# How long a guest waits for the first sound of a sentence, and how long the sound may then run dry.
FIRST_SOUND_SECS, DRY_SECS = 2.0, 0.7
CONNECT_SECS = 2.0
# Timestamps are rounded: so much of a word may be missing where all of it is there.
ROUNDING_SECS = 0.02


@dataclass(eq=False)
class _Answer:
    """One answer: what of it was said, and what is due.

    Parameters:
        language: in which it is given, as "de".
        script: what the cloud was given to say, or is still to be said.
        sent: sentences that the cloud was given, and `finished` of them; of `flushed` it has said so.
        words: those the cloud has timed, by its own clock, whose sound is not there yet.
        cursor: how far in the script the cloud's words have come.
        cloud_secs: how much sound has come from the cloud, `secs` with the house's and the silence between.
        timed_secs: when the last word that the cloud has timed ends, by its own clock.
        dry_at: when the sound that has come is over, by the loop's clock; None while none is due.
        is_ended: no more text will come.
        is_lost: the house says the rest.
    """

    language: str
    script: Script = field(default_factory=Script)
    sent: int = 0
    finished: int = 0
    flushed: int = 0
    words: deque[tuple[str, float]] = field(default_factory=deque)
    cursor: int = 0
    cloud_secs: float = 0.0
    timed_secs: float = 0.0
    secs: float = 0.0
    began_at: int | None = None
    dry_at: float | None = None
    is_ended: bool = False
    is_lost: bool = False
    alarm: asyncio.TimerHandle | None = None
    going_on: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_waited_for(self) -> bool:
        """Whether the cloud owes sound."""
        return self.finished < self.sent and not self.script.is_begun_to_the_end

    def restart_clock(self) -> None:
        """The cloud counts from nothing again."""
        self.cloud_secs = self.timed_secs = 0.0

    def finish_what_is_heard(self) -> None:
        """All that was sent is said once the sound of its last word is there; the cloud need not say so, too."""
        if self.script.is_begun_to_the_end and self.cloud_secs + ROUNDING_SECS >= self.timed_secs > 0.0:
            self.finished = self.sent

    def unsaid(self) -> list[Piece]:
        """What is left for the house to say; from here on the script is the house's."""
        is_said = self.finished == self.sent and self.script.is_begun_to_the_end
        left = [] if is_said else self.script.unfinished()
        self.script, self.sent, self.finished, self.flushed = Script(), 0, 0, 0
        return left


class CartesiaVoice(CartesiaTTSService):
    """Text to speech by Cartesia, else by eSpeak NG; it never fails.

    Parameters:
        url: the service's address, "wss://…".
        voice: Cartesia's name of the voice.
        language: what Maya speaks, as "de".
        speaks: what she speaks just then, where it is not always `language`.
        currency: the bar's, for how amounts are read out in English.

    Attributes:
        stage: where the voice is, and when it comes back.

    Raises:
        VoiceError: eSpeak NG cannot be loaded.
    """

    def __init__(
        self,
        api_key: str,
        url: str,
        voice: str,
        publish: Publish,
        language: str = "en",
        currency: Currency = USD,
        speaks: Speaks | None = None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            url=f"{url}/tts/websocket",
            sample_rate=SAMPLE_RATE,
            text_transforms=[("*", unless_silent)],
            settings=CartesiaTTSService.Settings(voice=voice, language=Language(language)),
            reconnect_on_error=False,
        )
        self._speaks = speaks or (lambda: language)
        self._currency = currency
        self._output_sample_rate = SAMPLE_RATE
        self.stage = CloudStage("tts", self.is_back, publish)
        self._house = HouseVoice()
        self._answers: dict[str, _Answer] = {}

    async def cleanup(self) -> None:
        """Let the house's voice end, too."""
        await super().cleanup()
        self._house.close()

    @property
    def is_waited_for(self) -> bool:
        """Whether the cloud was given something that it has not said to the end."""
        return any(answer.finished < answer.sent for answer in self._answers.values())

    async def is_back(self) -> bool:
        """Whether it speaks: asked for one word, on a connection of its own.

        Raises:
            CloudError, OSError, TimeoutError, ...: it does not; the error says why.
        """
        word = self._build_msg(text="Okay.", continue_transcript=False, context_id="probe")
        headers = {"X-API-Key": self._api_key, "Cartesia-Version": self._cartesia_version}
        return bool(await ask_websocket(self._url, headers, [word], "chunk"))

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Have a sentence said; its sound comes later."""
        answer = self._answers.setdefault(context_id, _Answer(self._speaks()))
        said = answer.script.extend(read_out(text, answer.language, self._currency))
        if not answer.is_lost:
            answer.sent += 1
            if not answer.alarm:
                answer.dry_at = None
                self._expect(answer, FIRST_SOUND_SECS)
        if answer.is_lost or not await self._send(self._message(answer, text=said, context_id=context_id)):
            answer.is_lost = True
            await self._go_on(context_id, answer)
        else:
            await self.start_tts_usage_metrics(said)
        yield None

    async def flush_audio(self, context_id: str | None = None) -> None:
        """The answer is complete."""
        answer = self._answers.get(context_id or "")
        if not context_id or not answer:
            return
        answer.is_ended = True
        over = self._message(answer, continue_transcript=False, context_id=context_id)
        if answer.is_lost or not await self._send(over):
            answer.is_lost = True
            await self._go_on(context_id, answer)

    async def on_audio_context_interrupted(self, context_id: str) -> None:
        """Forget the answer that nobody wants to hear."""
        await self.stop_all_metrics()
        self._forget(context_id)
        with contextlib.suppress(Exception):
            await self._get_websocket().send(json.dumps({"context_id": context_id, "cancel": True}))

    async def on_audio_context_completed(self, context_id: str) -> None:
        """Forget the answer that was given."""
        if (answer := self._answers.get(context_id)) and answer.is_ended:
            self._forget(context_id)

    async def push_error_frame(self, error: ErrorFrame, force_treat_as_permanent: bool = False) -> None:  # noqa: ARG002
        """The connection fails: the house goes on, so that nobody else needs to know.

        One that ends while nothing is due is made anew when there is something to say.
        """
        if self.is_waited_for or not isinstance(error.exception, ConnectionClosed):
            self._lose(error.exception)

    def _message(self, answer: _Answer, **asked: Any) -> str:
        # pipecat knows one language for all answers; Cartesia one for each.
        return json.dumps(json.loads(self._build_msg(**asked)) | {"language": answer.language})

    async def _send(self, message: str) -> bool:
        if not self.stage.in_cloud:
            return False
        try:
            async with asyncio.timeout(CONNECT_SECS):
                if not self._websocket or self._websocket.state is not State.OPEN:
                    await self._disconnect()
                    await self._connect()
                    for answer in self._answers.values():
                        answer.restart_clock()
                await self._get_websocket().send(message)
        except Exception as error:
            self._lose(error)
        return self.stage.in_cloud

    async def _close_connection_contexts(self) -> None:
        """Leave the answers open, which outlive a connection."""

    async def _process_messages(self) -> None:
        async for message in self._get_websocket():
            data = json.loads(message)
            context_id = data.get("context_id", "")
            answer = self._answers.get(context_id)
            if data["type"] == "error" and (answer or not context_id):
                self._lose(told(data))
            elif answer and not answer.is_lost and self.audio_context_available(context_id):
                await self._take(data, context_id, answer)
        if self.is_waited_for:
            raise ConnectionError("closed in the middle of an answer")

    async def _take(self, data: dict[str, Any], context_id: str, answer: _Answer) -> None:
        match data["type"]:
            case "timestamps":
                timed = data["word_timestamps"]
                answer.words.extend(self._normalize_word_timestamps(timed["words"], timed["start"]))
                answer.timed_secs = max([answer.timed_secs, *timed["end"]])
                await self._show(context_id, answer)
            case "chunk":
                await self._sound(base64.b64decode(data["data"], validate=True), context_id, answer)
            case "flush_done":
                answer.flushed += 1
                answer.finished = max(answer.finished, answer.flushed)
                await self._show(context_id, answer)
            case "done":
                answer.finished = answer.flushed = answer.sent
                await self._show(context_id, answer)
                # Cartesia ends a context that it has not heard of for a while; the next words begin another.
                answer.restart_clock()
                if answer.is_ended:
                    await self._end(context_id)

    async def _sound(self, pcm: bytes, context_id: str, answer: _Answer) -> None:
        secs = len(pcm) / BYTES_PER_SAMPLE / SAMPLE_RATE
        now = self.get_event_loop().time()
        answer.dry_at = (answer.dry_at or now) + secs
        self._keep_time(answer)
        answer.cloud_secs += secs
        answer.secs += secs
        await self._show(context_id, answer)
        await self.append_to_audio_context(context_id, TTSAudioRawFrame(pcm, SAMPLE_RATE, 1, context_id=context_id))
        if answer.is_waited_for:
            self._expect(answer, answer.dry_at - now + DRY_SECS)

    async def _show(self, context_id: str, answer: _Answer) -> None:
        """Pass on the written words whose sound is there, each in front of its sound."""
        is_finished = answer.finished == answer.sent
        offset = answer.secs - answer.cloud_secs
        while answer.words and (is_finished or answer.words[0][1] < answer.cloud_secs):
            word, start = answer.words.popleft()
            position = answer.script.text.find(word, answer.cursor)
            if position >= 0:
                answer.cursor = position + len(word)
                await self._pass_on(answer.script.reach(position), start + offset, context_id)
        answer.finish_what_is_heard()
        if is_finished:
            await self._pass_on(answer.script.rest(), answer.secs, context_id)
        if not answer.is_waited_for:
            self._expect_nothing(answer)

    async def _pass_on(self, written: list[str], at_secs: float, context_id: str) -> None:
        await self.add_word_timestamps([(word, at_secs) for word in written], context_id)

    def _keep_time(self, answer: _Answer) -> None:
        """Where the next sound was long in coming, the answer has gone on meanwhile."""
        now = self.get_clock().get_time()
        answer.began_at = answer.began_at or now
        answer.secs = max(answer.secs, (now - answer.began_at) / NANOSECONDS)

    def _expect(self, answer: _Answer, secs: float) -> None:
        self._expect_nothing(answer)
        late = TimeoutError("the voice has stopped")
        answer.alarm = self.get_event_loop().call_later(secs, self._lose, late)

    @staticmethod
    def _expect_nothing(answer: _Answer) -> None:
        if answer.alarm:
            answer.alarm.cancel()
            answer.alarm = None

    def _lose(self, error: BaseException | None) -> None:
        """The house takes over every answer that the cloud has not finished."""
        logger.debug("Cartesia's voice: {!r}", error)
        self.stage.lose(in_words(error))
        for context_id, answer in self._answers.items():
            if not answer.is_lost:
                answer.is_lost = True
                answer.going_on = self.create_task(self._go_on(context_id, answer), "house voice")

    async def _go_on(self, context_id: str, answer: _Answer) -> None:
        """Say in the house's voice what is left, and end the answer when that is all."""
        self._expect_nothing(answer)
        async with answer.lock:
            script = Script(answer.unsaid())
            self._keep_time(answer)
            began_secs = answer.secs
            try:
                async with aclosing(self._house.say(script, house_voice(answer.language))) as parts:
                    async for part in parts:
                        await self._pass_on(list(part.written), began_secs + part.at_secs, context_id)
                        if part.pcm:
                            frame = TTSAudioRawFrame(part.pcm, SAMPLE_RATE, 1, context_id=context_id)
                            await self.append_to_audio_context(context_id, frame)
                            answer.secs += part.secs
            except VoiceError as error:
                logger.error("{}", error)
            if answer.is_ended:
                await self._end(context_id)

    async def _end(self, context_id: str) -> None:
        if self._answers.get(context_id):
            self._expect_nothing(self._answers.pop(context_id))
            await self.stop_ttfb_metrics()
            await self.append_to_audio_context(context_id, TTSStoppedFrame(context_id=context_id))
            await self.remove_audio_context(context_id)

    def _forget(self, context_id: str) -> None:
        if answer := self._answers.pop(context_id, None):
            self._expect_nothing(answer)
            if answer.going_on:
                answer.going_on.cancel()
