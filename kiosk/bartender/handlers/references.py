"""What only the conversation resolves: a yes, "that one", "the second", "the same again", a bare number."""

from dataclasses import replace
from decimal import Decimal

from kiosk.bartender.handlers import changes, paying
from kiosk.bartender.handlers.ordering import added, added_like, which_one
from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import capital
from kiosk.bartender.situation import Situation
from kiosk.understanding.acts import THAT, Add


def accepted(plan: Plan, asked: Situation) -> Plan:
    """A yes to what Maya asked."""
    before = asked.before
    if before.on_yes:
        return replace(plan.wanting(*before.on_yes), needs=before.needs)
    if len(before.options) == 1:
        return added(Add(before.options[0], before.quantity), plan, asked)
    return which_one(before.options, before.quantity, plan) if before.options else plan


def mentioned_added(quantity: int | None, modifiers: tuple[str, ...], plan: Plan, asked: Situation) -> Plan:
    """What was just talked about."""
    if plan.options and not plan.calls:
        # "Do you have lemonade? I'll take a glass if you do": what was asked for a moment ago.
        modifiers = tuple(dict.fromkeys((*plan.ways, *modifiers)))
        plan, offered = replace(plan, say=(), options=()), plan
    else:
        offered = asked.before
    names = offered.mentioned or tuple(asked.tally.named)
    number = quantity or offered.quantity
    if len(names) == 1:
        return added(Add(names[0], number, modifiers or offered.ways), plan, asked)
    if names:
        return which_one(names, number, plan)
    if (last := asked.tally.last) and quantity is None and not modifiers:
        # "Never mind, I'll get it", of what is on the order already.
        return plan.talking(f"{capital(asked.book.counted(last.item, last.quantity))} it is.")
    if last := asked.tally.last:
        return added_like(last, number, plan, asked)
    return plan.saying("Which one would you like?")


def chosen(position: int, by_price: bool, plan: Plan, asked: Situation) -> Plan:
    """One of those that Maya named."""
    names = asked.before.mentioned or tuple(asked.tally.named)
    if position and len(names) == 1:
        # Asked about one after the other.
        names = asked.before.listed or names

    def price(name: str) -> Decimal:
        return asked.menu.price_of(asked.item(name), asked.now)

    if by_price:
        names = tuple(sorted(asked.before.listed or names, key=price))
    if position == 0 and len(asked.before.left) == 1:
        names = asked.before.left
    index = position - 1 if position > 0 else -1
    if len(names) > max(index, 0):
        left = tuple(name for name in names if name != names[index])
        return replace(added(Add(names[index], asked.before.quantity), plan, asked), left=left)
    return plan.saying("Which one would you like?")


def one_of_each(category: str | None, again: bool, plan: Plan, asked: Situation) -> Plan:
    """One of each of a category, of what was named, or of what is on the order."""
    if again and asked.tally.lines:
        for line in asked.tally.lines:
            plan = added_like(line, 1, plan, asked)
        return plan
    names = [item.name for item in asked.menu.items if item.category == category]
    for name in names or asked.before.mentioned or asked.tally.named:
        plan = added(Add(name), plan, asked)
    return plan


def again(quantity: int | None, item: str | None, plan: Plan, asked: Situation) -> Plan:
    """The last order once more, or more of it."""
    batch = asked.tally.batch
    if item:
        line = changes.line_of(item, asked)
        number = quantity or 1
        return added_like(line, number, plan, asked) if line else added(Add(item, number), plan, asked)
    if not batch and asked.before.mentioned:
        return mentioned_added(quantity or 1, (), plan, asked)
    if not batch:
        return plan.saying("You haven't ordered yet. What can I get you?")
    if quantity is not None:
        return added_like(batch[-1], quantity, plan, asked)
    for line in batch:
        plan = added_like(line, line.quantity, plan, asked)
    return plan


def number(value: int, plan: Plan, asked: Situation) -> Plan:
    """What it counts, Maya's question or the last order tells."""
    if asked.before.asks_tip:
        return paying.tip(value, plan, asked)
    if asked.before.options:
        return mentioned_added(value, (), plan, asked)
    return changes.quantity_set(value, THAT, plan, asked)
