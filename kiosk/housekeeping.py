"""Forgets what is over: visits after their retention time, and the locks of visits that nobody asks for."""

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from kiosk import metrics
from kiosk.state.locks import cleanup_expired_session_locks
from kiosk.state.sessions import AnyStore, forget_settled, restamp_settled, time_of

INTERVAL_SECS = 600.0
LOCK_AGE_SECS = 3600.0
DAY_SECS = 86_400.0
# 2026-01-01: a clock that says less has not been set since the machine was switched on.
SET_SINCE = 1_767_225_600.0
# After so many failures in a row a person has to look.
CRITICAL_FAILURES = 3


def tidy(
    store: AnyStore,
    retention_days: float,
    now: float,
    *,
    present: str | None = None,
    lock_age_secs: float = LOCK_AGE_SECS,
) -> int:
    """Forget what is over; returns how many visits that were.

    A visit whose money is open or disputed is never forgotten, nor is the present one, however long it waits for its
    guest. What happened to the money stays in the journal, which knows no name, no words and no drinks.

    Parameters:
        now: by the clock that the store's moments are of.
        present: the visit that is being served.
    """
    locks = cleanup_expired_session_locks(lock_age_secs)
    metrics.LOCKS_CLEANED.inc(locks)
    logger.info("housekeeping: {} locks of idle visits were dropped", locks)
    if now < SET_SINCE:
        logger.info("housekeeping: the clock is not set, so nothing can be said to be old")
        return 0
    # What was stamped while the clock was ahead would be kept for years; its time begins now.
    restamp_settled(store, present, now + DAY_SECS)
    forgotten = forget_settled(store, now - retention_days * DAY_SECS)
    metrics.VISITS_FORGOTTEN.inc(forgotten)
    logger.info("housekeeping: {} visits of more than {:g} days ago were forgotten", forgotten, retention_days)
    return forgotten


async def keep_house(
    store: AnyStore,
    retention_days: float,
    present: Callable[[], str | None] = lambda: None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Tidy now and every ten minutes, until cancelled; whatever fails is tried again, and ends nothing."""
    failures = 0
    while True:
        try:
            now = await asyncio.to_thread(time_of, store)
            await asyncio.to_thread(tidy, store, retention_days, now, present=present())
            failures = 0
        except Exception as error:
            failures += 1
            level = "CRITICAL" if failures >= CRITICAL_FAILURES else "WARNING"
            logger.log(level, "housekeeping failed {} times in a row: {!r}", failures, error)
        await sleep(INTERVAL_SECS)
