"""Forgets what is over: visits after their retention time, and the locks of visits that nobody asks for."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from loguru import logger

from kiosk import metrics
from kiosk.state.locks import cleanup_expired_session_locks
from kiosk.state.sessions import AnyStore, forget_settled

INTERVAL_SECS = 600.0
LOCK_AGE_SECS = 3600.0
DAY_SECS = 86_400.0
# After so many failures in a row a person has to look.
CRITICAL_FAILURES = 3


def tidy(store: AnyStore, retention_days: float, now: float, *, lock_age_secs: float = LOCK_AGE_SECS) -> int:
    """Forget what is over; returns how many visits that were.

    A visit whose money is open or disputed is never forgotten. What happened to the money stays in the journal, which
    knows no name, no words and no drinks.
    """
    locks = cleanup_expired_session_locks(lock_age_secs)
    metrics.LOCKS_CLEANED.inc(locks)
    logger.info("housekeeping: {} locks of idle visits were dropped", locks)
    forgotten = forget_settled(store, now - retention_days * DAY_SECS)
    metrics.VISITS_FORGOTTEN.inc(forgotten)
    logger.info("housekeeping: {} visits of more than {:g} days ago were forgotten", forgotten, retention_days)
    return forgotten


async def keep_house(
    store: AnyStore,
    retention_days: float,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Tidy now and every ten minutes, until cancelled; whatever fails is tried again, and ends nothing."""
    failures = 0
    while True:
        try:
            await asyncio.to_thread(tidy, store, retention_days, clock())
            failures = 0
        except Exception as error:
            failures += 1
            level = "CRITICAL" if failures >= CRITICAL_FAILURES else "WARNING"
            logger.log(level, "housekeeping failed {} times in a row: {!r}", failures, error)
        await sleep(INTERVAL_SECS)
