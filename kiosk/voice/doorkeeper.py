"""Keeps noise from beginning a conversation: while no guest has come, what nobody understood is nobody's."""

from pipecat.frames.frames import Frame, LLMContextFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from kiosk.events import Speaking
from kiosk.voice.reporter import Publish


class Doorkeeper(FrameProcessor):
    """Stands before the bartender.

    Parameters:
        unintelligible: what the bartender is told when somebody spoke and nothing was understood.
    """

    def __init__(self, unintelligible: str, publish: Publish) -> None:
        super().__init__()
        self._unintelligible = unintelligible
        self._publish = publish

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer with silence, and forget, a conversation in which nothing was said; pass on all else."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame) or not self._is_noise(frame):
            await self.push_frame(frame, direction)
            return
        frame.context.set_messages([])
        await self.push_frame(LLMFullResponseStartFrame())
        await self.push_frame(LLMFullResponseEndFrame())
        self._publish(Speaking(False))

    def _is_noise(self, frame: LLMContextFrame) -> bool:
        return all(
            isinstance(message, dict) and message.get("content") == self._unintelligible
            for message in frame.context.messages
        )
