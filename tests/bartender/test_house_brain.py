"""The house brain: what it does about a conversation, from the messages alone."""

import json

import pytest

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.notices import Notice
from kiosk.bartender.replies import TALK
from kiosk.bartender.tally import NOT_HEEDED, Call, made
from kiosk.menu import Menu
from kiosk.understanding.acts import Topic
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR


@pytest.fixture
async def visit():
    conversation = Conversation(BAR)
    yield conversation
    await conversation.tools.close()


def respond(*messages):
    return HouseBartender(BAR).respond(messages)


def user(text):
    return {"role": "user", "content": text}


def call(identity, name, arguments, content="IN_PROGRESS"):
    function = {"name": name, "arguments": json.dumps(arguments)}
    return [
        {"role": "assistant", "tool_calls": [{"id": identity, "function": function}]},
        {"role": "tool", "tool_call_id": identity, "content": content},
    ]


BEER = {"item_name": "Tap Beer", "modifiers": [], "quantity": 1}
MARTINI = {"item_name": "Martini", "modifiers": [], "quantity": 1}
ADD = "add_to_order_with_balance"


def added(item, tab):
    result = {
        "item": item,
        "quantity": 1,
        "modifiers": [],
        "unit_price": tab,
        "new_tab": tab,
        "new_balance": 900,
    }
    return json.dumps({"status": "ok", "result": result})


def test_maya_says_nothing_of_an_order_before_its_result():
    reply = respond(user("a beer please"))
    assert reply.calls == ((ADD, BEER),)
    assert not reply.say
    assert respond(user("a beer please"), *call("1", ADD, BEER)).say == ""


def test_she_speaks_once_the_result_is_there():
    reply = respond(user("a beer please"), *call("1", ADD, BEER, added("Tap Beer", 5)))
    assert reply.calls == ()
    assert reply.say == "Coming up: a Tap Beer. Your tab is $5."


def test_calls_of_one_sentence_are_made_in_order_one_after_the_other():
    said = user("a beer and a martini")
    first = call("1", ADD, BEER, added("Tap Beer", 5))
    second = call("2", ADD, MARTINI, added("Martini", 18))
    assert respond(said).calls == ((ADD, BEER),)
    assert respond(said, *first).calls == ((ADD, MARTINI),)
    assert respond(said, *first, *second).say == "Coming up: a Tap Beer and a Martini. Your tab is $18."


def test_an_interruption_between_two_calls_loses_and_doubles_nothing():
    before = [user("a beer and a martini"), *call("1", ADD, BEER, added("Tap Beer", 5))]
    interrupted = [*before, user("and what's on my tab")]
    assert respond(*interrupted).calls == ((ADD, MARTINI),)
    told = [*interrupted, *call("2", ADD, MARTINI, added("Martini", 18))]
    assert respond(*told).calls == (("get_order", {}),)


def test_a_cancelled_call_is_made_again_under_its_own_id():
    reply = respond(user("what's on my tab"), *call("7", "get_order", {}, "CANCELLED"), user("hello"))
    assert reply.calls == (("get_order", {}),)
    assert reply.repeats == "7"


def test_an_answered_conversation_needs_no_answer():
    assert respond(user("hello"), {"role": "assistant", "content": "Hello!"}).say == ""
    assert respond({"role": "system", "content": "You are Maya."}).say == ""
    assert respond() == respond()


async def test_an_answer_that_nobody_heard_is_given_with_the_next(visit):
    visit.hear("a beer")
    await visit.step()
    answer = await visit.say("make it two")
    assert await visit.order() == ["2 Tap Beer"]
    assert "Your tab is $10." in answer


@pytest.mark.parametrize("nothing", ["", Notice.UNINTELLIGIBLE, "flubber dubber wubber"])
async def test_what_was_not_understood_is_asked_again_in_other_words(visit, nothing):
    answers = [await visit.say(nothing) for _ in range(3)]
    assert len(set(answers)) == 3
    assert await visit.order() == []


async def test_a_bare_yes_or_no_is_answered_at_once(visit):
    assert await visit.say("yes")
    assert await visit.say("no")
    assert await visit.order() == []


async def test_a_request_that_broke_off_is_joined_with_what_follows(visit):
    assert (await visit.say("two old fashioneds and uh")).endswith("?")
    assert await visit.order() == []
    await visit.say("that's all")
    assert await visit.order() == ["2 Old Fashioned"]


async def test_a_large_order_is_confirmed_first(visit):
    assert await visit.say("twelve beers") == "That's twelve Tap Beers. Is that right?"
    assert await visit.order() == []
    await visit.say("yes")
    assert await visit.order() == ["12 Tap Beer"]


async def test_a_large_order_that_is_not_confirmed_is_forgotten(visit):
    await visit.say("twelve beers")
    await visit.say("no")
    await visit.say("yes")
    assert await visit.order() == []


async def test_a_yes_that_repeats_what_was_offered_orders_it_once(visit):
    await visit.say("can i get a frozen daiquiri")
    await visit.say("yes a daiquiri please")
    assert await visit.order() == ["1 Daiquiri"]


