"""Who says that he is too young: nothing with alcohol is poured or charged in this visit, and the staff are called."""

import pytest

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.prompts import confidential
from kiosk.menu import Bar, Menu
from kiosk.state.sessions import load
from kiosk.understanding.acts import (
    Add,
    Matter,
    Number,
    Raise,
    Replace,
    Say,
    Topic,
    UnderAge,
    Understanding,
    Which,
    WhichOf,
)
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR, COFFEE

RULE = "Alcohol is for guests of 21 and over, so it's alcohol-free for you."
CALLED = "I've called the staff for you."
NO_RULE = Menu(Bar(name="Corner"), BAR.items, BAR.modifiers)


def calls_for_staff(guest):
    return [call.reason for call in load("guest", guest.tools.store).staff_calls]


@pytest.mark.parametrize("age", [16, 20, None])
@pytest.mark.parametrize(
    "wish", [(), (Add("Vodka"),), (WhichOf("Beers", ()),), (Say(Topic.YES), Add("Martini", 2)), (Add("IPA", 40),)]
)
async def test_the_rule_is_told_nothing_is_poured_and_the_staff_are_called(age, wish):
    guest = Conversation(BAR)
    assert await guest.mean(UnderAge(age), *wish) == f"{RULE} {CALLED}"
    assert (await guest.order(), await guest.tab()) == ([], 0.0)
    assert calls_for_staff(guest) == ["says to be under age"]


async def test_the_rule_holds_for_the_whole_visit_whatever_is_said_later():
    guest = Conversation(BAR)
    await guest.mean(UnderAge(16))
    for act in (Add("Vodka"), UnderAge(35), Add("Martini"), Replace(Add("IPA"), Which("Water"))):
        await guest.mean(act)
    answer = await guest.mean(Add("Vodka"))
    assert answer == "You said that you are under age, so there is no alcohol for you. Something without?"
    assert await guest.order() == []
    assert await guest.mean(Add("Lemonade", 2)) == "Coming up: two Lemonades. Your tab is $4."


async def test_what_has_no_alcohol_is_poured_in_the_same_breath():
    guest = Conversation(BAR)
    answer = await guest.mean(UnderAge(16), Add("Vodka"), Add("Lemonade"))
    assert await guest.order() == ["1 Lemonade"]
    assert RULE in answer
    assert "Coming up: a Lemonade" in answer


async def test_a_large_order_is_confirmed_and_the_rule_holds_at_once():
    guest = Conversation(BAR)
    await guest.mean(UnderAge(16), Add("Lemonade", 20))
    assert load("guest", guest.tools.store).alcohol_free
    assert await guest.order() == []
    await guest.mean(Say(Topic.YES))
    assert await guest.order() == ["20 Lemonade"]


async def test_what_was_ordered_before_is_taken_off_and_a_code_for_it_is_void():
    guest = Conversation(BAR)
    await guest.mean(Add("Martini", 2), Add("Water"))
    await guest.say("i'd like to pay")
    link = load("guest", guest.tools.store).link
    assert link
    answer = await guest.mean(UnderAge(17))
    rule = RULE.partition(", so")[0]
    assert answer == f"{rule}, so I took off two Martinis. Your tab is $1. {CALLED}"
    assert (await guest.order(), await guest.tab()) == (["1 Water"], 1.0)
    assert load("guest", guest.tools.store).link is None
    assert not guest.payments.pay(link.payment_id)
    assert await guest.mean(Raise(Matter.WRONG_ORDER)) == "You have a Water: $1 in all. What shall I change?"


async def test_nothing_with_alcohol_is_suggested_to_who_is_too_young():
    guest = Conversation(BAR)
    await guest.mean(UnderAge(16))
    for wish in ("something strong", "a cocktail", ""):
        items = (await guest.tools.get_recommendation(wish))["result"]["items"]
        assert items
        assert not any(item.alcohol for item in BAR.items if item.name in {told["name"] for told in items})


@pytest.mark.parametrize(("menu", "age"), [(BAR, 21), (BAR, 40), (NO_RULE, 16), (COFFEE, 9)])
async def test_who_is_old_enough_or_where_there_is_no_rule_is_served(menu, age):
    guest = Conversation(menu)
    drink = menu.items[0].name
    await guest.mean(UnderAge(age), Add(drink))
    assert await guest.order() == [f"1 {drink}"]
    assert calls_for_staff(guest) == []
    assert "Sorry" not in await guest.mean(UnderAge(age)), "that is no reason to ask again"


async def test_who_says_that_he_is_under_age_is_believed_where_the_menu_has_no_rule():
    guest = Conversation(NO_RULE)
    assert await guest.mean(UnderAge(None), Add("Vodka")) == f"Then it's alcohol-free for you. {CALLED}"
    assert await guest.order() == []


async def test_the_next_visit_begins_without_it():
    guest = Conversation(BAR)
    await guest.mean(UnderAge(16))
    other = Conversation(BAR)
    await other.mean(Add("Vodka"))
    assert await other.order() == ["1 Vodka"]


def test_a_language_model_is_told_the_rule_only_where_there_is_one():
    assert "Below 21 no alcohol." in confidential(BAR)
    assert "alcohol." not in confidential(COFFEE)


def test_the_kiosk_knows_by_itself_what_a_guest_says_of_his_age():
    read = {"i am sixteen": (UnderAge(16),), "sixteen": (Number(16),)}
    bartender = HouseBartender(BAR, read=lambda said, menu: Understanding(read[said]))
    assert bartender.is_too_young("i am sixteen")
    assert not bartender.is_too_young("sixteen")
