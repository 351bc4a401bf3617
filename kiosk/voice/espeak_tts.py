"""Maya's own voice as a pipecat service: eSpeak NG on a thread, its first sound passed on at once.

What is written stays written in captions and memory; only eSpeak NG is given the words as they are
spoken. Each written word goes right in front of the sound that it begins with, so that captions and
lips keep time with the voice, by the clock of a live kiosk or by the order of a fast replay.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.utils.tracing.service_decorators import traced_tts
from pipecat.utils.types import NOT_GIVEN, NotGiven, assert_given, require_given

from kiosk.money import USD, Currency
from kiosk.voice.clock import NANOSECONDS
from kiosk.voice.espeak import SAMPLE_RATE, Voice, VoiceError
from kiosk.voice.house_voice import HouseVoice
from kiosk.voice.script import Script
from kiosk.voice.speakable import spoken
from kiosk.voice.spoken_language import Speaks, english, house_voice, read_out


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


class EspeakTTSService(TTSService):
    """Text to speech by eSpeak NG.

    Parameters:
        currency: the bar's, for how amounts are read out.
        speaks: the language that Maya speaks just then.

    Raises:
        VoiceError: eSpeak NG cannot be loaded.
    """

    Settings = EspeakTTSSettings
    _settings: EspeakTTSSettings

    def __init__(
        self, *, settings: EspeakTTSSettings | None = None, currency: Currency = USD, speaks: Speaks = english
    ) -> None:
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
            text_transforms=[("*", unless_silent)],
            settings=complete,
        )
        self._currency = currency
        self._speaks = speaks
        self._house = HouseVoice()
        self._answers: dict[str, _Answer] = {}

    def can_generate_metrics(self) -> bool:
        """Latency metrics are measured."""
        return True

    async def cleanup(self) -> None:
        """Let the speaking thread end."""
        await super().cleanup()
        self._house.close()

    @traced_tts
    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Speak `text`: sound as it is made, each written word before the sound it begins with."""
        await self.start_tts_usage_metrics(text)
        answer = self._continue_answer(context_id)
        began_secs, language = answer.secs, self._speaks()
        script = Script(read_out(text, language, self._currency))
        try:
            async with aclosing(self._house.say(script, house_voice(language, self._voice()))) as parts:
                async for part in parts:
                    at_secs = began_secs + part.at_secs
                    await self.add_word_timestamps([(word, at_secs) for word in part.written], context_id)
                    if part.pcm:
                        yield TTSAudioRawFrame(part.pcm, SAMPLE_RATE, 1, context_id=context_id)
                        answer.secs += part.secs
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

    def _voice(self) -> Voice:
        return Voice(
            name=require_given(self._settings.voice, "eSpeak NG voice"),
            rate=assert_given(self._settings.rate),
            pitch=assert_given(self._settings.pitch),
            pitch_range=assert_given(self._settings.pitch_range),
            volume=assert_given(self._settings.volume),
        )


async def unless_silent(text: str, _: str) -> str:
    """Nothing where nothing would be said: a voice that is asked for silence counts as broken."""
    return text if spoken(text) else ""