async def test_a_question_survives_an_answer_that_was_not_understood(visit):
    await visit.say("twelve beers")
    await visit.say(Notice.UNINTELLIGIBLE)
    await visit.say("yes")
    assert await visit.order() == ["12 Tap Beer"]


async def test_what_cannot_be_changed_stays_as_it_was(visit):
    await visit.say("ninety nine brandies")
    await visit.say("yes")
    answer = await visit.say("make it a double")
    assert await visit.order() == ["99 Brandy"]
    assert "$" in answer


async def test_a_change_of_mind_about_what_stands_is_asked_about(visit):
    await visit.say("two beers")
    assert await visit.say("no more beer for me") == "Shall I take the Tap Beer off your order?"
    assert await visit.order() == ["2 Tap Beer"]


async def test_a_bare_number_after_the_tip_question_is_the_tip(visit):
    await visit.say("a martini")
    assert await visit.say("18 percent tip") == "I can do 10, 15 or 20%: which would you like?"
    await visit.say("fifteen")
    assert await visit.tip() == 15


def a_bar_with(tmp_path, bar: str, price: str = "13") -> Menu:
    path = tmp_path / "menu.toml"
    path.write_text(f"[bar]\n{bar}\n[[items]]\nname='Martini'\nprice='{price}'\ncategory='Cocktails'\n")
    return Menu.load(path)


@pytest.mark.parametrize("said", ["eighteen percent", "18% tip please", "leave an eighteen percent tip", "tip 18"])
async def test_a_tip_that_is_on_the_menu_is_taken_in_anybody_s_words(tmp_path, said):
    visit = Conversation(a_bar_with(tmp_path, "tips = [12, 18]"))
    await visit.say("a martini")
    assert "18% is $2.34" in await visit.say(said)
    assert await visit.tip() == 18


async def test_tips_are_offered_as_the_menu_has_them(tmp_path):
    visit = Conversation(a_bar_with(tmp_path, "tips = [12, 18]"))
    await visit.say("a martini")
    assert await visit.say("fifteen percent tip") == "I can do 12 or 18%: which would you like?"
    assert await visit.say("twelve") == "12% is $1.56, so $14.56 in all. Thank you!"
    await visit.say("no tip")
    assert await visit.say("what tip can i give") == "No tip so far. You can add 12 or 18%."
    assert await visit.say("i'd like to leave a tip") == "How much would you like to tip: 12 or 18%?"


async def test_where_there_is_one_tip_a_yes_is_enough(tmp_path):
    visit = Conversation(a_bar_with(tmp_path, "tips = [15]"))
    await visit.say("a martini")
    assert await visit.say("i'd like to leave a tip") == "I can do 15%: would you like that?"
    await visit.say("yes please")
    assert await visit.tip() == 15


async def test_amounts_are_written_as_the_currency_is(tmp_path):
    visit = Conversation(a_bar_with(tmp_path, "currency = 'JPY'", "1300"))
    assert await visit.say("a martini") == "Coming up: a Martini. Your tab is ¥1,300."
    assert await visit.say("what's my balance") == "You have ¥98,700 left, and ¥1,300 on the tab."
    assert await visit.say("how much is a martini") == "A Martini is ¥1,300."


async def test_what_cannot_be_afforded_is_said_in_the_currency(tmp_path):
    visit = Conversation(a_bar_with(tmp_path, "currency = 'KRW'\ncredit = 2000", "1300"))
    await visit.say("a martini")
    assert "That comes to ₩1,300, and the balance is ₩700." in await visit.say("another martini")


async def test_paying_names_the_sum_and_the_simulation_but_never_the_address(visit):
    await visit.say("a martini")
    answer = await visit.say("can i pay with a ten percent tip")
    assert "$14.30" in answer
    assert "simulated" in answer
    assert "http" not in answer


async def test_what_the_kiosk_tells_is_worded_and_nothing_is_done_about_it(visit):
    await visit.say("a martini")
    assert await visit.touched("set_tip", percentage=20) == "20% is $2.60, so $15.60 in all. Thank you!"
    assert "$15.60" in await visit.touched("create_stripe_payment")
    assert "try again" in await visit.say(Notice.PAYMENT_FAILED)
    assert "Thank you" in await visit.say(Notice.PAYMENT_SUCCEEDED)
    assert await visit.touched("clear_order") == "All cleared. What can I get you?"
    assert await visit.order() == []


async def test_a_touch_that_failed_is_told_as_it_is(visit):
    assert await visit.touched("set_tip", percentage=10) == "There is nothing on the tab to tip on."
    assert await visit.touched("create_stripe_payment") == "There is nothing to pay: the tab is empty."


async def test_a_touch_is_no_part_of_what_was_asked_before_it(visit):
    visit.hear("two martinis and a beer please")
    await visit.step()
    tip = await visit.tools.call("set_tip", {"percentage": 10}, "touch_1")
    visit.touch(Call("touch_1", "set_tip", {"percentage": 10}, tip))
    while (answer := await visit.step()) is None:
        pass
    assert await visit.order() == ["2 Martini", "1 Tap Beer"]
    assert "Coming up: two Martinis and a Tap Beer." in answer


