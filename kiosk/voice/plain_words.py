"""What the ears have heard, fit to be kept and shown: as a person would see it, and without card numbers.

This is the one door for a guest's words: conversation, screen, record, bartender and the cloud's have them from here.
"""

import dataclasses
from typing import TypeVar

from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from kiosk.security.card_numbers import without_cards, without_long_numbers
from kiosk.security.normalisation import printable
from kiosk.voice.turns import TranscriptWithdrawnFrame, WrittenTurnFrame

Transcript = TypeVar("Transcript", TranscriptionFrame, InterimTranscriptionFrame)

# A card's number is nineteen digits at most, each a word, with an "um" between two.
_MOST_WORDS_BEFORE = 40


class PlainWords(FrameProcessor):
    """Stands behind the ears: no transcript can pass for a notice of the kiosk's, hide anything, or hold a card number.

    Who reads a number from a card pauses between its groups, so it may come in several transcripts. What has been
    handed on in the same turn is then withdrawn; of a number that began in an earlier turn the rest is hidden.
    """

    def __init__(self) -> None:
        super().__init__()
        # As it was heard: only with its first half does the second half of a number show what it is.
        self._in_turn = ""
        self._before = ""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Pass everything on, transcripts made plain."""
        await super().process_frame(frame, direction)
        match frame:
            case UserStartedSpeakingFrame() | UserStoppedSpeakingFrame():
                self._end_turn()
            case TranscriptWithdrawnFrame():
                self._in_turn = ""
            case InterimTranscriptionFrame():
                said = f"{self._before} {self._in_turn}".strip()
                frame = _saying(frame, without_long_numbers(printable(frame.text), before=said))
            case WrittenTurnFrame():
                # A typed line is a turn of its own.
                self._end_turn()
                frame = await self._heard(frame)
                self._end_turn()
            case TranscriptionFrame():
                frame = await self._heard(frame)
        await self.push_frame(frame, direction)

    def _end_turn(self) -> None:
        self._before = " ".join(f"{self._before} {self._plain()}".split()[-_MOST_WORDS_BEFORE:])
        self._in_turn = ""

    def _plain(self) -> str:
        return without_cards(self._in_turn, before=self._before)

    async def _heard(self, frame: TranscriptionFrame) -> TranscriptionFrame:
        handed_on = self._plain()
        self._in_turn = f"{self._in_turn} {printable(frame.text)}".strip()
        whole = self._plain()
        if whole.startswith(handed_on):
            return _saying(frame, whole.removeprefix(handed_on).strip())
        # A number began in what was handed on.
        await self.push_frame(TranscriptWithdrawnFrame())
        return _saying(frame, whole)


def _saying(frame: Transcript, text: str) -> Transcript:
    # Another frame, so that observers can tell it from the one that the ears have pushed. Their result goes no further.
    return dataclasses.replace(frame, text=text, result=None)
