"""What a sentence claims to have happened, and what of it a tool has done."""

from collections.abc import Iterable
from typing import Any

import pytest
from pipecat.processors.aggregators.llm_context import LLMContextMessage

from kiosk.bartender.claims import Claim, claims, done
from kiosk.bartender.notices import Notice
from kiosk.bartender.tally import TOUCH, Call, made
from tests.bartender import dialogues
from tests.bartender.conversation import Conversation
from tests.sampling import sampled

# Of all the dialogues.
PARTS = 8

CLAIMED = [
    ("Coming up: two Old Fashioneds.", Claim.ORDERED),
    ("Two Martinis coming right up, anything else?", Claim.ORDERED),
    ("No problem, I've put it on your tab.", Claim.ORDERED),
    ("I'll get you a Negroni right away!", Claim.ORDERED),
    ("Zwei Martinis kommen sofort!", Claim.ORDERED),
    ("Un martini añadido a tu cuenta.", Claim.ORDERED),
    ("Sure. I’ve swapped the Martini for a Negroni.", Claim.CHANGED),
    ("All cleared!", Claim.CHANGED),
    ("I took the second one off.", Claim.CHANGED),
    ("Das habe ich storniert.", Claim.CHANGED),
    ("I've added a 15% tip, thank you!", Claim.TIPPED),
    ("Ich habe das Trinkgeld eingetragen.", Claim.TIPPED),
    ("He añadido la propina.", Claim.TIPPED),
    ("Your payment has arrived, cheers!", Claim.PAID),
    ("You're all paid.", Claim.PAID),
    ("Deine Zahlung ist eingegangen.", Claim.PAID),
    ("Please scan the code on the screen.", Claim.CODE),
    ("All right: you pay $13 at the bar.", Claim.AT_BAR),
    ("I've marked your tab for the bar.", Claim.AT_BAR),
    ("Alles klar, du bezahlst an der Theke.", Claim.AT_BAR),
    ("Vale, pagas en efectivo.", Claim.AT_BAR),
    ("I've called the staff for you.", Claim.STAFF),
    ("The staff have been called already, and know why.", Claim.STAFF),
    ("Somebody is on their way.", Claim.STAFF),
    ("I'll get the manager for you.", Claim.STAFF),
    ("Ich habe das Personal gerufen.", Claim.STAFF),
    ("He avisado al personal.", Claim.STAFF),
    ("They're on their way.", Claim.COMING),
    ("They'll be right with you!", Claim.COMING),
    ("Certainly! That is done.", Claim.DONE),
]
NOT_CLAIMED = [
    "Shall I add a Martini?",
    "Are you all set?",
    "You can add 10, 15 or 20%.",
    "I haven't added anything yet.",
    "It didn't work, nothing was charged.",
    "I'll tell you as soon as it has arrived.",
    "If you like, I'll add a tip.",
    "You have two Martinis on the tab: $26 in all.",
    "Soll ich noch etwas hinzufügen?",
    "Todavía no está pagado.",
    "Tell me what you'd like, add a tip if you like, and say when you want to pay.",
    "You pay with your phone: ask for the bill, and scan the code on the screen.",
    "You can pay with the code, or at the bar.",
    "The staff take cash.",
    "Shall I leave it to the bar?",
    "Shall I call the staff?",
    "Please ask the staff.",
    "The staff are here to help.",
    "I haven't called anybody yet.",
    "The Negroni was made for a count in Florence.",
]
OK = {"status": "ok", "result": {}}
FAILED = {"status": "error", "error": "INSUFFICIENT_FUNDS", "message": ""}


def said(words: str) -> LLMContextMessage:
    return {"role": "user", "content": words}


def backed(messages: Iterable[Any]) -> frozenset[Claim]:
    return done(messages)


@pytest.mark.parametrize(("sentence", "claim"), CLAIMED)
def test_a_sentence_that_says_that_something_happened_claims_it(sentence, claim):
    assert claims(sentence) == {claim}


@pytest.mark.parametrize("sentence", NOT_CLAIMED)
def test_an_offer_a_question_and_a_denial_claim_nothing(sentence):
    assert not claims(sentence)


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("add_to_order", Claim.ORDERED),
        ("remove_from_order", Claim.CHANGED),
        ("set_tip", Claim.TIPPED),
        ("create_stripe_payment", Claim.CODE),
    ],
)
def test_a_tool_of_this_turn_that_succeeded_backs_its_claim_and_no_other(name, claim):
    asked = said("please")
    assert claim in backed([asked, *made(Call("1", name, {}, OK))])
    assert claim not in backed([asked, *made(Call("1", name, {}, FAILED))])
    assert claim not in backed([asked, *made(Call("1", "get_balance", {}, OK))])
    assert Claim.PAID not in backed([asked, *made(Call("1", name, {}, OK))])


