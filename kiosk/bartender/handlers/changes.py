"""Changes of an order: which lines are meant, and what becomes of them."""

from dataclasses import replace
from operator import attrgetter

from kiosk.bartender.handlers import paying
from kiosk.bartender.handlers.ordering import added, added_like, as_ordered, called, exchanged, makeable, refused
from kiosk.bartender.plan import Plan, adding
from kiosk.bartender.replies import capital
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import ADD, OrderedLine
from kiosk.understanding.acts import THAT, Add, Modify, Which

# After these a bare number that is a tip is meant as one.
_ABOUT_MONEY = ("set_tip", "get_tip", "create_stripe_payment")


def lines_of(which: Which, asked: Situation) -> list[OrderedLine]:
    """The lines that are meant, the one most likely meant first."""
    latest = list(reversed(asked.tally.lines))
    named = [line for line in latest if which.item in (None, line.item)]
    if which.kind and (which.item is None or not named):
        # "The beers", where they are IPAs.
        return [line for line in latest if asked.item(line.item).category == which.kind]
    if which.modifiers == ("plain",):
        named = [line for line in named if not line.modifiers]
    elif which.modifiers:
        named = [line for line in named if set(which.modifiers) <= set(line.modifiers)]
    if which.everything:
        return _all_of(named, asked) if which.item is None else named
    match which.position:
        case None:
            return named[:1]
        case 0:
            return named[1:2] or named[:1]
        case place if place > 0:
            return sorted(named, key=attrgetter("place"))[place - 1 : place]
        case _:
            return named[:1]


def _all_of(lines: list[OrderedLine], asked: Situation) -> list[OrderedLine]:
    batch = {(line.item, line.modifiers) for line in asked.tally.batch}
    recent = [line for line in lines if (line.item, line.modifiers) in batch]
    return recent if sum(line.quantity for line in recent) > 1 else lines


def line_of(item: str, asked: Situation) -> OrderedLine | None:
    """The line of `item` that was added last; None: there is none."""
    return next(iter(lines_of(Which(item), asked)), None)


def ordered(act: Add, plan: Plan, asked: Situation) -> Plan:
    """An order, or a change of one where it says so: "the martini dirty", "no, two martinis"."""
    line = line_of(act.item, asked)
    recent = any(line.item == act.item for line in asked.tally.batch)
    definite = act.definite or act.uncounted
    if line and definite and act.modifiers and not set(act.modifiers) <= set(line.modifiers):
        return modified(Modify(act.modifiers, Which(act.item)), plan, asked)
    if line and definite and act.without and not set(act.without) <= set(line.without):
        return modified(Modify(act.without, Which(act.item), without=True), plan, asked)
    if line and recent and (act.corrects or act.in_all):
        if act.quantity != line.quantity:
            new = replace(act, modifiers=act.modifiers or line.modifiers)
            return exchanged(line, line.quantity, new, plan, asked)
        if (act.instead or (act.in_all and act.counted)) and set(act.modifiers) <= set(line.modifiers):
            return plan.saying(f"{capital(asked.book.counted(line.item, line.quantity, line.modifiers))} it is.")
    if act.instead and not recent and asked.has_just_ordered and not plan.calls:
        return _instead_of_what_was_said(act, plan, asked)
    return added(act, plan, asked)


def _instead_of_what_was_said(act: Add, plan: Plan, asked: Situation) -> Plan:
    """ "No, a manhattan": in place of what was just ordered, where that can be told; else Maya asks."""
    if (line := _meant_by(act, asked)) is not None:
        new = replace(act, quantity=line.quantity) if act.uncounted else act
        return exchanged(line, line.quantity, new, plan, asked)
    last = asked.tally.lines[-1]
    offered = exchanged(last, last.quantity, act, Plan(), asked)
    if not offered.calls:
        return offered
    question = f"Would you like {asked.book.counted(act.item, act.quantity, act.modifiers)} instead of the {last.item}?"
    return replace(plan.asking(question, *offered.calls), needs=offered.needs)


def _meant_by(new: Add, asked: Situation) -> OrderedLine | None:
    """Of what was just ordered what `new` is instead of; None: that cannot be told."""
    batch = [line for line in asked.tally.lines if any(line.is_like(added) for added in asked.tally.batch)]
    for alike in (_is_of_its_kind, _is_as_many):
        fitting = [line for line in batch if alike(line, new, asked)] if len(batch) > 1 else []
        batch = fitting or batch
    return batch[0] if len(batch) == 1 else None


def _is_of_its_kind(line: OrderedLine, new: Add, asked: Situation) -> bool:
    return asked.item(line.item).category == asked.item(new.item).category


def _is_as_many(line: OrderedLine, new: Add, _: Situation) -> bool:
    return line.quantity == new.quantity


