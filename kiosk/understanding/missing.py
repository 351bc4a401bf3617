"""What was asked for by a name that the menu does not have."""

from collections.abc import Iterator, Sequence

from kiosk.menu import Match, Menu, normalise
from kiosk.understanding.acts import NotOnMenu
from kiosk.understanding.cover import Cover
from kiosk.understanding.sentence import FILLERS, Sentence
from kiosk.understanding.table import kind
from kiosk.understanding.words import canonical

# Words that turn an order into something else, wherever they stand.
DOUBTFUL = kind("doubtful")
# The likeness (0 to 100) from which a name that is not on the menu may have been meant for one that is.
_SOMEWHAT_ALIKE = 60.0
_LONGEST_NAME = 3
# More is not repeated name by name.
_MOST_NAMED = 3
_MOST_OFFERED = 3
# So many names are held against the menu, so that a long list costs no more than its length.
_MOST_LOOKED_UP = 8
_NO_NAMES = FILLERS | DOUBTFUL
_ENDS = kind("ends")
# Behind a name how it is to be made begins.
_MADE_WITH = kind("negations") | {"with", "on", "in"}
# Who says so turns to Maya, and asks for something next.
_ADDRESSES = ("talk.greeting", "talk.wait", "talk.repeat")


def not_on_menu(sentence: Sentence, covered: Cover, menu: Menu) -> NotOnMenu | None:
    """What the menu does not have, where nothing else stays unexplained."""
    names: dict[str, None] = {}
    for begin, end in _runs(covered.unexplained):
        if not _is_asked_for(sentence, covered, begin) or end - begin > _LONGEST_NAME or not ends_there(sentence, end):
            return None
        name = " ".join(sentence.said[begin:end])
        if set(name.split()) & _NO_NAMES:
            return None
        names[name] = None
    return missing(tuple(names), menu)


def missing(names: Sequence[str], menu: Menu) -> NotOnMenu | None:
    """That the menu does not have `names`; None: it may have one of them after all."""
    offers: dict[str, None] = {}
    for name in names[:_MOST_LOOKED_UP]:
        match = menu.find(name)
        if match.item:
            return None
        offers |= dict.fromkeys(_offers(name, match, menu))
    if not names:
        return None
    said = " or ".join(names) if len(names) <= _MOST_NAMED else "all of that"
    return NotOnMenu(said, tuple(offers)[:_MOST_OFFERED])


def asked_for(sentence: Sentence, covered: Cover) -> list[tuple[int, int]]:
    """Where in an order something is asked for that nothing explains: "a mojito with mint and a beer"."""
    runs = [(begin, _name_end(sentence, begin, end)) for begin, end in _runs(covered.unexplained)]
    return [
        (begin, end)
        for begin, end in runs
        if end > begin
        and _is_asked_for(sentence, covered, begin, counted_only=True)
        and end - begin <= _LONGEST_NAME
        and (ends_there(sentence, end) or sentence.said[end] in _MADE_WITH or sentence.tags[end].modifier)
        and not set(sentence.said[begin:end]) & _NO_NAMES
    ][:_MOST_NAMED]


def _name_end(sentence: Sentence, begin: int, end: int) -> int:
    return next((place for place in range(begin, end) if sentence.said[place] in _MADE_WITH), end)


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Places that follow one another, as (begin, end)."""
    begin = 0
    for number, place in enumerate(places):
        if places[number + 1 : number + 2] != (place + 1,):
            yield places[begin], place + 1
            begin = number + 1


def _is_asked_for(sentence: Sentence, covered: Cover, begin: int, *, counted_only: bool = False) -> bool:
    """Whether a name that begins here is asked for: "can i get a …", "a beer and a …"."""
    place = begin
    while place and (
        sentence.said[place - 1] in ("a", "an", "the", "some", "any", "another", "of")
        or sentence.tags[place - 1].number
    ):
        place -= 1
        if place and sentence.said[place] == "of":
            place -= 1
    counted = place < begin
    if counted_only and (not counted or sentence.said[place] == "the"):
        # "The match starts in ten minutes" asks for nothing.
        return False
    if counted and place == 0:
        return True
    if sentence.wishes_before[place]:
        return True
    before = sentence.said[place - 1] if place else ""
    if place > 1 and before in ("and", "plus") and sentence.tags[place - 2].item:
        return True
    # "If you don't mind, a …".
    begins_politely = sentence.soft_end[0] == place > 1
    greeted = begins_politely or any(entry in _ADDRESSES and end == place for entry, _, end in covered.entries)
    return counted and (greeted or before in ("and", ",", "plus", "or", "hello", "hi", "okay", "please", "have"))


def ends_there(sentence: Sentence, end: int) -> bool:
    """Whether what is asked for ends at a place: at a pause, at manners, at an "and"."""
    if end >= len(sentence):
        return True
    return sentence.tags[end].is_pause or sentence.soft_end[end] > end or sentence.said[end] in ("and", *_ENDS)


def _offers(name: str, match: Match, menu: Menu) -> tuple[str, ...]:
    """The items that share a word with `name`, else those that sound a little like it."""
    wanted = {canonical(word) for word in name.split()}
    related = [item.name for item in menu.items if wanted & {canonical(w) for w in normalise(item.name).split()}]
    near = [item.name for item in match.alternatives] if match.score >= _SOMEWHAT_ALIKE else []
    return tuple(related or near)[:_MOST_OFFERED]
