"""What is put on the order as it was wished: wishes that the menu does not know, and sizes that there are not."""

import pytest

from kiosk.state.ledger import MOST_OF_A_LINE
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR
from tests.menu.menus import RICH, menu_of


async def notes(guest):
    order = (await guest.tools.get_order())["result"]
    return [(line["item"], line.get("note")) for line in order["lines"]]


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("a pale ale with extra ginger", "extra ginger"),
        ("can i have a pale ale, cut in half, please", "cut in half"),
        ("I'd like a pale ale well toasted", "well toasted"),
    ],
)
async def test_a_wish_that_the_menu_does_not_know_goes_to_the_bar_as_a_note_and_costs_nothing(tmp_path, said, wish):
    guest = Conversation(menu_of(tmp_path, RICH))
    answer = await guest.say(said)
    assert await notes(guest) == [("Pale Ale", wish)]
    assert f"with the wish “{wish}”" in answer
    assert await guest.tab() == 6.01


async def test_a_wish_is_noted_with_its_own_drink(tmp_path):
    guest = Conversation(menu_of(tmp_path, RICH))
    await guest.say("a pale ale with extra ginger and an espresso")
    assert await notes(guest) == [("Pale Ale", "extra ginger"), ("Espresso", None)]


async def test_a_bar_that_takes_no_notes_says_what_was_not_understood(tmp_path):
    guest = Conversation(menu_of(tmp_path, RICH.replace("notes = true\n", "")))
    answer = await guest.say("a pale ale with extra ginger")
    assert await notes(guest) == [("Pale Ale", None)]
    assert "extra ginger" in answer


async def test_a_size_of_what_comes_in_one_size_is_said_and_the_drink_is_ordered(tmp_path):
    guest = Conversation(menu_of(tmp_path, RICH))
    assert "Pale Ale comes in one size." in await guest.say("a large pale ale and a large lemonade")
    assert await guest.order() == ["1 Pale Ale", "1 Lemonade, large"]


async def test_more_of_one_kind_than_fit_on_an_order_are_refused_at_once():
    guest = Conversation(BAR)
    answer = await guest.say("a hundred waters")
    assert str(MOST_OF_A_LINE) in answer
    assert not await guest.order()


async def test_whether_something_comes_in_some_way_is_told_and_orders_nothing():
    guest = Conversation(BAR)
    assert "Yes, on the rocks" in await guest.say("do you have on the rocks")
    assert not await guest.order()
