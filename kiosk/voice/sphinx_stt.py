"""The local ears as a pipecat service.

The decoder is open only while the voice activity detector hears a voice: room noise left on
makes it slow and makes it hear words. When a guest goes on within one turn, the earlier transcript
is withdrawn and replaced by that of the whole.
"""

from collections.abc import AsyncGenerator

from pipecat.frames.frames import (
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
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.time import time_now_iso8601
from pipecat.utils.tracing.service_decorators import traced_stt

from kiosk.voice.house_ears import SAMPLE_RATE, HouseEars, Preroll
from kiosk.voice.recognizer import Hypothesis, Recognizer
from kiosk.voice.stt.open_ear import OpenEar
from kiosk.voice.turns import TranscriptWithdrawnFrame


def transcript(hypothesis: Hypothesis, user_id: str) -> TranscriptionFrame:
    """What the house heard, as a frame; without words where none are to be relied on."""
    text = "" if hypothesis.rejected else hypothesis.text
    return TranscriptionFrame(text, user_id, time_now_iso8601(), result=hypothesis, finalized=True)


class SphinxSTTService(STTService):
    """Speech to text by PocketSphinx, and by Whisper beside it where there is one."""

    def __init__(self, recognizer: Recognizer, open_ear: OpenEar | None = None) -> None:
        super().__init__(
            sample_rate=SAMPLE_RATE,
            ttfs_p99_latency=0.5,
            settings=STTSettings(model="pocketsphinx-en-us", language=None),
        )
        self._ears = HouseEars(recognizer, open_ear)
        self._preroll = Preroll()
        self._is_speaking = False
        # Maya speaks, and would be heard.
        self._is_deaf = False

    def can_generate_metrics(self) -> bool:
        """Latency metrics are measured."""
        return True

    async def cleanup(self) -> None:
        """Let the decoding thread end."""
        await super().cleanup()
        self._ears.close()

    @traced_stt
    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Keep the last moments while nobody speaks; decode while somebody does."""
        if not self._is_speaking:
            self._preroll.add(audio)
        elif partial := await self._ears.hear(audio):
            yield InterimTranscriptionFrame(partial, self._user_id, time_now_iso8601())

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Open and close the decoder with the guest's voice."""
        match frame:
            case UserMuteStartedFrame():
                self._is_deaf = True
            case UserMuteStoppedFrame():
                self._is_deaf = False
            case VADUserStartedSpeakingFrame() if not self._is_deaf:
                if self._ears.has_heard:
                    await self.push_frame(TranscriptWithdrawnFrame())
                await self._ears.begin(self._preroll.take())
                self._is_speaking = True
            case VADUserStoppedSpeakingFrame() if self._is_speaking:
                self._is_speaking = False
                await self.push_frame(transcript(await self._ears.finish(), self._user_id))
            case UserStartedSpeakingFrame():
                self._ears.begin_turn()
            case UserStoppedSpeakingFrame():
                await self._ears.end_turn()
        await super().process_frame(frame, direction)
