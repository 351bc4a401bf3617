"""Modifiers as they were said: with an amount before them, or a number."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from kiosk.menu.entries import Modifier
from kiosk.menu.names import LIKENESS, normalise

_NUMBERS = {
    word: number for number, word in enumerate("two three four five six seven eight nine ten".split(), start=2)
}  # fmt: skip
# Of the names that are near: the first that it can be.
_MOST_NEAR = 5


class NotAllowedError(ValueError):
    """A modifier that the menu does not have, or not for this item; the message says which are."""


@dataclass(frozen=True)
class SpokenModifier:
    """A modifier with the amount that was said before it, if any; `text` is how it stands on the order."""

    modifier: Modifier
    amount: str = ""

    @property
    def text(self) -> str:
        """ "a bit of sugar", or the plain name."""
        return f"{self.amount} {self.modifier.name}".strip()


class Spellings:
    """All that the modifiers of a menu may be called.

    Parameters:
        modifiers: where two have the same name, the first is meant.
    """

    def __init__(self, modifiers: Iterable[Modifier]) -> None:
        self._modifiers = tuple(modifiers)

    @cached_property
    def _meant(self) -> Mapping[str, SpokenModifier]:
        meant: dict[str, SpokenModifier] = {}
        for modifier in self._modifiers:
            for amount in ("", *modifier.amounts):
                for name in (modifier.name, *modifier.synonyms):
                    meant.setdefault(normalise(f"{amount} {name}"), SpokenModifier(modifier, amount))
        return meant

    def called(self, text: str) -> SpokenModifier | None:
        """The modifier that is called just `text`; see `find`."""
        return self._meant.get(normalise(text))

    def find(self, text: str) -> SpokenModifier | None:
        """The modifier that `text` names, with an amount in front if it takes that one, if there is one."""
        wanted = normalise(text)
        if wanted in self._meant:
            return self._meant[wanted]
        near = process.extract(wanted, self._meant.keys(), scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=_MOST_NEAR)
        return next((self._meant[name] for name, *_ in near if _may_be_misspelt(wanted, name)), None)

    def find_all(self, text: str) -> tuple[SpokenModifier, ...]:
        """As `find`, and as often as a number before it says of one that is counted: "2 extra shots"."""
        count, name = _counted(normalise(text))
        if count > 1 and normalise(text) not in self._meant:
            spoken = self.find(name)
            if spoken and spoken.modifier.counted:
                return (spoken,) * count
        spoken = self.find(text)
        return (spoken,) if spoken else ()


def _may_be_misspelt(wanted: str, name: str) -> bool:
    """Whether the words may be the same, spelled otherwise: "extra hot" is no "extra shot"."""
    said, meant = wanted.split(), name.split()
    return len(said) != len(meant) or all(one[0] == other[0] for one, other in zip(said, meant, strict=True))


def _counted(text: str) -> tuple[int, str]:
    """The number that `text` begins with, and the rest of it; 1 where it begins with none."""
    if found := re.fullmatch(r"([0-9]{1,2}) ?x? (.+)", text):
        return int(found[1]), found[2]
    first, _, rest = text.partition(" ")
    return (_NUMBERS[first], rest) if first in _NUMBERS and rest else (1, text)
