"""From what was heard or typed to plain words, so that any recogniser's or typist's writing is the same sentence.

Lower case, no accents, contractions opened, hyphens and emoji gone, signs in words ("15%", "$5", "2x"). Commas and
full stops stay as tokens of their own: they may help, and nothing depends on them.
"""

import re
from collections.abc import Iterable

from kiosk.menu import plain_letters, singular
from kiosk.understanding.numbers import number_words

# Sounds that carry nothing; where a sentence ends in one, the guest has not finished.
HESITATIONS = frozenset("uh um erm er hm hmm mm mmm ah eh uhm uhh umm huh".split())
# "Pie" and "tie" are not plural of anything in y.
_SHORTEST_IN_IE = 4
# What says least first.
_WEIGHTS = ",.?"
PUNCTUATION = frozenset(_WEIGHTS)

_CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "let's": "let us",
    "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to", "gotta": "got to",
    "y'all": "you", "dunno": "do not know", "kinda": "kind of", "ain't": "is not", "ok": "okay", "k": "okay",
    "yea": "yeah", "pls": "please", "pleas": "please", "plese": "please", "pleae": "please", "plase": "please",
    "plaese": "please", "plz": "please", "thx": "thanks", "u": "you", "oz": "ounce", "ozs": "ounce", "pc": "piece",
    "pcs": "piece", "lg": "large", "lrg": "large", "sm": "small", "med": "medium", "dont": "do not",
    "didnt": "did not", "doesnt": "does not", "whats": "what is", "hows": "how is", "thats": "that is", "im": "i am",
    "ive": "i have", "wouldnt": "would not", "couldnt": "could not", "isnt": "is not", "theres": "there is",
    "&": "and", "%": "percent", "whaddya": "what do you", "til": "until", "hafta": "have to", "d'you": "do you",
    "c'mon": "come on", "alright": "all right", "checkout": "check out", "x": "times", "w/": "with",
    # "1 of them": it is no mere number.
    "1": "one",
}  # fmt: skip
_ENDINGS = {"n't": " not", "'ll": " will", "'d": " would", "'m": " am", "'re": " are", "'ve": " have"}
_IS = re.compile(r"^(what|how|that|it|he|she|who|where|there|here|when|everything|this|there)'s$")
_TOKEN = re.compile(r"\d+\.\d+|w/(?!o)|[^\W_]+(?:'[^\W_]+)*|[,.;:!?%&]")
_PAUSES = {",": ",", ":": ",", ".": ".", ";": ".", "!": ".", "?": "?"}
# What nobody says alone, and a recogniser hears for what many do.
_HEARD_ALONE = {"us": ["yes"]}


def plain_words(text: str) -> list[str]:
    """`text` as words and the tokens "," "." "?"."""
    lowered = plain_letters(text).replace("per cent", "percent").replace("w/o", "without")
    lowered = re.sub(r"[$€£](\d+(?:\.\d+)?)", r"\1 dollars ", lowered)
    lowered = re.sub(r"(?<=\d)l\b", " liter", lowered)
    lowered = re.sub(r"(?<=\d)(?=[a-z])", " ", lowered)
    lowered = re.sub(r"(?<=\d),(?=\d{3}\b)", "", lowered)
    words = [word for token in _TOKEN.findall(lowered) for word in _opened(token)]
    kept = _once(word for word in words if not is_hesitation(word))
    return _HEARD_ALONE.get(" ".join(kept), kept)


def _once(words: Iterable[str]) -> list[str]:
    """`words` with one pause where several follow one another: "...", "?!"."""
    kept: list[str] = []
    for word in words:
        if word in PUNCTUATION and kept and kept[-1] in PUNCTUATION:
            kept[-1] = max(kept[-1], word, key=_WEIGHTS.index)
        else:
            kept.append(word)
    return kept


def ends_in_hesitation(text: str) -> bool:
    """Whether the last thing that was said is a sound of thinking."""
    words = re.findall(r"[^\W_']+", text.casefold())
    return bool(words) and is_hesitation(words[-1])


def is_hesitation(word: str) -> bool:
    """Whether a word is a sound of thinking, however long: "uhhh"."""
    is_drawn_out = len(word) > 3 and word[-1] == word[-2]
    return word in HESITATIONS or (is_drawn_out and re.sub(r"(.)\1+", r"\1", word) in HESITATIONS)


def canonical(word: str) -> str:
    """A word of a name, as names are compared: singular, digits in words."""
    if word.isdecimal() and len(word) <= 3:
        return number_words(int(word))
    one = singular(word)
    # "Cookies" may be of a cookie or of a cooky: both are spelled the same.
    return f"{one[:-2]}y" if one.endswith("ie") and len(one) > _SHORTEST_IN_IE else one


def _opened(token: str) -> list[str]:
    if token in _PAUSES:
        return [_PAUSES[token]]
    if token in _CONTRACTIONS:
        return _CONTRACTIONS[token].split()
    if _IS.match(token):
        return [token[:-2], "is"]
    for ending, expansion in _ENDINGS.items():
        if token.endswith(ending) and len(token) > len(ending):
            return (token.removesuffix(ending) + expansion).split()
    return [token.replace("'", "")]
