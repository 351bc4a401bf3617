"""What Maya must not say, told from the words alone: secrets, what she was told about being Maya, abuse."""

import re

from kiosk.security.normalisation import plain
from kiosk.security.redaction import redacted
from kiosk.security.rules import TOXICITY, is_abuse

SECRET = "secret"
SYSTEM_PROMPT = "system_prompt"

# So many words in a row are not the same by chance.
SHINGLE = 8

# Keys of services that nobody has heard of: long, and of letters and figures.
_LOOKS_LIKE_A_KEY = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])|https?://")
# The name of a tool or a variable.
_IDENTIFIER = re.compile(r"\b[A-Za-z]+(?:_[A-Za-z]+)+\b")
_BREAKS = re.compile(r"[\s,.-]+")
_BETWEEN_FIGURES = re.compile(r"(?<=\d)[\s,.-]+(?=\d)")
_SPELLED = re.compile(r"\b\w(?:[\s,.-]+\w\b){11,}")
_FIGURES = {
    word: str(figure)
    for figure, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
} | {"oh": "0", "o": "0"}


class Confidential:
    """What must stay between the kiosk and its language model.

    Parameters:
        text: what the model is told.
    """

    def __init__(self, text: str) -> None:
        self._shingles = set(_shingles(text))

    def is_given_away(self, sentence: str, said: str = "") -> bool:
        """Whether `sentence`, after what was `said` before it, quotes it."""
        tail = " ".join(said.split()[-SHINGLE:])
        return not self._shingles.isdisjoint(_shingles(f"{tail} {sentence}"))


def _shingles(text: str) -> list[str]:
    words = plain(text).words.split()
    return [" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)]


def trouble_in(sentence: str, said: str, confidential: Confidential) -> str | None:
    """Why `sentence` must not be said after what was `said`; None: it may be."""
    if _has_secret(f"{said[-80:]} {sentence}") and not _has_secret(said[-80:]):
        return SECRET
    if confidential.is_given_away(sentence, said) or _IDENTIFIER.search(sentence):
        return SYSTEM_PROMPT
    return TOXICITY if is_abuse(sentence) else None


def _has_secret(text: str) -> bool:
    written = _SPELLED.sub(lambda spelled: _BREAKS.sub("", spelled[0]), _in_figures(text))
    written = _BETWEEN_FIGURES.sub(" ", written)
    return any(redacted(form) != form or _LOOKS_LIKE_A_KEY.search(form) for form in (text, written))


def _in_figures(text: str) -> str:
    return re.sub(r"[A-Za-z]+", lambda word: _FIGURES.get(word[0].lower(), word[0]), text)
