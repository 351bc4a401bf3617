"""Where session documents are kept: in memory, or in an SQLite file that survives the process.

Both are mappings from session id to document. A `Store` can also change a document in one
transaction, which is what keeps two processes from losing each other's changes; for a plain dict
`sessions.change` does the same under the session's lock.
"""

import contextlib
import json
import os
from abc import abstractmethod
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from kiosk.state.errors import ConcurrentModificationError, StoreError
from kiosk.state.schema import Document

# How long a change waits for another process that holds the file, before it is told so.
BUSY_SECS = 5.0

RETRIES = 3

_tables = MetaData()
_sessions = Table(
    "sessions",
    _tables,
    Column("session_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

_THIS_ONE = _sessions.c.session_id == bindparam("this_one")
_READ = select(_sessions.c.version, _sessions.c.document).where(_THIS_ONE)
_INSERT = _sessions.insert()
_REPLACE = _sessions.update().where(_THIS_ONE, _sessions.c.version == bindparam("seen_version"))
_DELETE = _sessions.delete().where(_THIS_ONE)


class Store(MutableMapping[str, Document]):
    """A mapping of documents that changes one of them in a transaction of its own."""

    @abstractmethod
    def change(self, session_id: str, decide: Callable[[Document | None], Document | None]) -> None:
        """Replace the session's document by what `decide` makes of it, with nothing in between.

        `decide` is given None for a session that is not there, and may return None to leave all as it
        is; what it raises leaves all as it is, too. It may be called again when another change came
        first, so it must have no effect of its own.

        Raises:
            ConcurrentModificationError: other changes kept coming first.
            StoreError: the store cannot be read or written.
        """

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


def open_store(url: str, *, busy_secs: float = BUSY_SECS) -> "MemoryStore | SqlStore":
    """The store at `url`: "memory:", or "sqlite:///path" (four slashes for an absolute path).

    Parameters:
        busy_secs: how long a change waits while another process holds the file.

    Raises:
        StoreError: there is no such store, or it cannot be used.
    """
    if url in ("memory:", "sqlite://", "sqlite:///:memory:"):
        return MemoryStore()
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(f"{url!r} is not a store; use memory: or sqlite:///PATH") from None
    if address.get_backend_name() != "sqlite" or not address.database:
        raise StoreError(f"{url!r} is not a store this kiosk knows; use memory: or sqlite:///PATH")
    return SqlStore(address, busy_secs)


class SqlStore(Store):
    """Documents in a table, each with the version that its next change is compared with."""

    def __init__(self, address: URL, busy_secs: float) -> None:
        self._where = address.database or str(address)
        self._engine = create_engine(address, connect_args={"timeout": busy_secs})
        event.listen(self._engine, "connect", _prepare_connection)
        event.listen(self._engine, "begin", _begin)
        try:
            _make_private(Path(self._where))
            self._prepare()
        except OSError as error:
            raise StoreError(f"{self._where}: cannot be opened: {error.strerror}") from None
        except StoreError:
            self.close()
            raise

    def _prepare(self) -> None:
        with self._reading() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        with self._transaction() as connection:
            _tables.create_all(connection)

    def change(self, session_id: str, decide: Callable[[Document | None], Document | None]) -> None:
        """One transaction: read, decide, compare-and-set on the row's version."""
        for _ in range(1 + RETRIES):
            with self._transaction() as connection:
                version, document = self._read(connection, session_id)
                changed = decide(document)
                if changed is None or self._replace(connection, session_id, version, changed):
                    return
        raise ConcurrentModificationError(f"{self._where}: {session_id} kept changing")

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def __getitem__(self, session_id: str) -> Document:
        with self._reading() as connection:
            _, document = self._read(connection, session_id)
        if document is None:
            raise KeyError(session_id)
        return document

    def __setitem__(self, session_id: str, document: Document) -> None:
        self.change(session_id, lambda _: document)

    def __delitem__(self, session_id: str) -> None:
        with self._transaction() as connection:
            if not connection.execute(_DELETE, {"this_one": session_id}).rowcount:
                raise KeyError(session_id)

    def __iter__(self) -> Iterator[str]:
        with self._reading() as connection:
            return iter(connection.scalars(select(_sessions.c.session_id).order_by(_sessions.c.session_id)).all())

    def __len__(self) -> int:
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(_sessions)) or 0

    def _read(self, connection: Connection, session_id: str) -> tuple[int, Document | None]:
        row = connection.execute(_READ, {"this_one": session_id}).one_or_none()
        if row is None:
            return 0, None
        try:
            return row.version, json.loads(row.document)
        except ValueError:
            raise StoreError(f"{self._where}: the document of {session_id} is damaged") from None

    def _replace(self, connection: Connection, session_id: str, version: int, document: Document) -> bool:
        fields = {"version": version + 1, "document": json.dumps(document, ensure_ascii=False)}
        if version == 0:
            connection.execute(_INSERT, {"session_id": session_id, **fields})
            return True
        seen = {"this_one": session_id, "seen_version": version}
        return connection.execute(_REPLACE, {**seen, **fields}).rowcount == 1

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._telling_what_failed(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._telling_what_failed(), self._engine.connect() as connection:
            yield connection.execution_options(kiosk_reads_only=True)

    @contextlib.contextmanager
    def _telling_what_failed(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise ConcurrentModificationError(f"{self._where}: held by another process") from None
            raise StoreError(f"{self._where}: {error.orig}") from None
        except DBAPIError as error:
            raise StoreError(f"{self._where}: {error.orig}") from None
        except SQLAlchemyError as error:
            raise StoreError(f"{self._where}: {error}") from None


def _make_private(path: Path) -> None:
    # SQLite gives its side files (-wal, -shm) the mode of the database, so the mode must be right
    # before the first connection; a tab and a payment id are nobody else's business.
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _prepare_connection(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, and deferred ones: two of those that both read
    # first can fail each other when they write.
    connection.isolation_level = None
    # An acknowledged change survives a power cut: in WAL mode only FULL promises that.
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("kiosk_reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
