"""Which words of a sentence nothing at a bar explains: how an ear tells that it may have misheard."""

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.menu import Menu
from kiosk.understanding.cover import cover
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.phrases import english
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.tags import MOST_WORDS, tagged


class LeftOver(NamedTuple):
    """A sentence in plain words, and the places in it that stay unexplained."""

    words: Sequence[str]
    places: Sequence[int]


def left_over(text: str, menu: Menu) -> LeftOver:
    """The plain words of `text`, and which of them no name of the menu and no phrase explains."""
    tags = tagged(text, lexicon(menu))
    if len(tags) > MOST_WORDS:
        return LeftOver([tag.said for tag in tags], range(len(tags)))
    sentence = Sentence(tags, english().manners)
    return LeftOver(sentence.said, cover(sentence, english(), menu).unexplained)
