"""The payments of one session: make its link, ask about it, settle it, withdraw it.

The watcher and the tools both come here, at any time and in any order. Each change is one step in
the store, so whoever is second finds nothing left to do. The store is used on a thread of its own:
a disk that is busy, or a database that does not answer, must not make Maya stutter.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from loguru import logger

from kiosk.events import Event, PaymentStatus, ServiceChanged
from kiosk.links import is_page_of
from kiosk.payments.expiry import Expiry
from kiosk.payments.provider import (
    LinkReport,
    PaymentError,
    PaymentProvider,
    PaymentUnavailableError,
    WrongLinkError,
)
from kiosk.payments.published_session import PublishedSession
from kiosk.state import ledger
from kiosk.state.errors import ConcurrentModificationError, PaysAtBarError, StoreError
from kiosk.state.news import link_ready
from kiosk.state.schema import Link, Session
from kiosk.state.sessions import AnyStore, Change, journaled

# How long the provider may take to answer one question about a link.
ANSWER_SECS = 5.0

# How often a link is made anew because the tab changed while it was being made.
LINK_ATTEMPTS = 3

# How often, and how far apart, it is tried to put a link that was made on record.
RECORD_TRIES = 3
RECORD_PAUSE_SECS = 0.5


@dataclass(frozen=True)
class Outcome:
    """How a link stands.

    Parameters:
        is_news: this look was the one that found out; false for everyone who comes after.
        is_disputed: money arrived, and the tab is not simply paid by it.
    """

    status: PaymentStatus
    payment_id: str
    amount: Decimal
    is_news: bool = False
    is_disputed: bool = False


@dataclass(frozen=True)
class OpenLink:
    """A link that the guest can pay now.

    Parameters:
        is_recorded: false if the store could not be told of it, so that staff should hear of the payment.
    """

    link: Link
    is_recorded: bool = True


class Checkout(PublishedSession):
    """Where one session meets its payment provider.

    Parameters:
        publish: told of every change, right after it is stored.
        answer_secs: how long the provider may take to answer one question.
        expiry: when links are withdrawn unpaid; one for all checkouts of a process.
        clock: seconds since the epoch, for idempotency keys where the provider does not tell the time.
        sleep: waits between two tries to put a link on record.
    """

    def __init__(
        self,
        session_id: str,
        store: AnyStore,
        payments: PaymentProvider,
        publish: Callable[[Event], None],
        *,
        answer_secs: float = ANSWER_SECS,
        expiry: Expiry | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        super().__init__(session_id, store, publish, expiry or Expiry(clock=clock), payments.page_hosts)
        self._payments = payments
        self.answer_secs = answer_secs
        self._clock = clock
        self._sleep = sleep
        self._making_link = asyncio.Lock()
        self._is_cloud = payments.is_cloud
        self._unrecorded: tuple[str, Link, bool] | None = None
        self._answered_for: set[str] = set()
        self._untold: list[Outcome] = []

    async def open_link(self, payee: str) -> OpenLink:
        """A link for tab plus tip, shown; the one that is out already, if there is one.

        Raises:
            NothingToPayError: the tab is empty, or less than a card can be charged.
            ConcurrentModificationError: the tab kept changing while the link was made.
            PaysAtBarError: the guest has chosen to pay the staff while the link was made.
            PaymentError: the provider made none; the tab is open, marked for payment at the bar.
            PaymentUnavailableError: likewise, or an earlier link is not certain to be dead.
        """
        # One at a time: a second request waits, and then finds the first one's link.
        async with self._making_link:
            await self._record_late()
            for number in range(LINK_ATTEMPTS):
                session = await self._earlier_links_dead()
                begun = await self._begin(await self._time(session), is_repeated=number > 0)
                if begun.after.link:
                    self._publish(link_ready(begun.after.link, self.secs_left))
                    return OpenLink(begun.after.link)
                link, may_have_twin = await self._make_link(begun, payee)
                if shown := await self._put_on_session(begun.after, link, may_have_twin):
                    return shown
                # The tab changed while the provider worked: this link is for another amount.
                await self.cancel_withdrawn()
            raise ConcurrentModificationError("The tab keeps changing; ask for the payment again.")

    async def leave_to_the_bar(self) -> Change:
        """Mark the open tab as the staff's to collect; a link that is out is withdrawn.

        Raises:
            NothingToPayError: the tab is empty.
        """
        # A code that is on the screen without being on record has to be on it to be withdrawn.
        await self._record_late()
        return await self.change(ledger.to_the_bar)

    def announce_provider(self) -> None:
        """Publish where links are made; later changes are published when they show."""
        self._publish_where("no key")

    async def check(self) -> Outcome | None:
        """Ask about the link that is out, and settle or give up what the answer settles; None: none is out.

        Raises:
            PaymentError: the provider could not be asked; how the link stands is not known.
        """
        await self._record_late()
        link = (await self.session()).link
        if link is None:
            return None
        try:
            async with asyncio.timeout(self.answer_secs):
                report = await self._payments.look_at(link.payment_id)
        except TimeoutError:
            return Outcome(PaymentStatus.TIMEOUT, link.payment_id, link.amount)
        status = PaymentStatus(report.status)
        if status is PaymentStatus.PENDING:
            return await self._unpaid(link, report)
        made = await self.change(_step_for(link, report))
        if _is_paid(link, made.after):
            status = PaymentStatus.SUCCEEDED
        elif _is_disputed(link, made.after):
            is_news = not _is_disputed(link, made.before)
            return Outcome(PaymentStatus.FAILED, link.payment_id, link.amount, is_news, is_disputed=True)
        elif made.before.link != link:
            # The tab changed while the provider was being asked.
            return Outcome(PaymentStatus.CANCELLED, link.payment_id, link.amount)
        return Outcome(status, link.payment_id, link.amount, is_news=made.after is not made.before)

    async def cancel_withdrawn(self) -> None:
        """Have the provider kill what is not, or no longer, the visit's; what it does not answer for stays listed.

        That is what was withdrawn, and the links that nobody put on record: of attempts that were made more than once,
        and of one that this process finds as another has left it. A link that turns out to be paid is settled as far as
        it can be, and left for `untold`.
        """
        session = await self.session()
        for link in session.withdrawn:
            with self._unless_provider_fails(link.payment_id):
                async with asyncio.timeout(self.answer_secs):
                    paid = await self._payments.cancel_payment_link(link.payment_id)
                await self._forget(link, paid)
        for key in (*session.abandoned, *self._inherited(session)):
            with self._unless_provider_fails(key):
                await self._search(key)

    def untold(self) -> list[Outcome]:
        """The payments that came to light by the way, each handed out once."""
        untold, self._untold = self._untold, []
        return untold

    def note_told(self, payment_id: str | None) -> None:
        """The guest knows of this payment already."""
        self._untold = [outcome for outcome in self._untold if outcome.payment_id != payment_id]

    async def _begin(self, now: float, *, is_repeated: bool) -> Change:
        def begun(session: Session) -> Session:
            # Whoever asks for a code may have chosen the bar before; whoever waits for one has done so since.
            if is_repeated and session.at_bar == "chosen":
                raise PaysAtBarError("There is no code, because you pay at the bar.")
            return ledger.payment_begun(session, self.session_id, now)

        return await self.change(begun)

    async def _earlier_links_dead(self) -> Session:
        if (await self.session()).withdrawn:
            await self.cancel_withdrawn()
        session = await self.session()
        if session.withdrawn:
            # With two codes that can be paid, a guest could be charged twice.
            await self.change(ledger.left_for_the_bar)
            raise PaymentUnavailableError("An earlier code can still be paid, and cannot be withdrawn just now.")
        return session

    async def _time(self, session: Session) -> float:
        # A lost link is looked for among those that are no older than its key: so the key is stamped by the clock that
        # stamps links, for this machine's may be years off.
        there = None if session.link else await self._payments.server_time()
        return self._clock() if there is None else there

    def _publish_where(self, reason: str) -> None:
        where = "cloud" if self._is_cloud else "house"
        self._publish(ServiceChanged("payments", where, "" if self._is_cloud else reason))

    async def _make_link(self, begun: Change, payee: str) -> tuple[Link, bool]:
        session = begun.after
        key = session.payment.idempotency_key or ""
        is_new = begun.before.payment.idempotency_key != key
        self._answered_for.add(key)
        try:
            made = await self._payments.create_payment_link(
                session.charge, _description(session, payee), key, is_new=is_new
            )
            if not is_page_of(made["url"], self._payments.page_hosts):
                raise WrongLinkError("A link was made that leads to no page of the provider's.")
        except PaymentError as error:
            known, is_wrong = error.outcome_is_known, isinstance(error, WrongLinkError)

            def given_up(session: Session) -> Session:
                left = ledger.link_not_made(session, key, outcome_is_known=known or is_wrong)
                # A wrong link stays followed until it certainly cannot be paid.
                return ledger.left_for_the_bar(ledger.abandoned(left, key) if is_wrong else left)

            await self.change(given_up)
            raise
        if made["is_simulated"] is self._is_cloud:
            self._is_cloud = not self._is_cloud
            self._publish_where("Stripe cannot be reached")
        link = Link(
            payment_id=made["payment_id"],
            url=made["url"],
            amount=session.charge,
            is_simulated=made["is_simulated"],
            expires_at=self._expiry.begin(made["payment_id"]),
        )
        return link, made.get("may_have_twin", False)

    async def _put_on_session(self, session: Session, link: Link, may_have_twin: bool) -> OpenLink | None:
        key = session.payment.idempotency_key or ""

        def recorded(session: Session) -> Session:
            return ledger.link_made(session, key, link, may_have_twin=may_have_twin)

        for left in reversed(range(RECORD_TRIES)):
            try:
                shown = (await self.change(recorded)).after.link
            except StoreError as error:
                logger.warning("{} of {} cannot be put on record: {}", link.payment_id, self.session_id, error)
                if left:
                    await self._sleep(RECORD_PAUSE_SECS)
                continue
            return OpenLink(shown) if shown and shown.payment_id == link.payment_id else None
        logger.critical(
            "{} of {} is shown, but not on record: {}, made at {}",
            link.payment_id,
            self.session_id,
            link.amount,
            int(self._clock()),
        )
        # The attempt's key was stored before the link was made: after a restart, too, its link is found again.
        self._unrecorded = key, link, may_have_twin
        self._publish(link_ready(link, self.secs_left))
        return OpenLink(link, is_recorded=False)

    async def _record_late(self) -> None:
        if self._unrecorded is None:
            return
        key, link, may_have_twin = self._unrecorded

        def recorded(session: Session) -> Session:
            return ledger.to_reconcile(ledger.link_made(session, key, link, may_have_twin=may_have_twin))

        await self.change(recorded)
        self._unrecorded = None

    def _inherited(self, session: Session) -> Iterator[str]:
        """The visit's present attempt, if another process made it: it may have asked twice, or been cut off between."""
        key = session.payment.idempotency_key
        if key and key not in session.abandoned and key not in self._answered_for:
            yield key

    async def _search(self, key: str) -> None:
        session = await self.session()
        payment = session.payment
        if key == payment.idempotency_key and not session.link and payment.payment_status != "completed":
            # The attempt goes on: what is found now may be the link that the guest is about to be shown.
            return
        known = session.payment_ids | await asyncio.to_thread(journaled, self.session_id, self.store)
        async with asyncio.timeout(self.answer_secs):
            report = await self._payments.cancel_attempt(key, spare=known)
        paid = [_unknown_link(link.payment_id, link.paid) for link in report.paid]
        made = await self.change(lambda session: ledger.attempt_searched(session, key, paid, is_final=report.is_final))
        self._answered_for.add(key)
        for link in paid:
            self._note_untold(link, made)

    async def _unpaid(self, link: Link, report: LinkReport) -> Outcome:
        is_wrong = report.asks not in (None, link.amount)
        left = self.secs_left(link)
        if not is_wrong and (left is None or left > 0):
            return Outcome(PaymentStatus.PENDING, link.payment_id, link.amount)
        if is_wrong:
            logger.error(
                "{} of {} asks for {} and not for {}", link.payment_id, self.session_id, report.asks, link.amount
            )

        def void(session: Session) -> Session:
            if session.link != link:
                return session
            return ledger.to_reconcile(ledger.withdrawn(session)) if is_wrong else ledger.withdrawn(session)

        await self.change(void)
        await self.cancel_withdrawn()
        return Outcome(PaymentStatus.CANCELLED, link.payment_id, link.amount)

    async def _forget(self, link: Link, paid: Decimal | None) -> None:
        self._note_untold(link, await self.change(lambda session: ledger.forgotten(session, link.payment_id, paid)))

    def _note_untold(self, link: Link, made: Change) -> None:
        if _is_paid(link, made.after) and not _is_paid(link, made.before):
            self._untold.append(Outcome(PaymentStatus.SUCCEEDED, link.payment_id, link.amount, is_news=True))
        elif _is_disputed(link, made.after) and not _is_disputed(link, made.before):
            status = PaymentStatus.FAILED
            self._untold.append(Outcome(status, link.payment_id, link.amount, is_news=True, is_disputed=True))

    @contextlib.contextmanager
    def _unless_provider_fails(self, what: str) -> Iterator[None]:
        try:
            yield
        except (PaymentError, TimeoutError) as error:
            logger.warning("{} of {} cannot be withdrawn yet: {!r}", what, self.session_id, error)


def _step_for(link: Link, report: LinkReport) -> Callable[[Session], Session]:
    paid = report.paid
    if report.status == "succeeded" and paid is not None:
        return lambda session: ledger.settled(session, link.payment_id, paid)
    return lambda session: ledger.declined(session, link.payment_id)


def _is_paid(link: Link, session: Session) -> bool:
    return any(tab.payment_id == link.payment_id for tab in session.history)


def _is_disputed(link: Link, session: Session) -> bool:
    return any(dispute.payment_id == link.payment_id for dispute in session.disputed)


def _unknown_link(payment_id: str, paid: Decimal) -> Link:
    return Link(payment_id=payment_id, url="", amount=paid, is_simulated=False)


def _description(session: Session, payee: str) -> str:
    drinks = ", ".join(f"{line.quantity} x {line.item}" for line in session.order)
    tip = session.payment.tip_amount
    return f"{payee}: {drinks or 'tab'}" + (f", tip {session.terms.currency.label(tip)}" if tip else "")
