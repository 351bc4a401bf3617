"""Numbers as they are spoken: read from words, and written in words."""

from collections.abc import Sequence

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (value + 2) for value, word in enumerate(_TENS)
}
# Said instead of a number; the longest first.
_COUNTS = (
    (("half", "a", "dozen"), 6), (("a", "half", "dozen"), 6), (("half", "dozen"), 6), (("a", "couple", "of"), 2),
    (("a", "couple"), 2), (("couple", "of"), 2), (("a", "pair", "of"), 2), (("a", "dozen"), 12), (("dozen",), 12),
    (("a", "million"), 1_000_000), (("million",), 1_000_000), (("a", "hundred"), 100), (("hundred",), 100),
    (("a", "thousand"), 1000), (("thousand",), 1000),
)  # fmt: skip
_MULTIPLES = {"hundred": (100, 10), "dozen": (12, 10), "thousand": (1000, 1000)}
# More digits than any order has are a telephone number, not a quantity.
_MOST_DIGITS = 6


def number_words(value: int) -> str:
    """`value` in words, up to a thousand: the form in which menus and guests say "twelve ounce"."""
    if value < 20:
        return _UNITS[value]
    if value < 100:
        return _TENS[value // 10 - 2] + (f" {_UNITS[value % 10]}" if value % 10 else "")
    if value < 1000:
        rest = value % 100
        return f"{_UNITS[value // 100]} hundred" + (f" {number_words(rest)}" if rest else "")
    return str(value)


def read_number(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """The number that begins at `start`, as (value, end), or None."""
    for count, value in _COUNTS:
        if tuple(words[start : start + len(count)]) == count:
            return value, start + len(count)
    if words[start].isdecimal():
        return (int(words[start]), start + 1) if len(words[start]) <= _MOST_DIGITS else None
    end, value = start, 0
    while end < len(words):
        word = words[end]
        if word in _MULTIPLES and 0 < value < _MULTIPLES[word][1]:
            value *= _MULTIPLES[word][0]
        elif word in _VALUES:
            if end > start and not _continues(value, _VALUES[word]):
                break
            value += _VALUES[word]
        elif word != "and" or value < 100 or end + 1 >= len(words) or words[end + 1] not in _VALUES:
            break
        end += 1
    return (value, end) if end > start else None


def _continues(value: int, more: int) -> bool:
    """Whether `more` is the rest of a number that stands at `value`: twenty, five."""
    return (value % 10 == 0 and value >= 20 and more < 10) or value % 100 == 0 < value
