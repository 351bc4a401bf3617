"""Drinks put on the order as the menu allows it, one line in place of another, and what is confirmed first."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kiosk.bartender.order_lines import missing_choice
from kiosk.bartender.plan import Plan, Unfinished, Wanted, adding
from kiosk.bartender.replies import listed
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import ADD, OrderedLine
from kiosk.menu import SIZE, Item, NotAllowedError
from kiosk.state.ledger import MOST_OF_A_LINE
from kiosk.understanding.acts import Add

# An order of this many drinks is confirmed first, and one of so much as the menu's `large_order`.
MANY_DRINKS = 10
TOO_MANY = f"No more than {MOST_OF_A_LINE} of one kind fit on the order."
# What waits for no confirmation of anything else.
_AT_ONCE = frozenset({"serve_no_alcohol", "call_staff"})


def added(drink: Add, plan: Plan, asked: Situation, note: str | None = None) -> Plan:
    """`drink` on the order; or why it cannot be had so."""
    modifiers = makeable(drink.item, drink.modifiers, asked)
    if sizes := _sizes_without_sense(asked.item(drink.item), modifiers, asked):
        # "A large muffin", where only the coffees come in sizes.
        modifiers = tuple(name for name in modifiers if name not in sizes)
        plan = plan.saying(sizes_told(asked.item(drink.item)))
    if refusal := refused(drink.item, modifiers, plan, asked):
        return refusal
    if drink.quantity > MOST_OF_A_LINE:
        return plan.saying(TOO_MANY)
    return plan.wanting(adding(drink.item, drink.quantity, modifiers, drink.without, note))


def _sizes_without_sense(item: Item, modifiers: Iterable[str], asked: Situation) -> list[str]:
    """The sizes among `modifiers`, where the item comes in none."""
    allowed = asked.menu.allowed_modifiers(item)
    if item.sizes or any(modifier.group == SIZE for modifier in allowed):
        return []
    found = {name: asked.menu.find_modifier(name) for name in modifiers}
    return [name for name, spoken in found.items() if spoken and spoken.modifier.group == SIZE]


def sizes_told(item: Item) -> str:
    """In which sizes it comes."""
    sizes = listed([size.name for size in item.sizes]) if item.sizes else "one size"
    return f"{item.name} comes in {sizes}."


def wished(words: str, item: str | None, plan: Plan, asked: Situation) -> Plan:
    """What was not understood: how `item` is to be made is passed on, where the bar takes notes; else it is said."""
    for place, (name, arguments) in reversed(list(enumerate(plan.calls))):
        if asked.menu.bar.notes and name == ADD and arguments["item_name"] == item:
            note = "; ".join(filter(None, [arguments.get("note"), words]))
            noted = (name, {**arguments, "note": note})
            return replace(plan, calls=(*plan.calls[:place], noted, *plan.calls[place + 1 :]))
    return plan.saying(f'Only "{words}" I didn\'t understand.')


def added_like(line: OrderedLine, quantity: int, plan: Plan, asked: Situation) -> Plan:
    """`quantity` more of what is on the order already, made as that is."""
    return added(Add(line.item, quantity, line.modifiers, line.without), plan, asked, line.note)


def exchanged(gone: OrderedLine, quantity: int, new: Add, plan: Plan, asked: Situation) -> Plan:
    """`quantity` of a line taken off and `new` put there; if that cannot be had, all stays as it was."""
    modifiers = makeable(new.item, new.modifiers, asked)
    if refusal := refused(new.item, modifiers, plan, asked):
        return refusal
    if new.quantity > MOST_OF_A_LINE:
        return plan.saying(TOO_MANY)
    away: Wanted = ("remove_from_order", {"item_name": called(gone, asked), "quantity": quantity})
    back = adding(gone.item, quantity, gone.modifiers, gone.without, gone.note)
    note = gone.note if new.item == gone.item else None
    add = adding(new.item, new.quantity, modifiers, new.without, note)
    if missing_choice(asked.menu, add[1]):
        # Asked before anything is taken off.
        return plan.waiting_for_choice(Unfinished(add[1], (away, back)))
    return plan.exchanging(away, add, back)


def which_one(names: tuple[str, ...], quantity: int, plan: Plan) -> Plan:
    """Ask which of `names` it should be."""
    question = f"Which one: {listed(names).replace(' and ', ' or ')}?"
    return replace(plan.saying(question).offering(*names), quantity=quantity)


def called(line: OrderedLine, asked: Situation) -> str:
    """What the tools know a line by: its item, and how it is made where others of it are made otherwise."""
    if sum(other.item == line.item for other in asked.tally.lines) < 2:
        return line.item
    left_out = f"without {listed(line.without)}" if line.without else ""
    return " ".join(filter(None, [*(line.modifiers or ["plain"]), line.item, left_out]))


def as_ordered(name: str, modifiers: Iterable[str], asked: Situation) -> tuple[str, ...] | None:
    """The modifiers as they stand on an order; None: the drink cannot be had so."""
    try:
        return tuple(spoken.text for spoken in asked.menu.resolve_modifiers(asked.item(name), modifiers))
    except NotAllowedError:
        return None


def makeable(name: str, modifiers: tuple[str, ...], asked: Situation) -> tuple[str, ...]:
    """`modifiers` without those that say no more than that the item is as it always is.

    A lemonade does not come neat; who wants it without ice gets it plain, not refused.
    """
    allowed = asked.menu.allowed_modifiers(asked.item(name))
    # Sizes are none: who wants a small one is told that there is none.
    groups = {modifier.group for modifier in allowed if modifier.group} - {SIZE}
    found = {modifier: asked.menu.find_modifier(modifier) for modifier in modifiers}
    opposites = {
        modifier
        for modifier, spoken in found.items()
        if spoken and spoken.modifier not in allowed and spoken.modifier.group in groups
    }
    return tuple(modifier for modifier in modifiers if modifier not in opposites)


def without_wishes(modifiers: Iterable[str], asked: Situation) -> list[str]:
    """`modifiers` but for what the menu does not know, where the tool passes that on to the bar as a note."""
    return [name for name in modifiers if not asked.menu.bar.notes or asked.menu.find_modifier(name)]


def refused(name: str, modifiers: Iterable[str], plan: Plan, asked: Situation) -> Plan | None:
    """The plan that says why a drink cannot be had so; None: it can."""
    known = without_wishes(modifiers, asked)
    if as_ordered(name, known, asked) is not None:
        return None
    item = asked.item(name)
    allowed = asked.menu.allowed_modifiers(item)
    found = [(modifier, asked.menu.find_modifier(modifier)) for modifier in known]
    wrong = [modifier for modifier, spoken in found if spoken is None or spoken.modifier not in allowed]
    told = plan.saying(f"I can't make {asked.book.counted(item.name)} {listed(wrong)}, I'm afraid.")
    if asked.tally.quantity_of(item.name):
        return told
    return told.asking("Would you like a plain one?", adding(item.name, 1, ()))


def large_orders_confirmed(plan: Plan, asked: Situation) -> Plan:
    """The same, but for a large order, which is read back first."""
    orders = [arguments for name, arguments in plan.calls if name == ADD]
    corrects = any(name == "remove_from_order" for name, _ in plan.calls)
    if plan.calls == asked.before.on_yes or not orders or corrects:
        return plan
    drinks = sum(arguments["quantity"] for arguments in orders)
    # Whatever is on offer: the same order is asked about at any hour, also when it is read again later.
    worth = sum(_price(arguments, asked) * arguments["quantity"] for arguments in orders)
    if drinks < MANY_DRINKS and worth < asked.menu.bar.large_order:
        return plan
    said = listed([asked.book.line({**arguments, "item": arguments["item_name"]}) for arguments in orders])
    later = tuple(call for call in plan.calls if call[0] not in _AT_ONCE)
    at_once = tuple(call for call in plan.calls if call[0] in _AT_ONCE)
    return replace(plan, calls=at_once).asking(f"That's {said}. Is that right?", *later)


def _price(arguments: dict[str, Any], asked: Situation) -> Decimal:
    item = asked.item(arguments["item_name"])
    known = without_wishes(arguments["modifiers"], asked)
    return asked.menu.unit_price(item, asked.menu.resolve_modifiers(item, known))
