"""From what was heard or typed to plain words: contractions opened, punctuation kept as tokens, numbers read."""

import re
import unicodedata

from kiosk.menu import singular

# Sounds that carry nothing; where a sentence ends in one, the guest has not finished.
HESITATIONS = frozenset(["uh", "um", "erm", "er", "hm", "hmm", "mm", "mmm", "ah", "eh", "uhm", "uhh", "umm", "huh"])

_CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "let's": "let us", "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to",
    "gotta": "got to", "y'all": "you", "dunno": "do not know", "kinda": "kind of", "ain't": "is not",
    "ok": "okay", "k": "okay", "yea": "yeah", "pls": "please", "plz": "please", "thx": "thanks",
    "u": "you", "oz": "ounce", "ozs": "ounce", "dont": "do not", "didnt": "did not", "doesnt": "does not",
    "whats": "what is", "hows": "how is", "thats": "that is", "im": "i am", "ive": "i have",
    "wouldnt": "would not", "couldnt": "could not", "isnt": "is not", "theres": "there is",
    "&": "and", "%": "percent", "per cent": "percent", "whaddya": "what do you", "til": "until",
    "hafta": "have to", "d'you": "do you", "c'mon": "come on", "alright": "all right", "checkout": "check out",
}  # fmt: skip
_ENDINGS = (
    ("n't", " not"),
    ("'ll", " will"),
    ("'d", " would"),
    ("'m", " am"),
    ("'re", " are"),
    ("'ve", " have"),
)
_IS = re.compile(r"^(what|how|that|it|he|she|who|where|there|here|when|everything)'s$")

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (value + 2) for value, word in enumerate(_TENS)
}
# What nobody says alone, and a recogniser hears for what many do.
_HEARD_ALONE = {"us": ["yes"]}
# Said instead of a number; the longest first.
_COUNTS = (
    (("half", "a", "dozen"), 6), (("a", "half", "dozen"), 6), (("half", "dozen"), 6), (("a", "couple", "of"), 2),
    (("a", "couple"), 2), (("couple", "of"), 2), (("a", "pair", "of"), 2), (("a", "dozen"), 12), (("one", "dozen"), 12),
    (("dozen",), 12), (("a", "million"), 1_000_000), (("million",), 1_000_000), (("a", "hundred"), 100), (("hundred",), 100), (("a", "thousand"), 1000), (("thousand",), 1000),
)  # fmt: skip


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


def read_number(words: list[str], start: int) -> tuple[int, int] | None:
    """The number spoken at `start`, as (value, end), or None; "one" alone is left a word."""
    for count, value in _COUNTS:
        if tuple(words[start : start + len(count)]) == count:
            return value, start + len(count)
    end, value = start, 0
    while end < len(words):
        word = words[end]
        if word.isdecimal():
            if end > start:
                break
            # More digits than any order has are a telephone number, not a quantity.
            return (int(word), end + 1) if len(word) <= 6 else None
        if word == "hundred" and 0 < value < 10:
            value *= 100
        elif word == "dozen" and 0 < value < 10:
            value *= 12
        elif word == "thousand" and 0 < value < 1000:
            value *= 1000
        elif word in _VALUES:
            addition = _VALUES[word]
            fits = end == start or (value % 10 == 0 and value >= 20 and addition < 10) or value % 100 == 0 < value
            if not fits:
                break
            value += addition
        elif word != "and" or value < 100 or end + 1 >= len(words) or words[end + 1] not in _VALUES:
            break
        end += 1
    if end == start or words[start:end] == ["one"]:
        return None
    return value, end


def plain_words(text: str) -> list[str]:
    """`text` as words and the tokens "," "." "?": lower case, contractions opened, no hesitations."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("`", "'"))
    lowered = "".join(char for char in decomposed if not unicodedata.combining(char))
    lowered = re.sub(r"(?<=\d)(?=[a-z])", " ", lowered).replace("per cent", "percent")
    lowered = re.sub(r"(?<=\d),(?=\d{3}\b)", "", lowered)
    words: list[str] = []
    for token in re.findall(r"\d+\.\d+|[^\W_]+(?:'[^\W_]+)*|[,.;:!?%&]", lowered):
        words.extend(_open(token))
    kept = [word for word in words if word not in HESITATIONS]
    return _HEARD_ALONE.get(" ".join(kept), kept)


def _open(token: str) -> list[str]:
    if token in ",:":
        return [","]
    if token in ".;!":
        return ["."]
    if token in _CONTRACTIONS:
        return _CONTRACTIONS[token].split()
    if _IS.match(token):
        return [token[:-2], "is"]
    for ending, expansion in _ENDINGS:
        if token.endswith(ending) and len(token) > len(ending):
            return (token.removesuffix(ending) + expansion).split()
    return [token.replace("'", "")]


def canonical(word: str) -> str:
    """A word of a name, as names are compared: singular, digits in words."""
    if word.isdecimal() and len(word) <= 3:
        return number_words(int(word))
    return singular(word)
