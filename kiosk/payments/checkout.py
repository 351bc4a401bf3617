"""The payments of one session: make its link, ask about it, settle it, withdraw it.

The watcher and the tools both come here, at any time and in any order. Each change is one step in
the store, so whoever is second finds nothing left to do.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from loguru import logger

from kiosk.events import Event, Level, Notice, PaymentStatus
from kiosk.money import as_text
from kiosk.payments.provider import PaymentError, PaymentProvider
from kiosk.state import ledger
from kiosk.state.errors import ConcurrentModificationError
from kiosk.state.news import link_ready, news_of
from kiosk.state.schema import Link, Session
from kiosk.state.sessions import AnyStore, Change, change, load

# How long the provider may take to answer one question about a link.
ANSWER_SECS = 5.0

# How often a link is made anew because the tab changed while it was being made.
LINK_ATTEMPTS = 3


@dataclass(frozen=True)
class Outcome:
    """How a link stands.

    Parameters:
        is_news: this look was the one that found out; false for everyone who comes after.
    """

    status: PaymentStatus
    payment_id: str
    amount: Decimal
    is_news: bool = False


class Checkout:
    """Where one session meets its payment provider.

    Parameters:
        publish: told of every change, right after it is stored.
        answer_secs: how long the provider may take to answer one question.
        clock: seconds since the epoch, for idempotency keys.
    """

    def __init__(
        self,
        session_id: str,
        store: AnyStore,
        payments: PaymentProvider,
        publish: Callable[[Event], None],
        *,
        answer_secs: float = ANSWER_SECS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.session_id = session_id
        self.store = store
        self._payments = payments
        self._publish = publish
        self._answer_secs = answer_secs
        self._clock = clock
        self._making_link = asyncio.Lock()
        self._untold: list[Outcome] = []

    async def open_link(self, payee: str) -> Link:
        """A link for tab plus tip, shown; the one that is out already, if there is one.

        Raises:
            NothingToPayError: the tab is empty, or less than a card can be charged.
            ConcurrentModificationError: the tab kept changing while the link was made.
            PaymentError: the provider made none; the tab is as it was.
        """
        # One at a time: a second request waits, and then finds the first one's link.
        async with self._making_link:
            for _ in range(LINK_ATTEMPTS):
                session = self.change(self._begun).after
                if session.link:
                    self._publish(link_ready(session))
                    return session.link
                link = await self._make_link(session, payee)
                if shown := self._put_on_session(session, link):
                    return shown
                # The tab changed while the provider worked: this link is for another amount.
                await self.cancel_withdrawn()
            raise ConcurrentModificationError("The tab keeps changing; ask for the payment again.")

    async def check(self) -> Outcome | None:
        """Ask about the link that is out, and settle or give up what the answer settles; None: none is out.

        Raises:
            PaymentError: the provider could not be asked; how the link stands is not known.
        """
        link = load(self.session_id, self.store).link
        if link is None:
            return None
        try:
            async with asyncio.timeout(self._answer_secs):
                answer = await self._payments.check_payment_status(link.payment_id)
        except TimeoutError:
            return Outcome(PaymentStatus.TIMEOUT, link.payment_id, link.amount)
        status = PaymentStatus(answer)
        if status is PaymentStatus.PENDING:
            return Outcome(status, link.payment_id, link.amount)
        step = ledger.settled if status is PaymentStatus.SUCCEEDED else ledger.declined
        made = self.change(lambda session: step(session, link.payment_id))
        if _is_paid(link, made.after):
            status = PaymentStatus.SUCCEEDED
        elif made.before.link != link:
            # The tab changed while the provider was being asked.
            return Outcome(PaymentStatus.CANCELLED, link.payment_id, link.amount)
        return Outcome(status, link.payment_id, link.amount, is_news=made.after is not made.before)

    async def cancel_withdrawn(self) -> None:
        """Have the provider kill the links that were withdrawn; those it does not answer for stay listed.

        One that turns out to be paid is settled as far as it can be, and left for `untold`.
        """
        for link in load(self.session_id, self.store).withdrawn:
            try:
                async with asyncio.timeout(self._answer_secs):
                    is_dead = await self._payments.cancel_payment_link(link.payment_id)
            except (PaymentError, TimeoutError) as error:
                logger.warning("{} cannot be withdrawn yet: {!r}", link.payment_id, error)
                continue
            made = self._forget(link, was_paid=not is_dead)
            if _is_paid(link, made.after) and not _is_paid(link, made.before):
                self._untold.append(Outcome(PaymentStatus.SUCCEEDED, link.payment_id, link.amount, is_news=True))

    def untold(self) -> list[Outcome]:
        """The payments that came to light by the way, each handed out once."""
        untold, self._untold = self._untold, []
        return untold

    def change(self, decide: Callable[[Session], Session]) -> Change:
        """One step of the session, stored and then published, with no `await` in between."""
        made = change(self.session_id, self.store, decide, must_exist=True)
        for event in news_of(made):
            self._publish(event)
        for link in made.after.disputed[len(made.before.disputed) :]:
            logger.error("{} of {} was paid after it was withdrawn", link.payment_id, self.session_id)
            text = "A payment arrived for a tab that had changed. Please ask the staff."
            self._publish(Notice("payment_dispute", text, Level.WARNING))
        return made

    def _begun(self, session: Session) -> Session:
        return ledger.payment_begun(session, self.session_id, self._clock())

    async def _make_link(self, session: Session, payee: str) -> Link:
        payment, key = session.payment, session.payment.idempotency_key or ""
        try:
            made = await self._payments.create_payment_link(payment.total, _description(session, payee), key)
        except PaymentError as error:
            known = error.outcome_is_known
            self.change(lambda session: ledger.link_not_made(session, key, outcome_is_known=known))
            raise
        return Link(payment_id=made.payment_id, url=made.url, amount=payment.total, is_simulated=made.is_simulated)

    def _put_on_session(self, session: Session, link: Link) -> Link | None:
        key = session.payment.idempotency_key or ""
        shown = self.change(lambda session: ledger.link_made(session, key, link)).after.link
        return shown if shown and shown.payment_id == link.payment_id else None

    def _forget(self, link: Link, *, was_paid: bool) -> Change:
        return self.change(lambda session: ledger.forgotten(session, link.payment_id, was_paid=was_paid))


def _is_paid(link: Link, session: Session) -> bool:
    return any(tab.payment_id == link.payment_id for tab in session.history)


def _description(session: Session, payee: str) -> str:
    drinks = ", ".join(f"{line.quantity} x {line.item}" for line in session.order)
    tip = session.payment.tip_amount
    return f"{payee}: {drinks or 'tab'}" + (f", tip {as_text(tip)}" if tip else "")
