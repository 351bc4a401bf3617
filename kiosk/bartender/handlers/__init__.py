"""What Maya does about an act: plain functions from a plan to the one that heeds the act, too."""

from kiosk.bartender.handlers import age, changes, corrections, drinks, house, ordering, paying, questions, references
from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import TALK, pick
from kiosk.bartender.situation import Situation
from kiosk.understanding import acts
from kiosk.understanding.acts import Act, Matter, Say, Topic
from kiosk.understanding.questions import (
    AskAbout,
    AskAvailable,
    AskBalance,
    AskExtreme,
    AskMenu,
    AskOrder,
    AskPayment,
    AskPrice,
    AskRecommendation,
    AskTip,
    AskTipAmount,
    AskUnder,
    AskWays,
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
    Matter.BAR: house.bar,
}
# Acts for which a tool is called, and no more.
_TOOLS = {
    acts.Clear: "clear_order",
    acts.Pay: "create_stripe_payment",
    AskPayment: "check_payment_status",
    AskOrder: "get_order",
    AskBalance: "get_balance",
    AskTip: "get_tip",
}


def handled(act: Act, plan: Plan, asked: Situation) -> Plan:
    """`plan` with what `act` asks for."""
    match act:
        case acts.Raise(matter):
            return _MATTERS[matter](plan, asked)
        case acts.UnderAge():
            return age.age_told(act, plan, asked)
        case AskRecommendation(preference):
            return plan.calling("get_recommendation", preference=preference)
        case Say(topic):
            return _talked(topic, plan, asked)
    if tool := _TOOLS.get(type(act)):
        return plan.calling(tool)
    return _of_order(act, plan, asked) or _of_money(act, plan, asked) or _of_menu(act, plan, asked) or plan


def _of_order(act: Act, plan: Plan, asked: Situation) -> Plan | None:
    match act:
        case acts.Add(definite=True, modifiers=()) if asked.wants_no_more and asked.tally.quantity_of(act.item):
            return plan.talking(pick(TALK[Topic.DONE], asked.turn))
        case acts.Add():
            return changes.ordered(act, plan, asked)
        case acts.AddMentioned(quantity, modifiers):
            return references.mentioned_added(quantity, modifiers, plan, asked)
        case acts.Choose(position, by_price):
            return references.chosen(position, by_price, plan, asked)
        case acts.AddOneOfEach(category, again):
            return references.one_of_each(category, again, plan, asked)
        case acts.Again(quantity, item):
            return references.again(quantity, item, plan, asked)
        case acts.Number(value):
            return references.number(value, plan, asked)
        case acts.Rather(which):
            return corrections.rather(which, plan, asked)
        case acts.Remove(which):
            return changes.removed(which, plan, asked)
        case acts.Decline(item, definite):
            return changes.declined(item, definite, plan, asked)
        case acts.Replace(new, which, is_choice):
            return changes.replaced(new, which, is_choice, plan, asked)
        case acts.SetQuantity(quantity, which):
            return changes.quantity_set(quantity, which, plan, asked)
        case acts.Modify():
            return changes.modified(act, plan, asked)
        case acts.ClearBut(item):
            return changes.all_but(item, plan, asked)
    return None


def _of_money(act: Act, plan: Plan, asked: Situation) -> Plan | None:
    match act:
        case acts.Tip(percentage):
            return paying.tip(percentage, plan, asked)
        case acts.TipUnsaid():
            return paying.tips_offered("How much would you like to tip: {}?", plan, asked)
        case AskTipAmount(percentage):
            return paying.tip_amount(percentage, plan, asked)
        case acts.TipOfMoney():
            return paying.tip_of_money(plan, asked)
        case acts.CancelPayment():
            return plan.saying("All right, no hurry. Your tab stays open.")
    return None


def _of_menu(act: Act, plan: Plan, asked: Situation) -> Plan | None:
    match act:
        case AskMenu(category):
            return questions.menu(category, plan, asked)
        case AskPrice(items, modifiers):
            return questions.price(items, modifiers, plan, asked)
        case AskAvailable(name, modifiers):
            return questions.available(name, modifiers, plan, asked)
        case AskWays(modifiers):
            return questions.ways(modifiers, plan, asked)
        case AskAbout(name):
            return questions.about(name, plan, asked)
        case AskUnder(amount):
            return drinks.under(amount, plan, asked)
        case AskExtreme(end):
            return drinks.extreme(end, plan, asked)
        case acts.NotOnMenu(name, offers):
            return questions.not_on_menu(name, offers, plan, asked)
        case acts.WhichOf(name, items, quantity):
            return questions.which_of(name, items, quantity, plan, asked)
        case acts.Perhaps(adds):
            return questions.perhaps(adds, plan, asked)
        case acts.OddQuantity(name):
            return questions.odd_quantity(name, plan, asked)
        case acts.NoSuchSize(name):
            return plan.saying(ordering.sizes_told(asked.item(name)))
        case acts.Missed(words, item):
            return ordering.wished(words, item, plan, asked)
        case acts.Unclear():
            return questions.unclear(plan, asked)
    return None


def _talked(topic: Topic, plan: Plan, asked: Situation) -> Plan:
    match topic:
        case Topic.ALLERGY:
            return drinks.allergens((), plan, asked)
        case Topic.FOOD:
            return plan.talking(asked.book.whole_menu())
        case Topic.UNDECIDED:
            return questions.undecided(plan, asked)
        case Topic.STAFF:
            return house.staff(plan)
        case Topic.BYE if asked.tally.lines:
            return paying.goodbye(plan)
        case Topic.REPEAT if asked.last_said:
            return plan.saying(asked.last_said)
    return plan.talking(pick(TALK[topic], asked.turn))
