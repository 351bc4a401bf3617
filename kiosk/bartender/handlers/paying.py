"""What is asked and said about the bill beside the bill itself. Nobody is ever invited to pay what may be paid."""

from dataclasses import replace
from functools import partial

from kiosk.bartender.outcomes import failure
from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import Call

_SPLIT = "I can't split a bill, but the staff can. Your tab is as it was."
_WAIT = "I see no payment so far. Please wait for the staff before you pay again."
_UNKNOWN = "I can't tell from here how that payment stands."


def split(plan: Plan, asked: Situation) -> Plan:
    """Nothing is changed; who has a tab may leave it to the staff."""
    if not asked.tally.lines:
        return plan.saying(_SPLIT)
    return plan.saying(_SPLIT).asking("Would you like to pay at the bar?", ("pay_at_bar", {}))


def at_bar(plan: Plan, _: Situation) -> Plan:
    """The tab is left to the staff."""
    return plan.calling("pay_at_bar")


def dispute(plan: Plan, _: Situation) -> Plan:
    """Look at the payment now, say what there is to see, and call the staff."""
    looking = plan.calling("check_payment_status", worded=_seen)
    return looking.calling("call_staff", reason="says that something is wrong with a payment")


def _seen(call: Call, book: Phrasebook) -> str:
    error = call.result or {}
    if error.get("error") == "PAYMENT_FAILED":
        return str(error.get("message"))
    match call.values.get("payment_status"):
        case "succeeded":
            return f"I see that your payment of {book.amount(call.values['amount'])} has arrived."
        case "failed":
            return "As far as I can see, nothing was charged."
        case "pending" | "timeout":
            return _WAIT
    return _UNKNOWN


def tip_amount(percentage: int, plan: Plan, asked: Situation) -> Plan:
    """How much it would be; it is set only if the guest says yes to that."""
    is_offered = percentage in asked.menu.bar.tips
    told = plan.calling("get_tip", worded=partial(_tip_of, percentage))
    if is_offered and percentage != asked.tally.tip and asked.tally.lines:
        return told.asking("Shall I add it?", ("set_tip", {"percentage": percentage}))
    return told if is_offered else replace(told, asks_tip=True)


def _tip_of(percentage: int, call: Call, book: Phrasebook) -> str:
    if not call.ok:
        return " ".join(failure(call, book))
    currency = book.menu.bar.currency
    tab = currency.amount(call.values["tab"])
    if not tab:
        return "There is nothing on the tab to tip on."
    tip = currency.percent(tab, percentage)
    others = "" if percentage in book.menu.bar.tips else f" I can do {book.tips}."
    return f"{percentage}% would be {book.amount(tip)}, so {book.amount(tab + tip)} in all.{others}"


def tip_of_money(plan: Plan, asked: Situation) -> Plan:
    """Which tips there are, and no more."""
    return replace(plan.saying(f"Here a tip can be {asked.book.tips}: which would you like?"), asks_tip=True)


def tip(percentage: int | None, plan: Plan, asked: Situation) -> Plan:
    """It is set, if there is such a tip and it is not set already."""
    if percentage == asked.tally.tip:
        return plan.saying(f"Your tip is {percentage}% already." if percentage else "There's no tip on your tab.")
    if percentage is None or percentage in asked.menu.bar.tips:
        return plan.calling("set_tip", percentage=percentage)
    return tips_offered("I can do {}: which would you like?", plan, asked)


def tips_offered(sentence: str, plan: Plan, asked: Situation) -> Plan:
    """Ask which tip it should be; `sentence` has a place for those that there are."""
    offered = asked.menu.bar.tips
    asking = replace(plan, asks_tip=True)
    if len(offered) == 1:
        question = f"I can do {asked.book.tips}: would you like that?"
        return asking.asking(question, ("set_tip", {"percentage": offered[0]}))
    return asking.saying(sentence.format(asked.book.tips))


def goodbye(plan: Plan) -> Plan:
    """To who goes with an open tab, which is told."""
    return plan.calling("get_tip", worded=partial(_goodbye, plan.talk))


def _goodbye(before: tuple[str, ...], call: Call, book: Phrasebook) -> str:
    total = call.values.get("total")
    if call.ok and not total:
        return " ".join([*before[-1:], "Good night, and see you soon!"])
    tab = f"Your tab of {book.amount(total)}" if call.ok else "Your tab"
    return " ".join([*before[-1:], f"Good night! {tab} stays open: pay it here, or with the staff."])
