"""The tools: result shapes, coded errors, and what they publish."""

import asyncio
import contextlib
import re
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.bartender.tool_schemas import PARAMETERS, READ_ONLY, tools_schema
from kiosk.bartender.tools import REMEMBERED_CALLS, BarTools
from kiosk.events import OrderChanged, PaymentChanged, PaymentLinkReady, TipChanged
from kiosk.menu import Menu
from kiosk.payments.provider import PaymentTimeoutError, PaymentUnavailableError, RateLimitedError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.state.sessions import load
from kiosk.state.store import open_store

MENU = Menu.load(Path(__file__).parents[2] / "assets" / "menu.toml")


class Bar:
    """A guest's tools, what they published, and what they left in the store."""

    def __init__(self, payments=None, store=None):
        self.store = {} if store is None else store
        self.events = []
        self.payments = payments or SimulatedPayments(None)
        self.tools = BarTools("guest", self.store, MENU, self.payments, self.events.append)

    @property
    def session(self):
        return load("guest", self.store)

    def published(self):
        """What was published since the last time this was asked."""
        names = [event.name for event in self.events]
        self.events.clear()
        return names


def error(answer):
    assert set(answer) == {"status", "error", "message"}
    assert answer["status"] == "error"
    assert answer["message"]
    return answer["error"]


def result(answer):
    assert set(answer) == {"status", "result"}, answer
    assert answer["status"] == "ok"
    return answer["result"]


async def test_the_menu_is_told_with_prices_and_what_is_possible():
    menu = result(await Bar().tools.get_menu())
    assert (menu["bar"], menu["currency"]) == ("MOK 5-ha", "USD")
    assert [category["name"] for category in menu["categories"]] == [
        "Cocktails", "Beers", "Spirits", "Soft drinks",
    ]  # fmt: skip
    assert menu["categories"][1]["items"][2] == {
        "name": "IPA",
        "price": 6.0,
        "modifiers": ["with a chaser"],
    }
    assert {"name": "neat", "price": 0.0} in menu["modifiers"]
    assert {"name": "double", "price": 0.0, "multiply": 2.0} in menu["modifiers"]


@pytest.mark.parametrize(
    ("preference", "tag"),
    [("something strong", "strong"), ("I have to drive", "sobering"), ("fruity please", "fruity")],
)
async def test_one_to_three_items_are_recommended(preference, tag):
    advice = result(await Bar().tools.get_recommendation(preference))
    assert advice["preference"] == preference
    assert 1 <= len(advice["items"]) <= 3
    for entry in advice["items"]:
        item = MENU.find(entry["name"]).item
        assert item
        assert tag in item.tags
        assert entry["price"] == float(item.price)


async def test_a_drink_is_added_at_the_menus_price():
    bar = Bar()
    added = result(await bar.tools.add_to_order_with_balance("whiskys", ["neat", "double"], 2))
    assert added == {
        "item": "Whiskey",
        "quantity": 2,
        "modifiers": ["neat", "double"],
        "unit_price": 16.0,
        "new_tab": 32.0,
        "new_balance": 968.0,
    }
    assert bar.published() == ["order_changed", "tip_changed"]


async def test_the_alias_does_the_same():
    assert result(await Bar().tools.add_to_order("IPA"))["new_tab"] == 6.0


async def test_events_carry_what_was_stored():
    bar = Bar()
    seen = []
    bar.tools = BarTools("guest", bar.store, MENU, bar.payments, lambda event: seen.append((event, bar.session)))
    await bar.tools.add_to_order("Martini", quantity=2)
    await bar.tools.set_tip(15)
    await bar.tools.create_stripe_payment()
    for event, session in seen:
        match event:
            case OrderChanged():
                assert (event.tab, event.balance) == (session.payment.tab_total, session.payment.balance)
                assert len(event.lines) == len(session.order)
            case TipChanged():
                assert (event.tip, event.total) == (session.payment.tip_amount, session.payment.total)
            case PaymentLinkReady():
                assert event.amount == session.payment.total == Decimal("29.90")
    assert [event.name for event, _ in seen] == [
        "order_changed", "tip_changed", "tip_changed", "payment_link_ready",
    ]  # fmt: skip


