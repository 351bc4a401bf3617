"""Forgets what is over: visits after their retention time, and the locks of visits that nobody asks for."""

import asyncio
import time
from collections.abc import Callable

from loguru import logger

from kiosk import metrics
from kiosk.state.errors import StateError
from kiosk.state.locks import cleanup_expired_session_locks
from kiosk.state.sessions import AnyStore, forget_settled

INTERVAL_SECS = 3600.0
DAY_SECS = 86_400.0


def tidy(store: AnyStore, retention_days: float, now: float) -> int:
    """Forget what is over; returns how many visits that were.

    A visit whose money is open or disputed is never forgotten. What happened to the money stays in the journal, which
    knows no name, no words and no drinks.
    """
    metrics.LOCKS_CLEANED.inc(cleanup_expired_session_locks())
    forgotten = forget_settled(store, now - retention_days * DAY_SECS)
    metrics.VISITS_FORGOTTEN.inc(forgotten)
    return forgotten


async def keep_house(store: AnyStore, retention_days: float, clock: Callable[[], float] = time.time) -> None:
    """Tidy now and every hour, until cancelled."""
    while True:
        try:
            if forgotten := await asyncio.to_thread(tidy, store, retention_days, clock()):
                logger.info("{} visits of more than {:g} days ago were forgotten", forgotten, retention_days)
        except StateError as error:
            logger.warning("housekeeping: {!r}", error)
        await asyncio.sleep(INTERVAL_SECS)
