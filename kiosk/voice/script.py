"""What is written and what is said for it, side by side: a voice tells how far it is, and gets back what to show."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.voice.speakable import Piece


class Script:
    """Says which written words begin when a voice comes to a place in the spoken text.

    A piece for which nothing is said, and one whose start the voice does not report ("of the" may sound as
    one), comes with the next.

    Attributes:
        text: all that is to be said so far.
    """

    def __init__(self, pieces: Sequence[Piece] = ()) -> None:
        self.text = ""
        self._pieces: list[Piece] = []
        self._starts: list[int] = []
        self._begun = 0
        self.extend(pieces)

    def extend(self, pieces: Sequence[Piece]) -> str:
        """There is more to say; returns that alone, as it is said."""
        before = len(self.text)
        for piece in pieces:
            self._starts.append(len(self.text) + 1 if self.text else 0)
            self._pieces.append(piece)
            if piece.spoken:
                self.text = f"{self.text} {piece.spoken}".lstrip()
        return self.text[before:].lstrip()

    @property
    def is_begun_to_the_end(self) -> bool:
        """Whether the last piece has begun."""
        return self._begun == len(self._pieces)

    def reach(self, position: int) -> list[str]:
        """The written words that begin up to `position` in `text` and were not given out before."""
        end = self._begun
        while end < len(self._pieces) and self._starts[end] <= position:
            end += 1
        return self._begin(end)

    def rest(self) -> list[str]:
        """The written words that were never reached."""
        return self._begin(len(self._pieces))

    def unfinished(self) -> list[Piece]:
        """What another voice says when this one breaks off: from the piece on that it was in the middle of.

        That piece has been shown already, so it is only said.
        """
        left = self._pieces[self._begun :]
        if self._begun:
            left.insert(0, replace(self._pieces[self._begun - 1], written=""))
        self._begin(len(self._pieces))
        return left

    def _begin(self, end: int) -> list[str]:
        begun = self._pieces[self._begun : end]
        self._begun = end
        return [piece.written for piece in begun if piece.written]
