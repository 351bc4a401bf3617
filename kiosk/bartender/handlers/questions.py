"""What is asked about the menu, and what Maya asks back."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.bartender.handlers.ordering import as_ordered, refused, which_one
from kiosk.bartender.plan import Plan, adding
from kiosk.bartender.replies import SORRY, capital, listed, pick
from kiosk.bartender.situation import Situation
from kiosk.menu import Item
from kiosk.understanding.acts import Act, Add
from kiosk.understanding.numbers import number_words
from kiosk.understanding.questions import AskAbout, AskAvailable, AskPrice

# More prices than these are the tab that is asked for.
_MOST_PRICES = 3
# Of so many kinds two are offered.
_FEWEST_TAGS = 2
# Of what can be made in some way so many are named.
_MOST_NAMED = 4


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
    if plan.told and not items:
        # "And what about the IPA, how much is that?"
        return plan
    priced = [asked.item(name) for name in items or asked.before.options or asked.tally.named]
    if not priced or len(priced) > _MOST_PRICES:
        return plan.calling("get_order")
    names = tuple(item.name for item in priced)
    told = plan.saying(capital(listed([asked.book.price(item) for item in priced])) + ".")
    listing = dict.fromkeys((*asked.before.listed, *asked.before.options, *plan.listed, *names))
    return replace(told.offering(*dict.fromkeys((*plan.options, *names))).naming(*listing), told=_price_asked)


def _price_asked(name: str) -> Act:
    return AskPrice((name,))


def _price_of(item: Item, modifiers: tuple[str, ...], plan: Plan, asked: Situation) -> Plan:
    made = asked.menu.resolve_modifiers(item, modifiers)
    amount = asked.book.amount(asked.menu.unit_price(item, made, asked.now))
    told = plan.saying(f"{capital(asked.book.counted(item.name, 1, modifiers))} is {amount}.")
    return replace(told.offering(item.name), ways=modifiers)


def available(name: str, modifiers: tuple[str, ...], plan: Plan, asked: Situation) -> Plan:
    """Whether there is such a drink: there is, though perhaps not so."""
    if modifiers and not plan.options:
        if refusal := refused(name, modifiers, plan, asked):
            return refusal
        return _price_of(asked.item(name), modifiers, plan, asked).saying("Would you like one?")
    question, said = "Would you like one?", plan.say
    if plan.options:
        # One question at a time.
        said = (*said[:-1], said[-1].removesuffix(f" {question}"))
        question = "Which would you like?"
    told = f"Yes, {asked.book.price(asked.item(name))}. {question}"
    return replace(plan, say=(*said, told), options=(*plan.options, name), told=AskAvailable)


def ways(modifiers: tuple[str, ...], plan: Plan, asked: Situation) -> Plan:
    """Whether anything comes so, and what."""
    items = [item for item in asked.menu.items if as_ordered(item.name, modifiers, asked) is not None]
    if not items:
        return plan.saying(f"Nothing that we have comes {listed(modifiers)}, I'm afraid.")
    if len(items) == 1:
        return _price_of(items[0], modifiers, plan, asked).saying("Would you like one?")
    names = [item.name for item in items]
    others = f" and {number_words(len(names) - _MOST_NAMED)} more" if len(names) > _MOST_NAMED else ""
    told = f"{', '.join(names[:_MOST_NAMED])}{others}" if others else listed(names)
    return plan.saying(f"Yes, {listed(modifiers)}: with {told}.").naming(*names)


def undecided(plan: Plan, asked: Situation) -> Plan:
    """What it may be like, as far as the menu tells its items apart."""
    tags = list(dict.fromkeys(tag for item in asked.menu.items for tag in item.tags))
    if len(tags) < _FEWEST_TAGS:
        return plan.asking("Shall I suggest something?", ("get_recommendation", {"preference": ""}))
    first = asked.turn % (len(tags) - 1)
    return plan.talking(f"Something {tags[first]}, or something {tags[first + 1]}?")


def about(name: str | None, plan: Plan, asked: Situation) -> Plan:
    """What a drink is."""
    telling = replace(plan, told=AskAbout)
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
