"""One plain form of what was said, however it was spelled, so that a rule need know only that one."""

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that look like ours (Unicode Technical Standard 39), after case folding and decomposition.
_LOOKALIKES = str.maketrans(
    "абвгекмнорстухіјѕԁցһԛԝαβεηικμνορτυχωıſɡ",
    "abbrekmhopctyxijsdghqwabenikmvoptuxwisg",
)
# Figures and signs that stand for letters where they are mixed with letters.
_LEET = str.maketrans("013457@$!|", "oieastasil")
_HIDDEN = frozenset(["Cf", "Co", "Cs", "Cn"])
_TOKEN = re.compile(r"[^\W_]+(?:[@$!|][^\W_]+)*[@$]?")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_BLANKS = re.compile(r"\s+")
# What the kiosk's own notices are marked with, and what else models read as structure.
_STRUCTURE = str.maketrans("[]{}<>`|", "()()  '/")
# Longer than anybody speaks in one turn: at 15 letters a second, more than two minutes.
MOST_CHARACTERS = 2_000


@dataclass(frozen=True)
class PlainText:
    """What was said, for rules.

    Parameters:
        words: in lower case, without punctuation and accents, one blank between two.
        letters: the same without blanks, for words that were cut up.
    """

    words: str
    letters: str


def printable(text: str) -> str:
    """`text` as a person sees it: without characters that cannot be seen, or that pass for a notice of the kiosk's.

    At most `MOST_CHARACTERS` of it.
    """
    seen = (
        char
        for char in unicodedata.normalize("NFKC", text[: 2 * MOST_CHARACTERS])
        if unicodedata.category(char) not in _HIDDEN and (char.isprintable() or char.isspace())
    )
    return _BLANKS.sub(" ", "".join(seen).translate(_STRUCTURE)).strip()[:MOST_CHARACTERS]


def has_hidden(text: str) -> bool:
    """Whether there are characters in `text` that cannot be seen and mean nothing in speech."""
    return any(unicodedata.category(char) in _HIDDEN for char in text)


def plain(text: str) -> PlainText:
    """`text` in its plain form: look-alikes and figures read as letters, spelled words put together."""
    decomposed = unicodedata.normalize("NFKD", printable(text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LOOKALIKES)
    bare = bare.replace("'", "").replace("’", "")
    words = _spelled_out([_word(token) for token in _TOKEN.findall(bare)])
    return PlainText(" ".join(words), "".join(words))


def _word(token: str) -> str:
    is_mixed = any(map(str.isalpha, token)) and not token.isalpha()
    return _DRAWN_OUT.sub(r"\1", token.translate(_LEET) if is_mixed else token)


def _spelled_out(words: list[str]) -> list[str]:
    """`words` with runs of three single letters and more put together."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        joined += ["".join(run)] if len(run) >= 3 else run
        run = []
        joined.append(word)
    return joined[:-1]
