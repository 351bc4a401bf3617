"""A drink that is not made before something is chosen for it: the question that Maya asks, and the answer to it.

The answer may come in any words ("oat", "the second one, please"), and beside other wishes. As long as it does not
come, the question stands, unless the guest leaves it: by a no, by clearing the order, by paying.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kiosk.bartender.order_lines import ChoiceRequiredError, missing_choice, question
from kiosk.bartender.plan import Plan, Unfinished
from kiosk.bartender.tally import ADDING, Call
from kiosk.menu import Choice, Menu, normalise
from kiosk.menu.names import singulars
from kiosk.understanding.acts import (
    Act,
    Add,
    AddMentioned,
    Choose,
    Clear,
    Decline,
    Modify,
    NotOnMenu,
    Number,
    Pay,
    Perhaps,
    Remove,
    Say,
    Topic,
    Unclear,
    WhichOf,
)
from kiosk.understanding.questions import AskAbout, AskAvailable, AskMenu, AskPrice, AskRecommendation

# Of a longer sentence a single word is no answer to what was asked.
_MOST_WORDS = 10
_NEGATIONS = frozenset({"no", "not", "without"})
_COUNTS = {
    word: count for count, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
} | {str(count): count for count in range(1, 100)} | {"a": 1, "an": 1, "other": 1, "another": 1}  # fmt: skip
_PLACES = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "latter": -1}
_ANY = re.compile(r"\b(?:any|either|whichever|whatever|dont mind|dont care|doesnt matter|up to you|you choose)\b")
_ASKING = frozenset("what how why which is are does do did".split())
_NONE = re.compile(r"\b(?:none|neither|nothing|without)\b")
# What may be the answer itself, as the reader understood it; nothing else is to be done for it.
_ANSWERS = (AddMentioned, Choose, Modify, NotOnMenu, Number, Perhaps, Say, Unclear, WhichOf)
_QUESTIONS = (AskAbout, AskAvailable, AskMenu, AskPrice, AskRecommendation)
_LEAVING = frozenset({Topic.NO, Topic.DONE, Topic.BYE})
_WAITING = frozenset({Topic.WAIT, Topic.REPEAT, Topic.UNDECIDED})


@dataclass(frozen=True)
class Heard:
    """What a sentence means while a choice is open.

    Parameters:
        finished: what it completes: the drink, or its shares where they differ ("one with oat, one with whole milk").
        unfinished: what is still open.
        acts: what else is to be done for it.
        asks: whether the open question is put again.
    """

    finished: tuple[Unfinished, ...]
    unfinished: tuple[Unfinished, ...]
    acts: Sequence[Act]
    asks: bool

    def upon(self, plan: Plan) -> Plan:
        """`plan`, which is for the other acts, with the completed drink before all of it."""
        for drink in reversed(self.finished):
            plan = plan.beginning_with(drink)
        return replace(plan, unfinished=self.unfinished, asks_choice=self.asks)


def heard(menu: Menu, before: Sequence[Unfinished], said: str, acts: Sequence[Act]) -> Heard:
    """What `said`, which was read as `acts`, means for the first of `before`, and beside it."""
    first, *later = before
    choice = missing_choice(menu, first.arguments)
    if choice is None or _leaves(first, acts):
        rest = [act for act in acts if not _is_of(first, act)] or [Say(Topic.NO)]
        return Heard((), tuple(later), rest, asks=bool(later))
    shares = {} if any(isinstance(act, _QUESTIONS) for act in acts) else _answer(menu, choice, said, first, acts)
    if not shares:
        unclear = all(isinstance(act, Unclear | NotOnMenu | Number) for act in acts)
        waits = all(isinstance(act, Say) and act.topic in _WAITING for act in acts)
        return Heard((), tuple(before), () if unclear else acts, asks=unclear or not waits)
    own = [act for act in acts if isinstance(act, _ANSWERS) or (isinstance(act, Add) and act.item == first.item)]
    rest = [act for act in acts if act not in own]
    finished = tuple(_finished(first, choice, option, count, own) for option, count in shares.items())
    if len(finished) > 1 and first.gone:
        # One is taken off for all that come in its place.
        finished = (finished[0], *(replace(share, gone=None) for share in finished[1:]))
    return Heard(finished, tuple(later), rest, asks=bool(later))


def lacking(calls: Iterable[Call]) -> tuple[Unfinished, ...]:
    """Those of `calls` that put nothing on the order because something has to be chosen first."""
    return tuple(Unfinished(dict(call.arguments)) for call in calls if is_lacking(call))


def is_lacking(call: Call) -> bool:
    """Whether the tool has answered that something has to be chosen."""
    return call.name in ADDING and bool(call.result) and call.result.get("error") == ChoiceRequiredError.code


def asked_for(menu: Menu, unfinished: Sequence[Unfinished]) -> list[str]:
    """The one question that is due; it names the drink where there are several to ask about."""
    first = unfinished[0]
    choice = missing_choice(menu, first.arguments)
    return [question(choice, first.item if len(unfinished) > 1 else "")] if choice else []


def _leaves(first: Unfinished, acts: Sequence[Act]) -> bool:
    if any(isinstance(act, Clear | Pay) for act in acts):
        return True
    return bool(acts) and all(_is_of(first, act) or isinstance(act, Say) for act in acts) and any(
        _is_of(first, act) for act in acts
    )  # fmt: skip


def _is_of(first: Unfinished, act: Act) -> bool:
    """Whether the act takes the drink back that is not ordered yet."""
    match act:
        case Say(topic):
            return topic in _LEAVING
        case Decline(item):
            return item in (None, first.item)
        case Remove(which):
            return which.item in (None, first.item) and not which.everything
    return False


def _finished(first: Unfinished, choice: Choice, option: str, count: int | None, own: Sequence[Act]) -> Unfinished:
    arguments: dict[str, Any] = dict(first.arguments) | ({"quantity": count} if count else {})
    modifiers, without = list(arguments.get("modifiers", ())), list(arguments.get("without", ()))
    if option:
        modifiers.append(option)
    else:
        without.append(choice.name)
    for act in own:
        if isinstance(act, Add | AddMentioned | Modify) and not (isinstance(act, Modify) and act.without):
            modifiers += [name for name in act.modifiers if name not in (*modifiers, *choice.options)]
        if isinstance(act, Add | AddMentioned) and (act.quantity or 1) > 1 and not count:
            arguments["quantity"] = act.quantity
    arguments |= {"modifiers": modifiers} | ({"without": without} if without else {})
    return replace(first, arguments=arguments)


def _answer(menu: Menu, choice: Choice, said: str, first: Unfinished, acts: Sequence[Act]) -> Mapping[str, int | None]:
    """The option that is chosen, "" for none, with how many are to be so (None: all); empty: that is not said."""
    # "No, oat milk": the no is to something else.
    words = singulars(normalise(re.sub(r"^\s*no\s*,", "", said, flags=re.IGNORECASE))).split()
    named = _named(words, {option: _spellings(menu, option) for option in choice.options})
    if words[:1] and words[0] in _ASKING:
        named = {}
    if shares := _shares(words, named, first.arguments.get("quantity", 1)):
        return shares
    option = next(iter(named)) if len(named) == 1 else _chosen(choice, words, acts, has_named=bool(named))
    return {} if option is None else {option: None}


def _shares(words: Sequence[str], named: Mapping[str, tuple[int, int]], quantity: object) -> Mapping[str, int]:
    """How many of each, where that is said and comes to all of them: "one with oat milk, two with whole milk"."""
    shares, before = {}, 0
    for option, (start, end) in sorted(named.items(), key=lambda entry: entry[1]):
        counts = [_COUNTS[word] for word in words[before:start] if word in _COUNTS]
        shares[option], before = (counts[0] if counts else 0), end
    return shares if len(shares) > 1 and all(shares.values()) and sum(shares.values()) == quantity else {}


def _chosen(choice: Choice, words: Sequence[str], acts: Sequence[Act], *, has_named: bool) -> str | None:
    """The option that is meant without being named just once; "": none of them; None: that is not said."""
    modifiers = [name for act in acts if isinstance(act, Add | AddMentioned | Modify) for name in act.modifiers]
    chosen = [option for option in choice.options if option in modifiers]
    if len(chosen) == 1 and not any(isinstance(act, Modify) and act.without for act in acts):
        return chosen[0]
    if has_named or len(words) > _MOST_WORDS or (words[:1] and words[0] in _ASKING):
        return None
    places = [_PLACES[word] for word in words if word in _PLACES]
    if len(places) == 1 and -1 <= places[0] < len(choice.options):
        return choice.options[places[0]]
    if _ANY.search(" ".join(words)):
        return choice.options[0]
    has_no = f"no {singulars(normalise(choice.name))}" in " ".join(words)
    return "" if has_no or _NONE.search(" ".join(words)) else None


def _named(words: Sequence[str], spelled: Mapping[str, list[list[str]]]) -> dict[str, tuple[int, int]]:
    """Where in `words` which option is named: by a name, else by what only one of them has in its name."""
    spans = {option: span for option, names in spelled.items() if (span := _longest(words, names))}
    whole = {
        option: (start, end)
        for option, (start, end) in spans.items()
        if not any(other != (start, end) and other[0] <= start and end <= other[1] for other in spans.values())
    }
    if len(words) > _MOST_WORDS:
        return whole
    parts = {option: {word for name in names for word in name} for option, names in spelled.items()}
    own = {
        option: [[word] for word in words if not any(word in parts[other] for other in parts if other != option)]
        for option, words in parts.items()
    }
    parted = {option: span for option, names in own.items() if (span := _longest(words, names))}
    return {**parted, **whole}


def _longest(words: Sequence[str], names: Iterable[Sequence[str]]) -> tuple[int, int] | None:
    """Where the longest of `names` stands in `words`, without a "no" before it."""
    found = [
        (start, start + len(name))
        for name in names
        for start in range(len(words) - len(name) + 1)
        if name and list(words[start : start + len(name)]) == list(name)
        and not (start and words[start - 1] in _NEGATIONS)
    ]  # fmt: skip
    return max(found, key=lambda span: span[1] - span[0], default=None)


def _spellings(menu: Menu, option: str) -> list[list[str]]:
    synonyms = next((modifier.synonyms for modifier in menu.modifiers if modifier.name == option), ())
    return [singulars(normalise(name)).split() for name in (option, *synonyms)]
