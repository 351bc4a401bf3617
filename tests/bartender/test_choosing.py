"""The house bartender asks for what has to be chosen, one question at a time, and the answer completes the line."""

from datetime import datetime

import pytest

from kiosk.bartender.house_brain import HouseBartender
from kiosk.understanding.acts import THAT, Add, Modify, Understanding, Which
from tests.bartender.conversation import Conversation
from tests.menu.menus import RICH, menu_of

TWO_CHOICES = RICH.replace(
    'from = ["house blend", "single origin"]\ndefault = "house blend"',
    'from = ["house blend", "single origin"]\nrequired = true',
)
ASKED = "Which milk: whole milk or oat milk?"


@pytest.fixture(scope="module")
def menu(tmp_path_factory):
    return menu_of(tmp_path_factory.mktemp("menu"))


@pytest.fixture
def guest(menu):
    return Conversation(menu)


async def test_one_question_is_asked_and_the_answer_completes_the_line(guest):
    assert await guest.say("two lattes with an extra shot please") == ASKED
    assert await guest.order() == []
    assert await guest.say("oat milk please") == (
        "Coming up: two extra shot oat milk Lattes. Your tab is $10.50."
    )  # fmt: skip
    assert await guest.order() == ["2 Latte, extra shot, oat milk"]


@pytest.mark.parametrize(
    ("answer", "modifiers"),
    [
        ("oat", ["oat milk"]),
        ("whole", ["whole milk"]),
        ("Whole milk, thank you.", ["whole milk"]),
        ("the second one please", ["oat milk"]),
        ("the first", ["whole milk"]),
        ("No, oat milk!", ["oat milk"]),
        ("not oat, whole milk", ["whole milk"]),
        ("a latte with oat milk", ["oat milk"]),
        ("I'll take the oat one", ["oat milk"]),
        ("whatever", ["whole milk"]),
        ("either is fine", ["whole milk"]),
        ("oat milk and an extra shot", ["extra shot", "oat milk"]),
    ],
)
async def test_the_answer_may_come_in_any_words(guest, answer, modifiers):
    await guest.say("a latte please")
    await guest.say(answer)
    assert [sorted(line.split(", ")) for line in await guest.order()] == [sorted(["1 Latte", *modifiers])]


@pytest.mark.parametrize(
    ("drinks", "answer", "order"),
    [
        ("two lattes", "one with oat milk and one with whole milk", {"oat milk": 1, "whole milk": 1}),
        ("two lattes", "one whole, the other oat please", {"oat milk": 1, "whole milk": 1}),
        ("three lattes", "two with oat and one with whole", {"oat milk": 2, "whole milk": 1}),
        ("two lattes", "both with oat milk", {"oat milk": 2}),
        # Not all of them are told of: it is asked again.
        ("three lattes", "one with oat milk and one with whole milk", {}),
    ],
)
async def test_several_of_a_drink_may_be_answered_for_one_by_one(guest, drinks, answer, order):
    await guest.say(drinks)
    await guest.say(answer)
    lines = (await guest.tools.get_order())["result"]["lines"]
    assert {line["modifiers"][0]: line["quantity"] for line in lines} == order


@pytest.mark.parametrize("answer", ["none", "no milk please", "without milk"])
async def test_who_wants_none_of_it_gets_the_drink_without(guest, answer):
    await guest.say("a latte please")
    assert "a Latte without milk" in await guest.say(answer)


@pytest.mark.parametrize("answer", ["whole milk or oat milk", "hmm purple elephants", "what does oat milk cost"])
async def test_what_is_no_answer_leaves_the_question_open(guest, answer):
    await guest.say("a latte please")
    assert (await guest.say(answer)).endswith(ASKED)
    assert await guest.order() == []
    await guest.say("oat milk")
    assert await guest.order() == ["1 Latte, oat milk"]


@pytest.mark.parametrize("answer", ["no thanks", "forget the latte", "I don't want a latte", "that's all"])
async def test_who_takes_the_drink_back_is_not_asked_again(guest, answer):
    await guest.say("a latte please")
    assert ASKED not in await guest.say(answer)
    await guest.say("oat milk")
    assert await guest.order() == []


async def test_other_wishes_are_heard_beside_the_answer_and_before_it(guest):
    await guest.say("a latte please")
    said = await guest.say("and a pale ale")
    assert said.startswith("Coming up: a Pale Ale.")
    assert said.endswith(ASKED)
    await guest.say("oat milk and an espresso")
    assert await guest.order() == ["1 Pale Ale", "1 Latte, oat milk", "1 Espresso"]


async def test_who_pays_instead_pays_for_what_is_on_the_tab(guest):
    await guest.say("a pale ale")
    await guest.say("a latte please")
    assert "scan the code" in await guest.say("I'd like to pay")
    assert await guest.tab() == 6.01