@pytest.mark.parametrize("quantity", [2, "2", 2.0, " 2 ", "2.0", "+2"])
async def test_a_sloppy_quantity_means_what_it_says(quantity):
    assert result(await Bar().tools.add_to_order("IPA", quantity=quantity))["quantity"] == 2


@pytest.mark.parametrize("quantity", [0, -1, 100, 1.5, "two", "", True, None, [2], float("inf"), 1e30, "1e3"])
async def test_a_quantity_that_cannot_be_ordered_is_invalid(quantity):
    bar = Bar()
    assert error(await bar.tools.add_to_order("IPA", quantity=quantity)) == "INVALID_QUANTITY"
    assert bar.session.order == ()
    assert bar.published() == []


@pytest.mark.parametrize("percentage", [15, "15", 15.0, "15%", "15 %"])
async def test_a_sloppy_percentage_means_what_it_says(percentage):
    bar = Bar()
    await bar.tools.add_to_order("Martini", quantity=2)
    assert result(await bar.tools.set_tip(percentage)) == {
        "tip_percentage": 15,
        "tip_amount": 3.9,
        "tab": 26.0,
        "total": 29.9,
    }


@pytest.mark.parametrize("percentage", [0, 12, -15, 15.5, "", "fifteen", True, [15]])
async def test_a_percentage_that_is_not_offered_is_invalid(percentage):
    bar = Bar()
    await bar.tools.add_to_order("Martini")
    assert error(await bar.tools.set_tip(percentage)) == "INVALID_TIP_PERCENTAGE"
    assert bar.session.payment.tip_percentage is None


async def test_the_same_tip_again_stays_and_none_takes_it_off():
    bar = Bar()
    await bar.tools.add_to_order("Martini")
    assert result(await bar.tools.set_tip(20))["tip_amount"] == 2.6
    assert result(await bar.tools.set_tip(20))["tip_percentage"] == 20
    assert result(await bar.tools.set_tip(None))["total"] == 13.0
    assert result(await bar.tools.get_tip())["tip_percentage"] is None


async def test_there_is_no_tip_on_nothing():
    assert error(await Bar().tools.set_tip(10)) == "INVALID_TIP_PERCENTAGE"


@pytest.mark.parametrize(
    ("item", "modifiers", "words"),
    [
        ("absinthe", [], "not on the menu"),
        ("", [], "not on the menu"),
        (None, [], "not on the menu"),
        ({"name": "IPA"}, [], "not on the menu"),
    ],
)
async def test_what_the_bar_does_not_have_is_refused_with_what_it_has(item, modifiers, words):
    bar = Bar()
    answer = await bar.tools.add_to_order(item, modifiers)
    assert error(answer) == "ITEM_NOT_FOUND"
    assert words in answer["message"]
    assert bar.session.order == ()


@pytest.mark.parametrize(
    ("item", "modifiers", "words"),
    [
        ("IPA", ["double"], "possible: with a chaser"),
        ("Martini", ["on fire"], "possible: on the rocks, dry"),
        ("Martini", ["dry"] * 40, "not made in more than 17 ways at once"),
    ],
)
async def test_what_is_not_made_so_is_refused_with_the_ways_in_which_it_is(item, modifiers, words):
    bar = Bar()
    answer = await bar.tools.add_to_order(item, modifiers)
    assert error(answer) == "NOT_ALLOWED"
    assert words in answer["message"]
    assert bar.session.order == ()


async def test_a_name_for_two_items_is_asked_back(tmp_path):
    path = tmp_path / "menu.toml"
    path.write_text(
        '[[items]]\nname = "Red Ale"\nprice = 5\ncategory = "Beer"\n'
        '[[items]]\nname = "Rye Ale"\nprice = 5\ncategory = "Beer"\n'
    )
    tools = BarTools("guest", {}, Menu.load(path), SimulatedPayments(None), lambda event: None)
    answer = await tools.add_to_order("Rde Ale")
    assert error(answer) == "ITEM_NOT_FOUND"
    assert "Red Ale, Rye Ale. Ask which" in answer["message"]
    await tools.add_to_order("Rye Ale")
    assert result(await tools.remove_from_order("Rde Ale"))["item"] == "Rye Ale"


@pytest.mark.parametrize("modifiers", ["dry, dirty", ["dry", "dirty"], ("dry", "dirty")])
async def test_modifiers_may_come_as_a_list_or_as_text(modifiers):
    added = result(await Bar().tools.add_to_order("Martini", modifiers))
    assert added["modifiers"] == ["dry", "dirty"]


