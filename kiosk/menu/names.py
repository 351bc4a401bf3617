"""Names as guests, recognisers and typists write them, made comparable."""

import re
import unicodedata

# A name that is less like any on the menu than this (0 to 100, rapidfuzz's ratio) is not on it; two
# that are nearer to each other than `TIE` are equally near.
LIKENESS = 78.0
TIE = 3.0
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def plain_letters(text: str) -> str:
    """`text` in lower case and without accents; apostrophes of any kind are straight ones."""
    # Folded last: a mathematical A becomes a capital one first.
    decomposed = unicodedata.normalize("NFKD", re.sub("[’‘`´]", "'", text)).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)


def normalise(text: str) -> str:
    """`text` for comparison: lower case, no accents, words of letters and digits, single spaces."""
    return " ".join(re.findall(r"[^\W_]+", plain_letters(text).replace("'", "")))


def singular(word: str) -> str:
    """The usual English singular of a menu word: martinis, whiskies, glasses."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and re.search(r"(ch|sh|ss|x)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def singulars(name: str) -> str:
    """A normalised name with each of its words in the singular."""
    return " ".join(singular(word) for word in name.split())


def bare(name: str) -> str:
    """`name` normalised, without the article that a guest put before it."""
    return re.sub(r"^(a|an|the|some|one) (?=\w)", "", normalise(name))
