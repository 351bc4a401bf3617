"""A change that was made of the wrong drink: it is put back, and the one that is meant is changed."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.bartender.handlers.changes import lines_of, ordered, remade, replaced
from kiosk.bartender.handlers.ordering import called
from kiosk.bartender.handlers.references import chosen
from kiosk.bartender.plan import Plan, adding
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import OrderedLine
from kiosk.understanding.acts import THAT, Add, Modify, Remove, Which


def rather(which: Which, plan: Plan, asked: Situation) -> Plan:
    """What was changed last is put back, and what is meant is changed so; without a change it is what was ordered."""
    if which.item and asked.before.changed is None and asked.has_just_ordered:
        return replaced(Add(which.item, which.quantity or 1, which.modifiers, uncounted=True), THAT, False, plan, asked)
    now, before = asked.tally.lines, asked.tally_before.lines
    touched = _without(before, now)
    meant = [line for line in _meant_instead(which, touched, asked) if line not in touched]
    if asked.before.changed is None or not touched or not meant:
        return _taken(which, plan, asked)
    for line in _without(now, before):
        plan = plan.calling("remove_from_order", item_name=called(line, asked), quantity=line.quantity)
    for line in touched:
        plan = plan.wanting(adding(line.item, line.quantity, line.modifiers, line.without, line.note))
    return _changed_so(meant[0], asked.before.changed, plan, replace(asked, tally=asked.tally_before))


def _taken(which: Which, plan: Plan, asked: Situation) -> Plan:
    if which.item:
        return ordered(Add(which.item, which.quantity or 1, which.modifiers, definite=True), plan, asked)
    return chosen(which.position or 0, False, plan, asked)


def _meant_instead(which: Which, touched: Sequence[OrderedLine], asked: Situation) -> list[OrderedLine]:
    lines = asked.tally_before.lines
    if which.item or which.modifiers or which.position:
        return lines_of(which, replace(asked, tally=asked.tally_before))
    others = [line for line in lines if line not in touched]
    of_it = [line for line in others if any(line.item == gone.item for gone in touched)]
    return of_it or others


def _without(lines: Sequence[OrderedLine], others: Sequence[OrderedLine]) -> list[OrderedLine]:
    """What `lines` have more than `others`."""
    more = []
    for line in lines:
        quantity = line.quantity - sum(other.quantity for other in others if other.is_like(line))
        more += [replace(line, quantity=quantity)] if quantity > 0 else []
    return more


def _changed_so(line: OrderedLine, change: Modify | Remove, plan: Plan, asked: Situation) -> Plan:
    if isinstance(change, Modify):
        return remade(line, change, plan, asked)
    quantity = min(change.which.quantity or line.quantity, line.quantity)
    return plan.calling("remove_from_order", item_name=called(line, asked), quantity=quantity)