async def test_what_the_balance_does_not_cover_changes_nothing():
    bar = Bar()
    await bar.tools.add_to_order("Martini", quantity=70)
    before, _ = bar.session, bar.published()
    answer = await bar.tools.add_to_order("Martini", quantity=7)
    assert error(answer) == "INSUFFICIENT_FUNDS"
    assert "91.00" in answer["message"]
    assert "90.00" in answer["message"]
    assert bar.session == before
    assert bar.published() == []


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("dirty martini", [("on the rocks", "dirty"), ("dry",), ()]),
        ("martini on the rocks", [("dirty",), ("dry",), ()]),
        ("plain martini", [("on the rocks", "dirty"), ("dirty",), ("dry",)]),
        ("martini", [("on the rocks", "dirty"), ("dirty",), ("dry",)]),
        ("perfect martini", [("on the rocks", "dirty"), ("dirty",), ("dry",)]),
    ],
)
async def test_a_line_can_be_told_from_others_by_its_modifiers(told, left):
    bar = Bar()
    for modifiers in (["on the rocks", "dirty"], ["dirty"], ["dry"], []):
        await bar.tools.add_to_order("Martini", modifiers)
    await bar.tools.remove_from_order(told, 1)
    assert [line.modifiers for line in bar.session.order] == left


async def test_what_is_removed_is_given_back():
    bar = Bar()
    await bar.tools.add_to_order("Martini", ["dry"], 2)
    await bar.tools.add_to_order("Martini", [], 2)
    assert result(await bar.tools.remove_from_order("martini", 3)) == {
        "item": "Martini",
        "quantity": 3,
        "new_tab": 13.0,
        "new_balance": 987.0,
    }
    assert result(await bar.tools.remove_from_order("martini"))["quantity"] == 1
    assert bar.session.order == ()


async def test_what_is_not_there_cannot_be_removed():
    bar = Bar()
    await bar.tools.add_to_order("IPA")
    answer = await bar.tools.remove_from_order("Martini")
    assert error(answer) == "ITEM_NOT_FOUND"
    assert "On it: IPA" in answer["message"]
    assert error(await bar.tools.remove_from_order("IPA", 2)) == "INVALID_QUANTITY"
    assert error(await bar.tools.remove_from_order("IPA", 0)) == "INVALID_QUANTITY"
    assert bar.session.payment.tab_total == Decimal("6.00")


async def test_a_cleared_order_gives_everything_back():
    bar = Bar()
    await bar.tools.add_to_order("Martini", ["dry"], 2)
    await bar.tools.add_to_order("IPA")
    await bar.tools.set_tip(10)
    assert result(await bar.tools.clear_order()) == {
        "removed": [{"item": "Martini", "quantity": 2}, {"item": "IPA", "quantity": 1}],
        "new_tab": 0.0,
        "new_balance": 1000.0,
    }
    assert result(await bar.tools.get_tip())["tip_percentage"] is None
    assert result(await bar.tools.clear_order())["removed"] == []


async def test_the_order_and_the_balance_are_told():
    bar = Bar()
    await bar.tools.add_to_order("Martini", ["dry"], 2)
    assert result(await bar.tools.get_order()) == {
        "lines": [{"item": "Martini", "quantity": 2, "modifiers": ["dry"], "unit_price": 13.0, "line_total": 26.0}],
        "tab": 26.0,
    }
    assert result(await bar.tools.get_balance()) == {"balance": 974.0, "tab": 26.0}


async def test_a_payment_goes_from_link_to_paid():
    bar = Bar()
    await bar.tools.add_to_order("Martini", quantity=2)
    link = result(await bar.tools.create_stripe_payment())
    assert set(link) == {"url", "payment_id", "is_simulated", "amount"}
    assert (link["is_simulated"], link["amount"]) == (True, 26.0)
    assert result(await bar.tools.check_payment_status()) == {"payment_status": "pending", "amount": 26.0}
    bar.payments.pay(link["payment_id"])
    for _ in range(2):
        paid = {"payment_status": "succeeded", "amount": 26.0}
        assert result(await bar.tools.check_payment_status()) == paid
    assert result(await bar.tools.get_balance()) == {"balance": 974.0, "tab": 0.0}
    assert bar.published().count("payment_changed") == 1


