"""What a call puts on the order: sizes, choices, what is left out, notes, and the price of that moment."""

import asyncio
from collections import Counter
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.bartender.tools import BarTools
from kiosk.events import OrderChanged
from kiosk.payments.simulated import SimulatedPayments
from kiosk.state.sessions import load
from tests.menu.menus import RICH, menu_of

# A Friday: from 17:00 to 19:00 beers are half their price.
BEFORE, HAPPY, AFTER = (datetime(2026, 11, 27, hour).timestamp() for hour in (16, 18, 20))
NO_NOTES = RICH.replace("notes = true\n", "")


class Bar:
    """A guest at a bar whose clock stands where the test says."""

    def __init__(self, tmp_path, text=RICH):
        self.now, self.events, self.store = BEFORE, [], {}
        menu = menu_of(tmp_path, text)
        self.tools = BarTools(
            "guest", self.store, menu, SimulatedPayments(None), self.events.append, clock=lambda: self.now
        )

    async def add(self, *args, **kwargs):
        answer = await self.tools.add_to_order_with_balance(*args, **kwargs)
        assert answer["status"] == "ok", answer
        return answer["result"]

    async def refused(self, *args, **kwargs):
        before = self.lines
        answer = await self.tools.add_to_order_with_balance(*args, **kwargs)
        assert (answer["status"], self.lines) == ("error", before), answer
        return answer["error"], answer["message"]

    @property
    def lines(self):
        return load("guest", self.store).order


