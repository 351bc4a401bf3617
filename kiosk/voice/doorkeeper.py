"""Keeps noise from beginning a conversation: while no guest has come, what nobody understood is nobody's.

Where there is a wake phrase, so is what was said without it: at a counter that people talk across, Maya is not meant
before she is called.
"""

from pipecat.frames.frames import Frame, LLMContextFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame
from pipecat.processors.aggregators.llm_context import LLMContextMessage
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from kiosk.bartender.notices import Notice, notice_in, words_in
from kiosk.events import Speaking
from kiosk.understanding.words import plain_words
from kiosk.voice.reporter import Publish


class Doorkeeper(FrameProcessor):
    """Stands before the bartender.

    Parameters:
        wake_phrase: what a guest says to begin; None: anything that is understood.
    """

    def __init__(self, publish: Publish, wake_phrase: str | None = None) -> None:
        super().__init__()
        self._publish = publish
        self._wake_words = _words(wake_phrase or "")

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer with silence, and forget, a conversation in which nothing was said; pass on all else."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame) or not all(map(self._is_noise, frame.context.messages)):
            await self.push_frame(frame, direction)
            return
        frame.context.set_messages([])
        await self.push_frame(LLMFullResponseStartFrame())
        await self.push_frame(LLMFullResponseEndFrame())
        self._publish(Speaking(False))

    def _is_noise(self, message: LLMContextMessage) -> bool:
        if notice := notice_in(message):
            # A touch needs no phrase.
            return notice is Notice.UNINTELLIGIBLE
        if not isinstance(message, dict) or message.get("role") != "user":
            return False
        words, wake = _words(words_in(message)), self._wake_words
        return not any(words[start : start + len(wake)] == wake for start in range(len(words) or 1))


def _words(text: str) -> list[str]:
    return [word for word in plain_words(text) if word.isalnum()]
