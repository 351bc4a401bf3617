"""Whether a sentence breaks off."""

from kiosk.understanding.cover import Cover
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.table import kind
from kiosk.understanding.words import ends_in_hesitation

# After these more is to come.
_OPEN = kind("unfinished")

_TALK = 2


def dangles(text: str, sentence: Sentence, covered: Cover) -> bool:
    """Whether a sentence breaks off: "two beers and uh"."""
    if ends_in_hesitation(text):
        return True
    end = sentence.words_end
    if not end or not covered.loose_end:
        return False
    if any(sentence.wish_end[at] == end > at and sentence.said[at] not in ("for", "and") for at in range(end)):
        return True
    if sentence.said[:end][-2:] in (["make", "it"], ["make", "that"], ["change", "that"], ["change", "it"]):
        return True
    # What trails off behind other talk is talk: "we've still got some", "the lady that i came with".
    talks = len(covered.unexplained) > _TALK or end - 2 in covered.unexplained
    return sentence.said[end - 1] in _OPEN and not talks
