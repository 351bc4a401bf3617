"""What is answered to who raises something about the bill: what is seen is said, and nobody is invited to pay twice."""

import pytest

from kiosk.payments.provider import PaymentNetworkError
from kiosk.state.sessions import load
from kiosk.understanding.acts import Add, Matter, Pay, Raise, Say, Tip, TipOfMoney, Topic, Unclear
from kiosk.understanding.questions import AskPayment, AskTipAmount
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR, COFFEE

NOT_ARRIVED = "I see no payment so far. Please wait for the staff before you pay again."
CALLED = "I've called the staff for you."


@pytest.fixture
async def guest():
    guest = Conversation(BAR)
    await guest.mean(Add("Martini", 2))
    return guest


def calls_for_staff(guest):
    return [call.reason for call in load("guest", guest.tools.store).staff_calls]


def code_of(guest):
    link = load("guest", guest.tools.store).link
    assert link
    return link.payment_id


async def test_a_bill_is_not_split_and_nothing_changes_but_the_staff_can(guest):
    answer = await guest.mean(Raise(Matter.SPLIT), Pay())
    assert answer == "I can't split a bill, but the staff can. Your tab is as it was. Would you like to pay at the bar?"
    assert guest.called() == []
    await guest.mean(Say(Topic.YES))
    assert guest.called() == ["pay_at_bar"]


async def test_with_nothing_on_the_tab_there_is_nothing_to_leave_to_the_staff():
    assert (await Conversation(BAR).mean(Raise(Matter.SPLIT))).endswith("Your tab is as it was.")


@pytest.mark.parametrize("more", [(), (Pay(),), (AskPayment(),)])
async def test_a_dispute_looks_at_the_payment_says_what_it_sees_and_calls_the_staff(guest, more):
    await guest.mean(Pay())
    answer = await guest.mean(Raise(Matter.DISPUTE), *more)
    assert answer == f"{NOT_ARRIVED} {CALLED}"
    assert guest.called() == ["check_payment_status", "call_staff"]
    assert calls_for_staff(guest) == ["says that something is wrong with a payment"]


async def test_a_payment_that_the_look_finds_is_said_with_its_amount(guest):
    await guest.mean(Pay())
    guest.payments.pay(code_of(guest))
    assert await guest.mean(Raise(Matter.DISPUTE)) == f"I see that your payment of $26 has arrived. {CALLED}"
    again = await guest.mean(Raise(Matter.DISPUTE))
    assert again == "I see that your payment of $26 has arrived. The staff have been called already, and know why."


async def test_where_there_is_no_payment_to_look_at_maya_says_so(guest):
    assert await guest.mean(Raise(Matter.DISPUTE)) == f"No payment is under way: there is no code. {CALLED}"
    await guest.mean(Raise(Matter.AT_BAR))
    assert (await guest.mean(Raise(Matter.DISPUTE))).startswith("No payment is under way, because you pay at the bar.")


async def test_where_the_provider_does_not_answer_maya_says_that_she_cannot_tell(guest):
    await guest.mean(Pay())

    async def is_away(payment_id):
        raise PaymentNetworkError("away")

    guest.payments.look_at = is_away
    assert await guest.mean(Raise(Matter.DISPUTE)) == f"I can't tell from here how that payment stands. {CALLED}"


async def test_what_was_not_understood_around_a_word_about_the_bill_is_not_asked_for(guest):
    assert "Sorry" not in await guest.mean(Raise(Matter.AT_BAR), Unclear("i would rather pay cash"))


async def test_a_failed_payment_is_no_reason_to_try_again_for_who_says_that_he_was_charged(guest):
    await guest.mean(Pay())
    await guest.payments.cancel_payment_link(code_of(guest))
    assert await guest.mean(Raise(Matter.DISPUTE)) == f"As far as I can see, nothing was charged. {CALLED}"


async def test_who_pays_at_the_bar_after_one_more_drink_has_it_on_that_tab(guest):
    answer = await guest.mean(Raise(Matter.AT_BAR), Add("Water"), Pay())
    assert guest.called() == ["add_to_order_with_balance", "pay_at_bar"]
    assert answer.endswith("All right: you pay $27 at the bar. Your tab stays open there.")
    assert load("guest", guest.tools.store).at_bar == "chosen"


@pytest.mark.parametrize(
    ("percentage", "answer"),
    [
        (15, "15% would be $3.90, so $29.90 in all. Shall I add it?"),
        (10, "10% would be $2.60, so $28.60 in all. Shall I add it?"),
        (18, "18% would be $4.68, so $30.68 in all. I can do 10, 15 or 20%."),
    ],
)
async def test_what_a_tip_would_be_is_told_and_none_is_set(guest, percentage, answer):
    assert await guest.mean(AskTipAmount(percentage)) == answer
    assert await guest.tip() is None


async def test_the_tip_that_was_told_is_set_by_a_yes(guest):
    await guest.mean(AskTipAmount(20))
    await guest.mean(Say(Topic.YES))
    assert await guest.tip() == 20
    assert not (await guest.mean(AskTipAmount(20))).endswith("?"), "it is set already"


async def test_on_an_empty_tab_there_is_nothing_to_tip_on():
    assert await Conversation(BAR).mean(AskTipAmount(15)) == "There is nothing on the tab to tip on."


async def test_a_tip_of_money_or_of_another_percentage_is_answered_in_one_sentence_that_says_which_there_are(guest):
    assert await guest.mean(TipOfMoney()) == "Here a tip can be 10, 15 or 20%: which would you like?"
    assert (await guest.tip(), guest.called()) == (None, [])
    assert await guest.mean(Tip(18)) == "I can do 10, 15 or 20%: which would you like?"
    await guest.say("fifteen")
    assert await guest.tip() == 15


async def test_who_goes_with_an_open_tab_is_told_it_with_the_tip(guest):
    await guest.mean(Tip(15))
    answer = await guest.mean(Say(Topic.BYE))
    assert answer == "Good night! Your tab of $29.90 stays open: pay it here, or with the staff."
    thanked = await guest.mean(Say(Topic.THANKS), Say(Topic.BYE))
    assert thanked.startswith(("You're welcome! Good night!", "My pleasure! Good night!", "Any time! Good night!"))


async def test_the_amounts_are_those_of_the_bars_currency_and_menu():
    guest = Conversation(COFFEE)
    item = COFFEE.items[0]
    await guest.mean(Add(item.name))
    tip = COFFEE.bar.currency.percent(item.price, 10)
    assert COFFEE.bar.currency.brief(tip) in await guest.mean(AskTipAmount(10))