def removed(which: Which, plan: Plan, asked: Situation) -> Plan:
    """What is meant is taken off."""
    lines = lines_of(which, asked)
    if not lines:
        named = asked.book.counted(which.item, 1, which.modifiers) if which.item else ""
        missing = f"I don't see {named} on your order." if named else "There's nothing like that on your order."
        return plan.saying(missing)
    if which.kind and any(line.item != which.item for line in lines):
        which = Which(everything=True)
    whole_item = which.item is not None and not which.modifiers and which.position is None
    if whole_item or which.everything:
        for item in dict.fromkeys(line.item for line in lines):
            there = asked.tally.quantity_of(item)
            number = None if which.quantity is None else min(which.quantity, there)
            plan = plan.calling("remove_from_order", item_name=item, quantity=number)
        return plan
    (line,) = lines
    number = min(which.quantity or line.quantity, line.quantity)
    whole = number == asked.tally.quantity_of(line.item)
    return plan.calling("remove_from_order", item_name=called(line, asked), quantity=None if whole else number)


def all_but(item: str, plan: Plan, asked: Situation) -> Plan:
    """Everything else is taken off."""
    for other in dict.fromkeys(line.item for line in asked.tally.lines if line.item != item):
        plan = plan.calling("remove_from_order", item_name=other, quantity=None)
    return plan


def declined(item: str | None, definite: bool, plan: Plan, asked: Situation) -> Plan:
    """No order, and perhaps a change of mind about one that stands."""
    if not item or not asked.tally.quantity_of(item):
        return plan.saying("All right, nothing of that. What can I get you?" if item else "All right.")
    if definite:
        return removed(Which(item), plan, asked)
    remove = ("remove_from_order", {"item_name": item, "quantity": None})
    return plan.asking(f"Shall I take the {item} off your order?", remove)


def replaced(new: Add, which: Which, is_choice: bool, plan: Plan, asked: Situation) -> Plan:
    """`new` instead of what is meant."""
    if refusal := refused(new.item, new.modifiers, plan, asked):
        return refusal
    lines, same = lines_of(which, asked), line_of(new.item, asked)
    if not lines and which.item and is_choice:
        return added(new, plan, asked)
    if not lines and which.item:
        instead = asked.book.counted(new.item, new.quantity, new.modifiers, new.without)
        question = f"There's no {which.item} on your order. Would you like {instead}?"
        return plan.asking(question, adding(new.item, new.quantity, new.modifiers, new.without))
    if not lines and which != THAT:
        return plan.saying("Which one do you mean?")
    if which.quantity:
        quantity = min(which.quantity, lines[0].quantity)
        return exchanged(lines[0], quantity, replace(new, quantity=quantity), plan, asked)
    if which == THAT and not same and (meant := _meant_by(new, asked)):
        instead = replace(new, quantity=meant.quantity) if new.uncounted else new
        return exchanged(meant, meant.quantity, instead, plan, asked)
    if which.item or which.modifiers or which.position is not None:
        # "The beers should be IPAs": as many as there were, where no number is said.
        quantity = lines[0].quantity if new.uncounted else new.quantity
        gone = min(lines[0].quantity, quantity)
        return exchanged(lines[0], gone, replace(new, quantity=quantity), plan, asked)
    if same:
        # "Make that two martinis": what stands is corrected, not added to.
        corrected = replace(new, modifiers=new.modifiers or same.modifiers)
        return exchanged(same, same.quantity, corrected, plan, asked)
    if last := asked.tally.last:
        instead = replace(new, quantity=last.quantity) if new.uncounted else new
        return exchanged(last, last.quantity, instead, plan, asked)
    return added(new, plan, asked)


def quantity_set(quantity: int, which: Which, plan: Plan, asked: Situation) -> Plan:
    """So many in all; or a tip, or an answer, where a bare number is one."""
    before, line = asked.before, next(iter(lines_of(which, asked)), None)
    about_tip = before.asks_tip or asked.tally.latest in _ABOUT_MONEY
    if which == THAT and about_tip and quantity in asked.menu.bar.tips:
        return paying.tip(quantity, plan, asked)
    if (wanted := before.asked_for) and which.item in (None, wanted["item_name"]):
        modifiers, without = tuple(wanted["modifiers"]), tuple(wanted.get("without", ()))
        return added(Add(wanted["item_name"], quantity, modifiers, without), plan, asked, wanted.get("note"))
    if which == THAT and len(before.options) == 1 and not asked.tally.quantity_of(before.options[0]):
        return added(Add(before.options[0], quantity, before.ways), plan, asked)
    if line is None:
        return plan.saying("Of which one?")
    if quantity > line.quantity:
        return added_like(line, quantity - line.quantity, plan, asked)
    if quantity < line.quantity:
        fewer = line.quantity - quantity
        return plan.calling("remove_from_order", item_name=called(line, asked), quantity=fewer)
    return plan.saying(f"{capital(asked.book.counted(line.item, quantity))} it is.")


def modified(act: Modify, plan: Plan, asked: Situation) -> Plan:
    """What is meant is made otherwise."""
    if (amended := _amended(act, plan, asked)) is not None:
        return amended
    lines = lines_of(act.which, asked)
    offered = asked.before.asked_for or {}
    if not lines and act.without and not act.modifiers and (item := act.which.item or offered.get("item_name")):
        # "Just a plain martini", of which there is none.
        return added(Add(item, 1 if act.which.item else offered["quantity"]), plan, asked)
    if not lines:
        return plan.saying("Which one shall I make that?")
    changed = [line for line in lines if _made(line, act, asked) is not None]
    if act.which.everything and not changed:
        changed = lines[:1]
    for line in changed if act.which.everything else lines:
        plan = remade(line, act, plan, asked)
    return plan


