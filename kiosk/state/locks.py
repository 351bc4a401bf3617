"""One lock a session, so that threads of this process change a session one after the other.

Between processes the store itself keeps order; these locks only spare threads the conflicts.
"""

import threading
import time
from collections.abc import Callable


class SessionLocks:
    """Locks by session id, made when first asked for and dropped when the session is.

    Parameters:
        clock: seconds, for the age of a lock that nobody has asked for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._mutex = threading.Lock()
        self._locks: dict[str, threading.RLock] = {}
        self._asked_for: dict[str, float] = {}
        self._is_dropping = False

    def get(self, session_id: str) -> threading.RLock:
        """The session's lock: the same one for every caller until it is dropped."""
        # Every change comes through here, and threads that meet in the mutex at each of them halve the
        # rate of all. Without it, a lock whose use is on record before anyone began to drop stays.
        lock = self._locks.get(session_id)
        if lock is not None:
            self._asked_for[session_id] = self._clock()
            if not self._is_dropping and self._locks.get(session_id) is lock:
                return lock
        with self._mutex:
            self._asked_for[session_id] = self._clock()
            return self._locks.setdefault(session_id, threading.RLock())

    def drop(self, session_id: str) -> None:
        """Forget the session's lock, if it has one."""
        with self._mutex:
            self._forget(session_id)

    def drop_unused(self, max_age_seconds: float) -> int:
        """Forget the locks that nobody has asked for in `max_age_seconds` and nobody holds; say how many."""
        with self._mutex:
            self._is_dropping = True
            oldest = self._clock() - max_age_seconds
            locks = list(self._locks.items())
            unused = [key for key, lock in locks if self._asked_for[key] < oldest and _is_free(lock)]
            for session_id in unused:
                self._forget(session_id)
            self._is_dropping = False
            return len(unused)

    def _forget(self, session_id: str) -> None:
        self._locks.pop(session_id, None)
        self._asked_for.pop(session_id, None)


def _is_free(lock: threading.RLock) -> bool:
    if not lock.acquire(blocking=False):
        return False
    lock.release()
    return True


# The state functions take a session id and a store and nothing else, and two of them must meet in
# the same lock: so this one registry belongs to the process.
_locks = SessionLocks()


def get_session_lock(session_id: str) -> threading.RLock:
    """The lock that all threads of this process take to change `session_id`."""
    return _locks.get(session_id)


def cleanup_session_lock(session_id: str) -> None:
    """Forget the lock of a session that is over; harmless if there is none."""
    _locks.drop(session_id)


def cleanup_expired_session_locks(max_age_seconds: float = 3600) -> int:
    """Forget the locks of sessions that have been idle for longer; return how many there were."""
    return _locks.drop_unused(max_age_seconds)
