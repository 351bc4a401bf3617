"""How attacks on a voice assistant are phrased, learned from sentences: a weight for each word and for pairs of words.

Logistic regression; `scripts/train_scanner.py` makes the weights. Their sum is held against the length of what was
said, and of a long speech its most suspicious stretch counts: otherwise whoever talks long enough would say something
that sounds like an attack, and an attack could hide in a story.
"""

import functools
import itertools
import json
import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiosk.settings import find_assets

# So many letters of a word stand for all its forms, in most of the languages that are spoken at a bar.
STEM = 5
# Words belong together when they are this near each other; most requests name verb and object within that.
NEAR = 6
# Words of a stretch that is judged by itself, somewhat more than most requests have, and how far apart stretches begin.
STRETCH, STEP = 20, 5
# Features of some five words: what is shorter says too little to be held against its length.
FEWEST = 30
# "Get me the manager" has too little in it that its words could be weighed; the rules know the shortest attacks.
FEW = 4
_FIGURES = re.compile(r"^\d+$")


@dataclass(frozen=True)
class Phrasing:
    """Weighs what was said.

    Parameters:
        bias: the weight of every stretch.
        weights: of the features that it has, positive for those of attacks.
        threshold: from which score on, 0 to 1, what was said in one stretch counts as an attack.
        long_threshold: the same for several, of which one is high by chance more easily.
    """

    bias: float
    weights: dict[str, float]
    threshold: float
    long_threshold: float

    @classmethod
    def load(cls, path: Path) -> Self:
        """The weights in a file of `scripts/train_scanner.py`."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def score(self, words: str) -> float:
        """How much the most suspicious stretch of `words`, in their plain form, is like attacks, 0 to 1."""
        return max(self._score(stretch) for stretch in stretches(words))

    def is_attack(self, words: str) -> bool:
        """Whether it counts as one; so few words ask for too little to tell."""
        count = len(words.split())
        threshold = self.long_threshold if count > STRETCH else self.threshold
        return count > FEW and self.score(words) >= threshold

    def _score(self, stretch: Sequence[str]) -> float:
        found = features(stretch)
        total = self.bias + sum(self.weights.get(feature, 0.0) for feature in found) / length(found)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def stretches(words: str) -> list[list[str]]:
    """The parts of `words` that are judged by themselves: overlapping ones, where there are many words."""
    spoken = ["#" if _FIGURES.match(word) else word for word in words.split()]
    last = max(0, len(spoken) - STRETCH)
    starts = [*range(0, last, STEP), last]
    return [spoken[start : start + STRETCH] for start in starts]


def features(stretch: Sequence[str]) -> set[str]:
    """Each word, how long ones begin, each two that follow each other, and the beginnings of each two that are near."""
    stems = [word if len(word) <= STEM else f"{word[:STEM]}…" for word in stretch]
    follow = {f"{first} {second}" for first, second in itertools.pairwise(["^", *stretch, "$"])}
    near = {f"{first}~{second}" for at, first in enumerate(stems) for second in stems[at + 2 : at + 1 + NEAR]}
    return {*stretch, *stems} | follow | near


def length(found: Set[str]) -> float:
    """What the sum of the weights of these features is divided by."""
    return math.sqrt(max(len(found), FEWEST))


@functools.cache
def phrasing() -> Phrasing:
    """The kiosk's own."""
    return Phrasing.load(find_assets() / "guard" / "phrasing.json")
