"""What acts mean together, and in the light of what was said before."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from kiosk.understanding.acts import (
    Act,
    Add,
    AddMentioned,
    Again,
    Decline,
    Matter,
    Modify,
    Pay,
    Perhaps,
    Raise,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Topic,
    Unclear,
    Which,
)
from kiosk.understanding.questions import AskAbout, AskPayment, AskPrice

# A yes may be one to what was asked; the rest needs an answer of its own.
_BESIDE_A_GOODBYE = frozenset({Topic.YES, Topic.THANKS, Topic.COMPLIMENT, Topic.ALLERGY, Topic.STAFF})
_LEAVE_THE_BILL = frozenset({Raise(Matter.SPLIT), Raise(Matter.DISPUTE), Raise(Matter.AT_BAR)})


def settled(told: Iterable[Act]) -> Iterator[Act]:
    """`told` as they are meant together: what was taken back is gone; "one on the rocks" is one of what was named."""
    acts, named = list(told), None
    while acts:
        match acts:
            case [
                Add() as first,
                Say(Topic.NO | Topic.WAIT | Topic.SORRY | Topic.REPEAT),
                (Add() | Replace()) as meant,
                *rest,
            ]:
                acts = [first, replace(meant, corrects=True) if isinstance(meant, Add) else meant, *rest]
            case [Perhaps(adds), AddMentioned(None, ()), *rest] if not adds[0].definite:
                # "I'm in the mood for a cortado. Can I get that to go?"
                acts = [*adds, *rest]
            case [Add(definite=True) as named_before, Replace(new, Which(None)) as change, *rest] if (
                named_before.item == new.item
            ):
                # "The cosmo is prettier, make it a cosmo."
                acts = [change, *rest]
            case [Replace(gone, Which(None)), Replace(new, Which(None)), *rest] if gone.item != new.item:
                # "I wanted a beer, but I'll have a lemonade instead".
                acts = [Replace(new, Which(gone.item), is_choice=True), *rest]
            case [Add(), Replace(meant, Which(None)), *rest]:
                acts = [meant, *(replace(act, corrects=False) if isinstance(act, Add) else act for act in rest)]
            case [AskPrice(()), Add(asks=True), *rest] if all(isinstance(act, Add) and act.asks for act in rest):
                # "What's cheaper, a rum or a brandy?"
                acts = [AskPrice(tuple(act.item for act in acts if isinstance(act, Add)))]
            case [Add() as first, *rest] if any(_is_so_many_of(act, first) for act in rest):
                # "She'd rather have a soda, so only one tequila and a soda".
                acts = rest
            case [Say(Topic.NO | Topic.WAIT | Topic.SORRY | Topic.REPEAT), AddMentioned(int(quantity), ()), *rest]:
                acts = [SetQuantity(quantity), *rest]
            case [Modify((_, *_), Which(None), True), Modify((), which, True) as made, *rest]:
                acts = [made, *rest]
            case [Add() as first, Add(corrects=True) as meant, *rest]:
                kept = meant.modifiers or (first.modifiers if first.item == meant.item else ())
                acts = [replace(meant, modifiers=kept, corrects=first.corrects), *rest]
            case [Add() as first, SetQuantity(int(quantity), Which(None)), *rest]:
                acts = [replace(first, quantity=quantity), *rest]
            case [Add() as first, *rest] if (at := _finished_by(first, rest)) is not None:
                later = rest[at]
                assert isinstance(later, Add)
                acts = [replace(first, modifiers=(*first.modifiers, *later.modifiers)), *rest[:at], *rest[at + 1 :]]
            case [Add() as first, Modify(ways, Which(None, ()) as which) as change, *rest] if _is_of_the_last(
                which, change
            ):
                acts = [_changed(first, ways, without=change.without), *rest]
            case [Remove(Which(None, quantity=int())), Remove(Which(str())) as meant, *rest]:
                # "That's one too many, take one gin off".
                acts = [meant, *rest]
            case [Remove() as gone, Remove(Which(None, (), None, None)), *rest]:
                acts = [gone, *rest]
            case [Decline(str(item)), Remove(Which(None)), *rest]:
                acts = [Remove(Which(item)), *rest]
            case [AddMentioned(None, ()), AddMentioned() as meant, *rest]:
                acts = [meant, *rest]
            case [AddMentioned(quantity, ()), Modify(modifiers, Which(None), False), *rest]:
                acts = [AddMentioned(quantity, modifiers), *rest]
            case [Modify(some, which, False), Modify(more, Which(None, quantity=None), False), *rest]:
                acts = [Modify((*some, *more), which), *rest]
            case [Modify(_, Which(None, quantity=None), False) as made, Modify(gone, Which(None), True), *rest]:
                # "Stirred, not shaken."
                acts = [replace(made, instead_of=(*made.instead_of, *gone)), *rest]
            case [Again(int(quantity)), Modify(modifiers, Which(None, quantity=None), False), *rest] if named:
                acts = [Add(named.item, quantity, modifiers), *rest]
            case [Modify(modifiers, Which(None, quantity=int(quantity)), False), *rest] if named and named.modifiers:
                acts = [Add(named.item, quantity, modifiers), *rest]
            case [act, *rest]:
                named = act if isinstance(act, Add) and act.quantity == 1 else None
                yield act
                acts = rest


def _is_so_many_of(act: Act, first: Add) -> bool:
    return isinstance(act, Add) and act.in_all and act.item == first.item


def _is_of_the_last(which: Which, change: Modify) -> bool:
    """Whether a change is one of what was named just before it: "three tacos, and don't put onions on them"."""
    return bool(change.modifiers) and not change.instead_of and which.quantity is None and which.position in (None, -1)


def _changed(add: Add, ways: tuple[str, ...], *, without: bool) -> Add:
    if without:
        return replace(add, without=tuple(dict.fromkeys((*add.without, *ways))))
    return replace(add, modifiers=(*add.modifiers, *(way for way in ways if way not in add.modifiers)))


def parting(acts: list[Act]) -> list[Act]:
    """Where the guest says goodbye, that is answered once and last, and of other talk only what is not closed by it.

    "Okay, bye" takes no offer up, and nobody who goes is asked what it may be.
    """
    goodbye = Say(Topic.BYE)
    if goodbye not in acts:
        return acts
    return [*(act for act in acts if not isinstance(act, Say) or act.topic in _BESIDE_A_GOODBYE), goodbye]


def leaving_the_bill(acts: list[Act]) -> list[Act]:
    """Who will not pay here, or says that he has, is not asked to pay, nor to say it again: it was understood."""
    if not _LEAVE_THE_BILL.intersection(acts):
        return acts
    return [act for act in acts if not isinstance(act, Pay | AskPayment | Unclear)]


def _finished_by(first: Add, rest: Sequence[Act]) -> int | None:
    """Where among `rest` it is told how `first` is to be made: "a whiskey and a gin, the whiskey neat"."""
    for number, act in enumerate(rest):
        if isinstance(act, Add) and act.definite and act.item == first.item and act.modifiers and not first.modifiers:
            return number
    return None


def and_that_one(acts: Sequence[Act], said: str, told: Callable[[str], Act]) -> Sequence[Act]:
    """ "And the Martini?", after a question about another drink, asks the same about that one.

    Parameters:
        told: the question that was answered, of any drink.
    """
    match [act for act in acts if not isinstance(act, Say)]:
        case [Add(item, asks=True)]:
            return [told(item)]
        case [AskPrice((item,), ())] if re.match(r"(?:and )?(?:what|how) about ", said.casefold()):
            return [told(item)]
        case [Add(item, 1, ()) | Perhaps((Add(item, 1, ()),))] if told is AskAbout and _points(acts, said):
            return [told(item)]
    return acts


def _points(acts: Sequence[Act], said: str) -> bool:
    """Whether "the …" or something like it is rather asked about than ordered."""
    is_the = re.match(r"(?:and )?(?:what about |how about )?the ", said.casefold()) is not None
    return len(acts) == 1 and (is_the or isinstance(acts[0], Perhaps))


def without_closing(acts: Sequence[Any], prefix: str) -> Sequence[Any]:
    """After "And what else?", "that's all" only closes the order that was begun."""
    if not prefix:
        return acts
    closing = (Topic.DONE, Topic.NO)
    kept = [act for act in acts if getattr(act, "topic", None) not in closing]
    return kept or acts