async def test_a_second_tab_of_the_visit_can_be_ordered_and_paid():
    bar = Bar()
    for balance in (987.0, 974.0):
        await bar.tools.add_to_order("Martini")
        bar.payments.pay(result(await bar.tools.create_stripe_payment())["payment_id"])
        assert result(await bar.tools.check_payment_status())["payment_status"] == "succeeded"
        assert result(await bar.tools.get_balance()) == {"balance": balance, "tab": 0.0}


@pytest.mark.parametrize(
    "change",
    [
        lambda tools: tools.add_to_order("IPA"),
        lambda tools: tools.remove_from_order("Martini", 1),
        lambda tools: tools.clear_order(),
        lambda tools: tools.set_tip(20),
        lambda tools: tools.cancel_payment(),
    ],
    ids=["add", "remove", "clear", "tip", "cancel"],
)
async def test_a_change_withdraws_the_link_that_is_out(change):
    bar = Bar()
    await bar.tools.add_to_order("Martini", quantity=2)
    link = result(await bar.tools.create_stripe_payment())
    bar.events.clear()
    result(await change(bar.tools))
    assert not bar.payments.pay(link["payment_id"])
    cancelled = [event for event in bar.events if isinstance(event, PaymentChanged)]
    assert [(event.status, event.payment_id, event.amount) for event in cancelled] == [
        ("cancelled", link["payment_id"], Decimal("26.00"))
    ]
    assert bar.session.payment.payment_status == "pending"


async def test_a_refused_change_leaves_the_link_out():
    bar = Bar()
    await bar.tools.add_to_order("Martini", quantity=70)
    link = result(await bar.tools.create_stripe_payment())
    bar.events.clear()
    assert error(await bar.tools.add_to_order("Martini", quantity=20)) == "INSUFFICIENT_FUNDS"
    assert result(await bar.tools.set_tip(None))["total"] == 910.0
    assert bar.published() == []
    assert bar.payments.pay(link["payment_id"])


async def test_a_drink_ordered_right_after_paying_is_all_that_is_owed():
    bar = Bar()
    await bar.tools.add_to_order("Martini", quantity=2)
    bar.payments.pay(result(await bar.tools.create_stripe_payment())["payment_id"])
    added = result(await bar.tools.add_to_order("IPA"))
    assert (added["new_tab"], added["new_balance"]) == (6.0, 968.0)
    assert [line.item for line in bar.session.order] == ["IPA"]


async def test_nothing_can_be_paid_when_there_is_nothing():
    tools = Bar().tools
    assert error(await tools.create_stripe_payment()) == "PAYMENT_FAILED"
    assert error(await tools.check_payment_status()) == "PAYMENT_FAILED"


class Away(SimulatedPayments):
    """A provider that only has trouble."""

    def __init__(self, trouble):
        super().__init__(None)
        self.trouble = trouble

    async def create_payment_link(self, amount, description, idempotency_key, *, is_new=False):
        raise self.trouble


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (PaymentUnavailableError("away"), "STRIPE_UNAVAILABLE"),
        (PaymentTimeoutError("late"), "PAYMENT_TIMEOUT"),
        (RateLimitedError("slow down"), "RATE_LIMITED"),
    ],
)
async def test_a_providers_trouble_is_a_coded_answer_and_the_tab_stays_open(trouble, code):
    bar = Bar(Away(trouble))
    await bar.tools.add_to_order("Martini")
    assert error(await bar.tools.create_stripe_payment()) == code
    assert bar.session.payment.tab_total == Decimal("13.00")
    assert bar.session.payment.payment_status == "pending"


async def test_a_session_that_is_over_answers_nothing():
    bar = Bar()
    del bar.store["guest"]
    for name in PARAMETERS.keys() - {"get_menu", "get_recommendation", "add_to_order_with_balance"}:
        answer = await bar.tools.call(name, {"item_name": "IPA", "percentage": 10}, name)
        assert error(answer) in ("INVALID_SESSION", "PAYMENT_FAILED"), name
    assert error(await bar.tools.add_to_order_with_balance("IPA")) == "INVALID_SESSION"
    assert "guest" not in bar.store


