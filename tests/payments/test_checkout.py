"""One session and its provider: links, answers, and whatever comes between the two."""

import asyncio
import inspect
from collections.abc import Callable
from decimal import Decimal

import pytest

from kiosk.events import Notice, PaymentChanged, PaymentLinkReady, PaymentStatus
from kiosk.payments.checkout import Checkout
from kiosk.payments.provider import PaymentNetworkError, PaymentRefusedError, WrongLinkError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.state import ledger
from kiosk.state.errors import ConcurrentModificationError, NothingToPayError
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, change, load

GUEST = "guest"


class Provider(SimulatedPayments):
    """Simulated payments that can be late, and can break before or after they have acted.

    Parameters:
        during: called while a request is under way.
        trouble: raised by the next request, once.
        acts_first: the trouble comes after the request was carried out.
    """

    def __init__(self, trouble: Exception | None = None, acts_first=False):
        super().__init__(pays_after_secs=None)
        self.trouble, self.acts_first = trouble, acts_first
        self.during: Callable[[], object] = lambda: None
        self.created = []
        self.asked_as_new = []

    async def create_payment_link(self, amount, description, idempotency_key, *, is_new=False):
        if self.trouble and not self.acts_first:
            raise self._once()
        link = await super().create_payment_link(amount, description, idempotency_key, is_new=is_new)
        self.created.append((amount, description, idempotency_key))
        self.asked_as_new.append(is_new)
        await self._meanwhile()
        if self.trouble:
            raise self._once()
        return link

    async def look_at(self, payment_id):
        answer = await super().look_at(payment_id)
        await self._meanwhile()
        if self.trouble:
            raise self._once()
        return answer

    async def cancel_payment_link(self, payment_id):
        if self.trouble:
            raise self._once()
        return await super().cancel_payment_link(payment_id)

    async def _meanwhile(self):
        happening = self.during()
        await (happening if inspect.isawaitable(happening) else asyncio.sleep(0))

    def _once(self) -> Exception:
        trouble, self.trouble = self.trouble, None
        assert trouble
        return trouble


def martini(price, quantity=1):
    return Line(item="Martini", unit_price=Decimal(price), quantity=quantity)


class Visit:
    """A guest with a 26.00 tab at a checkout."""

    def __init__(self, payments=None, ordered="13.00"):
        self.store = {}
        self.payments = payments or Provider()
        self.events = []
        self.now = 1_700_000_000.5
        self.slept = []
        begin(GUEST, self.store)
        self.checkout = Checkout(
            GUEST,
            self.store,
            self.payments,
            self.events.append,
            answer_secs=60,
            clock=lambda: self.now,
            sleep=self.sleep,
        )
        if ordered:
            change(GUEST, self.store, lambda session: ledger.with_line(session, martini(ordered, 2)))

    async def sleep(self, seconds):
        self.slept.append(seconds)

    @property
    def session(self):
        return load(GUEST, self.store)

    async def order(self, price):
        await self.checkout.change(lambda session: ledger.with_line(session, martini(price)))

    async def open_link(self):
        return (await self.checkout.open_link("The bar")).link

    async def look(self):
        outcome = await self.checkout.check()
        assert outcome
        return outcome

    def payment_news(self):
        return [event.status.value for event in self.events if isinstance(event, PaymentChanged)]


async def test_a_link_asks_for_tab_plus_tip_and_is_shown():
    visit = Visit()
    await visit.checkout.change(lambda session: ledger.tipped(session, 15))
    link = await visit.open_link()
    assert link.amount == Decimal("29.90")
    assert visit.payments.created == [(Decimal("29.90"), "The bar: 2 x Martini, tip $3.90", "guest_1700000000")]
    shown = visit.events[-1]
    assert isinstance(shown, PaymentLinkReady)
    assert (shown.url, shown.amount, shown.is_simulated) == (link.url, Decimal("29.90"), True)
    assert visit.session.payment.payment_status == "processing"
    assert visit.session.payment.stripe_payment_id == link.payment_id


async def test_the_key_is_stored_before_the_provider_is_asked():
    visit = Visit()
    seen = []
    visit.payments.during = lambda: seen.append(visit.session.payment.idempotency_key)
    await visit.open_link()
    assert seen == ["guest_1700000000"]


async def test_asking_again_shows_the_link_that_is_out():
    visit = Visit()
    first = await visit.open_link()
    assert await visit.open_link() == first
    assert len(visit.payments.created) == 1
    assert sum(isinstance(event, PaymentLinkReady) for event in visit.events) == 2


async def test_two_requests_at_once_share_one_link():
    visit = Visit()
    links = await asyncio.gather(*(visit.open_link() for _ in range(3)))
    assert len({link.payment_id for link in links}) == 1
    assert len(visit.payments.created) == 1


