"""The log of a conversation, turn by turn: what was heard, called and said, and how long it took."""

from dataclasses import dataclass, field
from typing import Any

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    FunctionCallResultFrame,
    LLMContextAssistantTurnFrame,
    LLMContextUserTurnFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.tts_service import TTSService

from kiosk.voice.guards import BlockedFrame
from kiosk.voice.touches import TouchFrame
from kiosk.voice.turns import WrittenTurnFrame

NANOSECONDS_PER_MS = 1_000_000


@dataclass
class Turn:
    """What a guest said and all that Maya did and said until the next.

    Parameters:
        heard: the guest's words; None for Maya's greeting, empty when nothing was understood.
        blocked: why the guest's words, or Maya's answer, were withheld.
        latency_ms: milliseconds from the end of the guest's speech to each stage's first result.
    """

    heard: str | None
    said: list[str] = field(default_factory=list)
    tools: list[dict[str, Any]] = field(default_factory=list)
    blocked: str | None = None
    latency_ms: dict[str, float] = field(default_factory=dict)


STAGES = ("transcript", "llm_first_token", "tts_first_audio", "first_audio_out")


class TurnLog(BaseObserver):
    """Writes the log as frames pass.

    Attributes:
        turns: the turns so far; the first is the greeting.
    """

    def __init__(self) -> None:
        super().__init__(observe_every_push=False)
        self.turns = [Turn(heard=None)]
        self._speech_ended_at: int | None = None
        self._transcript_at: int | None = None
        self._understood = False

    async def on_push_frame(self, data: FramePushed) -> None:
        """Take note of a frame, when it is pushed for the first time."""
        frame = data.frame
        if data.direction is not FrameDirection.DOWNSTREAM:
            return
        match frame:
            case UserStartedSpeakingFrame():
                self._understood = False
            case VADUserStoppedSpeakingFrame():
                self._speech_ended_at = data.timestamp - round(frame.stop_secs * 1000) * NANOSECONDS_PER_MS
            case WrittenTurnFrame():
                self._speech_ended_at = self._transcript_at = None
            case TranscriptionFrame():
                self._transcript_at = data.timestamp
            case LLMContextUserTurnFrame():
                self._understood = True
                self._begin(frame.text)
            case UserStoppedSpeakingFrame() if not self._understood:
                self._begin("")
            case FunctionCallResultFrame():
                call = {"name": frame.function_name, "arguments": frame.arguments, "result": frame.result}
                self.turns[-1].tools.append(call)
            case TouchFrame(calls=calls):
                self.turns[-1].tools += [
                    {"name": call.name, "arguments": call.arguments, "result": call.result} for call in calls
                ]
            case BlockedFrame():
                self.turns[-1].blocked = frame.reason
            case LLMTextFrame():
                self._mark("llm_first_token", data.timestamp)
            case BotStartedSpeakingFrame():
                self._mark("first_audio_out", data.timestamp)
            case TTSAudioRawFrame() if isinstance(data.source, TTSService):
                self._mark("tts_first_audio", data.timestamp)
            case LLMContextAssistantTurnFrame() | TTSSpeakFrame(append_to_context=False):
                self.turns[-1].said.append(frame.text)

    def _begin(self, heard: str) -> None:
        self.turns.append(Turn(heard))
        if self._transcript_at is not None:
            self._mark("transcript", self._transcript_at)

    def _mark(self, stage: str, at: int) -> None:
        latency_ms = self.turns[-1].latency_ms
        if self._speech_ended_at is not None and stage not in latency_ms:
            latency_ms[stage] = round((at - self._speech_ended_at) / NANOSECONDS_PER_MS, 1)

    def transcript(self) -> list[dict[str, Any]]:
        """The conversation as JSON values."""
        return [
            {"heard": turn.heard, "said": " ".join(turn.said), "tools": turn.tools, "blocked": turn.blocked}
            for turn in self.turns
        ]

    def latencies(self) -> list[dict[str, float | None]]:
        """Each turn's latencies as JSON values; null where a stage did not run."""
        return [{stage: turn.latency_ms.get(stage) for stage in STAGES} for turn in self.turns]
