"""What came of the calls, in Maya's words: never more than their results say."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from kiosk.bartender.replies import Phrasebook, listed
from kiosk.bartender.tally import ADDING, Call

# What Maya says of a call; it may have failed.
Wording = Callable[[Call, Phrasebook], str]
# Of a result what has figures in it that are none.
_NOT_SAID = frozenset({"url", "payment_id"})
_PAYMENT_NEWS = {
    "succeeded": "Yes, it went through. Thank you, and cheers!",
    "pending": "Not yet. I'll tell you as soon as it arrives.",
    "failed": "It didn't work, nothing was charged. Shall we try again?",
    "timeout": "I'm still waiting to hear. Please ask me again in a moment.",
}
# What is to be said of the code that was on the screen before the guest chose the bar.
_CODE_LEFT_ASIDE = {
    "none": "",
    "void": " The code is void.",
    "may_still_be_paid": " Please leave the code alone: I can't make it void just now.",
}


def outcomes(calls: Sequence[Call], book: Phrasebook, worded: Mapping[str, Wording] | None = None) -> list[str]:
    """What Maya says of `calls`, in their order; what was added or taken off in one sentence.

    Parameters:
        worded: for a tool, how what came of it is said where it is not said as usual.
    """
    ways = worded or {}
    said: list[str] = []
    added = [call.values for call in calls if call.ok and call.name in ADDING]
    removed = [call.values for call in calls if call.ok and call.name == "remove_from_order"]
    if added:
        drinks = listed([book.line(line) for line in added])
        lead = "I've changed that to" if removed else "Coming up:"
        said.append(f"{lead} {drinks}. Your tab is {book.amount(added[-1]['new_tab'])}.")
    elif removed:
        drinks = listed([book.line(line) for line in removed])
        said.append(f"I took off {drinks}. Your tab is {book.amount(removed[-1]['new_tab'])}.")
    for call in calls:
        if call.name in ways:
            said.append(ways[call.name](call, book))
        elif call.ok:
            said += _outcome(call, book)
        else:
            said += failure(call, book)
    return said


def failure(call: Call, book: Phrasebook) -> list[str]:
    """What Maya says of a call that did nothing."""
    return [book.error(call.result.get("error", ""), call.result.get("message", ""))] if call.result else []


def has_only_figures_of(call: Call | None, words: str) -> bool:
    """Whether every figure in `words` ("15%", "$1,014.95", "14,95 €") is one of the result's.

    Where nothing was called there are none. Figures that are spelled out are not seen.
    """
    values = call.values if call else {}
    told = json.dumps({name: value for name, value in values.items() if name not in _NOT_SAID})
    known = {Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", told)}
    return all(not known.isdisjoint(_readings(figure)) for figure in re.findall(r"\d(?:[\d.,]*\d)?", words))


def _readings(figure: str) -> list[Decimal]:
    """What a figure is where the decimals stand behind a point, and where behind a comma."""
    written = [figure.replace(",", ""), figure.replace(".", "").replace(",", ".")]
    return [Decimal(number) for number in written if number.count(".") <= 1]


def _outcome(call: Call, book: Phrasebook) -> list[str]:
    values = call.values
    match call.name:
        case "clear_order":
            return ["All cleared. What can I get you?" if values["removed"] else "Your order is empty already."]
        case "get_order":
            if not values["lines"]:
                return ["Your tab is empty. What can I get you?"]
            drinks = listed([book.line(line) for line in values["lines"]])
            return [f"You have {drinks}: {book.amount(values['tab'])} in all."]
        case "get_balance":
            left, tab = book.amount(values["balance"]), book.amount(values["tab"])
            return [f"You have {left} left, and {tab} on the tab."]
        case "set_tip" | "get_tip" if values["tip_percentage"]:
            tip = f"{values['tip_percentage']}% is {book.amount(values['tip_amount'])}"
            return [f"{tip}, so {book.amount(values['total'])} in all. Thank you!"]
        case "set_tip":
            return [f"No tip, then. The total is {book.amount(values['total'])}."]
        case "get_tip":
            return [f"No tip so far. You can add {book.tips}."]
        case "get_recommendation":
            if not values["items"]:
                return ["There is nothing that I could suggest to you, I'm afraid."]
            names = [f"{item['name']} for {book.amount(item['price'])}" for item in values["items"][:2]]
            return [f"How about {' or '.join(names)}?"]
        case "create_stripe_payment":
            note = " It's simulated, no money moves." if values["is_simulated"] else ""
            if values.get("needs_reconciliation"):
                note += " I have trouble with my records, so please tell the staff once you have paid."
            return [f"That's {book.amount(values['amount'])}. Please scan the code on the screen.{note}"]
        case "pay_at_bar" if values["payment_status"] == "succeeded":
            return ["Your payment has just arrived, so there is nothing left to pay. Thank you!"]
        case "pay_at_bar":
            code = _CODE_LEFT_ASIDE[values["code"]]
            return [f"All right: you pay {book.amount(values['total'])} at the bar. Your tab stays open there.{code}"]
        case "serve_no_alcohol":
            age, drinks = values["legal_age"], listed([book.line(line) for line in values["removed"]])
            rule = f"Alcohol is for guests of {age} and over, so" if age else "Then"
            if not drinks:
                return [f"{rule} it's alcohol-free for you."]
            return [f"{rule} I took off {drinks}.", f"Your tab is {book.amount(values['new_tab'])}."]
        case "call_staff" if values["is_called_already"]:
            return ["The staff have been called already, and know why."]
        case "call_staff":
            return ["I've called the staff for you."]
        case "check_payment_status":
            return [_PAYMENT_NEWS[values["payment_status"]]]
        case _:
            return []
