"""What is true of the house: as the owner has written it, or else as the kiosk is."""

from datetime import datetime

import pytest

from kiosk.bartender.handlers.house import TITLES
from kiosk.bartender.knowledge import Knowledge, Passage
from kiosk.menu import Bar, Item, Menu
from kiosk.menu.offers import Offer
from kiosk.understanding.acts import Matter, Raise, Say, Topic
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR

BEER = Item.model_validate({"name": "Beer", "price": "6.00", "category": "Beers"})
FRIDAY_NOON, FRIDAY_SIX = datetime(2026, 11, 27, 12), datetime(2026, 11, 27, 18, 30)


def bar(**fields) -> Menu:
    return Menu(Bar.model_validate({"name": "Corner", **fields}), [BEER], [])


def with_offers(*offers) -> Menu:
    return Menu(Bar(name="Corner"), [BEER], [], offers=[Offer.model_validate(offer) for offer in offers])


@pytest.mark.parametrize("matter", TITLES)
async def test_what_the_owner_has_written_is_told_in_his_words(matter):
    knowledge = Knowledge([Passage(TITLES[matter], "This is so. And more.")])
    assert (await Conversation(bar(), knowledge=knowledge).mean(Raise(matter))).endswith("This is so.")


@pytest.mark.parametrize("matter", TITLES)
async def test_where_the_owner_has_written_nothing_there_is_a_true_answer_all_the_same(matter):
    guest = Conversation(bar())
    answer = await guest.mean(Raise(matter))
    assert answer.endswith(".")
    assert "Sorry" not in answer
    assert guest.called() == []


@pytest.mark.parametrize(
    ("matter", "told"),
    [
        (Matter.CARDS, "The staff take cash at the bar"),
        (Matter.RECEIPT, "The page on your phone shows the receipt"),
        (Matter.PRIVACY, "I keep no recordings"),
        (Matter.OFFERS, "The staff know whether there is a happy hour"),
    ],
)
async def test_the_bar_that_comes_with_the_kiosk_answers_from_its_knowledge(matter, told):
    assert told in await Conversation(BAR).mean(Raise(matter))


async def test_who_asks_whether_maya_is_a_person_hears_plainly_that_she_is_a_machine():
    for topic in (Topic.ROBOT, Topic.WHO_ARE_YOU):
        guest = Conversation(BAR)
        for _ in range(2):
            assert "machine" in await guest.mean(Say(topic))


@pytest.mark.parametrize(
    ("tax", "answer"),
    [
        ({"name": "Sales tax", "rate": "8.875"}, "No, Sales tax of 8.875% is not in the prices."),
        ({"name": "VAT", "rate": "20", "included": True}, "Yes, VAT of 20% is in the prices."),
    ],
)
async def test_whether_tax_is_in_the_prices_is_the_menus_to_say(tax, answer):
    assert await Conversation(bar(tax=tax)).mean(Raise(Matter.TAX)) == answer


async def test_the_age_rule_is_told_where_the_menu_has_one():
    assert "guests of 21 and over" in await Conversation(bar(legal_age=21)).mean(Raise(Matter.IDS))
    assert "and over" not in await Conversation(bar()).mean(Raise(Matter.IDS))


HOURS = {"days": ["mon", "fri"], "from": "17:00", "to": "19:00"}
HAPPY = {"name": "Happy hour", **HOURS, "on": ["Beers"], "multiply": "0.5"}
LATE = {"name": "Last call", "from": "23:30", "on": ["Beer"], "price": "3.00"}


@pytest.mark.parametrize(
    ("offers", "now", "answer"),
    [
        ([HAPPY], FRIDAY_SIX, "Yes, Happy hour is on until 7 pm, for Beers."),
        (
            [HAPPY, LATE],
            FRIDAY_NOON,
            "Not just now. Happy hour is Monday and Friday from 5 pm to 7 pm, for Beers and "
            "Last call is every day from 11:30 pm to midnight, for Beer.",
        ),
    ],
)
async def test_whether_it_is_happy_hour_is_told_from_the_menus_offers_and_the_bars_clock(offers, now, answer):
    assert await Conversation(with_offers(*offers), now=now).mean(Raise(Matter.OFFERS)) == answer