def test_what_was_done_in_an_earlier_turn_is_not_done_again():
    earlier = [said("a martini"), *made(Call("1", "add_to_order", {}, OK)), {"role": "assistant", "content": "Sure."}]
    assert Claim.ORDERED in backed(earlier[:-1])
    assert Claim.ORDERED not in backed([*earlier, said("and a beer")])


def test_a_touchs_call_counts():
    assert Claim.TIPPED in backed([Notice.TOUCHED.message, *made(Call(f"{TOUCH}1", "set_tip", {"percentage": 15}, OK))])


def test_a_payment_counts_once_the_service_or_the_kiosk_says_so():
    def asked(status: str) -> Call:
        result = {"payment_status": status, "amount": 13.0}
        return Call("1", "check_payment_status", {}, {"status": "ok", "result": result})

    assert Claim.PAID in backed([Notice.PAYMENT_SUCCEEDED.message])
    assert Claim.PAID in backed([said("did it work"), *made(asked("succeeded"))])
    assert Claim.PAID not in backed([said("did it work"), *made(asked("pending"))])


def test_a_code_counts_until_something_makes_it_void():
    shown = [
        said("pay"),
        *made(Call("1", "create_stripe_payment", {}, OK)),
        {"role": "assistant", "content": "Here."},
    ]
    assert Claim.CODE in backed([*shown, said("where do I pay")])
    assert Claim.CODE not in backed([*shown, said("a beer"), *made(Call("2", "add_to_order", {}, OK))])
    assert Claim.CODE not in backed([*shown, Notice.PAYMENT_SUCCEEDED.message])


def test_that_the_staff_collect_the_tab_counts_until_a_code_or_a_payment_is_there():
    at_bar = {"status": "ok", "result": {"payment_status": "at_bar"}}
    chosen = [said("cash"), *made(Call("1", "pay_at_bar", {}, at_bar)), {"role": "assistant", "content": "Fine."}]
    assert Claim.AT_BAR in backed([*chosen, said("a beer"), *made(Call("2", "add_to_order", {}, OK))])
    assert Claim.AT_BAR not in backed([*chosen, said("pay"), *made(Call("2", "create_stripe_payment", {}, OK))])
    assert Claim.AT_BAR not in backed([*chosen, Notice.PAYMENT_SUCCEEDED.message])
    assert Claim.AT_BAR not in backed([said("cash"), *made(Call("1", "pay_at_bar", {}, FAILED))])
    code = [*made(Call("0", "create_stripe_payment", {}, OK)), {"role": "assistant", "content": "Here."}]
    assert Claim.CODE not in backed([said("pay"), *code, *chosen, said("where do I pay")])


def test_a_call_for_the_staff_counts_from_then_on_and_leaves_a_code_as_it_is():
    code = [said("pay"), *made(Call("0", "create_stripe_payment", {}, OK)), {"role": "assistant", "content": "Here."}]
    called = [*code, said("help"), *made(Call("1", "call_staff", {}, OK))]
    assert {Claim.STAFF, Claim.COMING, Claim.CODE} <= backed(called)
    later = backed([*called, {"role": "assistant", "content": "Done."}, said("where are they")])
    assert (Claim.STAFF in later, Claim.COMING in later) == (True, False)
    assert Claim.STAFF not in backed([said("help"), *made(Call("1", "call_staff", {}, FAILED))])
    assert Claim.COMING in backed([said("a beer"), *made(Call("1", "add_to_order", {}, OK))])


@pytest.mark.parametrize("part", sampled(range(PARTS), every=PARTS))
async def test_the_house_claims_nothing_that_no_tool_did(part):
    for dialogue in dialogues.written()[part::PARTS]:
        conversation, said_before = Conversation(dialogue.menu), set()
        for turn in dialogue.turns:
            answer = (await conversation.say(turn["guest"])).removeprefix("Once more: ")
            # What is only said again claims nothing new.
            if answer not in said_before:
                assert claims(answer) <= done(conversation.messages[:-1]), f"{dialogue.name}: {answer}"
            said_before.add(answer)
        await conversation.tools.close()
