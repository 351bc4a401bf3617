"""How much of a sentence the phrases that are known at a bar explain: as few words as possible stay unexplained."""

import re
from dataclasses import dataclass

from kiosk.bartender.acts import (
    Act,
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    AskAbout,
    AskAvailable,
    AskPrice,
    Modify,
    Replace,
    Say,
    Topic,
)
from kiosk.bartender.changes import CHANGES
from kiosk.bartender.frames import frame_at
from kiosk.bartender.phrase import Phrase
from kiosk.bartender.phrases import AGAIN, MONEY, NUMBERS, ORDERS, QUESTIONS
from kiosk.bartender.smalltalk import TALK
from kiosk.bartender.spotting import Spotted

PHRASES: tuple[Phrase, ...] = (*ORDERS, *AGAIN, *CHANGES, *QUESTIONS, *MONEY, *NUMBERS)

# Words that mean nothing by themselves between two phrases.
FILLERS = frozenset(
    ", . ? and so then but okay well now also yeah yes hi hey hello maya please thanks just oh right alright like you know let "
    "see me think for with a an the actually sorry".split()
)
# Of these, the ones that no phrase consists of: one is rather left out than the drink behind it torn in two.
_PARTICLES = frozenset(", . ? and with a an the for".split())
ORDERING = (Add, AddMentioned, AddOneOfEach, Again, Modify, Replace)
_QUESTIONS = (AskAbout, AskAvailable, AskPrice)
# Talk after which an order may follow without a pause; after other talk it is part of that talk.
_OPENERS = frozenset(
    {
        Topic.GREETING, Topic.THANKS, Topic.YES, Topic.OKAY, Topic.NO, Topic.WAIT, Topic.SORRY, Topic.DONE,
        Topic.HOW_ARE_YOU, Topic.FEELING_GOOD, Topic.FEELING_LOW, Topic.UNDECIDED, Topic.ORDERING, Topic.REPEAT,
        Topic.WEATHER, Topic.WHO_ARE_YOU,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """A way to explain the text from some word on.

    Parameters:
        cost: unexplained words, then phrases and fillers, where a particle counts half; the least is best.
        loose_end: the last word belongs to no phrase.
        first: the acts of the phrase that the cover begins with, if it begins with one.
    """

    cost: tuple[int, int] = (0, 0)
    acts: tuple[Act, ...] = ()
    unexplained: tuple[str, ...] = ()
    loose_end: bool = False
    first: tuple[Act, ...] = ()


def cover(spotted: Spotted, *, loose: bool = False) -> Cover:
    """The best way to explain a whole sentence.

    Parameters:
        loose: a drink in it is likely to be ordered, so that what only looks like talk or a question is neither.
    """
    starts = [match.start() for match in re.finditer(r"\S+", spotted.text)]
    best: dict[int, Cover] = {len(spotted.text): Cover()}
    for start in reversed(starts):
        word = spotted.text[start:].split(" ", 1)[0]
        # Among equals the first phrase of the table; a word is left out only where no phrase does as well.
        options = [
            _with_phrase(_after(acts, best[_next(spotted.text, end)], loose), acts)
            for end, acts in _readings(spotted, start, loose)
        ]
        options.append(_without(word, best[_next(spotted.text, start + len(word))], start == starts[-1]))
        best[start] = min(options, key=lambda option: option.cost)
    return best[starts[0]] if starts else Cover()


def _after(acts: tuple[Act, ...], rest: Cover, loose: bool) -> Cover:
    """What follows a phrase at once: after talk that is no opening, a drink is what is talked about."""
    if loose:
        return rest
    talks = [act.topic for act in acts if isinstance(act, Say)]
    if not rest.first or not talks or set(talks) <= _OPENERS:
        return rest
    if not any(isinstance(act, ORDERING) for act in rest.first):
        return rest
    return Cover(rest.cost, rest.acts[len(rest.first) :], rest.unexplained, rest.loose_end)


def _with_phrase(rest: Cover, acts: tuple[Act, ...]) -> Cover:
    return Cover((rest.cost[0], rest.cost[1] + 2), (*acts, *rest.acts), rest.unexplained, rest.loose_end, acts)


def _without(word: str, rest: Cover, is_last: bool) -> Cover:
    if word in FILLERS:
        cost = 1 if word in _PARTICLES else 2
        return Cover((rest.cost[0], rest.cost[1] + cost), rest.acts, rest.unexplained, rest.loose_end or is_last)
    return Cover((rest.cost[0] + 1, rest.cost[1]), rest.acts, (word, *rest.unexplained), rest.loose_end or is_last)


def _readings(spotted: Spotted, start: int, loose: bool) -> list[tuple[int, tuple[Act, ...]]]:
    readings = []
    for phrase in PHRASES:
        if found := phrase.pattern.match(spotted.text, start):
            readings.append((found.end(), phrase.acts(found, spotted)))
    for topic, pattern in TALK:
        if found := pattern.match(spotted.text, start):
            readings.append((found.end(), (Say(topic),)))
    if frame := frame_at(spotted, start, firm=loose):
        readings.append(frame)
    if loose:
        # What is likely to be ordered is not asked about.
        readings = [(end, acts) for end, acts in readings if not any(isinstance(act, _QUESTIONS) for act in acts)]
    return [(end, acts) for end, acts in readings if end > start]


def _next(text: str, position: int) -> int:
    while position < len(text) and text[position] == " ":
        position += 1
    return position
