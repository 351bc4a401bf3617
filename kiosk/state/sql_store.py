"""Sessions in an SQL database: the same tables and the same steps, whichever it is.

A change is one transaction that holds the session's row from reading to writing, and writes it by
compare-and-set on its version. SQLite holds the whole file (`BEGIN IMMEDIATE`), PostgreSQL the row
(`FOR UPDATE`); both wait for whoever came first.
"""

import contextlib
import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kiosk.state.errors import ConcurrentModificationError, OutcomeUnknownError, StoreError
from kiosk.state.journal import Entry
from kiosk.state.sql_tables import JOURNAL, SESSIONS, TABLES
from kiosk.state.store import Decision, Revision, Store, Written
from kiosk.state.stored import Document, read_json

RETRIES = 3

Answer = TypeVar("Answer")

_FIELDS = ("version", "document", "is_outstanding")
_ITS_TIME = literal_column("extract(epoch FROM clock_timestamp())::float8", Double)
_THIS_ONE = SESSIONS.c.session_id == bindparam("this_one")
_READ = select(SESSIONS.c.version, SESSIONS.c.document).where(_THIS_ONE)


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
        self._insert_row = self._compiled(insert(SESSIONS).values(changed | {"session_id": bindparam("this_one")}))
        this_version = SESSIONS.c.version == bindparam("seen_version")
        self._replace_row = self._compiled(update(SESSIONS).where(_THIS_ONE, this_version).values(changed))
        entry = {name: bindparam(name) for name in ("session_id", "kind", "amount", "payment_id", "note")}
        self._insert_entry = self._compiled(insert(JOURNAL).values(entry | {"at": self._moment}))

    def change(self, session_id: str, decide: Decision) -> None:
        """One transaction: hold the row, decide, compare-and-set on its version; see `Store.change`."""
        for _ in range(1 + RETRIES):
            with contextlib.suppress(OvertakenError), self._held() as held:
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
        found = select(SESSIONS.c.session_id, SESSIONS.c.changed_at).where(SESSIONS.c.is_outstanding)
        rows = self._read(lambda connection: connection.execute(found.order_by("changed_at")).all())
        return {row.session_id: _moment(row.changed_at) for row in rows}

    def now(self) -> float:
        """See `Store.now`."""
        if self._clock:
            return self._clock()
        return self._read(lambda connection: connection.scalars(select(_ITS_TIME)).one())

    def restamp_settled(self, session_id: str | None, after: float) -> int:
        """See `Store.restamp_settled`."""
        meant = or_(SESSIONS.c.session_id == session_id, SESSIONS.c.changed_at > after)
        stamped = update(SESSIONS).where(SESSIONS.c.is_outstanding.is_(False), meant)
        with self._transaction() as connection:
            return connection.execute(stamped.values(changed_at=self._moment), self._time()).rowcount

    def forget_settled(self, before: float) -> int:
        """See `Store.forget_settled`."""
        old = delete(SESSIONS).where(SESSIONS.c.is_outstanding.is_(False), SESSIONS.c.changed_at < before)
        with self._transaction() as connection:
            return connection.execute(old).rowcount

    def journal(self, session_id: str | None = None) -> Sequence[Written]:
        """See `Store.journal`."""
        found = select(JOURNAL).order_by(JOURNAL.c.number)
        if session_id is not None:
            found = found.where(JOURNAL.c.session_id == session_id)
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
            if not connection.execute(delete(SESSIONS).where(_THIS_ONE), {"this_one": session_id}).rowcount:
                raise KeyError(session_id)

    def __iter__(self) -> Iterator[str]:
        found = select(SESSIONS.c.session_id).order_by(SESSIONS.c.session_id)
        return iter(self._read(lambda connection: connection.scalars(found).all()))

    def __len__(self) -> int:
        return self._read(lambda connection: connection.scalar(select(func.count()).select_from(SESSIONS))) or 0

    def _prepare(self) -> None:
        with self._transaction() as connection:
            TABLES.create_all(connection)

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
            raise OvertakenError(f"{self._where}: the connection is gone") from None

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
            raise OvertakenError(f"{self._where}: {session_id} has changed")

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
            unknown = OutcomeUnknownError(f"{self._where}: {one_line_of(error)}")
            try:
                with self._held() as again:
                    now = self._hold(again, session_id)
            except StoreError:
                raise unknown from None
            if tuple(now) == (seen + 1, text):
                return
            if now[0] != seen:
                raise unknown from None
            raise StoreError(f"{self._where}: {one_line_of(error)}") from None

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
            return OvertakenError(f"{self._where}: someone else began the session")
        if self._is_contention(error):
            return ConcurrentModificationError(f"{self._where}: held by another process")
        return StoreError(f"{self._where}: {self._in_words(error)}")

    def _in_words(self, error: BaseException | None) -> str:
        """What the database says, and what to do about it where that is known."""
        return one_line_of(error)

    @staticmethod
    @abstractmethod
    def _is_contention(error: BaseException | None) -> bool:
        """Whether the database says that others held it for too long."""


class OvertakenError(ConcurrentModificationError):
    """Somebody else changed the session since it was read, or the connection was lost: it is tried again."""


def _moment(stamp: object) -> float:
    # SQLite keeps whatever is put into a column; 0 is a moment that nobody knows.
    return stamp if isinstance(stamp, float) and math.isfinite(stamp) else 0.0


def one_line_of(error: BaseException | None) -> str:
    """What an error says, as far as it fits into a message."""
    return str(error).partition("\n")[0]
