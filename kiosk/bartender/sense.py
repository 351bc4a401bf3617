"""What acts mean together, and in the light of what was said before."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kiosk.bartender.acts import Act, Add, Again, AskAbout, Modify, Perhaps, Replace, Say, Topic


def settled(told: Iterable[Act]) -> Iterator[Act]:
    """`told` as they are meant together: what was taken back is gone; "one on the rocks" is one of what was named."""
    acts, named = list(told), None
    while acts:
        match acts:
            case [Add(), Say(Topic.NO), Add() as meant, *rest] | [Add(), Replace(meant, None), *rest]:
                acts = [meant, *rest]
            case [Modify(_, None, None, False) as made, Modify(_, None, None, True), *rest]:
                # "Stirred, not shaken."
                acts = [made, *rest]
            case [Again(int(quantity)), Modify(modifiers, None, None, False), *rest] if named:
                acts = [Add(named.item, quantity, modifiers), *rest]
            case [Modify(modifiers, None, int(quantity), False), *rest] if named and named.modifiers:
                acts = [Add(named.item, quantity, modifiers), *rest]
            case [act, *rest]:
                named = act if isinstance(act, Add) and act.quantity == 1 else None
                yield act
                acts = rest


def and_that_one(acts: Sequence[Act], said: str) -> Sequence[Act]:
    """ "And the Martini?", after a question about another drink, asks the same about that one."""
    match acts:
        case [Add(item, 1, ())] if re.match(r"(?:and )?(?:what about |how about )?the ", said.casefold()):
            return [AskAbout(item)]
        case [Perhaps((Add(item, 1, ()),))]:
            return [AskAbout(item)]
    return acts


def without_closing(acts: Sequence[Any], prefix: str) -> Sequence[Any]:
    """After "And what else?", "that's all" only closes the order that was begun."""
    if not prefix:
        return acts
    closing = (Topic.DONE, Topic.NO)
    kept = [act for act in acts if getattr(act, "topic", None) not in closing]
    return kept or acts
