"""The watcher follows the link that is out, on a time that the tests hold."""

import asyncio
from decimal import Decimal

from kiosk.events import PaymentStatus
from kiosk.payments.checkout import Checkout
from kiosk.payments.provider import PaymentNetworkError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.watcher import PaymentWatcher
from kiosk.state import ledger
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, load
from kiosk.state.store import open_store

GUEST = "guest"


class HeldTime:
    """A clock that stands until the watcher waits; each wait moves it on, at most `looks` times."""

    def __init__(self, looks):
        self.now, self.looks = 0.0, looks
        self.over = asyncio.Event()

    async def sleep(self, seconds):
        self.now += seconds
        self.looks -= 1
        if self.looks <= 0:
            self.over.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)


def a_checkout(payments, store):
    begin(GUEST, store)
    return Checkout(GUEST, store, payments, lambda event: None)


async def order(checkout):
    line = Line(item="Martini", unit_price=Decimal("13.00"))
    await checkout.change(lambda session: ledger.with_line(session, line))


async def watch(checkout, time, on_settled=None):
    """Watch until `time` is over; what the watcher told."""
    told = []

    async def tell(outcome):
        told.append(outcome)
        if on_settled:
            on_settled()

    async with PaymentWatcher(checkout, tell, sleep=time.sleep):
        await time.over.wait()
    return told


async def test_a_payment_is_told_once_without_being_asked_for():
    store, time = {}, HeldTime(looks=20)
    checkout = a_checkout(SimulatedPayments(5.0, clock=lambda: time.now), store)
    await order(checkout)
    link = (await checkout.open_link("The bar")).link
    told = await watch(checkout, time)
    assert [(outcome.status, outcome.amount) for outcome in told] == [(PaymentStatus.SUCCEEDED, Decimal("13.00"))]
    assert told[0].payment_id == link.payment_id
    assert load(GUEST, store).payment.payment_status == "completed"


async def test_a_payment_that_a_guest_asked_about_is_not_told_again():
    time = HeldTime(looks=5)
    payments = SimulatedPayments(None)
    checkout = a_checkout(payments, {})
    await order(checkout)
    payments.pay((await checkout.open_link("The bar")).link.payment_id)
    assert await checkout.check()
    assert await watch(checkout, time) == []


async def test_a_payment_that_a_change_brought_to_light_is_told():
    time = HeldTime(looks=3)
    payments = SimulatedPayments(None)
    checkout = a_checkout(payments, {})
    await order(checkout)
    payments.pay((await checkout.open_link("The bar")).link.payment_id)
    await order(checkout)
    await checkout.cancel_withdrawn()
    assert [outcome.amount for outcome in await watch(checkout, time)] == [Decimal("13.00")]


async def test_a_void_link_is_told_as_failed():
    time = HeldTime(looks=3)
    payments = SimulatedPayments(None)
    checkout = a_checkout(payments, {})
    await order(checkout)
    await payments.cancel_payment_link((await checkout.open_link("The bar")).link.payment_id)
    assert [outcome.status for outcome in await watch(checkout, time)] == [PaymentStatus.FAILED]


async def test_after_a_restart_the_link_is_followed_and_charged_once(tmp_path):
    url = f"sqlite:///{tmp_path}/tabs.db"
    with open_store(url) as store:
        checkout = a_checkout(SimulatedPayments(None), store)
        await order(checkout)
        await checkout.open_link("The bar")
    with open_store(url) as store:
        time = HeldTime(looks=10)
        checkout = a_checkout(SimulatedPayments(5.0, clock=lambda: time.now), store)
        assert len(await watch(checkout, time)) == 1
        session = load(GUEST, store)
        assert session.payment.balance == Decimal("987.00")
        assert len(session.history) == 1


async def test_after_a_restart_a_withdrawn_link_is_still_killed():
    store = {}
    checkout = a_checkout(SimulatedPayments(None), store)
    await order(checkout)
    link = (await checkout.open_link("The bar")).link
    await order(checkout)
    payments = SimulatedPayments(None)
    await watch(a_checkout(payments, store), HeldTime(looks=1))
    assert load(GUEST, store).withdrawn == ()
    assert not payments.pay(link.payment_id)


class Stumbling(SimulatedPayments):
    """Answers every second question only."""

    asked = 0

    async def look_at(self, payment_id):
        self.asked += 1
        if self.asked % 2:
            raise PaymentNetworkError("cut")
        return await super().look_at(payment_id)


async def test_a_question_that_fails_is_asked_again():
    time = HeldTime(looks=10)
    checkout = a_checkout(Stumbling(3.0, clock=lambda: time.now), {})
    await order(checkout)
    await checkout.open_link("The bar")
    assert len(await watch(checkout, time)) == 1


async def test_the_watch_goes_on_when_the_listener_stumbles():
    time = HeldTime(looks=20)
    checkout = a_checkout(SimulatedPayments(0, clock=lambda: time.now), {})
    await order(checkout)
    await checkout.open_link("The bar")

    def stumble():
        raise RuntimeError("nobody listens")

    assert len(await watch(checkout, time, stumble)) == 1


async def nobody(outcome):
    raise AssertionError("there was nothing to tell")


async def test_a_closed_watcher_has_no_task_left():
    time = HeldTime(looks=1)
    before = asyncio.all_tasks()
    watcher = PaymentWatcher(a_checkout(SimulatedPayments(None), {}), nobody, sleep=time.sleep)
    watcher.start()
    watcher.start()
    await time.over.wait()
    await watcher.close()
    await watcher.close()
    assert asyncio.all_tasks() == before
