"""Tells the event bus what happens in the conversation.

`Reporter` watches the frames of all stages; `VoiceReporter` sits behind the speaker, where frames
pass when they are heard, so that captions and mouth keep time with the voice.
"""

from collections.abc import Callable

import numpy as np
from pipecat.frames.frames import (
    AggregatedTextFrame,
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InterimTranscriptionFrame,
    LLMContextUserTurnFrame,
    OutputAudioRawFrame,
    TranscriptionFrame,
    TTSSpeakFrame,
    TTSTextFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from kiosk.events import Event, Heard, Listening, Mouth, Saying, Speaking, Thinking
from kiosk.security.card_numbers import without_long_numbers
from kiosk.voice.guards import OutputGuard
from kiosk.voice.plain_words import PlainWords

Publish = Callable[[Event], None]

# Sound of this root mean square opens the mouth fully: a voice at about -14 dBFS.
LOUD = 0.2


class Caption:
    """What Maya is saying: the text that is known so far and how much of it was voiced."""

    def __init__(self) -> None:
        self.text = ""
        self.spoken = 0

    def begin(self) -> None:
        """Start a new answer."""
        self.text, self.spoken = "", 0

    def add(self, text: str) -> None:
        """Another sentence of the answer is known."""
        self.text = f"{self.text} {text}".strip()

    def voice(self, words: str) -> None:
        """`words` are being heard: everything up to their end counts as spoken."""
        position = self.text.find(words.strip(), self.spoken)
        if position >= 0:
            self.spoken = position + len(words.strip())


class Reporter(BaseObserver):
    """Publishes what the guest does and what the bartender has in mind."""

    def __init__(self, publish: Publish, caption: Caption) -> None:
        super().__init__(observe_every_push=False)
        self._publish = publish
        self._caption = caption
        self._guest_speaks = False

    async def on_push_frame(self, data: FramePushed) -> None:
        """Publish the event that a frame means, if any, once."""
        if data.direction is not FrameDirection.DOWNSTREAM:
            return
        match data.frame:
            case UserStartedSpeakingFrame():
                self._guest_speaks = True
                self._publish(Listening(True))
            case UserStoppedSpeakingFrame():
                self._guest_speaks = False
                self._publish(Listening(False))
            case InterimTranscriptionFrame() | TranscriptionFrame() if isinstance(data.source, PlainWords):
                # What is said aside while Maya speaks is nobody's business.
                if self._guest_speaks and data.frame.text.strip():
                    # The guest may go on, and what is a number now be a card's.
                    self._publish(Heard(without_long_numbers(data.frame.text), final=False))
            case LLMContextUserTurnFrame():
                self._publish(Heard(data.frame.text, final=True))
                self._publish(Thinking())
            case TTSSpeakFrame():
                self._caption.add(data.frame.text)
            case AggregatedTextFrame() if isinstance(data.source, OutputGuard):
                # Not what the bartender makes of it word by word: a guest sees no more than may be said.
                self._caption.add(data.frame.text)


class VoiceReporter(FrameProcessor):
    """Publishes Maya's voice as it is heard. Its place is right behind the speaker.

    Parameters:
        lag_secs: how long after a piece has passed here it is heard.
    """

    def __init__(self, publish: Publish, caption: Caption, lag_secs: float = 0.0) -> None:
        super().__init__()
        self._publish_now = publish
        self._caption = caption
        self._lag_secs = lag_secs

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Publish words, mouth and the beginning and end of speech; pass everything on."""
        await super().process_frame(frame, direction)
        match frame:
            case TTSTextFrame():
                self._caption.voice(frame.text)
                self._publish(Saying(self._caption.text, self._caption.spoken))
            case OutputAudioRawFrame():
                self._publish(Mouth(_openness(frame.audio)))
            case BotStartedSpeakingFrame():
                self._publish(Speaking(True))
            case BotStoppedSpeakingFrame():
                self._publish(Mouth(0.0))
                self._publish(Speaking(False))
                self._caption.begin()
        await self.push_frame(frame, direction)

    def _publish(self, event: Event) -> None:
        if self._lag_secs:
            self.get_event_loop().call_later(self._lag_secs, self._publish_now, event)
        else:
            self._publish_now(event)


def _openness(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, dtype=np.int16).astype(np.float32) / 32768
    return round(float(min(1.0, np.sqrt(np.mean(samples**2)) / LOUD)), 2) if len(samples) else 0.0
