"""A sentence as tags: what the menu names, what counts, and the words around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kiosk.menu import Item, SpokenModifier, singular
from kiosk.plurals import head_word
from kiosk.understanding.lexicon import Lexicon
from kiosk.understanding.numbers import read_number
from kiosk.understanding.table import kind
from kiosk.understanding.words import PUNCTUATION, canonical, plain_words

# Heard for a number where a plural drink follows: "can i get to martinis".
_SLIPS = {"to": 2, "too": 2, "for": 4, "fore": 4}
# A number before one of these counts no drinks.
_MEASURES = kind("measures")
_BEFORE_A_QUANTITY = kind("before_a_quantity")
# After these it may be what it is: "change the beer to lemonades".
_BEFORE_TO = kind("before_to")


@dataclass(frozen=True)
class Tag:
    """One thing in a sentence: a name of the menu, a number, a word, or "," "." "?".

    Parameters:
        said: its words.
        plural: the name was said in the plural.
    """

    said: str
    item: Item | None = None
    modifier: SpokenModifier | None = None
    category: str | None = None
    number: int | None = None
    plural: bool = False

    @property
    def is_name(self) -> bool:
        """Whether the menu knows it."""
        return bool(self.item or self.modifier or self.category)

    @property
    def is_word(self) -> bool:
        """Whether it is neither named nor counted nor punctuation."""
        return not (self.is_name or self.number is not None or self.is_pause)

    @property
    def is_pause(self) -> bool:
        """Whether it is "," "." or "?"."""
        return self.said in PUNCTUATION

    @property
    def slot(self) -> str:
        """The tag with what the menu names left open: "@" or "@s", "#", "&", "+", or the word itself."""
        if self.item:
            return "@s" if self.plural else "@"
        if self.modifier:
            return "#"
        if self.category:
            return "&"
        return "+" if self.number is not None and self.said != "one" else self.said


def tagged(text: str, lexicon: Lexicon) -> tuple[Tag, ...]:
    """The tags of `text`, the longest name first."""
    words = list(_joined(plain_words(text), lexicon))
    names = [lexicon.mended(canonical(word)) for word in words]
    tags: list[Tag] = []
    at = 0
    while at < len(words):
        tag, at = _tag(words, names, at, lexicon)
        tags.append(tag)
    if not any(tag.item for tag in tags):
        tags = list(_taken_apart(tags, lexicon))
    return tuple(_counted(tags))


def _joined(words: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """`words` with "cheese burger" as the one word that it is on the menu."""
    at = 0
    while at < len(words):
        two = words[at : at + 2]
        if len(two) == 2 and lexicon.is_compound(two[0], canonical(two[1])):
            yield "".join(two)
            at += 2
        else:
            yield words[at]
            at += 1


def _tag(
    words: Sequence[str], names: Sequence[str], at: int, lexicon: Lexicon, before: int | None = None
) -> tuple[Tag, int]:
    if found := lexicon.at(names, at, before):
        meaning, end = found
        head = head_word(list(words[at:end]))
        plural = head != singular(head)
        return Tag(" ".join(words[at:end]), meaning.item, meaning.modifier, meaning.category, plural=plural), end
    if number := read_number(words, at):
        value, end = number
        if end < len(words) and words[end] in _MEASURES:
            # "A twelve ounce latte": a size that the menu does not have, and no dozen.
            return Tag(" ".join(words[at : end + 1])), end + 1
        return Tag(" ".join(words[at:end]), number=value), end
    return Tag(words[at]), at + 1


def _taken_apart(tags: Sequence[Tag], lexicon: Lexicon) -> Iterator[Tag]:
    """`tags` with the drink that the name of a modifier ends in: "a double shot of espresso" is an espresso."""
    for tag in tags:
        words = tag.said.split()
        names = [canonical(word) for word in words]
        last = lexicon.at(names, len(words) - 1) if len(words) > 1 and tag.modifier else None
        if last is None or last[0].item is None:
            yield tag
            continue
        at = 0
        while at < len(words):
            part, at = _tag(words, names, at, lexicon, len(words) if at == 0 else None)
            yield part


def _counted(tags: list[Tag]) -> list[Tag]:
    """`tags` with "to martinis" and "for beers" counted, as recognisers and hasty typists write them."""
    mended = list(tags)
    said = [tag.said for tag in tags]
    for at, tag in enumerate(tags):
        if tag.said not in _SLIPS:
            continue
        listed = at and tags[at - 1].item and tag.said != "for" and not _BEFORE_TO.intersection(said)
        if at and not listed and said[at - 1] not in _BEFORE_A_QUANTITY:
            continue
        following = at + 1
        while following < len(tags) and tags[following].modifier and not tags[following].item:
            following += 1
        if following < len(tags) and tags[following].item and tags[following].plural:
            mended[at] = replace(tag, number=_SLIPS[tag.said])
    return mended
