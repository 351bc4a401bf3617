"""A clock that is wrong when the kiosk starts, or is set while a guest is there: a machine without a battery."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from kiosk.bartender.tools import BarTools
from kiosk.events import Event, PaymentLinkReady
from kiosk.housekeeping import DAY_SECS, tidy
from kiosk.menu import Menu
from kiosk.payments.backlog import Backlog
from kiosk.payments.expiry import GRACE_SECS, LINK_SECS, Expiry
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.state.sessions import begin, load
from kiosk.state.store import Store, open_store
from kiosk.visits import SAME_GUEST_SECS, begin_service, end, interrupted, is_of, new_session_id
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk

MENU = Menu.load(find_assets() / "menu.toml")
NOW = 1_795_000_000.0
HOUR, YEAR = 3600.0, 365 * DAY_SECS
JUMPS = {
    f"{name}, {direction}": way * secs
    for name, secs in {"an hour": HOUR, "three days": 3 * DAY_SECS, "thirty years": 30 * YEAR, "to 1970": NOW}.items()
    for direction, way in {"forwards": 1, "backwards": -1}.items()
}
jumps = pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS.keys())


@dataclass
class Machine:
    """Its clock on the wall, which is set now and then, and the time that really passes."""

    store_url: str
    wall: float = NOW
    passed: float = 0.0
    shown: list[PaymentLinkReady] = field(default_factory=list)

    def wait(self, secs: float) -> None:
        self.wall += secs
        self.passed += secs

    def clock(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.passed

    def store(self):
        return open_store(self.store_url, clock=self.clock)

    def expiry(self) -> Expiry:
        return Expiry(clock=self.clock, monotonic=self.monotonic)

    def see(self, event: Event) -> None:
        if isinstance(event, PaymentLinkReady):
            self.shown.append(event)


@pytest.fixture
def machine(tmp_path):
    return Machine(f"sqlite:///{tmp_path}/kiosk.db")


def a_visit(machine, store, payments=None, session_id=None, expiry=None) -> BarTools:
    return BarTools(
        session_id or new_session_id("bar"),
        store,
        MENU,
        payments or SimulatedPayments(None),
        machine.see,
        expiry=expiry or machine.expiry(),
        clock=machine.clock,
    )


async def status(tools) -> str:
    return (await tools.check_payment_status())["result"]["payment_status"]


@jumps
async def test_a_code_neither_dies_at_once_nor_lives_for_ever_when_the_clock_is_set(machine, jump):
    with machine.store() as store:
        tools = a_visit(machine, store)
        await tools.add_to_order("Negroni")
        await tools.create_stripe_payment()
        machine.wait(100)
        machine.wall += jump
        assert await status(tools) == "pending"
        await tools.create_stripe_payment()
        assert machine.shown[-1].expires_in_secs == LINK_SECS - 100
        machine.wait(LINK_SECS - 101)
        assert await status(tools) == "pending"
        machine.wait(2)
        assert (await tools.check_payment_status())["error"] == "PAYMENT_FAILED"
        assert load(tools.session_id, store).link is None


@jumps
async def test_after_a_restart_a_code_has_a_minute_at_least_and_no_more_than_its_time(machine, jump):
    with machine.store() as store:
        tools = a_visit(machine, store)
        await tools.add_to_order("Negroni")
        await tools.create_stripe_payment()
    machine.wall += jump
    with machine.store() as store:
        backlog = Backlog(
            store,
            SimulatedPayments(None),
            is_ours=lambda session_id: is_of("bar", session_id),
            present=lambda: None,
            payee="Blue",
            expiry=machine.expiry(),
        )
        await backlog.look()
        machine.wait(GRACE_SECS - 1)
        await backlog.look()
        assert load(tools.session_id, store).link, "it died at once"
        machine.wait(LINK_SECS)
        await backlog.look()
        assert load(tools.session_id, store).link is None, "it lives for ever"


@jumps
async def test_a_visit_from_the_future_or_the_past_is_not_resumed_for_a_stranger(machine, jump):
    with machine.store() as store:
        tools = a_visit(machine, store)
        await tools.add_to_order("Negroni")
    machine.wall += jump
    with machine.store() as store:
        assert interrupted("bar", store) is None
        assert begin_service("bar", store) != tools.session_id
        assert load(tools.session_id, store).payment.tab_total == Decimal("11.00"), "its tab stays"


@pytest.mark.parametrize(("later", "goes_on"), [(-4.0, True), (1.0, True), (SAME_GUEST_SECS + 1, False), (-6.0, False)])
async def test_a_visit_of_a_short_while_ago_goes_on(machine, later, goes_on):
    with machine.store() as store:
        tools = a_visit(machine, store)
        await tools.add_to_order("Negroni")
        machine.wall += later
        assert (begin_service("bar", store) == tools.session_id) is goes_on


@jumps
async def test_a_voice_that_restarts_goes_on_with_its_guest(machine, jump):
    with machine.store() as store:
        tools = a_visit(machine, store)
        await tools.add_to_order("Negroni")
        machine.wall += jump
        assert begin_service("bar", store, present=tools.session_id) == tools.session_id


@jumps
async def test_a_guest_who_has_gone_is_not_taken_for_the_one_who_came_after(machine, jump):
    with machine.store() as store:
        gone = a_visit(machine, store)
        await gone.add_to_order("Negroni")
        end(gone.session_id, store)
        machine.wall += jump
        here = a_visit(machine, store)
        await here.add_to_order("Water")
        machine.wall -= jump
        assert begin_service("bar", store) not in (gone.session_id, here.session_id)


async def test_a_visit_that_did_not_go_on_never_will(machine):
    with machine.store() as store:
        gone = a_visit(machine, store)
        await gone.add_to_order("Negroni")
        machine.wait(2 * SAME_GUEST_SECS)
        begin_service("bar", store)
        # What becomes of its link, or a housekeeper, stamps it again.
        await gone.set_tip(10)
        assert interrupted("bar", store) is None


@jumps
async def test_a_visit_goes_on_though_the_house_is_tidied_after_the_clock_was_set(machine, jump):
    with machine.store() as store:
        tools = a_visit(machine, store)
        machine.wall += jump
        tidy(store, 1, store.now(), present=tools.session_id)
        assert (await tools.add_to_order("Negroni"))["status"] == "ok"
        assert (await tools.create_stripe_payment())["status"] == "ok"


async def test_a_visit_that_waits_over_a_long_weekend_is_there_for_its_guest(machine):
    with machine.store() as store:
        tools = a_visit(machine, store)
        for _ in range(4):
            machine.wait(DAY_SECS)
            tidy(store, 2, store.now(), present=tools.session_id)
        assert (await tools.add_to_order("Negroni"))["status"] == "ok"


async def a_settled_visit(machine, store) -> str:
    tools = a_visit(machine, store, SimulatedPayments(0.0))
    await tools.add_to_order("Negroni")
    await tools.create_stripe_payment()
    assert await status(tools) == "succeeded"
    return tools.session_id


async def test_what_was_stamped_while_the_clock_was_ahead_is_forgotten_in_its_time(machine):
    with machine.store() as store:
        machine.wall += 30 * YEAR
        settled = await a_settled_visit(machine, store)
        machine.wall -= 30 * YEAR
        assert tidy(store, 30, store.now()) == 0
        machine.wait(29 * DAY_SECS)
        assert tidy(store, 30, store.now()) == 0
        machine.wait(2 * DAY_SECS)
        assert tidy(store, 30, store.now()) == 1
        assert settled not in store


async def test_a_clock_that_is_not_set_yet_makes_nothing_old(machine):
    with machine.store() as store:
        settled = await a_settled_visit(machine, store)
        machine.wall, right = 3600.0, machine.wall
        assert tidy(store, 30, store.now()) == 0
        machine.wall = right
        assert tidy(store, 30, store.now()) == 0
        assert settled in store


@pytest.mark.needs("postgresql")
def test_kiosks_that_share_a_database_go_by_its_clock(postgres_url):
    session_id = new_session_id("bar")
    with open_store(postgres_url, clock=lambda: 0.0) as wrong, open_store(postgres_url) as right:
        assert isinstance(wrong, Store)
        assert isinstance(right, Store)
        begin(session_id, wrong)
        assert abs(wrong.now() - right.now()) < HOUR
        assert tidy(right, 1, right.now()) == tidy(wrong, 1, wrong.now()) == 0
        assert session_id in right
        assert tidy(right, 1, right.now() + 2 * DAY_SECS) == 1


@jumps
async def test_a_link_whose_answer_was_lost_is_found_again_though_the_clock_is_set(machine, jump):
    async with a_desk(FakeStripe(livemode=True)) as desk:
        with machine.store() as store:
            machine.wall += jump
            tools = a_visit(machine, store, desk.client)
            await tools.add_to_order("Negroni")
            desk.fake.go_wrong("PostPaymentLinks", "cut_after")
            desk.fake.go_wrong("GetPaymentLinks", "500", times=9)
            assert (await tools.create_stripe_payment())["status"] == "error"
            desk.fake.go_right()
            desk.half_a_minute_later()
            machine.wall -= jump
            revived = a_visit(machine, store, desk.client, tools.session_id)
            answer = await revived.create_stripe_payment()
            assert [answer["result"]["payment_id"]] == list(desk.account.links)
