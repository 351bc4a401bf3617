"""How long the stages took: to put a spoken turn into words, and to answer the conversation's first turn and say it."""

from pipecat.frames.frames import (
    AggregatedTextFrame,
    FunctionCallResultFrame,
    LLMContextUserTurnFrame,
    LLMFullResponseEndFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.tts_service import TTSService

from kiosk.events import Event, ServiceChanged
from kiosk.voice.clock import NANOSECONDS
from kiosk.voice.guards import OutputGuard
from kiosk.voice.turns import WrittenTurnFrame


class Figures(BaseObserver):
    """Notes when what happened. Of what Maya says, only the answer to the first turn counts.

    Attributes:
        heard: the words that were spoken last.
        tools: those that the bartender called for that answer, by name.
        sound_secs: how long it lasts.
        lost: the stages that the house took over, and why.
    """

    def __init__(self) -> None:
        super().__init__(observe_every_push=False)
        self.heard = ""
        self.tools: list[str] = []
        self.sound_secs = 0.0
        self.lost: dict[str, str] = {}
        self._turns = 0
        self._first: dict[str, float] = {}
        self._last: dict[str, float] = {}

    @property
    def transcript_secs(self) -> float | None:
        """From the end of what was spoken to its words; None: there were none."""
        return self._between(self._last, "silence", self._last, "transcript") if self.heard else None

    @property
    def first_word_secs(self) -> float | None:
        """From the words to the first word of the answer, tools included."""
        return self._between(self._first, "asked", self._first, "word")

    @property
    def whole_answer_secs(self) -> float | None:
        """From the words to the end of the answer, tools included."""
        return self._between(self._first, "asked", self._last, "answered")

    @property
    def first_sound_secs(self) -> float | None:
        """From the answer's first sentence to its first sound."""
        return self._between(self._first, "sentence", self._first, "sound")

    @property
    def whole_sound_secs(self) -> float | None:
        """From the answer's first sentence to its last sound."""
        return self._between(self._first, "sentence", self._last, "sound")

    @staticmethod
    def _between(begins: dict[str, float], begin: str, ends: dict[str, float], end: str) -> float | None:
        return ends[end] - begins[begin] if begin in begins and end in ends else None

    def publish(self, event: Event) -> None:
        """Note which stages the house takes over."""
        match event:
            case ServiceChanged(stage, "house", reason):
                self.lost.setdefault(stage, reason)

    async def on_push_frame(self, data: FramePushed) -> None:
        """Note the moment of a frame, when it is pushed for the first time."""
        if data.direction is not FrameDirection.DOWNSTREAM:
            return
        frame, now = data.frame, data.timestamp / NANOSECONDS
        match frame:
            case VADUserStoppedSpeakingFrame(stop_secs=stop_secs):
                self._note("silence", now - stop_secs)
            case TranscriptionFrame(text=text) if not isinstance(frame, WrittenTurnFrame):
                self.heard = text
                self._note("transcript", now)
            case LLMContextUserTurnFrame():
                self._turns += 1
                self._first.setdefault("asked", now)
            case _ if self._turns == 1:
                self._follow_answer(data, now)

    def _follow_answer(self, data: FramePushed, now: float) -> None:
        frame = data.frame
        match frame:
            case FunctionCallResultFrame(function_name=name):
                self.tools.append(name)
            case LLMTextFrame():
                self._note("word", now)
            case LLMFullResponseEndFrame():
                self._note("answered", now)
            case AggregatedTextFrame() if isinstance(data.source, OutputGuard):
                self._note("sentence", now)
            case TTSAudioRawFrame() if isinstance(data.source, TTSService):
                self._note("sound", now)
                self.sound_secs += frame.num_frames / frame.sample_rate

    def _note(self, what: str, now: float) -> None:
        self._first.setdefault(what, now)
        self._last[what] = now
