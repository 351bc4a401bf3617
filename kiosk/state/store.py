"""Where session documents are kept, as mappings from session id to document.

A plain dict will do. A `Store` can also change a document in one transaction, which is what keeps
two processes from losing each other's changes, lists the sessions whose money is still open, and
keeps the journal; for a plain dict `sessions` makes do with the session's lock.
"""

import json
import time
from abc import abstractmethod
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from kiosk.state.errors import StoreError
from kiosk.state.journal import Entry
from kiosk.state.stored import Document

# How long a change waits for another process that holds the store, before it is told so.
BUSY_SECS = 5.0

KNOWN = "use memory:, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


@dataclass(frozen=True)
class Revision:
    """What takes a document's place.

    Parameters:
        text: the new document as JSON.
        is_outstanding: money of the session is still open, so that it has to be found again.
        entries: what the journal is told of it, in the same transaction.
    """

    text: str
    is_outstanding: bool = True
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Written:
    """A journal entry as it is kept; `at` is seconds since the epoch."""

    at: float
    session_id: str
    entry: Entry


Decision = Callable[[str | None], Revision | None]


class Store(MutableMapping[str, Document]):
    """A mapping of documents that changes one of them in a transaction of its own.

    A document that is set like an item counts as outstanding until its next change says otherwise.
    """

    @abstractmethod
    def change(self, session_id: str, decide: Decision) -> None:
        """Replace the session's document by what `decide` makes of it, with nothing in between.

        `decide` is given the document as JSON, None for a session that is not there, and may return None
        to leave all as it is; what it raises leaves all as it is, too. It may be called again when another change came
        first, so it must have no effect of its own.

        Raises:
            ConcurrentModificationError: other changes kept coming first.
            StoreError: the store cannot be read or written.
        """

    @abstractmethod
    def outstanding(self) -> dict[str, float]:
        """The sessions whose money is still open, with the moment of their last change, oldest first."""

    @abstractmethod
    def journal(self, session_id: str | None = None) -> Sequence[Written]:
        """What happened to the money of one session, or of all, oldest first."""

    @abstractmethod
    def now(self) -> float:
        """Seconds since the epoch, by the clock that its moments are of."""

    @abstractmethod
    def restamp_settled(self, session_id: str | None, after: float) -> int:
        """Stamp this session, and all that are stamped later than `after`, as changed now; say how many.

        Those whose money is open keep the moment at which it changed.
        """

    @abstractmethod
    def forget_settled(self, before: float) -> int:
        """Delete the sessions that were last changed before this moment and have no money open; say how many."""

    def __setitem__(self, session_id: str, document: Document) -> None:
        text = json.dumps(document, ensure_ascii=False)
        self.change(session_id, lambda _: Revision(text))

    def close(self) -> None:
        """Let go of what the store holds open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class MemoryStore(dict[str, Document]):
    """A store that ends with the process."""

    def close(self) -> None:
        """Nothing to let go of."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(
    url: str, *, busy_secs: float = BUSY_SECS, clock: Callable[[], float] = time.time
) -> MemoryStore | Store:
    """The store at `url`: "memory:", "sqlite:///path" (four slashes for an absolute path) or "postgresql://…".

    Parameters:
        busy_secs: how long a change waits while another process holds the store.
        clock: seconds since the epoch, for the moments of changes and of journal entries in a file. A database stamps
            by its own: kiosks that share it may each have the time wrong.

    Raises:
        StoreError: there is no such store, or it cannot be used.
    """
    # An address has its password in it, so no message repeats one that could not be read.
    if url in ("memory:", "sqlite://", "sqlite:///:memory:"):
        return MemoryStore()
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(f"the store's address cannot be read; {KNOWN}") from None
    kind = address.get_backend_name()
    if kind not in ("sqlite", "postgresql") or not address.database:
        raise StoreError(f"{address.render_as_string()!r} is not a store this kiosk knows; {KNOWN}")

    from kiosk.state.postgres_store import PostgresStore
    from kiosk.state.sqlite_store import SqliteStore

    return SqliteStore(address, busy_secs, clock) if kind == "sqlite" else PostgresStore(address, busy_secs)


def without_password(url: str) -> str:
    """The address of a store, to be shown."""
    return make_url(url).render_as_string(hide_password=True) if "://" in url else url
