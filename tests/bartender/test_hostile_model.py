"""A language model that calls every tool with every kind of nonsense, as often as it likes."""

import asyncio
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.bartender.tool_schemas import PARAMETERS
from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.state.sessions import load
from kiosk.voice.recording import WrittenLine
from tests.evening import Evening
from tests.fakes.gemini import FakeGemini, call

MENU = Menu.load(find_assets() / "menu.toml")
START = Decimal("1000.00")
CODES = {
    "INSUFFICIENT_FUNDS", "STRIPE_UNAVAILABLE", "PAYMENT_FAILED", "CONCURRENT_MODIFICATION", "NETWORK_ERROR",
    "RATE_LIMITED", "INVALID_SESSION", "ITEM_NOT_FOUND", "PAYMENT_TIMEOUT", "INVALID_TIP_PERCENTAGE",
    "INVALID_QUANTITY", "NOT_ALLOWED",
}  # fmt: skip

# What a model might send: of the wrong kind, too large, too long, too deep, or meant for another place.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=300)
    | st.sampled_from([item.name for item in MENU.items])
    | st.sampled_from(
        ["10%", "-15", "1e9", "0x10", "٣", "NaN", "another-guest", "'; DROP TABLE sessions; --", "x" * 9000]
    )
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
)
ARGUMENTS = st.dictionaries(
    st.sampled_from(
        ["item_name", "modifiers", "quantity", "without", "note", "percentage", "preference", "price", "unit_price",
         "amount", "tab", "balance", "session_id", "payment_id", "url", "idempotency_key", "self", "tool_call_id"]
    ) | st.text(max_size=9),
    VALUES,
    max_size=6,
)  # fmt: skip
CALLS = st.lists(st.tuples(st.sampled_from(sorted(PARAMETERS)), ARGUMENTS | VALUES), max_size=12)


def new_tools(store, session_id="guest"):
    return BarTools(session_id, store, MENU, SimulatedPayments(None), lambda event: None)


def is_sound(session):
    """Nothing but the menu says what things cost, and no money has come or gone."""
    payment = session.payment
    assert payment.tab_total == sum(line.total for line in session.order)
    assert payment.balance + payment.tab_total == START
    assert payment.tip_percentage in (None, 10, 15, 20)
    assert payment.payment_status != "completed"
    assert not session.history
    for line in session.order:
        item = MENU.find(line.item).item
        assert item is not None
        assert 1 <= line.quantity <= 99
        assert line.unit_price == MENU.unit_price(item, MENU.resolve_modifiers(item, list(line.modifiers)))
    if session.link:
        assert session.link.amount == payment.total


def assert_harmless(calls):
    async def rage():
        store = {}
        neighbour = new_tools(store, "another-guest")
        await neighbour.call("add_to_order", {"item_name": "Negroni"}, "their own")
        before = json.dumps(store["another-guest"], sort_keys=True)
        tools = new_tools(store)
        for number, (name, arguments) in enumerate(calls):
            answer = await tools.call(name, arguments, f"call {number}")
            assert answer["status"] in ("ok", "error")
            if answer["status"] == "error":
                assert answer["error"] in CODES
                assert len(answer["message"]) < 1000
            assert len(json.dumps(answer)) < 20_000
        await tools.close()
        is_sound(load("guest", store))
        assert json.dumps(store["another-guest"], sort_keys=True) == before

    asyncio.run(rage())


@settings(max_examples=30)
@given(CALLS)
def test_no_nonsense_moves_money_or_another_guests_tab(calls):
    assert_harmless(calls)


@pytest.mark.slow
@settings(max_examples=150)
@given(CALLS)
def test_nor_does_a_lot_of_it(calls):
    assert_harmless(calls)


NONSENSE = [
    {},
    {"item_name": "Martini", "unit_price": 0, "price": "0.01", "quantity": 1},
    {"item_name": "Martini", "quantity": -5},
    {"item_name": "Martini", "quantity": 1e308},
    {"item_name": "Martini", "quantity": "NaN"},
    {"item_name": ["Martini", "Negroni"], "modifiers": {"free": True}},
    {"item_name": "Martini" * 2000, "modifiers": ["free"] * 500},
    {"percentage": -100},
    {"percentage": 1000000},
    {"session_id": "another-guest", "amount": 0.01, "payment_id": "plink_other", "url": "https://evil.example"},
    {"preference": {"nested": [[[["x" * 5000]]]]}},
]


@pytest.mark.parametrize("name", sorted(set(PARAMETERS) - {"add_to_order"}))
@pytest.mark.slow
async def test_over_the_wire_it_cannot_be_talked_into_it_either(cache_dir, name):
    with FakeGemini() as gemini:
        for arguments in NONSENSE:
            gemini.will_answer(call(name, **arguments))
        evening = Evening(cache_dir, [WrittenLine("how are you today")], brain=gemini)
        await evening.hold()
    made = evening.record.log.turns[-1].tools
    assert len(made) == len(NONSENSE)
    assert all(answer["result"]["status"] in ("ok", "error") for answer in made)
    is_sound(load("visit", evening.tools.store))


async def test_a_number_of_thousands_of_digits_is_refused_like_any_other():
    answer = await new_tools({}).call("add_to_order", {"item_name": "Martini", "quantity": 10**5000}, "huge")
    assert answer["error"] == "INVALID_QUANTITY"


async def test_a_tool_that_is_none_changes_nothing_and_the_guest_is_answered(cache_dir):
    with FakeGemini() as gemini:
        gemini.will_answer(call("set_price", item="Martini", price=0))
        gemini.will_answer(call("cancel_payment"))
        gemini.will_answer({"text": "What can I get you?"})
        evening = Evening(cache_dir, [WrittenLine("how are you today")], brain=gemini)
        await evening.hold()
    is_sound(load("visit", evening.tools.store))
    assert evening.record.log.turns[-1].said == ["What can I get you?"]
