"""English plurals of what stands on a menu: the head word takes the ending, as in "glasses of wine"."""

import re

# The head stands before one of these: a Glass of Wine, a Coffee with Milk, a Whiskey on the Rocks.
_AFTER_A_HEAD = frozenset("of with without in on from for to over".split())
# Their own plural, or none of their own.
_IRREGULAR = {
    "calf": "calves", "fish": "fish", "half": "halves", "knife": "knives", "leaf": "leaves", "loaf": "loaves",
    "potato": "potatoes", "sex": "sex", "tomato": "tomatoes",
}  # fmt: skip
# "Nachos" and "Wings" are plurals already; "Glass", "Hibiscus" and "Pastis" are not.
_SINGULAR_IN_S = ("ss", "us", "is")
_HISSES = (*_SINGULAR_IN_S, "x", "z", "ch", "sh")


def plural(name: str) -> str:
    """More than one of `name`, spelled as it is: "Old Fashioneds", "Glasses of Wine", "Nachos", "Beers (0.5 l)"."""
    words = re.split(r"(\W*\s\W*)", name)
    head = _head([word.casefold() for word in words[::2]], words[1::2])
    words[2 * head] = _of_word(words[2 * head])
    return "".join(words)


def head_word(words: list[str]) -> str:
    """The word of a name that takes the plural."""
    return words[_head(words, [" "] * (len(words) - 1))]


def _head(words: list[str], between: list[str]) -> int:
    """Where the head is: the last word before a preposition, a comma or a bracket, else the last of all."""
    for at, gap in enumerate(between):
        if words[at] and words[at + 1] and (gap.strip() not in ("", "&", "+") or words[at + 1] in _AFTER_A_HEAD):
            return at
    return max(len(words) - 1, 0) if words[-1] else max(len(words) - 2, 0)


def _of_word(word: str) -> str:
    # What clings to it, a quotation mark or a bracket, stays where it is.
    found = re.fullmatch(r"(\W*)(.*?)(\W*)", word, re.DOTALL)
    assert found
    before, bare, after = found.groups()
    small = bare.casefold()
    if small in _IRREGULAR:
        return before + bare[:1] + _IRREGULAR[small][1:] + after
    if small.endswith(_HISSES):
        return f"{before}{bare}es{after}"
    if small.endswith("s") or not small:
        return word
    if small.endswith("y") and len(small) > 1 and small[-2] not in "aeiou":
        return f"{before}{bare[:-1]}ies{after}"
    return f"{before}{bare}s{after}"
