"""Where transcripts become what a guest has said: the words of a turn, which are understood once.

From here on they carry what they mean: to turn taking and barge-in, and into the conversation, from which the
bartender, the phases and the log have them.
"""

from pipecat.frames.frames import Frame, TranscriptionFrame
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregator, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection

from kiosk.understanding.utterance import Utterance
from kiosk.voice.turns import HeardFrame, WrittenTurnFrame


class GuestWords(LLMUserAggregator):
    """The guest's side of the conversation's memory."""

    def __init__(self, context: LLMContext, *, params: LLMUserAggregatorParams) -> None:
        super().__init__(context, params=params)
        self._said = Utterance()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take the next transcript, with what was said before it in the turn."""
        if isinstance(frame, TranscriptionFrame) and not isinstance(frame, WrittenTurnFrame):
            said = self._kept(f"{self.aggregation_string()} {frame.text}".strip())
            frame = HeardFrame(frame.text, frame.user_id, frame.timestamp, finalized=frame.finalized, turn=said)
        await super().process_frame(frame, direction)

    def aggregation_string(self) -> str:
        """The words of the turn."""
        return self._kept(super().aggregation_string())

    def _kept(self, words: str) -> Utterance:
        """`words` with what they were understood as, where somebody has asked."""
        if words != self._said:
            self._said = Utterance(words)
        return self._said
