"""Sessions in an SQLite file or in a PostgreSQL database: the same tables and the same steps.

A change is one transaction that holds the session's row from reading to writing, and writes it by
compare-and-set on its version. SQLite holds the whole file (`BEGIN IMMEDIATE`), PostgreSQL the row
(`FOR UPDATE`); both wait for whoever came first.
"""

import contextlib
import math
import os
import sqlite3
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Double,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kiosk.files import in_words
from kiosk.state.errors import ConcurrentModificationError, OutcomeUnknownError, StoreError
from kiosk.state.journal import Entry
from kiosk.state.schema import Document, read_json
from kiosk.state.store import Decision, Revision, Store, Written

RETRIES = 3

Answer = TypeVar("Answer")

_tables = MetaData()
_sessions = Table(
    "sessions",
    _tables,
    Column("session_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("is_outstanding", Boolean, nullable=False, server_default=true()),
    Column("changed_at", Double, nullable=False, server_default="0"),
)
_journal = Table(
    "journal",
    _tables,
    Column("number", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("session_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("payment_id", Text),
    Column("note", Text, nullable=False),
)

_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'only appended to'); END",
        "CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'only appended to'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is only appended to'; END $$",
        "CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "EXECUTE FUNCTION journal_only_grows()",
    ),
}
for _dialect, _statements in _APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(_journal, "after_create", DDL(_statement).execute_if(dialect=_dialect))

# By SQLite's kinds of errors.
_ADVICE = {
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_IOERR: "the disk is full, or it fails: make room on it, or replace it",
    sqlite3.SQLITE_READONLY: "let this user write to the file and its folder, or choose another place",
    sqlite3.SQLITE_CANTOPEN: "let this user write to the file and its folder, or choose another place",
}

_FIELDS = ("version", "document", "is_outstanding")
_ITS_TIME = literal_column("extract(epoch FROM clock_timestamp())::float8", Double)
_THIS_ONE = _sessions.c.session_id == bindparam("this_one")
_READ = select(_sessions.c.version, _sessions.c.document).where(_THIS_ONE)


