"""The payment tools over Stripe's real protocol: each code that a guest can meet there, and that it passes."""

from decimal import Decimal

import pytest
from loguru import logger

from kiosk.bartender.outcomes import outcomes
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.tally import Call
from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu
from kiosk.payments.checkout import Checkout
from kiosk.settings import find_assets
from kiosk.state.sessions import load
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk

MENU = Menu.load(find_assets() / "menu.toml")
GUEST = "bar-0123456789ab"

TROUBLE = "Cards aren't working just now. Your tab is safe: pay at the bar, or ask me again in a moment."
TROUBLES = {
    "429": "RATE_LIMITED",
    "rate_limit_error": "RATE_LIMITED",
    "500": "NETWORK_ERROR",
    "error": "NETWORK_ERROR",
    "cut_before": "NETWORK_ERROR",
    "slow": "PAYMENT_TIMEOUT",
}


@pytest.fixture(scope="module")
def live_stripe():
    with FakeStripe(livemode=True) as fake:
        yield fake


@pytest.fixture
async def desk(live_stripe):
    live_stripe.begin_anew()
    async with a_desk(live_stripe, timeout=0.6) as desk:
        await desk.client.is_available()
        yield desk


@pytest.fixture
async def tools(desk):
    tools = BarTools(GUEST, {}, MENU, desk.client, lambda event: None, clock=desk.now)
    tools.checkout = Checkout(GUEST, tools.store, desk.client, lambda event: None, answer_secs=0.5, clock=desk.now)
    await tools.add_to_order("Martini")
    return tools


@pytest.mark.parametrize(("kind", "code"), TROUBLES.items())
async def test_trouble_on_the_way_has_a_code_and_leaves_the_tab_for_the_bar(desk, tools, kind, code):
    desk.fake.go_wrong("PostPaymentLinks", kind, times=99, secs=1.0)
    answer = await tools.create_stripe_payment()
    assert (answer["status"], answer["error"]) == ("error", code)
    assert answer["message"] == TROUBLE
    session = load(GUEST, tools.store)
    assert (session.payment.tab_total, session.payment.payment_status) == (Decimal("13.00"), "pending")
    assert session.pays_at_bar
    desk.fake.go_right()
    assert (await tools.create_stripe_payment())["result"]["amount"] == 13.0
    assert not load(GUEST, tools.store).pays_at_bar


async def test_a_stripe_that_is_away_is_unavailable(desk, tools):
    desk.fake.go_away()
    desk.half_a_minute_later()
    assert (await tools.create_stripe_payment())["error"] == "STRIPE_UNAVAILABLE"
    desk.fake.come_back()


async def test_what_stripe_will_not_charge_is_a_failed_payment_in_the_words_of_the_house(desk, tools):
    logged: list[str] = []
    sink = logger.add(logged.append, level="ERROR", format="{message}")
    desk.fake.account.livemode = False
    answer = await tools.create_stripe_payment()
    logger.remove(sink)
    assert answer["error"] == "PAYMENT_FAILED"
    (said,) = outcomes([Call("touch_1", "create_stripe_payment", {}, answer)], Phrasebook(MENU))
    assert said == answer["message"] == TROUBLE
    assert any("live mode" in line for line in logged), "what it is, is for the staff"


@pytest.mark.parametrize(("kind", "code"), [*TROUBLES.items()])
async def test_a_question_that_is_not_answered_settles_nothing(desk, tools, kind, code):
    await tools.create_stripe_payment()
    before = load(GUEST, tools.store)
    desk.fake.go_wrong("GetCheckoutSessions", kind, secs=1.0)
    answer = await tools.check_payment_status()
    if kind == "slow":
        assert answer["result"]["payment_status"] == "timeout"
    else:
        assert answer["error"] == code
    assert load(GUEST, tools.store) == before


async def test_a_payment_of_another_amount_is_not_taken_for_the_tabs(desk, tools):
    payment_id = (await tools.create_stripe_payment())["result"]["payment_id"]
    desk.account.pay_link(payment_id, amount=100)
    answer = await tools.check_payment_status()
    assert answer["error"] == "PAYMENT_FAILED"
    assert "staff" in answer["message"]
    session = load(GUEST, tools.store)
    assert session.payment.tab_total == Decimal("13.00")
    assert session.payment.needs_reconciliation
