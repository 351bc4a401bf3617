"""What guests want to know of the drinks: what there is for how much, which is strongest, what is in it."""

from collections.abc import Sequence
from decimal import Decimal

from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import TALK, capital, listed, pick
from kiosk.bartender.situation import Situation
from kiosk.menu import Item
from kiosk.understanding.acts import Topic
from kiosk.understanding.numbers import number_words
from kiosk.understanding.questions import Extreme

# More are not listened to.
MOST_TOLD = 4
# What the owner calls the section that says it, and the tag that says it otherwise.
STRENGTH, STRONG = "Strongest and mildest", "strong"


def under(amount: int, plan: Plan, asked: Situation) -> Plan:
    """What there is for at most so much, the dearest first: that is what is looked for."""
    limit = asked.menu.bar.currency.amount(amount)
    found = sorted((item for item in asked.menu.items if _price(item, asked) <= limit), key=lambda i: -_price(i, asked))
    written = asked.book.amount(limit)
    if not found:
        return extreme(Extreme.CHEAPEST, plan.saying(f"There is nothing for {written}."), asked)
    more = len(found) - MOST_TOLD
    told = [f"{item.name} for {asked.book.amount(_price(item, asked))}" for item in found[:MOST_TOLD]]
    others = [f"{number_words(more)} more"] if more > 0 else []
    names = [item.name for item in found[:MOST_TOLD]]
    return plan.saying(f"For {written} or less we have {listed([*told, *others])}.").naming(*names)


def extreme(end: Extreme, plan: Plan, asked: Situation) -> Plan:
    """The cheapest or dearest by price; the strongest as the owner says, or else by the tag."""
    if end is Extreme.STRONGEST:
        return _strongest(plan, asked)
    prices = [_price(item, asked) for item in asked.menu.items]
    wanted = min(prices) if end is Extreme.CHEAPEST else max(prices)
    names = [item.name for item, price in zip(asked.menu.items, prices, strict=True) if price == wanted][:MOST_TOLD]
    sentence = f"Our {end} {_are(names)}, at {asked.book.amount(wanted)}."
    return plan.saying(sentence).naming(*names)


def _strongest(plan: Plan, asked: Situation) -> Plan:
    strong = [item.name for item in asked.menu.items if STRONG in item.tags]
    if passage := asked.knowledge.about(STRENGTH):
        named = [name for name in strong if name in passage.gist]
        return plan.saying(passage.gist).naming(*named)
    if not strong:
        return plan.saying("How strong they are I can't say for sure. Please ask the staff.")
    told = strong[:MOST_TOLD]
    return plan.saying(f"Our strongest {_are(told)}.").naming(*told)


def _are(names: Sequence[str]) -> str:
    return f"{'are' if len(names) > 1 else 'is'} {listed(names)}"


def wrong_order(plan: Plan, asked: Situation) -> Plan:
    """It is read back, and what is to be changed is asked for."""
    reading = plan.calling("get_order")
    return reading.saying("What shall I change?") if asked.tally.lines else reading


def allergens(named: Sequence[str], plan: Plan, asked: Situation) -> Plan:
    """What is written of the items in question; of all else only the staff speak.

    Parameters:
        named: in the very sentence; without any it is about what was just talked about.
    """
    names = list(named) or list(asked.before.options) or [line.item for line in asked.tally.lines[-1:]]
    items = [item for item in asked.menu.items if item.name in names][:MOST_TOLD]
    told = [_contents(item, asked) for item in items if item.allergens is not None]
    if told and len(told) == len(items):
        return plan.saying(*told)
    unsure = pick(TALK[Topic.ALLERGY], asked.turn)
    call = ("call_staff", {"reason": "asks what is in a drink, perhaps for an allergy"})
    return plan.saying(*told, unsure).asking("Shall I call them?", call)


def _contents(item: Item, asked: Situation) -> str:
    drink = capital(asked.book.counted(item.name))
    if item.allergens:
        return f"{drink} has {listed(item.allergens)} in it, as our menu says."
    return f"Our menu names no allergens for {asked.book.counted(item.name)}."


def _price(item: Item, asked: Situation) -> Decimal:
    return asked.menu.price_of(item, asked.now)