async def test_tools_for_a_session_that_is_there_go_on_with_it(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/tabs.db") as store:
        await Bar(store=store).tools.add_to_order("IPA")
        assert result(await Bar(store=store).tools.get_balance())["tab"] == 6.0


async def test_trouble_with_the_store_is_a_coded_answer_that_names_no_file(tmp_path):
    path = tmp_path / "tabs.db"
    with open_store(f"sqlite:///{path}", busy_secs=0.01) as store:
        bar = Bar(store=store)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            busy = await bar.tools.add_to_order("IPA")
            other.execute("ROLLBACK")
            other.execute("DROP TABLE sessions")
            broken = await bar.tools.add_to_order("IPA")
    assert (error(busy), error(broken)) == ("CONCURRENT_MODIFICATION", "INVALID_SESSION")
    assert "tabs.db" not in busy["message"] + broken["message"]
    assert bar.published() == []


async def test_a_repeated_call_orders_once():
    bar = Bar()
    arguments = {"item_name": "IPA", "quantity": 2}
    first = await bar.tools.call("add_to_order_with_balance", arguments, "call-1")
    assert await bar.tools.call("add_to_order_with_balance", arguments, "call-1") == first
    assert bar.session.payment.tab_total == Decimal("12.00")
    await bar.tools.call("add_to_order_with_balance", arguments, "call-2")
    assert bar.session.payment.tab_total == Decimal("24.00")


async def test_simultaneous_calls_of_one_id_share_one_answer():
    bar = Bar()
    calls = [bar.tools.call("add_to_order", {"item_name": "IPA"}, "call-1") for _ in range(5)]
    answers = await asyncio.gather(*calls)
    assert answers == [answers[0]] * 5
    assert bar.session.payment.tab_total == Decimal("6.00")


async def test_a_caller_that_is_cancelled_leaves_a_whole_effect():
    bar = Bar()
    caller = asyncio.create_task(bar.tools.call("add_to_order", {"item_name": "IPA"}, "call-1"))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await bar.tools.close()
    assert [line.item for line in bar.session.order] == ["IPA"]
    assert result(await bar.tools.call("add_to_order", {"item_name": "IPA"}, "call-1"))["new_tab"] == 6.0


async def test_only_so_many_calls_are_remembered():
    tools = Bar().tools
    for number in range(REMEMBERED_CALLS + 20):
        await tools.call("get_balance", {}, str(number))
    assert len(tools._calls) == REMEMBERED_CALLS


async def test_what_a_model_makes_up_does_not_reach_a_tool():
    bar = Bar()
    made_up = {"item_name": "Martini", "price": 0.01, "unit_price": 0.01, "session_id": "other", "store": {}}
    assert result(await bar.tools.call("add_to_order", made_up, "1"))["unit_price"] == 13.0
    assert error(await bar.tools.call("add_to_order", "no object", "2")) == "ITEM_NOT_FOUND"
    assert result(await bar.tools.call("create_stripe_payment", {"amount": 1}, "3"))["amount"] == 13.0


@pytest.mark.parametrize(("tips", "words"), [((10, 15, 20), "10, 15 or 20"), ((18,), "18"), ((5, 12), "5 or 12")])
def test_the_model_is_told_which_tips_there_are_and_that_setting_is_no_toggle(tips, words):
    (tool,) = [tool for tool in tools_schema(tips).standard_tools if tool.name == "set_tip"]
    assert tool.description.startswith(f"Set the tip to {words} per cent")
    assert "same one again" not in tool.description
    assert tool.properties["percentage"]["description"] == f"{words}; null for none."


async def test_the_same_tip_again_stays():
    bar = Bar()
    await bar.tools.add_to_order("Martini")
    for percentage in (15, 15.0, "15%", "15"):
        assert result(await bar.tools.set_tip(percentage))["tip_percentage"] == 15


async def test_every_advertised_tool_is_there_and_says_what_it_takes():
    schemas = {tool.name: tool for tool in Bar().tools.schemas().standard_tools}
    assert schemas.keys() | {"add_to_order"} == PARAMETERS.keys()
    assert schemas.keys() >= READ_ONLY
    for name, schema in schemas.items():
        assert callable(getattr(BarTools, name))
        assert set(schema.required) <= set(schema.properties)
        assert re.match(r"[A-Z].*\.$", schema.description)
