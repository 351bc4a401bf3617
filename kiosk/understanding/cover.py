"""How much of a sentence the phrases that are known explain: as few words as possible stay unexplained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from kiosk.menu import Menu
from kiosk.understanding.acts import Act, Add, AddMentioned, AddOneOfEach, Again, Modify, Replace, Say, Topic
from kiosk.understanding.patterns import Read
from kiosk.understanding.phrases import Table
from kiosk.understanding.questions import AskAbout, AskAvailable, AskPrice
from kiosk.understanding.sentence import CONTAINERS, FILLERS, PARTICLES, Sentence
from kiosk.understanding.slots import reading

ORDERING = (Add, AddMentioned, AddOneOfEach, Again, Modify, Replace)
_QUESTIONS = (AskAbout, AskAvailable, AskPrice)
# Talk after which an order may follow without a pause; after other talk it is part of that talk.
_OPENERS = frozenset(
    {
        Topic.GREETING, Topic.THANKS, Topic.YES, Topic.OKAY, Topic.NO, Topic.WAIT, Topic.SORRY, Topic.DONE,
        Topic.HOW_ARE_YOU, Topic.FEELING_GOOD, Topic.FEELING_LOW, Topic.UNDECIDED, Topic.ORDERING, Topic.REPEAT,
        Topic.WEATHER, Topic.WHO_ARE_YOU, Topic.COMPLIMENT, Topic.BYE,
    }
)  # fmt: skip
# What a word, a phrase and a particle between phrases cost.
_PHRASE, _FILLER, _PARTICLE, _MANNERS = 4, 4, 2, 1
# What takes in the rest of a clause explains it only where nothing says more.
_CLAUSE = {"reports.told": 8, "reports.firm": 6, "refusals.decline": 6}


@dataclass(frozen=True)
class Cover:
    """A way to explain a sentence.

    Parameters:
        unexplained: the places of the words that no phrase explains.
        loose_end: the last word belongs to no phrase.
        first: the acts of the phrase that the cover begins with, if it begins with one.
        entries: where in the table the phrases stand, and where in the sentence.
        meant: the acts of each of `entries`.
    """

    acts: tuple[Act, ...]
    unexplained: tuple[int, ...]
    loose_end: bool
    first: tuple[Act, ...]
    entries: tuple[tuple[str, int, int], ...]
    meant: tuple[tuple[Act, ...], ...]


class _Step(NamedTuple):
    """How the rest of a sentence is explained from a place on.

    Parameters:
        cost: unexplained words, then phrases and fillers; the least is best.
        at, end: of what is taken here.
        entry: the phrase in the table, where it is one.
        acts: what that phrase means.
        explained: something that is known is taken here.
    """

    cost: tuple[int, int] = (0, 0)
    at: int = 0
    end: int = 0
    entry: str | None = None
    acts: tuple[Act, ...] = ()
    explained: bool = True
    loose_end: bool = False
    following: "_Step | None" = None


def cover(sentence: Sentence, table: Table, menu: Menu, *, loose: bool = False) -> Cover:
    """The best way to explain a whole sentence.

    Parameters:
        loose: a drink in it is likely to be ordered, so that what only looks like talk or a question is neither.
    """
    read = reading(sentence, menu)
    best: list[_Step] = [_Step()] * (len(sentence) + 1)
    for at in reversed(range(len(sentence))):
        # Among equals the first phrase of the table; a word is left out only where no phrase does as well.
        options = [
            *_phrase(sentence, table, read, at, best, loose),
            *_manners(sentence, at, best),
            _without(sentence, at, best),
        ]
        best[at] = min(options, key=_cost)
    return _written(best[0])


def _cost(step: _Step) -> tuple[int, int]:
    return step.cost


def _phrase(
    sentence: Sentence, table: Table, read: Read, at: int, best: Sequence[_Step], loose: bool
) -> Iterator[_Step]:
    """The cheapest phrase that begins at a place, if one does; what it means is worked out for that one only."""
    found = []
    for number, end, values in table.automaton.matches(sentence.said, at, read, sentence.soft_end):
        phrase = table.phrases[number]
        # "If you don't mind" supposes nothing.
        supposes = phrase.entry == "reports.told" and not loose and sentence.soft_end[at] <= at + 1
        if end > at and (supposes or phrase.entry != "reports.told"):
            words, phrases = best[end].cost
            found.append(((words, phrases + _CLAUSE.get(phrase.entry, _PHRASE)), end, phrase, values))
    for cost, end, phrase, values in sorted(found, key=itemgetter(0)):
        acts = phrase.acts(dict(values))
        if loose and any(isinstance(act, _QUESTIONS) for act in acts):
            continue
        following = best[end] if loose else _after(phrase.entry, acts, best[end])
        yield _Step(cost, at, end, phrase.entry, acts, True, following.loose_end, following)
        return


def _after(entry: str, acts: tuple[Act, ...], following: _Step) -> _Step:
    """What follows a phrase at once: after talk that is no opening, a drink is what is talked about."""
    talks = {act.topic for act in acts if isinstance(act, Say)}
    if entry in _CLAUSE or not talks or talks <= _OPENERS:
        return following
    return following._replace(acts=()) if any(isinstance(act, ORDERING) for act in following.acts) else following


def _manners(sentence: Sentence, at: int, best: Sequence[_Step]) -> Iterator[_Step]:
    for ends in (sentence.soft_end, sentence.wish_end, sentence.ask_end):
        if (end := ends[at]) > at:
            # A wish that nothing follows is the beginning of one.
            is_begun = ends is not sentence.soft_end and sentence.said[at] != "for"
            breaks_off = end >= sentence.words_end and is_begun
            words, phrases = best[end].cost
            # At the end they are free, as they are to a phrase that takes in the rest.
            manners = 0 if end == len(sentence) else _MANNERS
            cost = (words, phrases + (_PHRASE + 1 if breaks_off else manners))
            yield _Step(cost, at, end, loose_end=best[end].loose_end or breaks_off, following=best[end])


def _without(sentence: Sentence, at: int, best: Sequence[_Step]) -> _Step:
    following = best[at + 1]
    loose_end = following.loose_end or at == sentence.words_end - 1
    words, phrases = following.cost
    word = sentence.said[at]
    if word in FILLERS or (word in CONTAINERS and sentence.said[at + 1 : at + 2] == ["of"]):
        cost = (words, phrases + (_PARTICLE if word in PARTICLES else _FILLER))
        return _Step(cost, at, at + 1, loose_end=loose_end, following=following)
    return _Step((words + 1, phrases), at, at + 1, explained=False, loose_end=loose_end, following=following)


def _written(first: _Step) -> Cover:
    acts: list[Act] = []
    unexplained: list[int] = []
    entries: list[tuple[str, int, int]] = []
    meant: list[tuple[Act, ...]] = []
    step: _Step | None = first
    while step:
        acts += step.acts
        if step.entry:
            entries.append((step.entry, step.at, step.end))
            meant.append(step.acts)
        if not step.explained:
            unexplained.append(step.at)
        step = step.following
    return Cover(tuple(acts), tuple(unexplained), first.loose_end, first.acts, tuple(entries), tuple(meant))