async def test_a_call_is_the_same_whether_or_not_a_touch_came_in_between(visit):
    visit.hear("a martini")
    before = visit.bartender.respond(visit.messages)
    visit.touch(Call("touch_1", "get_tip", {}, await visit.tools.get_tip()))
    assert visit.bartender.respond(visit.messages) == before


async def test_of_several_touches_the_last_is_worded_and_all_are_known(visit):
    await visit.say("a martini")
    for number, percentage in enumerate((10, 20)):
        arguments = {"percentage": percentage}
        call_id = f"touch_{number}"
        visit.touch(Call(call_id, "set_tip", arguments, await visit.tools.call("set_tip", arguments, call_id)))
    assert await visit.step() == "20% is $2.60, so $15.60 in all. Thank you!"
    assert "20%" in await visit.say("twenty percent tip")


async def test_what_stands_open_is_still_answered_after_a_touch(visit):
    await visit.say("a martini")
    assert "How much" in await visit.say("I'd like to add a tip")
    await visit.touched("get_order")
    await visit.say("fifteen")
    assert await visit.tip() == 15


async def test_the_same_sentence_is_not_said_three_times_running(visit):
    answers = [await visit.say("what do you have") for _ in range(3)]
    assert len(set(answers)) > 1


@pytest.mark.parametrize("said", ["what do you have", "could you say that again please"])
async def test_however_often_it_is_asked_for_an_answer_is_said_once_more_and_no_more_than_that(visit, said):
    await visit.say("what do you have")
    answers = [await visit.say(said) for _ in range(9)]
    first = answers[0]
    assert set(answers) == {first, f"Once more: {first}"}
    assert all(answers[at : at + 3] != [same] * 3 for same in answers for at in range(7))


@pytest.mark.parametrize(
    "said",
    [
        "goodbye thank you",
        "thank you, goodbye",
        "okay, good night",
        "bye bye, good night",
        "that's all, thanks, bye",
        "how are you, bye",
        "hello, goodbye",
        "no thanks, good night",
        "you are great, goodbye",
    ],
)
async def test_a_goodbye_is_answered_once_and_last_and_nothing_is_asked_any_more(visit, said):
    for turns_before in range(2):
        answer = await visit.say(said)
        farewells = [farewell for farewell in TALK[Topic.BYE] if farewell in answer]
        assert len(farewells) == 1, turns_before
        assert answer.endswith(farewells[0])
        assert "?" not in answer


async def test_who_thanks_and_goes_is_answered_both_in_that_order(visit):
    assert await visit.say("goodbye thank you") in {
        f"{welcome} {farewell}" for welcome in TALK[Topic.THANKS] for farewell in TALK[Topic.BYE]
    }


async def test_who_goes_without_paying_hears_that_the_tab_stays_open(visit):
    await visit.say("a martini")
    answer = await visit.say("thanks, good night")
    assert "stays open" in answer
    assert "Martini" in await visit.say("what have I ordered")


async def test_okay_and_bye_takes_no_offer_up(visit):
    assert "Would you like one?" in await visit.say("do you have a daiquiri")
    await visit.say("okay, bye")
    assert "empty" in await visit.say("what have I ordered")


async def test_more_than_one_is_called_as_one_says_it_or_as_the_menu_does(tmp_path):
    menu = tmp_path / "menu.toml"
    menu.write_text(
        """
        [[items]]
        name = "Glass of Wine"
        price = "6"
        category = "Wines"
        [[items]]
        name = "Nachos"
        price = "7"
        category = "Snacks"
        [[items]]
        name = "Ouzo"
        plural = "Ouza"
        price = "4"
        category = "Spirits"
        """
    )
    visit = Conversation(Menu.load(menu))
    assert await visit.say("two glasses of wine please") == "Coming up: two Glasses of Wine. Your tab is $12."
    assert await visit.say("three nachos") == "Coming up: three Nachos. Your tab is $33."
    assert await visit.say("two ouza") == "Coming up: two Ouza. Your tab is $41."
    assert await visit.say("take off one ouzo and one glass of wine") == (
        "I took off an Ouzo and a Glass of Wine. Your tab is $31."
    )
    assert "a Glass of Wine, three Nachos and an Ouzo" in await visit.say("what have I ordered")
    await visit.tools.close()


def test_a_tool_that_broke_is_not_called_again_and_is_admitted():
    call = {"id": "1", "type": "function", "function": {"name": "get_order", "arguments": "{}"}}
    reply = HouseBartender(BAR).respond(
        [
            {"role": "user", "content": "what's on my tab"},
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "1", "content": "Error executing function call [get_order]"},
        ]
    )
    assert reply.calls == ()
    assert "went wrong" in reply.say


async def test_an_order_is_taken_behind_what_was_withheld(visit):
    visit.messages += [Notice.WITHHELD.message, *made(Call("not heeded", "clear_order", {}, NOT_HEEDED))]
    assert "IPA" in await visit.say("an ipa please")
    assert await visit.order() == ["1 IPA"]
