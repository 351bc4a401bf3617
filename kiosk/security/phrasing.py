"""How attacks on a voice assistant are phrased, learned from sentences: a weight for each word and two words.

Logistic regression; `scripts/train_scanner.py` makes the weights.
"""

import functools
import itertools
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiosk.settings import find_assets

# So many letters of a word stand for all its forms, in most of the languages that are spoken at a bar.
STEM = 5
_FIGURES = re.compile(r"^\d+$")


@dataclass(frozen=True)
class Phrasing:
    """Weighs a sentence.

    Parameters:
        bias: the weight of every sentence.
        weights: of the features that it has, positive for those of attacks.
        threshold: from which score on, 0 to 1, a sentence counts as an attack.
    """

    bias: float
    weights: dict[str, float]
    threshold: float

    @classmethod
    def load(cls, path: Path) -> Self:
        """The weights in a file of `scripts/train_scanner.py`."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def score(self, words: str) -> float:
        """How much a sentence in its plain form is like attacks, 0 to 1."""
        total = self.bias + sum(self.weights.get(feature, 0.0) for feature in features(words))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def is_attack(self, words: str) -> bool:
        """Whether it counts as one."""
        return self.score(words) >= self.threshold


def features(words: str) -> set[str]:
    """Each word of a sentence in its plain form, how long ones begin, and each two that follow each other."""
    spoken = ["#" if _FIGURES.match(word) else word for word in words.split()]
    beginnings = {f"{word[:STEM]}…" for word in spoken if len(word) > STEM}
    return set(_pairs(["^", *spoken, "$"])) | set(spoken) | beginnings


def _pairs(words: list[str]) -> Iterable[str]:
    return (f"{first} {second}" for first, second in itertools.pairwise(words))


@functools.cache
def phrasing() -> Phrasing:
    """The kiosk's own."""
    return Phrasing.load(find_assets() / "guard" / "phrasing.json")
