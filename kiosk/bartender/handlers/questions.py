"""What is asked about the menu, and what Maya asks back."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.bartender.handlers.ordering import as_ordered, which_one
from kiosk.bartender.plan import Plan, adding
from kiosk.bartender.replies import SORRY, capital, listed, pick
from kiosk.bartender.situation import Situation
from kiosk.menu import Item
from kiosk.understanding.acts import Add

# More prices than these are the tab that is asked for.
_MOST_PRICES = 3


def menu(category: str | None, plan: Plan, asked: Situation) -> Plan:
    """What there is, of a category if one is named."""
    looking = plan.calling("get_menu")
    if category is None:
        return looking.saying(asked.book.whole_menu())
    return looking.saying(asked.book.category(category)).naming(*_of(category, asked))


def price(items: Sequence[str], modifiers: tuple[str, ...], plan: Plan, asked: Situation) -> Plan:
    """What items cost; without any: the one just talked about, or the tab."""
    last = (asked.tally.last.item,) if asked.tally.last else ()
    if modifiers and not items and (names := asked.before.mentioned or last):
        items = names[:1]
    if modifiers and len(items) == 1 and as_ordered(items[0], modifiers, asked) is not None:
        return _price_of(asked.item(items[0]), modifiers, plan, asked)
    priced = [asked.item(name) for name in items or asked.before.options or asked.tally.named]
    if not priced or len(priced) > _MOST_PRICES:
        return plan.calling("get_order")
    names = tuple(item.name for item in priced)
    told = plan.saying(capital(listed([asked.book.price(item) for item in priced])) + ".")
    return told.offering(*names).naming(*dict.fromkeys((*asked.before.mentioned, *names)))


def _price_of(item: Item, modifiers: tuple[str, ...], plan: Plan, asked: Situation) -> Plan:
    made = asked.menu.resolve_modifiers(item, modifiers)
    amount = asked.book.amount(asked.menu.unit_price(item, made, asked.now))
    told = plan.saying(f"{capital(asked.book.counted(item.name, 1, modifiers))} is {amount}.")
    return replace(told.offering(item.name), ways=modifiers)


def available(name: str, plan: Plan, asked: Situation) -> Plan:
    """Whether there is such a drink: there is."""
    question, said = "Would you like one?", plan.say
    if plan.options:
        # One question at a time.
        said = (*said[:-1], said[-1].removesuffix(f" {question}"))
        question = "Which would you like?"
    told = f"Yes, {asked.book.price(asked.item(name))}. {question}"
    return replace(plan, say=(*said, told), options=(*plan.options, name))


def about(name: str | None, plan: Plan, asked: Situation) -> Plan:
    """What a drink is."""
    telling = replace(plan, tells_about=True)
    named = name or next(iter(asked.before.options or asked.tally.named), None)
    if named is None:
        return telling.saying(pick(SORRY, asked.turn))
    item = asked.item(named)
    cost = asked.book.cost(item)
    if passage := asked.knowledge.about(item.name):
        return telling.offering(item.name).saying(f"{passage.gist} It's {cost}.")
    tags = listed([tag for tag in item.tags if tag != "sobering"])
    character = f", {tags}" if tags else ""
    kind = item.category.lower()
    return telling.offering(item.name).saying(f"{item.name} is one of our {kind}{character}, at {cost}.")


def not_on_menu(name: str, offers: Sequence[str], plan: Plan, asked: Situation) -> Plan:
    """The nearest that there is instead, or a suggestion."""
    missing = f"We don't have {name}, I'm afraid."
    if not offers:
        recommendation = ("get_recommendation", {"preference": ""})
        return plan.offering().asking(f"{missing} Shall I suggest something?", recommendation)
    instead = listed([asked.book.counted(offer) for offer in offers[:2]]).replace(" and ", " or ")
    return plan.offering(*offers[:2]).saying(f"{missing} How about {instead}?")


def which_of(name: str, items: tuple[str, ...], quantity: int, plan: Plan, asked: Situation) -> Plan:
    """Which of several it should be."""
    return which_one(items or _of(name, asked), quantity, plan)


def perhaps(adds: Sequence[Add], plan: Plan, asked: Situation) -> Plan:
    """Whether that is wanted."""
    drinks = listed([asked.book.counted(add.item, add.quantity, add.modifiers, add.without) for add in adds])
    calls = [adding(add.item, add.quantity, add.modifiers, add.without) for add in adds]
    return plan.asking(f"Did you want {drinks}?", *calls)


def odd_quantity(name: str | None, plan: Plan, asked: Situation) -> Plan:
    """How many."""
    question = f"How many {asked.book.plural(name)} would you like?" if name else "How many would you like?"
    return plan.offering(*([name] if name else [])).saying(question)


def unclear(plan: Plan, asked: Situation) -> Plan:
    """That it was not understood, where nothing else is done or said."""
    return plan if plan.calls or plan.say else plan.saying(pick(SORRY, asked.turn))


def _of(category: str, asked: Situation) -> tuple[str, ...]:
    return tuple(item.name for item in asked.menu.items if item.category == category)
