"""What a guest meant: text in, acts out, for any menu. Pure; the conversation's memory is elsewhere.

A sentence is tagged with the menu's names and covered with the phrases that are known at a bar. Where words stay
unexplained, or it sounds like talk, the drinks in it are weighed by learned words: it is better to ask than to pour
what nobody wanted.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import zip_longest

from kiosk.menu import Menu
from kiosk.understanding.acts import (
    THAT,
    Act,
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    Clear,
    Decline,
    Missed,
    Modify,
    Number,
    Pay,
    Perhaps,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Topic,
    Unclear,
    Understanding,
    Which,
)
from kiosk.understanding.cover import ORDERING, Cover, cover
from kiosk.understanding.endings import dangles
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.missing import DOUBTFUL, ends_there, not_on_menu
from kiosk.understanding.phrases import english
from kiosk.understanding.questions import AskAbout
from kiosk.understanding.sentence import FILLERS, Sentence
from kiosk.understanding.table import kind
from kiosk.understanding.tags import MOST_WORDS, tagged
from kiosk.understanding.utterance import Utterance
from kiosk.understanding.weighing import weighed
from kiosk.understanding.wishes import with_what_is_missing

# They take back what was just said.
_OOPS = (Say(Topic.NO), Say(Topic.SORRY), Say(Topic.REPEAT), Say(Topic.WAIT))
# Where more unexplained words than this share stand around an order, Maya asks.
_MOST_UNEXPLAINED = 0.5
_MUCH_UNEXPLAINED = 8
_RICH = 3
# A bare number that is larger is no answer to "how many?".
_MOST_AT_A_BAR = 999
_QUESTION_WORDS = kind("question_words")
_WISHES = (
    "orders.adds", "orders.corrects", "orders.again", "orders.mentioned", "corrections.in_all", "corrections.instead",
)  # fmt: skip
_CHANGES = ("changes.", "corrections.")
_ACTIONS = ("orders.", *_CHANGES)
_ANOTHERS = frozenset({"his", "her", "their"})
# With these begins what asks the same of another drink.
_AND_THAT = ("and", "or", "what", "how")
_BEFORE_A_VERB = kind("before_another_verb")
# Answers that are no yes when something else is said with them.
_YES = kind("agreeing")


def understand(text: str, menu: Menu) -> Understanding:
    """The acts of what a guest said or typed; words that were not understood are an `Unclear` among them.

    An `Utterance` is read the first time alone.
    """
    if not isinstance(text, Utterance):
        return _read(text, menu)
    if text.known is None or text.known[0] is not menu:
        text.known = menu, _read(text, menu)
    return text.known[1]


def _read(text: str, menu: Menu) -> Understanding:
    tags = tagged(text, lexicon(menu))
    if len(tags) > MOST_WORDS:
        return Understanding((Unclear(" ".join(tag.said for tag in tags)),))
    sentence = Sentence(tags, english().manners)
    covered = cover(sentence, english(), menu)
    understood = _meant(text, sentence, covered, menu)
    understood = replace(understood, acts=with_what_is_missing(understood.acts, sentence, covered, menu))
    match understood.acts:
        case (Perhaps(adds),) if (
            sentence.said[0] in ("i", "we") and sentence.said[1] == "like" and _is_rich(list(adds))
        ):
            # A recogniser's "i'd like"; nobody likes things in general that are made just so.
            understood = replace(understood, acts=adds)
    if not _is_put_as_a_question(sentence):
        return understood
    asked = [replace(act, asks=True) if isinstance(act, Add) and _is_bare(act) else act for act in understood.acts]
    return replace(understood, acts=tuple(asked))


def _meant(text: str, sentence: Sentence, covered: Cover, menu: Menu) -> Understanding:
    table = english()
    dangling = dangles(text, sentence, covered)
    named = tuple(dict.fromkeys(tag.item.name for tag in sentence.tags if tag.item))
    covered = replace(covered, acts=tuple(_without_oops(covered.acts)))
    acts = list(covered.acts)
    unexplained = [sentence.said[place] for place in covered.unexplained]
    words = [tag for tag in sentence.tags if not tag.is_pause]
    if len(named) == 1 and _is_asked(sentence, covered):
        # Questions never order.
        return Understanding((AskAbout(named[0]),), dangling, named)
    if unexplained and any(_empties(act) for act in acts):
        # "Forget everything, write a poem": whoever empties an order says nothing else that is not understood.
        return Understanding((Unclear(" ".join(sentence.said)),), dangling, named)
    if unexplained and sentence.said[0] not in _YES:
        # "That's a vacation right there" answers no question.
        acts = [act for act in acts if act != Say(Topic.YES)]
    if unexplained and (missing := not_on_menu(sentence, covered, menu)):
        kept = [act for act in acts if not isinstance(act, Say | Number)]
        return Understanding((*kept, missing), dangling, named)
    if (unexplained or Say(Topic.STATEMENT) in acts) and (asked := _asked_for(sentence, covered)):
        return Understanding(asked, dangling, named)
    if len(unexplained) == 1 and _is_rich(acts) and not DOUBTFUL.intersection(unexplained):
        return Understanding(tuple(acts), dangling, named)
    if (unexplained or _is_doubtful(acts)) and (meant := weighed(sentence, covered, table, menu)):
        if len(unexplained) > max(_MUCH_UNEXPLAINED, _MOST_UNEXPLAINED * len(words)):
            meant = tuple(_asked_about(list(meant)))
        return Understanding(meant, dangling, named)
    if unexplained or _is_read_out(acts):
        acts = [act for act in acts if not isinstance(act, Number) and not _is_bare_quantity(act)]
    if unexplained:
        acts = [act for act in acts if not isinstance(act, (*ORDERING, Perhaps, Missed))]
        if _is_within_what_is_unexplained(covered, "money.pay"):
            # "Do you chat, check": a bill is no wish to pay in words that mean something else.
            acts = [act for act in acts if act != Pay()]
        acts.append(Unclear(" ".join(tag.said for tag in sentence.tags)))
    if Say(Topic.STATEMENT) in acts and not any(tag.is_pause for tag in sentence.tags):
        # "Give us the bourbon last night": told in one breath, so it may all be a story.
        acts = _asked_about(acts)
    return Understanding(tuple(acts), dangling, named)


def _is_put_as_a_question(sentence: Sentence) -> bool:
    """Whether what is named may be asked about as something else was before: "and an ipa?"."""
    opens = sentence.said[:1] and sentence.said[0] in _AND_THAT
    if not (opens or sentence.said[-1:] == ["?"]) or "please" in sentence.said:
        return False
    return not any(end > at and sentence.said[at] not in _AND_THAT for at, end in enumerate(sentence.wish_end))


def _is_bare(act: Add) -> bool:
    return (act.quantity, act.modifiers, act.without) == (1, (), ())


def _is_asked(sentence: Sentence, covered: Cover) -> bool:
    """Whether the drinks are named in a question that no phrase explains: "what pairs well with a cortado"."""
    asked = next((place for place in covered.unexplained if sentence.said[place] in _QUESTION_WORDS), None)
    if asked is None:
        return False
    wished = any(sentence.wish_end[place] > place for place in range(asked + 1, len(sentence)))
    ordered = [begin for entry, begin, _ in covered.entries if entry.startswith(_ACTIONS)]
    return not wished and bool(ordered) and asked < min(ordered)


def _asked_for(sentence: Sentence, covered: Cover) -> tuple[Act, ...]:
    """What is certain of a sentence that asks for drinks in so many words, and of what is left what belongs to them."""
    told = [begin for entry, begin, _ in covered.entries if entry.startswith(("refusals", "reports"))]
    orders = [(begin, end) for entry, begin, end in covered.entries if entry.startswith(_WISHES)]
    wished = [begin for begin, _ in orders if _follows_a_wish(sentence, begin, covered)]
    changed = [begin for entry, begin, end in covered.entries if _is_put_plainly(sentence, entry, begin, end)]
    if not (wished or changed) or (wished and not changed and any(begin < min(wished) for begin in told)):
        return ()
    if changed and not wished:
        return tuple(act for act in covered.acts if not isinstance(act, Say | Number))
    kept = [act for act in covered.acts if not isinstance(act, Say | Number | Decline)]
    ends, unexplained = {end for _, end in orders}, set(covered.unexplained)
    left = [place for place in _said_of_orders(sentence, ends) if place in unexplained]
    if any(sentence.tags[end - 1].item and ends_there(sentence, end + 1) for end in ends & unexplained):
        # "A whiskey sour" is no whiskey.
        return tuple(_asked_about(kept, otherwise=True))
    missed = " ".join(sentence.said[place] for place in left)
    if missed and _ANOTHERS.intersection(sentence.said) and any(isinstance(act, Add) and act.definite for act in kept):
        # "My neighbour gets his vodka delivered by the case": of a drink that is somewhere already.
        return tuple(_asked_about(kept))
    return (*kept, Missed(missed)) if missed else tuple(kept)


def _is_put_plainly(sentence: Sentence, entry: str, begin: int, end: int) -> bool:
    """Whether a change is what a sentence ends in, after talk: "i've got a cold so no ice"."""
    place = sentence.soft_end[end] if end < len(sentence) else end
    if not entry.startswith(_CHANGES) or place < len(sentence) or not begin:
        return False
    at = begin
    while at and sentence.said[at - 1] in FILLERS and sentence.said[at - 1] not in ("so", "anyway"):
        at -= 1
    opens = sentence.said[begin] in ("so", "anyway", "make")
    return opens or (at > 0 and sentence.said[at - 1] in ("so", "anyway"))


def _follows_a_wish(sentence: Sentence, begin: int, covered: Cover) -> bool:
    if sentence.wish_end[begin] > begin or sentence.said[begin : begin + 2] in (["i", "like"], ["we", "like"]):
        return True
    # What begins a sentence is taken back by its end: "i'd love a vodka but i'd better not".
    said_before = [sentence.said[-1], *sentence.said]
    return any(
        at - 1 not in covered.unexplained and said_before[at] not in _BEFORE_A_VERB
        for at in sentence.wishes_before[begin]
    )


def _said_of_orders(sentence: Sentence, ends: Set[int]) -> Iterator[int]:
    """The places that may still say something of the orders that ended before: no full stop stands between."""
    is_open = False
    for place, tag in enumerate(sentence.tags):
        is_open = is_open or place in ends
        if is_open:
            yield place
        is_open = is_open and (tag.said == "," or not tag.is_pause)


def _without_oops(acts: Sequence[Act]) -> Iterator[Act]:
    """`acts` without the "no, sorry" that only leads a change, and the "thanks" at the end."""
    for place, (act, following) in enumerate(zip_longest(acts, acts[1:])):
        if act == Again() and place and not isinstance(acts[place - 1], Say):
            # "Remove the tip again" asks for nothing more.
            continue
        leads = act in _OOPS
        if leads and place > 1 and acts[place - 1] in _OOPS and isinstance(acts[place - 2], Add):
            # "A gin, no wait, make it a beer" takes back once.
            continue
        if leads and isinstance(following, Replace | SetQuantity | Modify) and act is acts[0]:
            continue
        if act == Say(Topic.THANKS) and following is None and len(acts) > 1 and Say(Topic.BYE) not in acts:
            continue
        yield act


def _is_doubtful(acts: Sequence[Act]) -> bool:
    """Whether there may be an order where the phrases see none, or more than they see."""
    only_talks = bool(acts) and all(isinstance(act, Say) for act in acts)
    return only_talks or Say(Topic.STATEMENT) in acts or any(isinstance(act, Perhaps) for act in acts)


def _asked_about(acts: list[Act], *, otherwise: bool = False) -> list[Act]:
    adds = tuple(act for act in acts if isinstance(act, Add))
    kept = [act for act in acts if not isinstance(act, (Add, AddMentioned, AddOneOfEach, Again))]
    return [*kept, Perhaps(adds, otherwise)] if adds else kept


def _is_rich(acts: list[Act]) -> bool:
    """Whether an order says so much of how it is to be made that a stray word does not make it doubtful."""
    return any(isinstance(act, Add) and len(act.modifiers) >= _RICH for act in acts)


def _is_bare_quantity(act: Act) -> bool:
    return isinstance(act, SetQuantity) and act.which == THAT


def _is_read_out(acts: Sequence[Act]) -> bool:
    """Whether the numbers are figures of a telephone or a card, and no amount; "two, two please" says one twice."""
    numbers = [act.value for act in acts if isinstance(act, Number)]
    return len(numbers) > 2 or len(set(numbers)) > 1 or any(number > _MOST_AT_A_BAR for number in numbers)


def _is_within_what_is_unexplained(covered: Cover, row: str) -> bool:
    """Whether what a row of the table explains stands right beside words that stay unexplained."""
    places = [(begin, end) for entry, begin, end in covered.entries if entry == row]
    return any(begin - 1 in covered.unexplained or end in covered.unexplained for begin, end in places)


def _empties(act: Act) -> bool:
    """Whether nothing would be left of the order."""
    return act == Clear() or (isinstance(act, Remove) and act.which == Which(everything=True))
