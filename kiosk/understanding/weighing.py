"""What is asked for in a sentence that the phrases alone do not explain: what is likely, by learned words."""

from collections.abc import Set

from kiosk.menu import Menu
from kiosk.understanding.acts import (
    THAT,
    Act,
    Add,
    AddMentioned,
    Choose,
    Clear,
    Modify,
    NoSuchSize,
    OddQuantity,
    Pay,
    Perhaps,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Tip,
    TipUnsaid,
    Topic,
    WhichOf,
)
from kiosk.understanding.cover import ORDERING, Cover, cover
from kiosk.understanding.phrases import Table
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.tags import Tag
from kiosk.understanding.whether import whether

# A drink that is likelier than this to be only talked of is not ordered; up to the other Maya asks.
MOST_TALK_OF_AN_ORDER = 0.35
MOST_TALK_OF_A_QUESTION = 0.6
# "Six beers please, the match starts in ten minutes": what follows a request is rather about it.
_MOST_TALK_AFTER_A_REQUEST = 0.45
_PLAIN = 0.1
_MOST_TALK_BESIDE_AN_ORDER = 0.75
# What stands in its place then.
_TALKED_OF = Tag("something")
# These say themselves what is wanted; "for me one is enough" only sounds so.
_NAMING = (Add, Modify, Remove, Replace)
_REQUESTS = (
    *ORDERING, AddMentioned, Choose, Clear, NoSuchSize, OddQuantity, Pay, Remove, SetQuantity, Tip, TipUnsaid, WhichOf,
)  # fmt: skip


def weighed(sentence: Sentence, strict: Cover, table: Table, menu: Menu) -> tuple[Act, ...]:
    """What is asked for, if it is likely that anything is.

    Parameters:
        strict: what the phrases alone make of the sentence.
    """
    begins_with_it = bool(strict.first) and all(isinstance(act, _NAMING) for act in strict.first)
    is_told = Say(Topic.STATEMENT) in strict.acts and not begins_with_it
    most_of_an_order = _MOST_TALK_AFTER_A_REQUEST if begins_with_it else MOST_TALK_OF_AN_ORDER
    likely = whether().likelihoods(sentence.tags)
    surest = min(found.talk for found in likely.values())
    # Beside a drink that is plainly ordered another is rather ordered, too.
    most = _MOST_TALK_BESIDE_AN_ORDER if surest < _PLAIN and not is_told else MOST_TALK_OF_A_QUESTION
    hoped = {place for place, found in likely.items() if found.talk < most}
    if not hoped:
        return ()
    told = _without_drinks(sentence, likely.keys() - hoped, table) if likely.keys() - hoped else sentence
    acts = [
        act
        for found in cover(told, table, menu, loose=True).acts
        for act in (found.adds if isinstance(found, Perhaps) and not found.otherwise else [found])
    ]
    acts = [act for act in acts if isinstance(act, _REQUESTS)]
    adds = tuple(act for act in acts if isinstance(act, Add))
    changes = any(likely[place].change > likely[place].order for place in hoped)
    says_what = any(add.corrects or (add.definite and add.modifiers) for add in adds)
    changed = [act for act in acts if not isinstance(act, Add) and not _is_bare(act)]
    if changes and bool(adds) == bool(acts) and not changed and not says_what:
        # What is to be changed was not understood.
        return (Perhaps(adds),) if adds else ()
    # What sounds like a story to the grammar has to be all the surer.
    if surest < _PLAIN or (surest < most_of_an_order and not is_told):
        return tuple(acts)
    return (Perhaps(adds),) if adds else ()


def _without_drinks(sentence: Sentence, places: Set[int | None], table: Table) -> Sentence:
    tags = [_TALKED_OF if place in places else tag for place, tag in enumerate(sentence.tags)]
    return Sentence(tags, table.manners)


def _is_bare(act: Act) -> bool:
    """Whether it changes nothing in particular: "straight"."""
    return isinstance(act, Modify) and act.which == THAT