async def test_several_drinks_are_asked_about_one_by_one_and_by_name(guest):
    assert await guest.say("a latte and fries please") == "Which milk for the Latte: whole milk or oat milk?"
    said = await guest.say("oat milk")
    assert said == "Coming up: an oat milk Latte. Your tab is $4.50. Which size: small or large?"
    await guest.say("large")
    assert await guest.order() == ["1 Latte, oat milk", "1 Fries, large"]


async def test_two_choices_of_one_drink_are_asked_one_after_the_other(tmp_path):
    guest = Conversation(menu_of(tmp_path, TWO_CHOICES))
    assert await guest.say("a latte") == ASKED
    assert await guest.say("oat") == "Which beans: house blend or single origin?"
    await guest.say("house blend")
    assert await guest.order() == ["1 Latte, oat milk, house blend"]


async def test_nothing_is_taken_off_before_it_is_known_what_is_put_in_its_place(guest):
    await guest.say("a pale ale")
    assert await guest.say("make it a latte instead") == ASKED
    assert await guest.order() == ["1 Pale Ale"]
    await guest.say("oat milk")
    assert await guest.order() == ["1 Latte, oat milk"]


def reading(guest, *acts):
    """From now on whatever is said means `acts`."""
    guest.bartender = HouseBartender(guest.menu, read=lambda text, menu: Understanding(tuple(acts)))


async def test_what_is_left_out_goes_into_the_call_and_is_said_back(guest):
    reading(guest, Add("Lemonade", 2, ("small",), ("mint",)))
    assert await guest.say("two small lemonades without mint") == (
        "Coming up: two small Glasses of Lemonade without mint. Your tab is $4."
    )  # fmt: skip
    reading(guest, Modify(("lime",), THAT, without=True))
    await guest.say("no lime either")
    reading(guest, Modify(("large",), Which(quantity=1)))
    await guest.say("make one of them large")
    lines = (await guest.tools.get_order())["result"]["lines"]
    assert [(line["quantity"], line["modifiers"], line["without"]) for line in lines] == [
        (1, ["small"], ["mint", "lime"]),
        (1, ["large"], ["mint", "lime"]),
    ]


async def test_one_of_two_that_differ_in_what_is_left_out_is_the_one_that_is_changed(guest):
    reading(guest, Add("Lemonade"), Add("Lemonade", without=("mint",)))
    await guest.say("a lemonade and a lemonade without mint")
    reading(guest, Modify(("small",), Which(position=1)))
    await guest.say("make the first one small")
    lines = (await guest.tools.get_order())["result"]["lines"]
    assert [(line["modifiers"], line.get("without")) for line in lines] == [(["large"], ["mint"]), (["small"], None)]


def at(hour):
    """A Friday, on which beers are half their price from 17:00 to 19:00."""
    return lambda: datetime(2026, 11, 27, hour)


async def test_prices_are_told_by_size_and_by_the_offer_of_the_moment(guest):
    guest.bartender = HouseBartender(guest.menu, clock=at(18))
    assert await guest.say("how much is a pale ale") == "A Pale Ale is $3.01."
    guest.bartender = HouseBartender(guest.menu, clock=at(20))
    assert await guest.say("how much is a pale ale") == "A Pale Ale is $6.01."
    assert await guest.say("how much is a lemonade") == "A small Lemonade is $2 and a large Lemonade is $3."
    assert await guest.say("what sides do you have") == "We have Fries from $2.50 and Guacamole for $2."


async def test_a_size_that_a_drink_does_not_come_in_is_not_taken_for_the_usual_one(tmp_path):
    guest = Conversation(
        menu_of(tmp_path, RICH.replace('name = "Small", price = "2.50"', 'name = "medium", price = "2"'))
    )
    reading(guest, Add("Lemonade", 1, ("medium",)))
    said = await guest.say("a medium lemonade please")
    assert await guest.order() == []
    assert said.startswith("I can't make a Lemonade medium")


async def test_a_wish_that_the_menu_does_not_know_is_passed_on_said_back_and_free(guest):
    reading(guest, Add("Pale Ale", 1, ("extra lime",)))
    assert await guest.say("a pale ale with extra lime") == (
        "Coming up: a Pale Ale with the wish “extra lime”. Your tab is $6.01."
    )  # fmt: skip
    reading(guest, Add("Latte", 2, ("extra hot",)))
    assert await guest.say("two lattes extra hot") == ASKED
    guest.bartender = HouseBartender(guest.menu)
    assert "two oat milk Lattes with the wish “extra hot”" in await guest.say("oat milk")


async def test_a_large_order_with_a_wish_is_read_back_with_it(guest):
    reading(guest, Add("Pale Ale", 12, ("extra lime",)))
    assert await guest.say("twelve pale ales with extra lime") == "That's twelve extra lime Pale Ales. Is that right?"
