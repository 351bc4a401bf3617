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
        self._locks: dict[str, tuple[threading.RLock, float]] = {}

    def get(self, session_id: str) -> threading.RLock:
        """The session's lock: the same one for every caller until it is dropped."""
        with self._mutex:
            lock, _ = self._locks.get(session_id, (None, 0.0))
            lock = lock or threading.RLock()
            self._locks[session_id] = (lock, self._clock())
            return lock

    def drop(self, session_id: str) -> None:
        """Forget the session's lock, if it has one."""
        with self._mutex:
            self._locks.pop(session_id, None)

    def drop_unused(self, max_age_seconds: float) -> int:
        """Forget the locks that nobody has asked for in `max_age_seconds` and nobody holds; say how many."""
        with self._mutex:
            oldest = self._clock() - max_age_seconds
            unused = [key for key, (lock, used) in self._locks.items() if used < oldest and _is_free(lock)]
            for session_id in unused:
                del self._locks[session_id]
            return len(unused)


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
