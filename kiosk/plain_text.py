"""Text from outside, made fit for one line of a screen or a message: only what can be seen, and not too much of it.

Names keep their accents, their scripts and their emoji. What goes is what a reader cannot see, or what reaches out of
its line: control characters, directions, zero-width characters, halves of characters, piles of accents.
"""

import reprlib
import unicodedata
from collections.abc import Iterator

# Longer than anybody reads on a screen: two minutes of speech.
MOST_CHARACTERS = 2_000
# On one letter. Decomposed Vietnamese, Greek, Hebrew and Thai need up to three.
MOST_MARKS = 4

# Control, format, private use, surrogate: nothing that a font of ours draws.
_UNSEEN = frozenset(["Cc", "Cf", "Co", "Cs"])
# Letters, marks and a symbol by Unicode's tables, and yet nothing is drawn.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_EMOJI_STYLE = "\ufe0f"


def one_line(text: str, most: int = MOST_CHARACTERS) -> str:
    """`text` as a person can read it in one line of at most `most` characters; what is cut off leaves "…"."""
    if text.isascii() and text.isprintable():
        return _shortened(" ".join(text.split()), most)
    seen = "".join(shown for _, shown in _judged(text[: 2 * most]))
    # What stood apart before may be one character now.
    line = unicodedata.normalize("NFC", " ".join(seen.split()))
    return _shortened(line, most, is_cut=len(text) > 2 * most)


def unseen(text: str) -> str | None:
    """The first character of `text` that a reader would not see, blanks apart; None: there is none."""
    for char, shown in _judged(text):
        if shown != char and unicodedata.category(char) != "Zs":
            return char
    return None


def brief(value: object) -> str:
    """`value` as a message names it: as Python writes it, most of it left out where it is long."""
    try:
        return one_line(reprlib.repr(value), 80)
    except ValueError:
        # Python writes no number of thousands of digits.
        return "a number of thousands of digits"


def _judged(text: str) -> Iterator[tuple[str, str]]:
    """Each character, and what is shown for it: itself, a blank, or nothing."""
    # Halves of an emoji that came apart are put together; a half alone is what it is.
    whole = (
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") if _has_halves(text) else text
    )
    before, marks = " ", MOST_MARKS
    characters = unicodedata.normalize("NFC", whole)
    for place, char in enumerate(characters):
        category = unicodedata.category(char)
        shown = char
        if char.isspace() or char in _BLANKS:
            shown, marks = " ", MOST_MARKS
        elif category in ("Mn", "Me"):
            marks += 1
            shown = char if marks <= MOST_MARKS else ""
        elif char in (_JOINER, _NON_JOINER):
            after = characters[place + 1 : place + 2]
            shown = char if _joins(char, before, after or " ") else ""
        elif category in _UNSEEN or (category == "Cn" and not _may_be_new(char)):
            shown = ""
        else:
            marks = 0
        yield char, shown
        before = shown or before


def _has_halves(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _joins(joiner: str, before: str, after: str) -> bool:
    """Whether a joiner changes how its neighbours are written: in emoji, and from Arabic to the scripts of India."""
    if "\u0600" <= before <= "\u1bff":
        return unicodedata.category(after)[0] in "LM"
    is_picture = before == _EMOJI_STYLE or unicodedata.category(before) in ("So", "Sk", "Cn")
    return joiner == _JOINER and is_picture and unicodedata.category(after) in ("So", "Cn")


def _may_be_new(char: str) -> bool:
    """Whether a character that Python's tables do not know yet is likely an emoji or an ideograph of later years."""
    return "\U0001f000" <= char < "\U000e0000" and ord(char) & 0xFFFE != 0xFFFE


def _shortened(line: str, most: int, *, is_cut: bool = False) -> str:
    if len(line) <= most and not is_cut:
        return line
    return line[: most - 1].rstrip(f" {_JOINER}{_NON_JOINER}") + "…"
