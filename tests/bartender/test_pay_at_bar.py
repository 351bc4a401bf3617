"""A guest who pays the staff: the tab stays open and is marked, and no code is left that can be paid."""

from contextlib import asynccontextmanager
from decimal import Decimal

from kiosk.bartender.outcomes import outcomes
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.tally import Call
from kiosk.bartender.tools import BarTools
from kiosk.events import Notice, PaymentChanged, PaymentLinkReady
from kiosk.menu import Menu
from kiosk.payments.checkout import Checkout
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.watcher import PaymentWatcher
from kiosk.results import state_of
from kiosk.settings import find_assets
from kiosk.state import ledger
from kiosk.state.news import whole_state
from kiosk.state.sessions import change, load
from kiosk.state.store import open_store
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk
from tests.payments.test_checkout import Provider

MENU = Menu.load(find_assets() / "menu.toml")
GUEST = "bar-0123456789ab"


class Visit:
    """A guest with two Martinis, who is told of payments by the watcher."""

    def __init__(self, payments=None, store=None, clock=None):
        self.store = {} if store is None else store
        self.payments = payments or SimulatedPayments(None)
        self.events, self.told = [], []
        self.tools = BarTools(GUEST, self.store, MENU, self.payments, self.events.append)
        if clock:
            checkout = Checkout(GUEST, self.store, self.payments, self.events.append, answer_secs=0.5, clock=clock)
            self.tools.checkout = checkout
        self.watcher = PaymentWatcher(self.tools.checkout, self._hear)

    async def _hear(self, outcome):
        self.told.append(outcome)

    async def order(self):
        await self.tools.add_to_order("Martini", quantity=2)
        await self.tools.set_tip(15)

    async def show_code(self):
        return (await self.tools.create_stripe_payment())["result"]["payment_id"]

    @property
    def session(self):
        return load(GUEST, self.store)

    @property
    def on_screen(self):
        """The notices that stand on the screen, by their codes."""
        notices = {event.code: event.text for event in self.events if isinstance(event, Notice)}
        return {code for code, text in notices.items() if text}

    @property
    def has_code(self):
        """Whether the screen shows a code."""
        news = [event for event in self.events if isinstance(event, PaymentLinkReady | PaymentChanged)]
        return bool(news) and isinstance(news[-1], PaymentLinkReady)


def said(answer):
    return " ".join(outcomes([Call("1", "pay_at_bar", {}, answer)], Phrasebook(MENU)))


@asynccontextmanager
async def at_stripe():
    async with a_desk(FakeStripe(livemode=True), timeout=0.6) as desk:
        await desk.client.is_available()
        visit = Visit(desk.client, clock=desk.now)
        await visit.order()
        yield desk, visit


async def test_the_tab_stays_open_and_is_marked_and_the_screen_and_maya_say_so():
    visit = Visit()
    await visit.order()
    answer = await visit.tools.pay_at_bar()
    assert answer["result"] == {
        "payment_status": "at_bar", "code": "none", "tab": 26.0, "tip_percentage": 15, "tip_amount": 3.9, "total": 29.9,
    }  # fmt: skip
    assert said(answer) == "All right: you pay $29.90 at the bar. Your tab stays open there."
    assert (visit.session.at_bar, visit.session.payment.tab_total) == ("chosen", Decimal("26.00"))
    assert state_of(visit.tools)["payment_status"] == "at_bar"
    assert visit.on_screen == {"paying_at_bar"}
    assert visit.session.is_outstanding, "housekeeping would forget it"


async def test_with_nothing_on_the_tab_it_is_refused_in_words():
    visit = Visit()
    answer = await visit.tools.pay_at_bar()
    assert (answer["status"], answer["error"]) == ("error", "PAYMENT_FAILED")
    assert said(answer) == "There is nothing to pay: the tab is empty."
    assert (visit.session.at_bar, visit.on_screen) == (None, set())


async def test_a_code_that_is_out_is_void_there_and_leaves_the_screen():
    async with at_stripe() as (desk, visit):
        payment_id = await visit.show_code()
        assert visit.has_code
        answer = await visit.tools.pay_at_bar()
        assert answer["result"]["code"] == "void"
        assert said(answer).endswith("The code is void.")
        assert not desk.account.links[payment_id]["active"]
        assert not visit.has_code
        assert (visit.session.link, visit.session.withdrawn) == (None, ())


