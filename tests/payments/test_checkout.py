"""One session and its provider: links, answers, and whatever comes between the two."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

import pytest

from kiosk.events import Notice, PaymentChanged, PaymentLinkReady, PaymentStatus
from kiosk.payments.checkout import Checkout
from kiosk.payments.provider import PaymentNetworkError, PaymentRefusedError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.state import ledger
from kiosk.state.errors import ConcurrentModificationError, NothingToPayError
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, load

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

    async def create_payment_link(self, amount, description, idempotency_key):
        if self.trouble and not self.acts_first:
            raise self._once()
        link = await super().create_payment_link(amount, description, idempotency_key)
        self.created.append((amount, description, idempotency_key))
        self.during()
        await asyncio.sleep(0)
        if self.trouble:
            raise self._once()
        return link

    async def check_payment_status(self, payment_id):
        answer = await super().check_payment_status(payment_id)
        await asyncio.sleep(0)
        self.during()
        if self.trouble:
            raise self._once()
        return answer

    async def cancel_payment_link(self, payment_id):
        if self.trouble:
            raise self._once()
        return await super().cancel_payment_link(payment_id)

    def _once(self) -> Exception:
        trouble, self.trouble = self.trouble, None
        assert trouble
        return trouble


class Visit:
    """A guest with a 26.00 tab at a checkout."""

    def __init__(self, payments=None, ordered="13.00"):
        self.store = {}
        self.payments = payments or Provider()
        self.events = []
        begin(GUEST, self.store)
        self.checkout = Checkout(
            GUEST,
            self.store,
            self.payments,
            self.events.append,
            answer_secs=60,
            clock=lambda: 1_700_000_000.5,
        )
        if ordered:
            self.order(ordered, quantity=2)

    @property
    def session(self):
        return load(GUEST, self.store)

    def order(self, price, quantity=1):
        line = Line(item="Martini", unit_price=Decimal(price), quantity=quantity)
        self.checkout.change(lambda session: ledger.with_line(session, line))

    async def look(self):
        outcome = await self.checkout.check()
        assert outcome
        return outcome

    def payment_news(self):
        return [event.status.value for event in self.events if isinstance(event, PaymentChanged)]


async def test_a_link_asks_for_tab_plus_tip_and_is_shown():
    visit = Visit()
    visit.checkout.change(lambda session: ledger.tipped(session, 15))
    link = await visit.checkout.open_link("The bar")
    assert link.amount == Decimal("29.90")
    assert visit.payments.created == [(Decimal("29.90"), "The bar: 2 x Martini, tip 3.90", "guest_1700000000")]
    shown = visit.events[-1]
    assert isinstance(shown, PaymentLinkReady)
    assert (shown.url, shown.amount, shown.is_simulated) == (link.url, Decimal("29.90"), True)
    assert visit.session.payment.payment_status == "processing"
    assert visit.session.payment.stripe_payment_id == link.payment_id


async def test_the_key_is_stored_before_the_provider_is_asked():
    visit = Visit()
    seen = []
    visit.payments.during = lambda: seen.append(visit.session.payment.idempotency_key)
    await visit.checkout.open_link("The bar")
    assert seen == ["guest_1700000000"]


async def test_asking_again_shows_the_link_that_is_out():
    visit = Visit()
    first = await visit.checkout.open_link("The bar")
    assert await visit.checkout.open_link("The bar") == first
    assert len(visit.payments.created) == 1
    assert sum(isinstance(event, PaymentLinkReady) for event in visit.events) == 2


async def test_two_requests_at_once_share_one_link():
    visit = Visit()
    links = await asyncio.gather(*(visit.checkout.open_link("The bar") for _ in range(3)))
    assert len(set(links)) == 1
    assert len(visit.payments.created) == 1


async def test_two_kiosks_that_make_the_same_attempt_share_its_link():
    visit = Visit()
    other = Checkout(GUEST, visit.store, visit.payments, visit.events.append)
    one, two = await asyncio.gather(visit.checkout.open_link("The bar"), other.open_link("The bar"))
    assert one == two == visit.session.link
    assert visit.session.withdrawn == ()
    assert len({key for _, _, key in visit.payments.created}) == 1


@pytest.mark.parametrize(("ordered", "words"), [(None, "tab is empty"), ("0.24", "less than 0.50")])
async def test_nothing_to_pay_makes_no_link(ordered, words):
    visit = Visit(ordered=ordered)
    before = visit.session
    with pytest.raises(NothingToPayError, match=words):
        await visit.checkout.open_link("The bar")
    assert visit.session == before
    assert visit.payments.created == []


async def test_a_drink_ordered_while_the_link_is_made_is_on_the_link_that_is_shown():
    visit = Visit()
    late = iter(["6.00"])
    visit.payments.during = lambda: [visit.order(price) for price in late]
    link = await visit.checkout.open_link("The bar")
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
        await visit.checkout.open_link("The bar")
    assert (visit.session.link, visit.session.withdrawn) == (None, ())
    assert visit.session.payment.payment_status == "pending"


async def test_a_refused_link_leaves_the_tab_as_it_was():
    visit = Visit(Provider(trouble=PaymentRefusedError("no")))
    with pytest.raises(PaymentRefusedError):
        await visit.checkout.open_link("The bar")
    payment = visit.session.payment
    assert (payment.payment_status, payment.idempotency_key) == ("pending", None)
    assert payment.tab_total == Decimal("26.00")


async def test_an_attempt_of_unknown_outcome_is_repeated_with_its_key():
    visit = Visit(Provider(trouble=PaymentNetworkError("cut"), acts_first=True))
    with pytest.raises(PaymentNetworkError):
        await visit.checkout.open_link("The bar")
    assert visit.session.payment.payment_status == "pending"
    await visit.checkout.open_link("The bar")
    keys = {key for _, _, key in visit.payments.created}
    assert keys == {"guest_1700000000"}


async def test_an_attempt_that_died_with_its_process_is_repeated_with_its_key():
    visit = Visit()
    task = asyncio.create_task(visit.checkout.open_link("The bar"))
    visit.payments.during = task.cancel
    with pytest.raises(asyncio.CancelledError):
        await task
    visit.payments.during = lambda: None
    revived = Checkout(GUEST, visit.store, visit.payments, visit.events.append)
    await revived.open_link("The bar")
    assert len({key for _, _, key in visit.payments.created}) == 1


async def test_a_paid_link_completes_the_tab_once():
    visit = Visit()
    link = await visit.checkout.open_link("The bar")
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
    link = await visit.checkout.open_link("The bar")
    await visit.payments.cancel_payment_link(link.payment_id)
    outcome = await visit.look()
    assert (outcome.status, outcome.is_news) == (PaymentStatus.FAILED, True)
    assert visit.payment_news() == ["failed"]
    assert visit.session.payment.tab_total == Decimal("26.00")
    assert (await visit.checkout.open_link("The bar")).payment_id != link.payment_id


async def test_an_answer_that_does_not_come_is_a_timeout_and_changes_nothing():
    visit = Visit()
    await visit.checkout.open_link("The bar")
    before = visit.session
    visit.payments.trouble = TimeoutError()
    assert (await visit.look()).status is PaymentStatus.TIMEOUT
    assert visit.session == before


async def test_a_withdrawn_link_is_killed_at_the_provider_and_told():
    visit = Visit()
    link = await visit.checkout.open_link("The bar")
    visit.order("6.00")
    assert visit.payment_news() == ["cancelled"]
    assert visit.session.link is None
    await visit.checkout.cancel_withdrawn()
    assert visit.session.withdrawn == ()
    assert not visit.payments.pay(link.payment_id)


async def test_a_link_that_could_not_be_killed_is_tried_again():
    visit = Visit()
    link = await visit.checkout.open_link("The bar")
    visit.order("6.00")
    visit.payments.trouble = PaymentNetworkError("cut")
    await visit.checkout.cancel_withdrawn()
    assert visit.session.withdrawn == (link,)
    await visit.checkout.cancel_withdrawn()
    assert visit.session.withdrawn == ()


async def test_a_guest_who_pays_and_orders_another_drink_owes_only_that_one():
    visit = Visit()
    visit.checkout.change(lambda session: ledger.tipped(session, 10))
    link = await visit.checkout.open_link("The bar")
    visit.payments.pay(link.payment_id)
    visit.order("6.00")
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
    link = await visit.checkout.open_link("The bar")
    visit.payments.pay(link.payment_id)
    visit.checkout.change(lambda session: ledger.tipped(session, 20))
    await visit.checkout.cancel_withdrawn()
    payment = visit.session.payment
    assert (payment.payment_status, payment.stripe_payment_id) == ("completed", link.payment_id)
    assert (payment.tab_total, payment.tip_amount) == (0, 0)


async def test_a_payment_for_what_was_taken_off_meanwhile_is_left_to_people():
    visit = Visit()
    link = await visit.checkout.open_link("The bar")
    visit.payments.pay(link.payment_id)
    visit.checkout.change(lambda session: ledger.without_item(session, "Martini", 1))
    await visit.checkout.cancel_withdrawn()
    assert visit.session.disputed == (link,)
    assert visit.session.payment.needs_reconciliation
    assert visit.session.payment.tab_total == Decimal("13.00")
    assert [event.code for event in visit.events if isinstance(event, Notice)] == ["payment_dispute"]
    assert visit.checkout.untold() == []


@pytest.mark.parametrize(("taken", "status"), [(None, "succeeded"), (1, "cancelled")])
async def test_a_change_while_the_provider_says_paid_is_settled_by_what_was_paid_for(taken, status):
    visit = Visit()
    link = await visit.checkout.open_link("The bar")
    visit.payments.pay(link.payment_id)

    def change():
        visit.payments.during = lambda: None
        if taken:
            visit.checkout.change(lambda session: ledger.without_item(session, "Martini", taken))
        else:
            visit.order("6.00")

    visit.payments.during = change
    outcome = await visit.look()
    assert (outcome.status, outcome.is_news) == (status, status == "succeeded")
    assert visit.session.payment.payment_status == "pending"
    assert visit.session.payment.tab_total == Decimal("13.00" if taken else "6.00")
