"""Names that the ears will not tell apart: how far their sounds are from each other."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from kiosk.voice.language_model import DICTIONARY, unit_of
from kiosk.voice.pronunciation import Pronouncer

# Of the longer name's sounds: up to this share may differ, and the two are still taken for each other.
ALIKE = 0.2
# Of each name: the way it is said by most, and the next.
_MOST_VARIANTS = 2
_BLOCK = 256
# Sounds that are taken for one another count half.
_KINDS = (
    "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW", "P B", "T D", "K G", "F V", "TH DH", "S Z", "SH ZH CH JH", "M N NG",
    "L R W Y", "HH",
)  # fmt: skip
_SOUND = {sound: chr(ord("A") + number) for number, sound in enumerate(" ".join(_KINDS).split())}
_KIND = {_SOUND[sound]: chr(ord("A") + number) for number, kind in enumerate(_KINDS) for sound in kind.split()}


class Sounds:
    """How names sound, in the recogniser's phonemes."""

    def __init__(self) -> None:
        self._pronouncer = Pronouncer(DICTIONARY)

    def is_word(self, word: str) -> bool:
        """Whether the dictionary has `word`."""
        return self._pronouncer.is_word(word)

    def of(self, name: str) -> list[str]:
        """The ways in which `name` is said, a letter for each sound; none: it is not written in Latin letters."""
        unit = unit_of(name)
        ways = self._pronouncer.pronounce(unit)[:_MOST_VARIANTS] if unit and unit.isascii() else []
        spelled = ("".join(_SOUND.get(sound, "") for sound in way.split()) for way in ways)
        return list(filter(None, spelled))

    def alike(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The pairs of `names` that sound alike, each once, in the order of `names`."""
        said = [(name, way) for name in dict.fromkeys(names) for way in self.of(name)]
        ways = [way for _, way in said]
        pairs = ((said[a][0], said[b][0]) for a, b in _near(ways) if a < b and said[a][0] != said[b][0])
        yield from (pair for pair in dict.fromkeys(pairs) if self._differ_little(*pair))

    def _differ_little(self, first: str, second: str) -> bool:
        """Whether they are alike where they differ: a long name has no other weight than its own words."""
        one, other = (unit_of(name).split("_") for name in (first, second))
        while len(one) > 1 and len(other) > 1 and one[0] == other[0]:
            one, other = one[1:], other[1:]
        while len(one) > 1 and len(other) > 1 and one[-1] == other[-1]:
            one, other = one[:-1], other[:-1]
        ways = [self.of(" ".join(one)), self.of(" ".join(other))]
        return any(_far(a, b) <= ALIKE * max(len(a), len(b)) for a in ways[0] for b in ways[1])

    def distance(self, one: str, other: str) -> float:
        """How far apart two names or stretches of words sound: 0 the same, 1 nothing in common."""
        pairs = [(a, b) for a in self.of(one) for b in self.of(other)]
        return min((_far(a, b) / max(len(a), len(b)) for a, b in pairs), default=1.0)


def _far(one: str, other: str) -> float:
    distance = Levenshtein.distance
    return (distance(one, other) + distance(_kinds(one), _kinds(other))) / 2


def _near(ways: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of those that are alike as a whole, in blocks: all pairs of a long menu at once fill the memory."""
    kinds = [_kinds(way) for way in ways]
    lengths = np.array([len(way) for way in ways])
    for start in range(0, len(ways), _BLOCK):
        rows = slice(start, start + _BLOCK)
        far = (_distances(ways[rows], ways) + _distances(kinds[rows], kinds)) / 2
        for row, column in np.argwhere(far <= ALIKE * np.maximum.outer(lengths[rows], lengths)):
            yield start + int(row), int(column)


def _kinds(way: str) -> str:
    return "".join(_KIND[sound] for sound in way)


def _distances(rows: Sequence[str], columns: Sequence[str]) -> np.ndarray:
    return process.cdist(rows, columns, scorer=Levenshtein.distance, dtype=np.uint8).astype(np.float32)
