"""Whether a drink that is named is ordered, changed, or only talked of: learned from sentences.

Grammar knows what an order looks like; it cannot know all that people say around one. So where words are left that
no phrase explains, each drink is weighed by the words around it, whatever menu it is from. Logistic regression over
three kinds; `scripts/train_understanding.py` makes the weights.
"""

import functools
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiosk.understanding.tags import Tag

WEIGHTS = Path(__file__).with_name("whether.json")

# So many letters of a word stand for all its forms.
_STEM = 5
# Words that belong to a drink rather than to what is said of it.
_OF_A_DRINK = frozenset(["a", "an", "the", "+", "#", "one", "some", "another", "my", "of"])
_DRINKS = ("@", "@s")


@dataclass(frozen=True)
class Likelihood:
    """How likely a sentence orders a drink, changes what was ordered, or only talks of it; together 1."""

    order: float
    change: float
    talk: float


@dataclass(frozen=True)
class Whether:
    """Weighs drinks in a sentence.

    Parameters:
        bias: the weights of every sentence, for order, change and talk.
        weights: of the features that it has, likewise.
    """

    bias: tuple[float, float, float]
    weights: dict[str, tuple[float, float, float]]

    @classmethod
    def load(cls, path: Path) -> Self:
        """The weights in a file of `scripts/train_understanding.py`."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def likelihoods(self, tags: Sequence[Tag]) -> dict[int | None, Likelihood]:
        """For the place of each item in a sentence what is meant by it; for None what is, where none is named."""
        words = slots(tags)
        named = [place for place, tag in enumerate(tags) if tag.item] or [None]
        told = self._totals(self.bias, _of_sentence(words))
        return {
            place: _shares(self._totals(told, _of_place(words, slot)))
            for place, slot in zip(named, places(words), strict=True)
        }

    def likelihood(self, found: Iterable[str]) -> Likelihood:
        """Of what has these features."""
        return _shares(self._totals(self.bias, found))

    def _totals(self, so_far: Sequence[float], found: Iterable[str]) -> list[float]:
        totals = list(so_far)
        for feature in set(found):
            for kind, weight in enumerate(self.weights.get(feature, ())):
                totals[kind] += weight
        return totals


def _shares(totals: Sequence[float]) -> Likelihood:
    largest = max(totals)
    shares = [math.exp(total - largest) for total in totals]
    return Likelihood(*(share / sum(shares) for share in shares))


def slots(tags: Sequence[Tag]) -> list[str]:
    """The words of a sentence, with what the menu names left open: "i will have + # @s"."""
    return [tag.slot for tag in tags if not tag.is_pause]


def places(words: Sequence[str]) -> list[int | None]:
    """Where the drinks stand; one None where there are none."""
    return [place for place, word in enumerate(words) if word in _DRINKS] or [None]


def features(words: Sequence[str], place: int | None) -> set[str]:
    """What is weighed of a sentence for the drink at `place`."""
    return {*_of_sentence(words), *_of_place(words, place)}


def _of_place(words: Sequence[str], place: int | None) -> Iterable[str]:
    return ("no drink",) if place is None else _of_drink(words, place)


def _of_sentence(words: Sequence[str]) -> Iterator[str]:
    said = ["^", *words, "$"]
    yield from said
    yield from (f"{word[:_STEM]}…" for word in said if len(word) > _STEM)
    yield from (f"{first} {second}" for first, second in itertools.pairwise(said))
    for first, second, third in zip(said, said[1:], said[2:], strict=False):
        yield f"{first} {second} {third}"
        yield f"{first} _ {third}"
    yield f"^^ {' '.join(words[:2])}"
    yield f"^^^ {' '.join(words[:3])}"


def _of_drink(words: Sequence[str], place: int) -> Iterator[str]:
    start, end = place, place + 1
    while start and words[start - 1] in _OF_A_DRINK:
        start -= 1
    while end < len(words) and words[end] == "#":
        end += 1
    left = ["^", *words[:start]][-4:][::-1]
    right = [*words[end:], "$"][:3]
    yield from (f"L{distance}:{word}" for distance, word in enumerate(left))
    yield from (f"R{distance}:{word}" for distance, word in enumerate(right))
    yield from (f"L:{' '.join(left[:length][::-1])}" for length in (2, 3, 4))
    yield from (f"R:{' '.join(right[:length])}" for length in (2, 3))
    yield f"LR:{left[0]}|{right[0]}"
    yield f"G:{' '.join(words[start:end])}"
    yield from (f"L:…{word}" for word in words[max(0, start - 8) : start])
    yield from (f"R:…{word}" for word in words[end : end + 5])


@functools.cache
def whether() -> Whether:
    """The kiosk's own."""
    return Whether.load(WEIGHTS)
