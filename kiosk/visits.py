"""Which visit it is: a new one, or one that ended with the kiosk's process and goes on."""

import contextlib
import re
import secrets
import time

from kiosk.state.errors import DamagedError
from kiosk.state.sessions import AnyStore, load, outstanding

# After a longer while, whoever stands at the counter is somebody else. The tab stays in the store.
SAME_GUEST_SECS = 600.0


def new_session_id(kiosk: str) -> str:
    """An id that no other visit has, and that says at which kiosk it is."""
    return f"{kiosk}-{secrets.token_hex(6)}"


def is_of(kiosk: str, session_id: str) -> bool:
    """Whether the visit is one at this kiosk, and not at another that shares the store."""
    return re.fullmatch(rf"{re.escape(kiosk)}-[0-9a-f]{{12}}", session_id) is not None


def interrupted(kiosk: str, store: AnyStore, *, within_secs: float = SAME_GUEST_SECS) -> str | None:
    """The latest visit at this kiosk with an open tab that was changed a short while ago; None: there is none."""
    for session_id, changed_at in reversed(outstanding(store).items()):
        if time.time() - changed_at > within_secs or not is_of(kiosk, session_id):
            continue
        with contextlib.suppress(DamagedError):
            if load(session_id, store).payment.tab_total:
                return session_id
    return None