async def test_a_code_that_stripe_cannot_be_asked_about_is_said_to_be_payable_and_dies_later():
    async with at_stripe() as (desk, visit):
        payment_id = await visit.show_code()
        desk.fake.go_away()
        answer = await visit.tools.pay_at_bar()
        assert answer["result"]["code"] == "may_still_be_paid"
        assert "Please leave the code alone" in said(answer)
        assert visit.session.at_bar == "chosen"
        assert not visit.has_code
        desk.fake.come_back()
        desk.half_a_minute_later()
        await visit.watcher.try_to_look()
        assert not desk.account.links[payment_id]["active"]


async def test_a_payment_that_arrives_at_that_moment_counts_and_is_said_once():
    async with at_stripe() as (desk, visit):
        desk.account.pay_link(await visit.show_code())
        answer = await visit.tools.pay_at_bar()
        assert answer["result"] == {"payment_status": "succeeded", "amount": 29.9}
        assert said(answer).startswith("Your payment has just arrived")
        await visit.watcher.look()
        assert visit.told == []
        assert (visit.session.payment.tab_total, visit.session.at_bar, visit.on_screen) == (0, None, set())
        assert await visit.tools.pay_at_bar() == answer, "whoever asks once more hears the same"


async def test_a_payment_that_comes_to_light_after_the_answer_is_told_by_the_watcher():
    async with at_stripe() as (desk, visit):
        payment_id = await visit.show_code()
        desk.fake.go_away()
        await visit.tools.pay_at_bar()
        desk.fake.come_back()
        desk.half_a_minute_later()
        desk.account.pay_link(payment_id)
        await visit.watcher.try_to_look()
        assert [outcome.status for outcome in visit.told] == ["succeeded"]
        assert (visit.session.payment.tab_total, visit.on_screen) == (0, set())


async def test_who_orders_more_goes_on_paying_at_the_bar_and_who_takes_it_all_off_does_not():
    visit = Visit()
    await visit.order()
    await visit.tools.pay_at_bar()
    await visit.tools.add_to_order("IPA")
    assert (visit.session.at_bar, visit.on_screen) == ("chosen", {"paying_at_bar"})
    await visit.tools.clear_order()
    assert (visit.session.at_bar, visit.on_screen) == (None, set())


async def test_who_asks_for_the_code_after_all_gets_it_and_the_mark_goes():
    visit = Visit()
    await visit.order()
    await visit.tools.pay_at_bar()
    await visit.show_code()
    assert (visit.session.at_bar, visit.on_screen, visit.has_code) == (None, set(), True)
    assert state_of(visit.tools)["payment_status"] == "processing"


async def test_asked_whether_it_is_paid_maya_says_that_it_is_to_be_paid_at_the_bar():
    visit = Visit()
    await visit.order()
    await visit.tools.pay_at_bar()
    assert (await visit.tools.check_payment_status())["message"].endswith("because you pay at the bar.")


async def test_who_chooses_the_bar_while_the_code_is_being_made_gets_none():
    provider = Provider()
    visit = Visit(provider)
    await visit.order()

    async def choose_the_bar():
        provider.during = lambda: None
        assert (await visit.tools.pay_at_bar())["result"]["payment_status"] == "at_bar"

    provider.during = choose_the_bar
    assert (await visit.tools.create_stripe_payment())["message"] == "There is no code, because you pay at the bar."
    await visit.watcher.try_to_look()
    assert (visit.session.at_bar, visit.has_code, len(provider.created)) == ("chosen", False, 1)
    assert not any(map(provider.pay, provider._links.values()))


async def test_a_tab_that_the_staff_settle_meanwhile_leaves_no_notice_behind():
    visit = Visit()
    await visit.order()
    await visit.tools.pay_at_bar()
    change(GUEST, visit.store, ledger.settled_by_staff, note="29.90 in cash")
    await visit.watcher.look()
    assert visit.on_screen == set()


async def test_the_mark_is_in_the_store_and_on_the_screen_after_a_restart(tmp_path):
    url = f"sqlite:///{tmp_path / 'tabs.db'}"
    with open_store(url) as store:
        visit = Visit(store=store)
        await visit.order()
        await visit.tools.pay_at_bar()
    with open_store(url) as store:
        session = load(GUEST, store)
        assert session.at_bar == "chosen"
        shown = [event for event in whole_state(session, lambda link: None) if isinstance(event, Notice)]
        assert [notice.code for notice in shown] == ["paying_at_bar"]
