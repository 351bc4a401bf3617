"""Maya's own voice as a pipecat service: eSpeak NG on a thread, its first sound passed on at once.

What is written stays written in captions and memory; only eSpeak NG is given the words as they are
spoken. Each written word goes right in front of the sound that it begins with, so that captions and
lips keep time with the voice, by the clock of a live kiosk or by the order of a fast replay.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field

from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.utils.types import NOT_GIVEN, NotGiven, assert_given, require_given

from kiosk.voice.clock import NANOSECONDS
from kiosk.voice.espeak import SAMPLE_RATE, Chunk, Voice, VoiceError, espeak
from kiosk.voice.speakable import Piece, speakable, spoken

BYTES_PER_SAMPLE = 2


def _not_given() -> NotGiven:
    return NOT_GIVEN


@dataclass
class EspeakTTSSettings(TTSSettings):
    """What can be changed while Maya runs; `voice` names one of eSpeak NG's.

    Parameters:
        rate: words a minute, 80 to 450.
        pitch: 0 to 100.
        pitch_range: 0 (monotone) to 100.
        volume: 0 to 200.
    """

    rate: int | NotGiven = field(default_factory=_not_given)
    pitch: int | NotGiven = field(default_factory=_not_given)
    pitch_range: int | NotGiven = field(default_factory=_not_given)
    volume: int | NotGiven = field(default_factory=_not_given)


@dataclass
class _Answer:
    """How far the sound of one answer has come: its sentences share one time line."""

    began_at: int
    secs: float = 0.0


class Timetable:
    """Says which written words begin when the voice comes to a place in the spoken text.

    Parameters:
        pieces: written words and what is said for them. One for which nothing is said, and one
            whose start eSpeak NG does not report ("of the" sounds as one), comes with the next.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.text = ""
        self._waiting: list[tuple[int, str]] = []
        for piece in pieces:
            start = len(self.text) + 1 if self.text else 0
            self._waiting.append((start, piece.written))
            if piece.spoken:
                self.text = f"{self.text} {piece.spoken}".lstrip()
        self._waiting.reverse()

    def reach(self, position: int) -> list[str]:
        """The written words that begin up to `position` in `text` and were not given out before."""
        reached: list[str] = []
        while self._waiting and self._waiting[-1][0] <= position:
            reached.append(self._waiting.pop()[1])
        return reached

    def rest(self) -> list[str]:
        """The written words that were never reached."""
        return [written for _, written in reversed(self._waiting)]


class EspeakTTSService(TTSService):
    """Text to speech by eSpeak NG.

    Raises:
        VoiceError: eSpeak NG cannot be loaded.
    """

    Settings = EspeakTTSSettings
    _settings: EspeakTTSSettings

    def __init__(self, *, settings: EspeakTTSSettings | None = None) -> None:
        maya = Voice()
        complete = EspeakTTSSettings(
            model="espeak-ng",
            voice=maya.name,
            language=None,
            rate=maya.rate,
            pitch=maya.pitch,
            pitch_range=maya.pitch_range,
            volume=maya.volume,
        )
        if settings:
            complete.apply_update(settings)
        super().__init__(
            sample_rate=SAMPLE_RATE,
            push_text_frames=False,
            push_start_frame=True,
            push_stop_frames=True,
            text_transforms=[("*", _unless_silent)],
            settings=complete,
        )
        self._espeak = espeak()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")
        self._answers: dict[str, _Answer] = {}

    def can_generate_metrics(self) -> bool:
        """Latency metrics are measured."""
        return True

    async def cleanup(self) -> None:
        """Let the speaking thread end."""
        await super().cleanup()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Speak `text`: sound as it is made, each written word before the sound it begins with."""
        await self.start_tts_usage_metrics(text)
        timetable = Timetable(speakable(text))
        answer = self._continue_answer(context_id)
        began_secs = answer.secs
        try:
            async with aclosing(self._synthesize(timetable.text)) as chunks:
                async for chunk in chunks:
                    for position, sample, pcm in _parts(chunk):
                        if position is not None:
                            at_secs = began_secs + sample / SAMPLE_RATE
                            await self._pass_on(timetable.reach(position), at_secs, context_id)
                        if pcm:
                            yield TTSAudioRawFrame(pcm, SAMPLE_RATE, 1, context_id=context_id)
                            answer.secs += len(pcm) / BYTES_PER_SAMPLE / SAMPLE_RATE
            await self._pass_on(timetable.rest(), answer.secs, context_id)
        except VoiceError as error:
            yield ErrorFrame(str(error))
            # The conversation would wait for the rest of the answer.
            await self.remove_audio_context(context_id)

    async def on_audio_context_interrupted(self, context_id: str) -> None:
        """Forget the answer that nobody wants to hear."""
        self._answers.pop(context_id, None)

    async def on_audio_context_completed(self, context_id: str) -> None:
        """Forget the answer that was given."""
        self._answers.pop(context_id, None)

    def _continue_answer(self, context_id: str) -> _Answer:
        """The answer's time line; where the next sentence was long in coming, it has gone on meanwhile."""
        now = self.get_clock().get_time()
        answer = self._answers.setdefault(context_id, _Answer(now))
        answer.secs = max(answer.secs, (now - answer.began_at) / NANOSECONDS)
        return answer

    async def _pass_on(self, written: Sequence[str], at_secs: float, context_id: str) -> None:
        await self.add_word_timestamps([(word, at_secs) for word in written], context_id)

    async def _synthesize(self, text: str) -> AsyncGenerator[Chunk, None]:
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        unwanted = threading.Event()

        def deliver(chunk: Chunk) -> bool:
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            return not unwanted.is_set()

        work = loop.run_in_executor(self._thread, self._espeak.synthesize, text, self._voice(), deliver)
        work.add_done_callback(lambda _: chunks.put_nowait(None))
        try:
            while chunk := await chunks.get():
                yield chunk
            await work
        finally:
            # An interruption ends this generator; the library stops at its next piece.
            unwanted.set()

    def _voice(self) -> Voice:
        return Voice(
            name=require_given(self._settings.voice, "eSpeak NG voice"),
            rate=assert_given(self._settings.rate),
            pitch=assert_given(self._settings.pitch),
            pitch_range=assert_given(self._settings.pitch_range),
            volume=assert_given(self._settings.volume),
        )


async def _unless_silent(text: str, _: str) -> str:
    """Nothing where nothing would be said: a voice that is asked for silence counts as broken."""
    return text if spoken(text) else ""


def _parts(chunk: Chunk) -> list[tuple[int | None, int, bytes]]:
    """`chunk` cut where its words begin: the place in the text or None, the first sample, the sound."""
    cuts: list[tuple[int | None, int]] = [(None, chunk.first_sample)]
    cuts += [(word.position, word.sample) for word in chunk.words]
    ends = [sample for _, sample in cuts[1:]] + [chunk.first_sample + len(chunk.pcm) // BYTES_PER_SAMPLE]
    parts: list[tuple[int | None, int, bytes]] = []
    for (position, sample), end in zip(cuts, ends, strict=True):
        first, last = (BYTES_PER_SAMPLE * (at - chunk.first_sample) for at in (sample, end))
        parts.append((position, sample, chunk.pcm[max(first, 0) : max(last, 0)]))
    return parts
