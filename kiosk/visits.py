"""Which visit it is: a new one, or one that ended with the kiosk's process and goes on."""

import contextlib
import re
import secrets
from collections.abc import Iterator

from loguru import logger

from kiosk.money import USD, Currency
from kiosk.state import visit
from kiosk.state.errors import DamagedError, StateError
from kiosk.state.schema import Session
from kiosk.state.sessions import AnyStore, change, load, outstanding, time_of

# After a longer while, whoever stands at the counter is somebody else. The tab stays in the store.
SAME_GUEST_SECS = 600.0

# How far a clock is set back by the way. A visit that seems to come from a later future was stamped before the clock
# jumped, and nobody knows how long ago.
CLOCK_STEP_SECS = 5.0


def new_session_id(kiosk: str) -> str:
    """An id that no other visit has, and that says at which kiosk it is."""
    return f"{kiosk}-{secrets.token_hex(6)}"


def is_of(kiosk: str, session_id: str) -> bool:
    """Whether the visit is one at this kiosk, and not at another that shares the store."""
    return re.fullmatch(rf"{re.escape(kiosk)}-[0-9a-f]{{12}}", session_id) is not None


def interrupted(
    kiosk: str, store: AnyStore, currency: Currency = USD, *, within_secs: float = SAME_GUEST_SECS
) -> str | None:
    """The latest visit at this kiosk with an open tab that was changed a short while ago; None: there is none.

    One whose guest has gone is none of them.

    Parameters:
        currency: the menu's; a tab in another is left to the staff.
    """
    now = time_of(store)
    for session_id, changed_at, its_currency in _open_tabs(kiosk, store):
        if its_currency == currency and -CLOCK_STEP_SECS <= now - changed_at <= within_secs:
            return session_id
    return None


def begin_service(kiosk: str, store: AnyStore, present: str | None = None, currency: Currency = USD) -> str:
    """The visit with which a kiosk begins: the interrupted one, or a new one. Every other of this kiosk's is over.

    Parameters:
        present: the visit that this process was serving; with an open tab it goes on, whatever the clock says.
        currency: see `interrupted`.
    """
    unfinished = {session_id: its_currency for session_id, _, its_currency in _open_tabs(kiosk, store)}
    chosen = present if present and unfinished.get(present) == currency else interrupted(kiosk, store, currency)
    for session_id in unfinished:
        if session_id != chosen:
            end(session_id, store)
    return chosen or new_session_id(kiosk)


def end(session_id: str, store: AnyStore) -> None:
    """Its guest has gone; an open tab is for the staff."""
    try:
        change(session_id, store, visit.left_by_its_guest, must_exist=True)
    except StateError as error:
        # The moment of its last change goes on telling whether it is the guest's who stands here.
        logger.warning("{} cannot be marked as over: {}", session_id, error)


def _open_tabs(kiosk: str, store: AnyStore) -> Iterator[tuple[str, float, Currency]]:
    for session_id, changed_at in reversed(outstanding(store).items()):
        if is_of(kiosk, session_id):
            with contextlib.suppress(DamagedError):
                session = load(session_id, store)
                if _waits_for_its_guest(session):
                    yield session_id, changed_at, session.terms.currency


def _waits_for_its_guest(session: Session) -> bool:
    return bool(session.payment.tab_total) and not session.conversation.is_over
