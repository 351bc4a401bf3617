"""Sessions in one SQLite file, for a kiosk of its own."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect
from sqlalchemy.engine import URL

from kiosk.files import in_words
from kiosk.state.errors import StoreError
from kiosk.state.sql_store import SqlStore, one_line_of

# By SQLite's kinds of errors.
_ADVICE = {
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_IOERR: "the disk is full, or it fails: make room on it, or replace it",
    sqlite3.SQLITE_READONLY: "let this user write to the file and its folder, or choose another place",
    sqlite3.SQLITE_CANTOPEN: "let this user write to the file and its folder, or choose another place",
}


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
        return ": ".join(filter(None, [one_line_of(error), advice]))

    @staticmethod
    def _is_contention(error: BaseException | None) -> bool:
        return "locked" in str(error)


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