def _amended(act: Modify, plan: Plan, asked: Situation) -> Plan | None:
    """The change of what this very request asks for, or of the drink that was just talked about; None: of neither."""
    points = act.which.item is None and not act.which.modifiers and act.which.position is None
    if not points:
        return None
    match plan.calls:
        case [*others, (name, arguments)] if name == ADD and act.without and act.modifiers:
            without = [*arguments.get("without", ()), *act.modifiers]
            return replace(plan, calls=(*others, (name, {**arguments, "without": without})))
        case _ if act.without:
            return None
        case [*others, (name, arguments)] if name == ADD:
            made = (*arguments["modifiers"], *act.modifiers)
            if refusal := refused(arguments["item_name"], made, plan, asked):
                return refusal
            return replace(plan, calls=(*others, (name, {**arguments, "modifiers": list(made)})))
    match asked.before.options or tuple(asked.tally.named):
        case [name] if not asked.tally.quantity_of(name):
            return added(Add(name, act.which.quantity or asked.before.quantity, act.modifiers), plan, asked)
    return None


def remade(line: OrderedLine, act: Modify, plan: Plan, asked: Situation) -> Plan:
    """One line is made otherwise."""
    made = _made(line, act, asked)
    if made is None:
        return refused(line.item, act.modifiers, plan, asked) or plan
    without = _left_out(line, act, asked)
    if (made, without) == (line.modifiers, line.without):
        as_it_is = asked.book.counted(line.item, line.quantity, made, without, line.note)
        return plan.saying(f"{capital(as_it_is)} it is.")
    quantity = min(act.which.quantity or line.quantity, line.quantity)
    return exchanged(line, quantity, Add(line.item, quantity, made, without), plan, asked)


def _made(line: OrderedLine, act: Modify, asked: Situation) -> tuple[str, ...] | None:
    """The modifiers that a line is to have; None: it cannot be had so."""
    if not act.without:
        gone = (*act.instead_of, *(_said_otherwise(line, act, asked) if act.corrects else ()))
        kept = tuple(name for name in line.modifiers if name not in gone)
        kept = _without_opposites(line, act.modifiers, kept, asked)
        wanted = (*kept, *makeable(line.item, act.modifiers, asked))
    elif act.modifiers == ("single",):
        wanted = tuple(name for name in line.modifiers if not _multiplies(name, asked))
    elif act.modifiers and _are_opposites(line, act.modifiers, asked):
        # "No, on the rocks", of one that was to be neat.
        wanted = (*line.modifiers, *act.modifiers)
    else:
        wanted = tuple(name for name in line.modifiers if act.modifiers and name not in act.modifiers)
    return as_ordered(line.item, wanted, asked)


def _said_otherwise(line: OrderedLine, act: Modify, asked: Situation) -> tuple[str, ...]:
    """What a line has by the word that the act puts right: "dirty", where it should be dry."""
    if any(_group(name, asked) for name in act.modifiers):
        # Of a group there is one anyway.
        return ()
    free = tuple(name for name in line.modifiers if not _group(name, asked) and not _multiplies(name, asked))
    return free if len(free) == 1 else ()


def _group(modifier: str, asked: Situation) -> str | None:
    found = asked.menu.find_modifier(modifier)
    return found.modifier.group if found else None


def _left_out(line: OrderedLine, act: Modify, asked: Situation) -> tuple[str, ...]:
    """What is to be left out of the line."""
    if not act.without:
        return tuple(name for name in line.without if name not in act.modifiers)
    contained = (name for name in act.modifiers if name in asked.item(line.item).contains)
    return tuple(dict.fromkeys([*line.without, *contained]))


def _multiplies(modifier: str, asked: Situation) -> bool:
    """Whether it makes more of a drink, as "double" does."""
    found = asked.menu.find_modifier(modifier)
    return found is not None and found.modifier.multiply != 1


def _are_opposites(line: OrderedLine, modifiers: tuple[str, ...], asked: Situation) -> bool:
    found = [asked.menu.find_modifier(name) for name in (*line.modifiers, *modifiers)]
    groups = [spoken.modifier.group for spoken in found if spoken and spoken.modifier.group]
    return not set(modifiers) & set(line.modifiers) and len(groups) > len(set(groups))


def _without_opposites(
    line: OrderedLine, wanted: tuple[str, ...], kept: tuple[str, ...], asked: Situation
) -> tuple[str, ...]:
    """`kept` without what is the opposite of something wanted that the item does not come with by name."""
    gone = set(wanted) - set(makeable(line.item, wanted, asked))
    groups = {found.modifier.group for name in gone if (found := asked.menu.find_modifier(name))}
    found = {name: asked.menu.find_modifier(name) for name in kept}
    return tuple(name for name, spoken in found.items() if not (spoken and spoken.modifier.group in groups))
