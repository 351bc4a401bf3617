"""What guests want to know of the house. What the owner has written is told; where it is missing, what is true here."""

from datetime import time
from decimal import Decimal

from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import capital, listed
from kiosk.bartender.situation import Situation
from kiosk.menu.offers import Offer
from kiosk.understanding.acts import Matter

# Under these titles the owner writes of them in the folder "knowledge".
TITLES = {
    Matter.CARDS: "Cash and cards",
    Matter.RECEIPT: "Receipts",
    Matter.TAX: "Tax",
    Matter.ORDER_NUMBER: "Order numbers",
    Matter.IDS: "Checking IDs",
    Matter.PRIVACY: "What is kept",
    Matter.OFFERS: "Happy hour",
    Matter.BAR: "The house",
}
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip


def _owners(matter: Matter, otherwise: str, asked: Situation) -> str:
    passage = asked.knowledge.about(TITLES[matter])
    return passage.gist if passage else otherwise


def cards(plan: Plan, asked: Situation) -> Plan:
    """How one can pay."""
    otherwise = "You pay with your phone, by the code on the screen, or with the staff at the bar."
    return plan.saying(_owners(Matter.CARDS, otherwise, asked))


def receipt(plan: Plan, asked: Situation) -> Plan:
    """Where there is one."""
    otherwise = "The page on which your phone pays shows the receipt; for a printed one, please ask the staff."
    return plan.saying(_owners(Matter.RECEIPT, otherwise, asked))


def tax(plan: Plan, asked: Situation) -> Plan:
    """Whether the prices have it in them."""
    due = asked.menu.bar.tax
    if due is None:
        otherwise = "The prices on the menu are what you pay; I add nothing but the tip that you choose."
        return plan.saying(_owners(Matter.TAX, otherwise, asked))
    name = f"{due.name} of {_plain(due.rate)}%"
    return plan.saying(f"Yes, {name} is in the prices." if due.included else f"No, {name} is not in the prices.")


def order_number(plan: Plan, asked: Situation) -> Plan:
    """There are none."""
    otherwise = "There are no order numbers here. Your order is on the screen, and the staff help you to it."
    return plan.saying(_owners(Matter.ORDER_NUMBER, otherwise, asked))


def ids(plan: Plan, asked: Situation) -> Plan:
    """The age rule, where there is one."""
    age = asked.menu.bar.legal_age
    rule = f"Alcohol is for guests of {age} and over. " if age else ""
    return plan.saying(rule + _owners(Matter.IDS, "I look at no IDs myself; the staff may ask for yours.", asked))


def privacy(plan: Plan, asked: Situation) -> Plan:
    """What is kept."""
    otherwise = "I keep no recordings. The bar keeps your order and what was paid."
    return plan.saying(_owners(Matter.PRIVACY, otherwise, asked))


def bar(plan: Plan, asked: Situation) -> Plan:
    """Where the guest is, and what the owner says of it."""
    name = f"This is {asked.menu.bar.name}."
    return plan.saying(f"{name} {_owners(Matter.BAR, '', asked)}".rstrip())


def staff(plan: Plan) -> Plan:
    """They are called."""
    return plan.calling("call_staff", reason="wants to speak to somebody")


def offers(plan: Plan, asked: Situation) -> Plan:
    """What is cheaper now, or when something will be."""
    menu = asked.menu
    if not menu.offers:
        otherwise = "I know of no happy hour: my prices are those on the menu."
        return plan.saying(_owners(Matter.OFFERS, otherwise, asked))
    now = [f"{offer.name} is on until {_hour(offer.ends)}, for {listed(offer.on)}" for offer in menu.offers
           if offer.holds(asked.now)]  # fmt: skip
    if now:
        return plan.saying(f"Yes, {listed(now)}.")
    return plan.saying(f"Not just now. {capital(listed([_when(offer) for offer in menu.offers]))}.")


def _when(offer: Offer) -> str:
    days = "every day" if len(offer.days) == len(_DAYS) else listed([_DAYS[day] for day in offer.days])
    return f"{offer.name} is {days} from {_hour(offer.begins)} to {_hour(offer.ends)}, for {listed(offer.on)}"


def _hour(moment: time) -> str:
    if moment == time(0):
        return "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'am' if moment.hour < 12 else 'pm'}"


def _plain(rate: Decimal) -> str:
    return f"{rate.normalize():f}"
