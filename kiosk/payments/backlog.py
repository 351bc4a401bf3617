"""Follows the links of visits that are over, until each is paid, cancelled or expired.

A kiosk that is switched off while a code is on its screen must not forget it: the guest may be paying
at that moment. When it starts again, the money of every visit of its own goes on being looked after.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

from loguru import logger

from kiosk.events import Event
from kiosk.payments.checkout import Checkout
from kiosk.payments.expiry import Expiry
from kiosk.payments.provider import PaymentError, PaymentProvider
from kiosk.state import ledger, sessions
from kiosk.state.errors import StateError
from kiosk.state.sessions import AnyStore

# Between two looks at all of them.
INTERVAL_SECS = 10.0


class Backlog:
    """An asyncio task that looks at the links of all visits of this kiosk but the present one.

    Parameters:
        is_ours: whether a session is one of this kiosk's; those of others are followed by others.
        present: the session that is being served now, which has a watcher of its own.
        payee: who the money is for, on links of attempts that a crash cut short.
        expiry: when unpaid links are withdrawn.
        sleep: waits between two looks.
    """

    def __init__(
        self,
        store: AnyStore,
        payments: PaymentProvider,
        *,
        is_ours: Callable[[str], bool],
        present: Callable[[], str | None],
        payee: str,
        expiry: Expiry | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._payments = payments
        self._is_ours = is_ours
        self._present = present
        self._payee = payee
        self._expiry = expiry or Expiry()
        self._sleep = sleep
        self._trouble: dict[str, str] = {}
        self._checkouts: dict[str, Checkout] = {}
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow(), name="payment backlog")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """One look at each of them; what cannot be settled now is settled later."""
        found = await asyncio.to_thread(sessions.outstanding, self._store)
        followed = [other for other in found if other != self._present() and self._is_ours(other)]
        self._checkouts = {session_id: self._checkout(session_id) for session_id in followed}
        for session_id, checkout in self._checkouts.items():
            try:
                session = await checkout.session()
                if session.is_between_attempt_and_link:
                    await checkout.open_link(self._payee)
                elif not session.link:
                    # An attempt of which nobody heard how it ended: its guest will not ask again.
                    await checkout.change(ledger.withdrawn)
                await checkout.cancel_withdrawn()
                await checkout.check()
            except (PaymentError, StateError) as error:
                self._say(session_id, repr(error))
            else:
                self._trouble.pop(session_id, None)

    def _checkout(self, session_id: str) -> Checkout:
        # One for as long as it is followed: it knows which attempts were looked into.
        return self._checkouts.get(session_id) or Checkout(
            session_id, self._store, self._payments, _nobody_sees, expiry=self._expiry
        )

    def _say(self, session_id: str, trouble: str) -> None:
        # A document that nobody can read stays so for days, and one line tells it.
        if self._trouble.get(session_id) != trouble:
            self._trouble[session_id] = trouble
            logger.warning("{} cannot be settled yet: {}", session_id, trouble)

    async def _follow(self) -> None:
        while True:
            try:
                await self.look()
            except StateError as error:
                logger.warning("payment backlog: {!r}", error)
            except Exception:
                logger.exception("payment backlog")
            await self._sleep(INTERVAL_SECS)


def _nobody_sees(_event: Event) -> None:
    """The guest has gone."""
