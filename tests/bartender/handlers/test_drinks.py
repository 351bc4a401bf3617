"""What is told of drinks: right by price and tag, as written where it may make somebody ill, and never guessed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.bartender.handlers.drinks import MOST_TOLD, under
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import Tally
from kiosk.menu import Bar, Item, Menu
from kiosk.menu.offers import Offer
from kiosk.state.sessions import load
from kiosk.understanding.acts import Add, Matter, Raise, Say, Topic
from kiosk.understanding.questions import AskAbout, AskExtreme, AskMenu, AskUnder, Extreme
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR

NOON, EVENING = datetime(2026, 11, 27, 12), datetime(2026, 11, 27, 18)


def item(name, price="5.00", **fields) -> Item:
    return Item.model_validate({"name": name, "price": price, "category": "Drinks", **fields})


def menu_of(*items, offers=()) -> Menu:
    return Menu(Bar(name="Corner"), items, [], offers=[Offer.model_validate(offer) for offer in offers])


PRICED = menu_of(item("Ale", "6.00"), item("Rum", "9.50", tags=["strong"]), item("Tea", "2.00"), item("Cola", "2.00"))
HAPPY = {"name": "Happy hour", "from": "17:00", "to": "19:00", "on": ["Rum"], "price": "1.00"}
ALLERGENS = menu_of(item("Orgeat", allergens=["almonds", "sulphites"]), item("Water", allergens=[]), item("Stout"))


@pytest.mark.parametrize(
    ("amount", "answer"),
    [
        (6, "For $6 or less we have Ale for $6, Tea for $2 and Cola for $2."),
        (100, "For $100 or less we have Rum for $9.50, Ale for $6, Tea for $2 and Cola for $2."),
        (1, "There is nothing for $1. Our cheapest are Tea and Cola, at $2."),
    ],
)
async def test_what_there_is_for_so_much(amount, answer):
    assert await Conversation(PRICED).mean(AskUnder(amount)) == answer


@given(amount=st.integers(0, 30))
def test_nothing_is_told_that_costs_more_and_nothing_left_out_that_is_not_counted(amount):
    asked = Situation(BAR, Phrasebook(BAR), Tally(), Plan(), 0, Knowledge([]), NOON)
    plan = under(amount, Plan(), asked)
    prices = {item.name: item.price for item in BAR.items}
    fits = [name for name, price in prices.items() if price <= amount]
    if fits:
        assert set(plan.listed) <= set(fits)
        assert len(plan.listed) == min(len(fits), MOST_TOLD)
        assert max(prices[name] for name in plan.listed) == max(prices[name] for name in fits)


async def test_what_was_told_can_be_taken():
    guest = Conversation(BAR)
    await guest.mean(AskExtreme(Extreme.CHEAPEST))
    await guest.say("i'll take that one")
    assert await guest.order() == ["1 Water"]


@pytest.mark.parametrize(
    ("end", "now", "answer"),
    [
        (Extreme.DEAREST, NOON, "Our dearest is Rum, at $9.50."),
        (Extreme.DEAREST, EVENING, "Our dearest is Ale, at $6."),
        (Extreme.CHEAPEST, EVENING, "Our cheapest is Rum, at $1."),
        (Extreme.STRONGEST, NOON, "Our strongest is Rum."),
    ],
)
async def test_the_ends_of_the_menu_are_right_by_price_offer_and_tag(end, now, answer):
    menu = menu_of(*PRICED.items, offers=[HAPPY])
    assert await Conversation(menu, now=now).mean(AskExtreme(end)) == answer


async def test_the_strongest_is_what_the_owner_has_written():
    answer = await Conversation(BAR).mean(AskExtreme(Extreme.STRONGEST))
    assert "The strongest are the Long Island and the Martini" in answer


async def test_who_says_that_the_order_is_wrong_hears_it_and_is_asked_what_to_change():
    guest = Conversation(BAR)
    await guest.mean(Add("Martini", 2))
    assert await guest.mean(Raise(Matter.WRONG_ORDER)) == "You have two Martinis: $26 in all. What shall I change?"
    assert await guest.order() == ["2 Martini"]


async def test_with_nothing_ordered_only_one_question_is_asked():
    answer = await Conversation(BAR).mean(Raise(Matter.WRONG_ORDER))
    assert answer == "Your tab is empty. What can I get you?"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("is there gluten in the orgeat", "An Orgeat has almonds and sulphites in it, as our menu says."),
        ("is there gluten in the water", "Our menu names no allergens for a Water."),
    ],
)
async def test_allergens_are_told_as_the_menu_has_them(said, answer):
    assert await Conversation(ALLERGENS).say(said) == answer


@pytest.mark.parametrize("said", ["is there gluten in the stout", "are there nuts in it", "i'm allergic to nuts"])
async def test_what_the_menu_does_not_say_is_left_to_the_staff_who_are_called_if_wanted(said):
    guest = Conversation(ALLERGENS)
    answer = await guest.say(said)
    assert answer == "I can't say for sure. Please ask the staff about ingredients. Shall I call them?"
    assert guest.called() == []
    await guest.say("yes please")
    assert [call.reason for call in load("guest", guest.tools.store).staff_calls] == [
        "asks what is in a drink, perhaps for an allergy"
    ]


async def test_it_is_what_was_just_talked_about_or_ordered_last():
    guest = Conversation(ALLERGENS)
    await guest.mean(AskAbout("Orgeat"))
    assert (await guest.mean(Say(Topic.ALLERGY))).startswith("An Orgeat has almonds")
    await guest.mean(Add("Water"))
    assert (await guest.mean(Say(Topic.ALLERGY))).endswith("for a Water.")


async def test_of_several_that_are_asked_about_the_unknown_is_not_passed_over():
    guest = Conversation(ALLERGENS)
    await guest.mean(AskMenu("Drinks"))
    answer = await guest.say("are there nuts in the orgeat or the stout")
    assert "almonds" in answer
    assert "ask the staff" in answer
