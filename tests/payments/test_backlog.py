"""Links of visits that are over: followed after the guest has gone and the kiosk has been restarted."""

import asyncio
from decimal import Decimal

import pytest
from loguru import logger

from kiosk.payments.backlog import Backlog
from kiosk.payments.checkout import Checkout
from kiosk.payments.expiry import GRACE_SECS, Expiry
from kiosk.payments.provider import PaymentError
from kiosk.state import ledger
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, change, load
from kiosk.state.store import open_store
from kiosk.visits import is_of
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk

OURS, OTHERS = "bar-0123456789ab", "terrace-0123456789ab"


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'tabs.db'}") as opened:
        yield opened


async def order_and_show(session_id, store, desk, **options):
    begin(session_id, store)
    line = Line(item="Martini", unit_price=Decimal("13.00"))
    change(session_id, store, lambda session: ledger.with_line(session, line))
    checkout = Checkout(session_id, store, desk.client, lambda event: None, **options)
    return (await checkout.open_link("The bar")).link.payment_id


def backlog_of(store, desk, present=None, **options):
    return Backlog(
        store,
        desk.client,
        is_ours=lambda session_id: is_of("bar", session_id),
        present=lambda: present,
        payee="The bar",
        **options,
    )


def status(session_id, store):
    return load(session_id, store).payment.payment_status


async def test_a_link_that_is_paid_after_the_guest_has_gone_completes_the_tab(store):
    async with a_desk() as desk:
        link = await order_and_show(OURS, store, desk)
        desk.account.pay_link(link)
        await backlog_of(store, desk).look()
    assert status(OURS, store) == "completed"
    assert [line.entry.kind for line in store.journal(OURS)] == ["paid"]


async def test_the_present_visit_and_other_kiosks_are_left_to_those_who_serve_them(store):
    async with a_desk() as desk:
        for session_id in (OURS, OTHERS):
            desk.account.pay_link(await order_and_show(session_id, store, desk))
        await backlog_of(store, desk, present=OURS).look()
    assert [status(session_id, store) for session_id in (OURS, OTHERS)] == ["processing"] * 2


async def test_a_link_that_grew_old_meanwhile_is_withdrawn(store):
    async with a_desk() as desk:
        link = await order_and_show(OURS, store, desk, expiry=Expiry(-1.0))
        now = 1000.0
        backlog = backlog_of(store, desk, expiry=Expiry(monotonic=lambda: now))
        await backlog.look()
        assert desk.account.links[link]["active"], "its guest may be paying"
        now += GRACE_SECS
        await backlog.look()
        assert not desk.account.links[link]["active"]
    session = load(OURS, store)
    assert (session.link, session.withdrawn, session.payment.tab_total) == (None, (), Decimal("13.00"))


async def test_an_attempt_that_a_crash_cut_short_is_finished_with_its_own_link(store):
    async with a_desk() as desk:
        link = await order_and_show(OURS, store, desk)
        # As it was stored before Stripe was asked.
        change(OURS, store, lambda session: session.model_copy(update={"link": None}))
        desk.account.pay_link(link)
        await backlog_of(store, desk).look()
        assert list(desk.account.links) == [link]
    assert status(OURS, store) == "completed"


async def test_the_links_of_an_attempt_that_nobody_heard_the_end_of_die_when_its_guest_has_gone(store):
    async with a_desk(FakeStripe(livemode=True)) as desk:
        await desk.client.is_available()
        desk.fake.go_wrong("PostPaymentLinks", "cut_after")
        desk.fake.go_wrong("GetPaymentLinks", "500", times=3)
        with pytest.raises(PaymentError):
            await order_and_show(OURS, store, desk)
        assert any(link["active"] for link in desk.account.links.values())
        backlog = backlog_of(store, desk)
        for _ in range(3):
            assert load(OURS, store).payment.tab_total, "the tab is for the staff"
            desk.half_a_minute_later()
            await backlog.look()
        assert not any(link["active"] for link in desk.account.links.values())
        assert not load(OURS, store).abandoned


async def test_what_cannot_be_settled_now_is_settled_later(store):
    async with a_desk() as desk:
        desk.account.pay_link(await order_and_show(OURS, store, desk))
        desk.fake.go_away()
        await backlog_of(store, desk).look()
        assert status(OURS, store) == "processing"
        desk.fake.come_back()
        desk.half_a_minute_later()
        await backlog_of(store, desk).look()
    assert status(OURS, store) == "completed"


async def test_a_visit_that_cannot_be_read_does_not_hold_up_the_others(store):
    store["bar-000000000000"] = {"schema_version": 99}
    async with a_desk() as desk:
        desk.account.pay_link(await order_and_show(OURS, store, desk))
        await backlog_of(store, desk).look()
    assert status(OURS, store) == "completed"


async def test_a_visit_that_cannot_be_read_is_told_of_once(store):
    store["bar-000000000000"] = {"schema_version": 99}
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}")
    async with a_desk() as desk:
        backlog = backlog_of(store, desk)
        for _ in range(3):
            await backlog.look()
    logger.remove(sink)
    assert sum("bar-000000000000" in line for line in lines) == 1


async def test_it_looks_again_and_again_until_it_is_closed(store):
    looks, enough = [], asyncio.Event()

    async def wait(seconds):
        looks.append(seconds)
        if len(looks) == 3:
            enough.set()
            await asyncio.Event().wait()

    async with a_desk() as desk, backlog_of(store, desk, sleep=wait):
        await enough.wait()
    assert len(looks) == 3
