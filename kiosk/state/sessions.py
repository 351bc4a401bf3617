"""Read a session, and change it in one step: the only way from the rules of the ledger to a store."""

import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from loguru import logger

from kiosk.money import USD
from kiosk.state.errors import DamagedError, InvalidSessionError
from kiosk.state.journal import Entry, entries_of
from kiosk.state.locks import get_session_lock
from kiosk.state.salvage import salvaged
from kiosk.state.schema import Session, Terms, check_session_id
from kiosk.state.store import Revision, Store
from kiosk.state.stored import read_stored, read_text, write_document, write_text

AnyStore = MutableMapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A session before and after a change; the same object twice where nothing changed."""

    before: Session
    after: Session


def begin(session_id: str, store: AnyStore, terms: Terms | None = None) -> None:
    """Put a fresh session into the store, unless there is one of this id: then it goes on as it is."""
    if session_id not in store:
        opening = Session.opening(terms or Terms())
        change(session_id, store, lambda session: session.model_copy(), opening=opening)


def load(session_id: str, store: AnyStore, *, must_exist: bool = False) -> Session:
    """The session as it now is; a fresh one, which is not stored, if there is none.

    Raises:
        InvalidSessionError: the id cannot be a session's, or with `must_exist`, there is none.
        DamagedError: what is stored of it cannot be read.
        StoreError: the store cannot be read.
    """
    check_session_id(session_id)
    document = store.get(session_id)
    if document is None and must_exist:
        raise InvalidSessionError(f"There is no session {session_id}.")
    return Session() if document is None else read_stored(document, session_id)


def outstanding(store: AnyStore) -> dict[str, float]:
    """The sessions whose money is still open, with the moment of their last change (0: not known), oldest first.

    One that cannot be read is among them: nobody knows that nothing is owed there.
    """
    found = store.outstanding() if isinstance(store, Store) else dict.fromkeys(store, 0.0)
    return {session_id: at for session_id, at in found.items() if _may_be_outstanding(session_id, store)}


def time_of(store: AnyStore) -> float:
    """Seconds since the epoch, by the clock that the store's moments are of."""
    return store.now() if isinstance(store, Store) else time.time()


def restamp_settled(store: AnyStore, session_id: str | None, after: float) -> int:
    """See `Store.restamp_settled`; a plain mapping has no stamps."""
    return store.restamp_settled(session_id, after) if isinstance(store, Store) else 0


def forget_settled(store: AnyStore, before: float) -> int:
    """Delete the sessions that were last changed before this moment and have no money open; say how many.

    A plain mapping does not know when anything was changed, and ends with the process.
    """
    return store.forget_settled(before) if isinstance(store, Store) else 0


def _may_be_outstanding(session_id: str, store: AnyStore) -> bool:
    try:
        return load(session_id, store).is_outstanding
    except (DamagedError, InvalidSessionError):
        return True


def journaled(session_id: str, store: AnyStore) -> frozenset[str]:
    """The payments that the journal knows of a session."""
    written = store.journal(session_id) if isinstance(store, Store) else ()
    return frozenset(line.entry.payment_id for line in written if line.entry.payment_id)


def recover(session_id: str, store: AnyStore) -> bool:
    """Put a fresh session in the place of one that cannot be read; whether it was one.

    What may still be paid according to what is left of it is followed to its end, staff have to look at it, and the
    journal says so.

    Raises:
        InvalidSessionError: the id cannot be a session's.
        StoreError: the store cannot be read or written.
    """
    check_session_id(session_id)
    recovered: list[Session] = []

    def fresh(remains: object, error: DamagedError) -> Session:
        logger.error("{}; it begins anew", error)
        recovered.append(salvaged(str(remains), session_id, journaled(session_id, store)))
        return recovered[-1]

    def revised(text: str | None) -> Revision | None:
        recovered.clear()
        try:
            if text is not None:
                read_text(text, session_id)
        except DamagedError as error:
            note = "its document could not be read"
            return Revision(write_text(fresh(text, error)), True, (Entry("damaged", USD.zero, note=note),))
        return None

    with get_session_lock(session_id):
        if isinstance(store, Store):
            store.change(session_id, revised)
        else:
            try:
                load(session_id, store)
            except DamagedError as error:
                store[session_id] = write_document(fresh(store[session_id], error))
    return bool(recovered)


def change(
    session_id: str,
    store: AnyStore,
    decide: Callable[[Session], Session],
    *,
    must_exist: bool = False,
    opening: Session | None = None,
    note: str | None = None,
) -> Change:
    """Put what `decide` makes of the session in its place; what `decide` raises leaves it as it was.

    Parameters:
        opening: what the session is where there is none yet; by default a fresh one.
        note: the staff's words for the journal, where they make the change.

    Raises:
        InvalidSessionError: the id cannot be a session's, or with `must_exist`, there is none.
        StateError: from `decide` or from the store.
    """
    check_session_id(session_id)
    made: list[Change] = []

    def changed(before: Session | None) -> Change:
        if before is None and must_exist:
            raise InvalidSessionError(f"There is no session {session_id}.")
        before = before or opening or Session()
        made.append(Change(before, decide(before)))
        return made[-1]

    def revised(text: str | None) -> Revision | None:
        step = changed(None if text is None else read_text(text, session_id))
        if step.after is step.before:
            return None
        entries = tuple(entries_of(step.before, step.after, note))
        return Revision(write_text(step.after), step.after.is_outstanding, entries)

    with get_session_lock(session_id):
        if isinstance(store, Store):
            store.change(session_id, revised)
        else:
            document = store.get(session_id)
            step = changed(None if document is None else read_stored(document, session_id))
            if step.after is not step.before:
                store[session_id] = write_document(step.after)
    return made[-1]
