"""What Maya does about an act: plain functions from a plan to the one that heeds the act, too."""

from kiosk.bartender.handlers import age, drinks, house, paying
from kiosk.bartender.plan import Plan
from kiosk.bartender.situation import Situation
from kiosk.understanding.acts import (
    Act,
    AskExtreme,
    AskTipAmount,
    AskUnder,
    Matter,
    Raise,
    Say,
    TipOfMoney,
    Topic,
    UnderAge,
)

_MATTERS = {
    Matter.SPLIT: paying.split,
    Matter.DISPUTE: paying.dispute,
    Matter.AT_BAR: paying.at_bar,
    Matter.CARDS: house.cards,
    Matter.RECEIPT: house.receipt,
    Matter.TAX: house.tax,
    Matter.ORDER_NUMBER: house.order_number,
    Matter.WRONG_ORDER: drinks.wrong_order,
    Matter.IDS: house.ids,
    Matter.PRIVACY: house.privacy,
    Matter.OFFERS: house.offers,
}


def handled(act: Act, plan: Plan, asked: Situation) -> Plan | None:
    """`plan` with what `act` asks for; None: no handler here is for it."""
    match act:
        case Raise(matter):
            return _MATTERS[matter](plan, asked)
        case AskTipAmount(percentage):
            return paying.tip_amount(percentage, plan, asked)
        case TipOfMoney():
            return paying.tip_of_money(plan, asked)
        case AskUnder(amount):
            return drinks.under(amount, plan, asked)
        case AskExtreme(end):
            return drinks.extreme(end, plan, asked)
        case UnderAge():
            return age.age_told(act, plan, asked)
        case Say(Topic.ALLERGY):
            return drinks.allergens((), plan, asked)
        case Say(Topic.STAFF):
            return house.staff(plan)
        case Say(Topic.BYE) if asked.tally.lines:
            return paying.goodbye(plan)
    return None
