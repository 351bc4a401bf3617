"""How words sound, in the recogniser's phonemes: from its dictionary, else as eSpeak NG says them."""

import itertools
import re
from collections import defaultdict
from pathlib import Path

from kiosk.voice.espeak import Voice, espeak

# A name of several words has every combination of their pronunciations, up to this many.
MOST_VARIANTS = 8

_SPEAKER = Voice(name="en-us")

# eSpeak's IPA for American English, longest first, as the ARPAbet of the CMU dictionary.
_ARPABET = {
    "aɪɚ": "AY ER", "aɪə": "AY AH", "dʒ": "JH", "tʃ": "CH", "eɪ": "EY", "aɪ": "AY", "aʊ": "AW", "oʊ": "OW",
    "ɔɪ": "OY", "iə": "IY AH", "ɔː": "AO", "ɑː": "AA", "iː": "IY", "uː": "UW", "ɜː": "ER", "oː": "AO",
    "əl": "AH L", "n̩": "AH N", "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɛ": "EH", "æ": "AE", "a": "AA", "ʌ": "AH",
    "ə": "AH",
    "ɐ": "AH", "ɚ": "ER", "ɔ": "AO", "ʊ": "UH", "u": "UW", "o": "OW", "e": "EY", "p": "P", "b": "B",
    "t": "T", "d": "D", "k": "K", "ɡ": "G", "g": "G", "f": "F", "v": "V", "θ": "TH", "ð": "DH", "s": "S",
    "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "x": "K", "m": "M", "n": "N", "ŋ": "NG", "l": "L", "ɫ": "L",
    "ɹ": "R", "r": "R", "j": "Y", "w": "W", "ɾ": "D", "ʔ": "T",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_ARPABET, key=len, reverse=True)))


class Pronouncer:
    """Pronunciations from the dictionary file `dictionary`, and by rule for the words it lacks."""

    def __init__(self, dictionary: Path) -> None:
        self._known: dict[str, list[str]] = defaultdict(list)
        for line in dictionary.read_text(encoding="utf-8").splitlines():
            word, _, sounds = line.partition(" ")
            self._known[re.sub(r"\(\d+\)$", "", word)].append(sounds.strip())
        self._words = frozenset(self._known)

    def is_word(self, word: str) -> bool:
        """Whether the dictionary has `word`."""
        return word in self._words

    def pronounce(self, unit: str) -> list[str]:
        """The pronunciations of `unit`, words joined by "_": each a line of phonemes."""
        words = [self._word(word) for word in unit.split("_")]
        combined = (" ".join(parts) for parts in itertools.product(*words))
        return list(dict.fromkeys(itertools.islice(combined, MOST_VARIANTS)))

    def _word(self, word: str) -> list[str]:
        if word not in self._known:
            self._known[word] = self._parts(word) or [_by_rule(word)]
        return self._known[word]

    def _parts(self, word: str) -> list[str]:
        # "s" of a plural or possessive; the recogniser's dictionary has few names of drinks.
        stem, ending = re.sub(r"'?s$", "", word), re.search(r"'?s$", word)
        if not ending or stem not in self._known:
            return []
        return [f"{sounds} {_plural_sound(sounds)}" for sounds in self._known[stem]]


def _plural_sound(sounds: str) -> str:
    last = sounds.split()[-1]
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return "IH Z"
    return "S" if last in ("P", "T", "K", "F", "TH") else "Z"


def _by_rule(word: str) -> str:
    sounds = "".join(espeak().phonemes(word, _SPEAKER))
    return " ".join(_ARPABET[sound] for sound in _SOUND.findall(re.sub("[ˈˌ_]", "", sounds))) or "SIL"