class SqlStore(Store):
    """Documents in a table, each with the version that its next change is compared with."""

    # What keeps everyone else from a row that is read in order to be changed: a statement before it is
    # read, or the end of the one that reads it.
    _HOLDS_BY: ClassVar[str] = ""
    _HOLDS_WITH: ClassVar[str] = ""

    def __init__(
        self,
        address: URL,
        clock: Callable[[], float] | None,
        connect_args: Mapping[str, Any],
        **engine_options: Any,
    ) -> None:
        # None: the database's.
        self._clock = clock
        self._moment: ColumnElement[Any] = _ITS_TIME if clock is None else bindparam("moment", type_=Double)
        self._where = address.render_as_string(hide_password=True)
        self._engine = create_engine(address, connect_args=dict(connect_args), pool_size=16, **engine_options)
        self._driver: Any = self._engine.dialect.dbapi
        self._driver_error: type[Exception] = self._driver.Error
        self._hold_row = self._compiled(_READ) + self._HOLDS_WITH
        changed = {name: bindparam(f"new_{name}") for name in _FIELDS} | {"changed_at": self._moment}
        self._insert_row = self._compiled(insert(_sessions).values(changed | {"session_id": bindparam("this_one")}))
        this_version = _sessions.c.version == bindparam("seen_version")
        self._replace_row = self._compiled(update(_sessions).where(_THIS_ONE, this_version).values(changed))
        entry = {name: bindparam(name) for name in ("session_id", "kind", "amount", "payment_id", "note")}
        self._insert_entry = self._compiled(insert(_journal).values(entry | {"at": self._moment}))

    def change(self, session_id: str, decide: Decision) -> None:
        """One transaction: hold the row, decide, compare-and-set on its version; see `Store.change`."""
        for _ in range(1 + RETRIES):
            with contextlib.suppress(_OvertakenError), self._held() as held:
                version, text = self._hold(held, session_id)
                revision = decide(text)
                if revision is not None:
                    self._replace(held, session_id, version, revision)
                    self._note(held, session_id, revision.entries)
                    self._commit(held, session_id, version, revision.text)
                return
        raise ConcurrentModificationError(f"{self._where}: {session_id} kept changing")

    def outstanding(self) -> dict[str, float]:
        """See `Store.outstanding`."""
        found = select(_sessions.c.session_id, _sessions.c.changed_at).where(_sessions.c.is_outstanding)
        rows = self._read(lambda connection: connection.execute(found.order_by("changed_at")).all())
        return {row.session_id: _moment(row.changed_at) for row in rows}

    def now(self) -> float:
        """See `Store.now`."""
        if self._clock:
            return self._clock()
        return self._read(lambda connection: connection.scalars(select(_ITS_TIME)).one())

    def restamp_settled(self, session_id: str | None, after: float) -> int:
        """See `Store.restamp_settled`."""
        meant = or_(_sessions.c.session_id == session_id, _sessions.c.changed_at > after)
        stamped = update(_sessions).where(_sessions.c.is_outstanding.is_(False), meant)
        with self._transaction() as connection:
            return connection.execute(stamped.values(changed_at=self._moment), self._time()).rowcount

    def forget_settled(self, before: float) -> int:
        """See `Store.forget_settled`."""
        old = delete(_sessions).where(_sessions.c.is_outstanding.is_(False), _sessions.c.changed_at < before)
        with self._transaction() as connection:
            return connection.execute(old).rowcount

    def journal(self, session_id: str | None = None) -> Sequence[Written]:
        """See `Store.journal`."""
        found = select(_journal).order_by(_journal.c.number)
        if session_id is not None:
            found = found.where(_journal.c.session_id == session_id)
        rows = self._read(lambda connection: connection.execute(found).all())
        return [
            Written(row.at, row.session_id, Entry(row.kind, Decimal(row.amount), row.payment_id, row.note))
            for row in rows
        ]

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def __getitem__(self, session_id: str) -> Document:
        row = self._read(lambda connection: connection.execute(_READ, {"this_one": session_id}).one_or_none())
        if row is None:
            raise KeyError(session_id)
        return read_json(row.document, session_id)

    def __delitem__(self, session_id: str) -> None:
        with self._transaction() as connection:
            if not connection.execute(delete(_sessions).where(_THIS_ONE), {"this_one": session_id}).rowcount:
                raise KeyError(session_id)

    def __iter__(self) -> Iterator[str]:
        found = select(_sessions.c.session_id).order_by(_sessions.c.session_id)
        return iter(self._read(lambda connection: connection.scalars(found).all()))

    def __len__(self) -> int:
        return self._read(lambda connection: connection.scalar(select(func.count()).select_from(_sessions))) or 0

    def _prepare(self) -> None:
        with self._transaction() as connection:
            _tables.create_all(connection)

    def _compiled(self, statement: Any) -> str:
        return str(statement.compile(dialect=self._engine.dialect))

    def _time(self) -> dict[str, float]:
        return {"moment": self._clock()} if self._clock else {}

    def _hold(self, held: Any, session_id: str) -> tuple[int, str | None]:
        try:
            return held.execute(self._hold_row, {"this_one": session_id}).fetchone() or (0, None)
        except self._driver_error:
            if not getattr(held, "closed", False):
                raise
            held.invalidate()
            # The server was restarted since the connection was last used, and so the others are dead, too.
            self._engine.dispose()
            raise _OvertakenError(f"{self._where}: the connection is gone") from None

    def _replace(self, held: Any, session_id: str, seen: int, revision: Revision) -> None:
        fields = {
            "this_one": session_id,
            "seen_version": seen,
            "new_version": seen + 1,
            "new_document": revision.text,
            "new_is_outstanding": revision.is_outstanding,
            **self._time(),
        }
        if held.execute(self._replace_row if seen else self._insert_row, fields).rowcount != 1:
            raise _OvertakenError(f"{self._where}: {session_id} has changed")

    def _note(self, held: Any, session_id: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            fields = {"kind": entry.kind, "payment_id": entry.payment_id, "note": entry.note}
            row = {**self._time(), "session_id": session_id, "amount": str(entry.amount), **fields}
            held.execute(self._insert_entry, row)

    def _commit(self, held: Any, session_id: str, seen: int, text: str) -> None:
        try:
            held.commit()
        except self._driver_error as error:
            # The store was told to commit, and whether it did was not heard. Once the row can be held by
            # somebody else, it has or never will.
            held.invalidate()
            unknown = OutcomeUnknownError(f"{self._where}: {_one_line(error)}")
            try:
                with self._held() as again:
                    now = self._hold(again, session_id)
            except StoreError:
                raise unknown from None
            if tuple(now) == (seen + 1, text):
                return
            if now[0] != seen:
                raise unknown from None
            raise StoreError(f"{self._where}: {_one_line(error)}") from None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._telling_what_failed(), self._engine.begin() as connection:
            yield connection

    def _read(self, ask: Callable[[Connection], Answer]) -> Answer:
        def answer() -> Answer:
            with self._engine.connect() as connection:
                return ask(connection.execution_options(kiosk_reads_only=True))

        with self._telling_what_failed():
            try:
                return answer()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return answer()

    @contextlib.contextmanager
    def _held(self) -> Iterator[Any]:
        # The driver's own connection: a change is a handful of statements whose text is known, and
        # what SQLAlchemy would do around each of them takes longer than SQLite does for all.
        connection: Any = None
        try:
            connection = self._engine.raw_connection()
            if self._HOLDS_BY:
                connection.execute(self._HOLDS_BY)
            yield connection
        except (SQLAlchemyError, self._driver_error) as error:
            raise self._told(error) from None
        finally:
            if connection is not None:
                connection.close()

    @contextlib.contextmanager
    def _telling_what_failed(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, self._driver_error) as error:
            raise self._told(error) from None

    def _told(self, failed: Exception) -> StoreError:
        error = failed.orig if isinstance(failed, DBAPIError) else failed
        if isinstance(error, self._driver.IntegrityError):
            return _OvertakenError(f"{self._where}: someone else began the session")
        if self._is_contention(error):
            return ConcurrentModificationError(f"{self._where}: held by another process")
        return StoreError(f"{self._where}: {self._in_words(error)}")

    def _in_words(self, error: BaseException | None) -> str:
        """What the database says, and what to do about it where that is known."""
        return _one_line(error)

    @staticmethod
    @abstractmethod
    def _is_contention(error: BaseException | None) -> bool:
        """Whether the database says that others held it for too long."""


class _OvertakenError(ConcurrentModificationError):
    pass


class SqliteStore(SqlStore):
    """Sessions in one file, which only its owner can read."""

    _HOLDS_BY = "BEGIN IMMEDIATE"

    def __init__(self, address: URL, busy_secs: float, clock: Callable[[], float] = time.time) -> None:
        super().__init__(address, clock, {"timeout": busy_secs}, paramstyle="named")
        self._where = address.database or ""
        event.listen(self._engine, "connect", _prepare_connection)
        event.listen(self._engine, "begin", _begin_immediate)
        try:
            if not address.query:
                _make_private(Path(self._where))
            self._prepare()
        except OSError as error:
            raise StoreError(f"{self._where}: cannot be opened: {in_words(error)}") from None
        except StoreError:
            self.close()
            raise

    def _prepare(self) -> None:
        self._read(lambda connection: connection.exec_driver_sql("PRAGMA journal_mode=WAL"))
        with self._transaction() as connection:
            # The first kiosks' table had no more than the documents.
            if inspect(connection).has_table("sessions"):
                there = {column["name"] for column in inspect(connection).get_columns("sessions")}
                if "is_outstanding" not in there:
                    connection.exec_driver_sql("ALTER TABLE sessions ADD is_outstanding BOOLEAN NOT NULL DEFAULT 1")
                    connection.exec_driver_sql("ALTER TABLE sessions ADD changed_at DOUBLE NOT NULL DEFAULT 0")
        super()._prepare()

    def _in_words(self, error: BaseException | None) -> str:
        # The lowest byte is the kind of error; see "Result and Error Codes" of SQLite.
        advice = _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        return ": ".join(filter(None, [_one_line(error), advice]))

    @staticmethod
    def _is_contention(error: BaseException | None) -> bool:
        return "locked" in str(error)


class PostgresStore(SqlStore):
    """Sessions in a database that several kiosks of one venue share."""

    _HOLDS_WITH = " FOR UPDATE"

    def __init__(self, address: URL, busy_secs: float) -> None:
        waits = f"-c lock_timeout={round(busy_secs * 1000)} -c statement_timeout={round(busy_secs * 2000)}"
        connect_args = {"connect_timeout": max(2, round(busy_secs)), "options": waits}
        super().__init__(address.set(drivername="postgresql+psycopg"), None, connect_args)
        self._where = address.render_as_string(hide_password=True)
        try:
            self._prepare()
        except StoreError:
            self.close()
            raise

    def _prepare(self) -> None:
        with self._transaction() as connection:
            # Kiosks that are switched on together must not make the tables twice.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4210)")
            _tables.create_all(connection)

    @staticmethod
    def _is_contention(error: BaseException | None) -> bool:
        # lock_not_available, serialization_failure, deadlock_detected
        return getattr(error, "sqlstate", None) in ("55P03", "40001", "40P01")


def _moment(stamp: object) -> float:
    # SQLite keeps whatever is put into a column; 0 is a moment that nobody knows.
    return stamp if isinstance(stamp, float) and math.isfinite(stamp) else 0.0


def _one_line(error: BaseException | None) -> str:
    return str(error).partition("\n")[0]


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
    # Bytes that are no text damage one document; the driver would refuse to read any row with them.
    connection.text_factory = lambda stored: stored.decode(errors="replace")


def _begin_immediate(connection: Connection) -> None:
    if not connection.get_execution_options().get("kiosk_reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