async def test_two_kiosks_that_make_the_same_attempt_share_its_link():
    visit = Visit()
    other = Checkout(GUEST, visit.store, visit.payments, visit.events.append)
    one, two = await asyncio.gather(visit.open_link(), other.open_link("The bar"))
    assert one == two.link == visit.session.link
    assert visit.session.withdrawn == ()
    assert len({key for _, _, key in visit.payments.created}) == 1


@pytest.mark.parametrize(("ordered", "words"), [(None, "tab is empty"), ("0.24", "less than \\$0.50")])
async def test_nothing_to_pay_makes_no_link(ordered, words):
    visit = Visit(ordered=ordered)
    before = visit.session
    with pytest.raises(NothingToPayError, match=words):
        await visit.open_link()
    assert visit.session == before
    assert visit.payments.created == []


async def test_a_drink_ordered_while_the_link_is_made_is_on_the_link_that_is_shown():
    visit = Visit()
    late = iter(["6.00"])

    async def order_once():
        for price in late:
            await visit.order(price)

    visit.payments.during = order_once
    link = await visit.open_link()
    assert link.amount == Decimal("32.00") == visit.session.payment.total
    (stale_amount, _, stale_key), (_, _, key) = visit.payments.created
    assert stale_amount == Decimal("26.00")
    assert stale_key != key
    assert visit.session.withdrawn == ()
    assert [event.amount for event in visit.events if isinstance(event, PaymentLinkReady)] == [link.amount]


async def test_a_tab_that_keeps_changing_gets_no_link():
    visit = Visit()
    visit.payments.during = lambda: visit.order("1.00")
    with pytest.raises(ConcurrentModificationError):
        await visit.open_link()
    assert (visit.session.link, visit.session.withdrawn) == (None, ())
    assert visit.session.payment.payment_status == "pending"


async def test_a_refused_link_leaves_the_tab_as_it_was():
    visit = Visit(Provider(trouble=PaymentRefusedError("no")))
    with pytest.raises(PaymentRefusedError):
        await visit.open_link()
    payment = visit.session.payment
    assert (payment.payment_status, payment.idempotency_key) == ("pending", None)
    assert payment.tab_total == Decimal("26.00")


async def test_an_attempt_of_unknown_outcome_is_repeated_with_its_key():
    visit = Visit(Provider(trouble=PaymentNetworkError("cut"), acts_first=True))
    with pytest.raises(PaymentNetworkError):
        await visit.open_link()
    assert visit.session.payment.payment_status == "pending"
    await visit.open_link()
    keys = {key for _, _, key in visit.payments.created}
    assert keys == {"guest_1700000000"}


async def test_an_attempt_that_died_with_its_process_is_repeated_with_its_key():
    visit = Visit()
    task = asyncio.create_task(visit.open_link())
    visit.payments.during = task.cancel
    with pytest.raises(asyncio.CancelledError):
        await task
    visit.payments.during = lambda: None
    revived = Checkout(GUEST, visit.store, visit.payments, visit.events.append)
    await revived.open_link("The bar")
    assert len({key for _, _, key in visit.payments.created}) == 1


async def test_a_paid_link_completes_the_tab_once():
    visit = Visit()
    link = await visit.open_link()
    assert (await visit.look()).status is PaymentStatus.PENDING
    visit.payments.pay(link.payment_id)
    looks = await asyncio.gather(visit.look(), visit.look())
    assert [look.status for look in looks] == [PaymentStatus.SUCCEEDED] * 2
    assert sorted(look.is_news for look in looks) == [False, True]
    payment = visit.session.payment
    assert (payment.payment_status, payment.tab_total, payment.balance) == ("completed", 0, Decimal("974.00"))
    assert visit.payment_news() == ["succeeded"]
    assert len(visit.session.history) == 1
    assert await visit.checkout.check() is None


async def test_a_failed_link_leaves_tab_and_balance_and_can_be_made_anew():
    visit = Visit()
    link = await visit.open_link()
    await visit.payments.cancel_payment_link(link.payment_id)
    outcome = await visit.look()
    assert (outcome.status, outcome.is_news) == (PaymentStatus.FAILED, True)
    assert visit.payment_news() == ["failed"]
    assert visit.session.payment.tab_total == Decimal("26.00")
    assert (await visit.open_link()).payment_id != link.payment_id


async def test_an_answer_that_does_not_come_is_a_timeout_and_changes_nothing():
    visit = Visit()
    await visit.open_link()
    before = visit.session
    visit.payments.trouble = TimeoutError()
    assert (await visit.look()).status is PaymentStatus.TIMEOUT
    assert visit.session == before


async def test_a_withdrawn_link_is_killed_at_the_provider_and_told():
    visit = Visit()
    link = await visit.open_link()
    await visit.order("6.00")
    assert visit.payment_news() == ["cancelled"]
    assert visit.session.link is None
    await visit.checkout.cancel_withdrawn()
    assert visit.session.withdrawn == ()
    assert not visit.payments.pay(link.payment_id)


