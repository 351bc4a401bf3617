"""A sentence as tags: what the menu names, what counts, and the words around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kiosk.menu import Item, SpokenModifier, singular
from kiosk.plurals import head_word
from kiosk.understanding.lexicon import Lexicon
from kiosk.understanding.numbers import read_number
from kiosk.understanding.table import kind
from kiosk.understanding.words import PUNCTUATION, canonical, plain_words

# More words than this in one breath, some five minutes of talk, are no order.
MOST_WORDS = 1000
# Heard for a number where a plural drink follows: "can i get to martinis".
_SLIPS = {"to": 2, "too": 2, "for": 4, "fore": 4}
# A number before one of these counts no drinks.
_MEASURES = kind("measures")
_BEFORE_A_QUANTITY = kind("before_a_quantity")
# After these it may be what it is: "change the beer to lemonades".
_BEFORE_TO = kind("before_to")
_NEGATIONS = kind("negations")
# Nothing ends behind these.
_LEADING = kind("leading")
# So many words of a name are looked for on either side of a pause.
_LONGEST_NAME = 4


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
    """The tags of `text`, the longest name first; nothing is named in more than `MOST_WORDS`."""
    plain = plain_words(text)
    if len(plain) > MOST_WORDS:
        return tuple(Tag(word) for word in plain)
    words = list(_joined(plain, lexicon))
    names = [lexicon.mended(canonical(word)) for word in words]
    kept = [at for at in range(len(words)) if not _is_stray(words, names, at, lexicon)]
    words, names = [words[at] for at in kept], [names[at] for at in kept]
    tags: list[Tag] = []
    at = 0
    while at < len(words):
        tag, at = _tag(words, names, at, lexicon)
        tags.append(tag)
    if not any(tag.item for tag in tags):
        tags = list(_taken_apart(tags, lexicon))
    return tuple(_counted(list(_without_stray_pauses(tags))))


def _is_stray(words: Sequence[str], names: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a comma or full stop here ends nothing: "a. latte", "iced, tea"."""
    if words[at] not in (",", ".") or not at or at + 1 >= len(words):
        return False
    if words[at - 1] in _LEADING:
        return True
    before, after = names[max(0, at - _LONGEST_NAME) : at], names[at + 1 : at + _LONGEST_NAME]
    for start in range(len(before)):
        left = [*before[start:]]
        if lexicon.at(left, 0) is not None:
            # What stands before it is a name without what follows.
            continue
        if (found := lexicon.at([*left, *after], 0)) and found[1] > len(left):
            return True
    return False


def _without_stray_pauses(tags: Sequence[Tag]) -> Iterator[Tag]:
    """`tags` without the pause in "two. Martinis" and "two medium, iced teas"; "beers: two, gins: three" keeps it."""
    for at, tag in enumerate(tags):
        if tag.said in (",", ".") and _counts_across(tags, at):
            continue
        yield tag


def _counts_across(tags: Sequence[Tag], pause: int) -> bool:
    """Whether what is counted before a pause is named behind it."""
    at = pause
    while at and tags[at - 1].modifier and not tags[at - 1].item:
        at -= 1
    number = tags[at - 1].number if at else None
    opens = at < 2 or not tags[at - 2].is_pause
    return number is not None and number > 1 and opens and _leads_to_several(tags, pause + 1)


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
    if (found := lexicon.at(names, at, before)) and not _is_refused(names, at, found[1], lexicon):
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


def _is_refused(names: Sequence[str], at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the name of a place is a "no" before a longer one: "no ice tea", where "no ice" is a way of making."""
    behind = lexicon.at(names, at + 1) if names[at] in _NEGATIONS and end > at + 1 else None
    return behind is not None and behind[0].item is not None and behind[1] > end


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
        if _leads_to_several(tags, at + 1):
            mended[at] = replace(tag, number=_SLIPS[tag.said])
    return mended


def _leads_to_several(tags: Sequence[Tag], at: int) -> bool:
    """Whether a drink is named in the plural here, behind the ways of making it."""
    while at < len(tags) and tags[at].modifier and not tags[at].item:
        at += 1
    return at < len(tags) and tags[at].item is not None and tags[at].plural