@pytest.fixture
def bar(tmp_path):
    return Bar(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("evening")


@pytest.mark.parametrize(
    ("item", "modifiers", "kept", "price"),
    [
        ("Lemonade", [], ["large"], 3.0),
        ("Lemonade", ["small"], ["small"], 2.0),
        ("Fries", ["Large"], ["large"], 4.0),
        ("Latte", ["oat milk"], ["oat milk"], 4.5),
        ("Latte", "whole milk, extra shot, extra shot", ["whole milk", "extra shot", "extra shot"], 5.5),
        ("Espresso", ["2 extra shots", "guacamole"], ["extra shot", "extra shot", "guacamole"], 5.5),
    ],
)
async def test_the_price_is_that_of_size_choice_and_each_counted_modifier(bar, item, modifiers, kept, price):
    added = await bar.add(item, modifiers)
    assert (added["modifiers"], added["unit_price"], added["new_tab"]) == (kept, price, price)


async def test_a_choice_that_has_to_be_made_is_asked_for_with_its_options(bar):
    assert await bar.refused("Latte") == ("CHOICE_REQUIRED", "Which milk: whole milk or oat milk?")
    assert await bar.refused("Fries") == ("CHOICE_REQUIRED", "Which size: small or large?")


async def test_who_wants_none_of_it_has_chosen(bar):
    assert (await bar.add("Latte", without=["milk"]))["without"] == ["milk"]


async def test_what_is_left_out_stands_on_the_line_and_costs_what_it_did(bar):
    added = await bar.add("Lemonade", ["small"], 2, without=["limes", "Mint"])
    assert (added["without"], added["unit_price"]) == (["lime", "mint"], 2.0)
    (line,) = bar.lines
    assert (line.without, line.note) == (("lime", "mint"), None)
    (event,) = [event for event in bar.events if isinstance(event, OrderChanged)]
    assert event.lines[0].ways == ("small", "no lime", "no mint")
    assert event.fields()["lines"][0]["without"] == ["lime", "mint"]


async def test_what_is_left_out_is_not_put_in(bar):
    added = await bar.add("Espresso", ["guacamole", "extra shot"], without=["guacamole"])
    assert (added["modifiers"], added["without"]) == (["extra shot"], ["guacamole"])


async def test_it_does_no_harm_to_leave_out_what_is_in_another_drink_only(bar):
    assert (await bar.add("Pale Ale", without="mint"))["without"] == ["mint"]


async def test_what_the_menu_does_not_know_goes_to_the_bar_as_a_note_free_of_charge(bar):
    added = await bar.add("Pale Ale", ["extra lime"], without=["straw"], note="in a cold glass")
    assert added["note"] == "in a cold glass; no straw; extra lime"
    assert added["unit_price"] == 6.01
    assert bar.events[0].lines[0].ways == ("“in a cold glass; no straw; extra lime”",)


async def test_a_bar_that_takes_no_notes_says_so(tmp_path):
    bar = Bar(tmp_path, NO_NOTES)
    assert (await bar.refused("Pale Ale", note="in a cold glass"))[0] == "NOT_ALLOWED"
    assert await bar.refused("Pale Ale", ["extra lime"]) == (
        "NOT_ALLOWED", "Pale Ale does not come 'extra lime'; possible: none."
    )  # fmt: skip
    code, message = await bar.refused("Lemonade", without=["straw"])
    assert code == "NOT_ALLOWED"
    assert message.endswith("what can be left out: mint, lime.")
    for nothing in (None, "", "  "):
        assert "note" not in await bar.add("Pale Ale", note=nothing)


async def test_a_note_is_one_short_line_without_card_numbers(bar):
    added = await bar.add("Pale Ale", note="my card is\n4111 1111 1111 1111 " + "and so on " * 100)
    assert "4111" not in added["note"]
    assert "\n" not in added["note"]
    assert len(added["note"]) <= 120


async def test_only_lines_that_are_equal_in_all_of_it_are_one(bar):
    for ways in ({}, {"without": ["mint"]}, {"note": "cold"}, {"without": ["mint"]}, {}):
        await bar.add("Lemonade", **ways)
    assert [(line.quantity, line.without, line.note) for line in bar.lines] == [
        (2, (), None), (2, ("mint",), None), (1, (), "cold"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("lemonade without mint", [(), ("mint", "lime")]),
        ("the plain lemonade", [("mint",), ("mint", "lime")]),
        ("lemonade with no lime and mint please", [(), ("mint",)]),
        ("lemonade", [(), ("mint",)]),
    ],
)
async def test_a_line_is_told_from_others_by_what_is_left_out(bar, told, left):
    for without in ([], ["mint"], ["mint", "lime"]):
        await bar.add("Lemonade", without=without)
    answer = await bar.tools.remove_from_order(told, 1)
    assert answer["status"] == "ok"
    assert [line.without for line in bar.lines] == left


async def test_a_line_keeps_the_price_at_which_it_was_ordered(bar):
    bar.now = HAPPY
    assert (await bar.add("Pale Ale"))["unit_price"] == 3.01
    bar.now = AFTER
    assert (await bar.add("Pale Ale"))["unit_price"] == 6.01
    assert [(line.quantity, line.unit_price) for line in bar.lines] == [(1, Decimal("3.01")), (1, Decimal("6.01"))]


async def test_what_is_put_back_at_once_costs_what_it_did(bar):
    bar.now = HAPPY
    await bar.add("Pale Ale", quantity=2)
    bar.now = AFTER
    await bar.tools.remove_from_order("Pale Ale", 1)
    assert (await bar.refused("absinthe"))[0] == "ITEM_NOT_FOUND"
    assert (await bar.add("Pale Ale"))["unit_price"] == 3.01
    # But only what was taken off just before.
    await bar.tools.remove_from_order("Pale Ale", 1)
    await bar.add("Lemonade")
    assert (await bar.add("Pale Ale"))["unit_price"] == 6.01


async def test_the_menu_is_told_with_sizes_choices_allergens_and_the_offers_of_the_moment(bar):
    menu = (await bar.tools.get_menu())["result"]
    soft, sides, coffees, beers = (category["items"] for category in menu["categories"])
    assert soft[0] == {
        "name": "Lemonade", "price": 3.0, "modifiers": [], "alcohol": False, "allergens": ["citrus"],
        "sizes": [{"name": "small", "price": 2.0}, {"name": "large", "price": 3.0, "default": True}],
        "contains": ["mint", "lime"],
    }  # fmt: skip
    assert [entry["name"] for entry in sides] == ["Fries", "Guacamole"]
    assert coffees[0] == {"name": "Latte", "price": 4.0, "modifiers": ["extra shot"], "choices": ["milk", "beans"]}
    assert menu["choices"][0] == {
        "name": "milk", "of": ["Latte"], "options": ["whole milk", "oat milk"], "required": True, "default": None,
    }  # fmt: skip
    assert {"name": "extra shot", "price": 0.75, "counted": True} in menu["modifiers"]
    assert (menu["offers"], beers[0]) == ([], {"name": "Pale Ale", "price": 6.01, "modifiers": []})
    bar.now = HAPPY
    menu = (await bar.tools.get_menu())["result"]
    assert menu["offers"] == [{"name": "Happy hour", "on": ["Beers"], "until": "19:00", "multiply": 0.5}]
    (ale,) = menu["categories"][3]["items"]
    assert (ale["price"], ale["usual_price"], ale["offers"]) == (3.01, 6.01, ["Happy hour"])


def shots_of(line):
    return tuple(name for name in line.modifiers if name == "extra shot")


STEPS = st.tuples(
    st.sampled_from([BEFORE, HAPPY, AFTER]),
    st.sampled_from(["Pale Ale", "Lemonade", "Espresso", "take off"]),
    st.integers(1, 3),
    st.sampled_from([(), ("extra shot",), ("extra shot", "extra shot")]),
)


@settings(max_examples=25)
@given(st.lists(STEPS, max_size=8))
def test_whatever_the_hour_each_line_keeps_its_price_and_the_tab_is_their_sum(folder, steps):
    async def evening():
        bar, ordered = Bar(folder), Counter()
        for bar.now, item, quantity, shots in steps:
            before = bar.lines
            if item != "take off":
                modifiers = shots if item == "Espresso" else ()
                added = await bar.add(item, list(modifiers), quantity)
                own = {"Pale Ale": "3.01" if bar.now == HAPPY else "6.01"}.get(item, "3.00")
                price = Decimal(str(added["unit_price"]))
                # Less where it was taken off just before, and had been ordered for less.
                assert price <= Decimal(own) + Decimal("0.75") * len(modifiers)
                ordered[item, modifiers, price] += quantity
            elif before:
                # The newest line gives back what one of it cost.
                await bar.tools.remove_from_order(before[-1].item, 1)
                ordered[before[-1].item, shots_of(before[-1]), before[-1].unit_price] -= 1
            now = Counter({(line.item, shots_of(line), line.unit_price): line.quantity for line in bar.lines})
            assert now == +ordered
            assert load("guest", bar.store).payment.tab_total == sum(line.total for line in bar.lines)

    asyncio.run(evening())
