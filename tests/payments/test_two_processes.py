"""Two processes on one visit, one killed while it makes the link: no link that nobody recorded stays payable."""

import asyncio
import contextlib
import multiprocessing
from decimal import Decimal

import pytest

from kiosk.payments.backlog import Backlog
from kiosk.payments.checkout import Checkout
from kiosk.payments.watcher import PaymentWatcher
from kiosk.state import ledger
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, change, load
from kiosk.state.store import Store, open_store
from kiosk.visits import is_of
from tests.fakes.stripe import FakeStripe
from tests.fakes.stripe_account import PageClosedError
from tests.payments.asking import asking
from tests.payments.stripe_desk import a_desk
from tests.sampling import sampled

GUEST = "bar-0123456789ab"
MARTINI = Line(item="Martini", unit_price=Decimal("13.00"))


@pytest.fixture(scope="module")
def processes():
    """Processes that begin in milliseconds: forked from one that has imported everything and opened nothing."""
    context = multiprocessing.get_context("forkserver")
    stores = ["kiosk.state.sqlite_store", "kiosk.state.postgres_store", "psycopg"]
    context.set_forkserver_preload(["__main__", "tests.payments.asking", *stores])
    return context


@pytest.fixture(scope="module")
def live():
    with FakeStripe(livemode=True) as fake:
        yield fake


@pytest.fixture(params=sampled(["sqlite", "postgresql"], every=2))
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'tabs.db'}"


class Table:
    """The visit as one of its processes has it, and what Stripe has of it."""

    def __init__(self, store, desk):
        self.store, self.desk = store, desk
        self.told = []
        self.checkout = Checkout(GUEST, store, desk.client, lambda event: None)
        self.watcher = PaymentWatcher(self.checkout, self._hear)

    async def _hear(self, outcome):
        self.told.append((outcome.status.value, outcome.is_disputed))

    @property
    def session(self):
        return load(GUEST, self.store)

    async def open_link(self):
        return (await self.checkout.open_link("The bar")).link.payment_id

    async def look_for_some_minutes(self):
        for _ in range(6):
            await self.watcher.look()
            self.desk.half_a_minute_later()

    def payable(self):
        account = self.desk.account
        found = set()
        for link in account.links:
            with contextlib.suppress(PageClosedError):
                account.open_page(link)
                found.add(link)
        return found


@contextlib.asynccontextmanager
async def a_table(url, live):
    """A guest with a Martini; the fake's account is empty."""
    live.begin_anew()
    async with a_desk(live, timeout=60.0) as desk:
        with open_store(url) as store:
            begin(GUEST, store)
            change(GUEST, store, lambda session: ledger.with_line(session, MARTINI))
            yield Table(store, desk)


@contextlib.asynccontextmanager
async def both_asked(url, live, processes):
    """Another process has asked for a link and not got it; this one made and recorded another of the same attempt."""
    async with a_table(url, live) as table:
        held = live.hold("PostPaymentLinks")
        try:
            with asking(processes, url, GUEST, live) as other:
                await asyncio.to_thread(held.await_request)
                own = await table.open_link()
                yield table, held, other, own
        finally:
            held.answer()


@pytest.mark.parametrize("killed", sampled(["after", "before"], every=2))
async def test_the_link_of_a_killed_process_dies_and_the_guest_pays_the_other(url, live, processes, killed):
    async with both_asked(url, live, processes) as (table, held, other, own):
        await table.watcher.look()
        if killed == "before":
            other.kill()
            other.join()
        held.act()
        other.kill()
        assert len(table.payable()) == 2, "the test has no twin"
        await table.look_for_some_minutes()
        assert table.payable() == {own}
        table.desk.account.pay_link(own)
        await table.look_for_some_minutes()
        assert [tab.payment_id for tab in table.session.history] == [own]
        assert not table.session.is_outstanding
        assert table.told == [("succeeded", False)]


async def test_a_guest_who_paid_at_the_link_of_a_killed_process_has_paid(url, live, processes):
    async with both_asked(url, live, processes) as (table, held, other, own):
        held.act()
        other.kill()
        (twin,) = table.payable() - {own}
        table.desk.account.pay_link(twin)
        await table.look_for_some_minutes()
        assert table.payable() == set()
        assert [tab.payment_id for tab in table.session.history] == [twin]
        assert table.session.payment.tab_total == 0
        assert not table.session.is_outstanding
        assert table.told == [("succeeded", False)]
        assert isinstance(table.store, Store)
        assert [line.entry.kind for line in table.store.journal(GUEST)] == ["paid"]


@pytest.mark.slow
async def test_who_paid_at_both_is_flagged_for_the_staff_once(url, live, processes):
    async with both_asked(url, live, processes) as (table, held, other, _):
        held.act()
        other.kill()
        for link in sorted(table.payable()):
            table.desk.account.pay_link(link)
        await table.look_for_some_minutes()
        assert table.session.payment.tab_total == 0
        assert len(table.session.history) == len(table.session.disputed) == 1
        assert sorted(table.told) == [("failed", True), ("succeeded", False)]


@pytest.mark.slow
async def test_the_link_of_a_process_that_came_second_and_was_killed_dies_too(url, live, processes):
    async with a_table(url, live) as table:
        first, second = live.hold("PostPaymentLinks"), live.hold("PostPaymentLinks")
        try:
            opening = asyncio.create_task(table.open_link())
            await asyncio.to_thread(first.await_request)
            with asking(processes, url, GUEST, live):
                await asyncio.to_thread(second.await_request)
                second.act()
            first.answer()
            own = await opening
            assert len(table.payable()) == 2, "the test has no twin"
            await table.look_for_some_minutes()
            assert table.payable() == {own}
        finally:
            first.answer()
            second.answer()


@pytest.mark.slow
async def test_a_process_that_takes_over_finds_what_two_killed_ones_have_left(url, live, processes):
    async with a_table(url, live) as table:
        first, second = live.hold("PostPaymentLinks"), live.hold("PostPaymentLinks")
        try:
            with asking(processes, url, GUEST, live):
                await asyncio.to_thread(first.await_request)
                with asking(processes, url, GUEST, live):
                    await asyncio.to_thread(second.await_request)
                    first.act()
                second.act()
            assert len(table.payable()) == 2, "the test has no twin"
            own = await table.open_link()
            await table.look_for_some_minutes()
            assert table.session.link
            assert table.payable() == {own} == {table.session.link.payment_id}
        finally:
            first.answer()
            second.answer()


@pytest.mark.parametrize("taken_over_by", sampled(["the backlog", "the next guest's kiosk"], every=2))
async def test_a_visit_that_changes_hands_keeps_one_link(url, live, taken_over_by):
    async with a_table(url, live) as table:
        # A proxy that sent the request twice: nobody could know.
        await table.desk.client.is_available()
        live.go_wrong("PostPaymentLinks", "duplicate")
        own = await table.open_link()
        assert len(table.payable()) == 2, "the test has no twin"
        heir = Table(table.store, table.desk)
        if taken_over_by == "the backlog":
            backlog = Backlog(
                table.store,
                table.desk.client,
                is_ours=lambda session_id: is_of("bar", session_id),
                present=lambda: None,
                payee="The bar",
            )
            for _ in range(3):
                await backlog.look()
        else:
            await heir.look_for_some_minutes()
        assert heir.payable() == {own}
        assert heir.session.link
        assert heir.session.link.payment_id == own