async def test_a_link_that_could_not_be_killed_is_tried_again():
    visit = Visit()
    link = await visit.open_link()
    await visit.order("6.00")
    visit.payments.trouble = PaymentNetworkError("cut")
    await visit.checkout.cancel_withdrawn()
    assert visit.session.withdrawn == (link,)
    await visit.checkout.cancel_withdrawn()
    assert visit.session.withdrawn == ()


async def test_a_guest_who_pays_and_orders_another_drink_owes_only_that_one():
    visit = Visit()
    await visit.checkout.change(lambda session: ledger.tipped(session, 10))
    link = await visit.open_link()
    visit.payments.pay(link.payment_id)
    await visit.order("6.00")
    await visit.checkout.cancel_withdrawn()
    payment = visit.session.payment
    assert (payment.tab_total, payment.tip_amount, payment.balance) == (Decimal("6.00"), 0, Decimal("968.00"))
    assert payment.payment_status == "pending"
    assert visit.payment_news() == ["cancelled", "succeeded"]
    assert [(tab.tab, tab.tip) for tab in visit.session.history] == [(Decimal("26.00"), Decimal("2.60"))]
    assert [outcome.status for outcome in visit.checkout.untold()] == [PaymentStatus.SUCCEEDED]
    assert visit.checkout.untold() == []


async def test_a_guest_who_pays_and_then_changes_the_tip_has_paid():
    visit = Visit()
    link = await visit.open_link()
    visit.payments.pay(link.payment_id)
    await visit.checkout.change(lambda session: ledger.tipped(session, 20))
    await visit.checkout.cancel_withdrawn()
    payment = visit.session.payment
    assert (payment.payment_status, payment.stripe_payment_id) == ("completed", link.payment_id)
    assert (payment.tab_total, payment.tip_amount) == (0, 0)


async def test_a_payment_for_what_was_taken_off_meanwhile_is_left_to_people():
    visit = Visit()
    link = await visit.open_link()
    visit.payments.pay(link.payment_id)
    await visit.checkout.change(lambda session: ledger.without_item(session, "Martini", 1))
    await visit.checkout.cancel_withdrawn()
    assert [(dispute.payment_id, dispute.reason) for dispute in visit.session.disputed] == [
        (link.payment_id, "changed")
    ]
    assert visit.session.payment.needs_reconciliation
    assert visit.session.payment.tab_total == Decimal("13.00")
    assert [event.code for event in visit.events if isinstance(event, Notice)] == ["payment_dispute"]
    assert [outcome.is_disputed for outcome in visit.checkout.untold()] == [True]


@pytest.mark.parametrize(("taken", "status"), [(None, "succeeded"), (1, "failed")])
async def test_a_change_while_the_provider_says_paid_is_settled_by_what_was_paid_for(taken, status):
    visit = Visit()
    link = await visit.open_link()
    visit.payments.pay(link.payment_id)

    async def change():
        visit.payments.during = lambda: None
        if taken:
            await visit.checkout.change(lambda session: ledger.without_item(session, "Martini", taken))
        else:
            await visit.order("6.00")

    visit.payments.during = change
    outcome = await visit.look()
    assert (outcome.status, outcome.is_disputed) == (status, taken is not None)
    assert visit.session.payment.payment_status == "pending"
    assert visit.session.payment.tab_total == Decimal("13.00" if taken else "6.00")


async def test_a_guest_who_can_only_pay_at_the_bar_reads_so_until_a_code_is_there():
    visit = Visit()
    await visit.checkout.change(ledger.left_for_the_bar)
    await visit.open_link()
    notices = [event for event in visit.events if isinstance(event, Notice)]
    assert [(notice.code, bool(notice.text), notice.of_visit) for notice in notices] == [
        ("pay_at_bar", True, True),
        ("pay_at_bar", False, True),
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://pay.invalid@evil.example/", "https://buy.stripe.com/1"]
)
async def test_a_link_that_leads_to_no_page_of_its_provider_s_is_withdrawn_instead_of_shown(url):
    class Stranger(Provider):
        async def create_payment_link(self, amount, description, idempotency_key, *, is_new=False):
            made = await super().create_payment_link(amount, description, idempotency_key, is_new=is_new)
            return {**made, "url": url}

    visit = Visit(Stranger())
    with pytest.raises(WrongLinkError):
        await visit.open_link()
    assert not any(isinstance(event, PaymentLinkReady) for event in visit.events)
    assert visit.session.link is None
    assert visit.session.pays_at_bar
    await visit.checkout.cancel_withdrawn()
    assert not visit.session.abandoned
    [link] = visit.payments._links.values()
    assert (await visit.payments.look_at(link)).status == "failed"
