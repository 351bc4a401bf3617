"""Sessions in a PostgreSQL database, for the kiosks of one venue."""

from typing import Any

from sqlalchemy.engine import URL

from kiosk.state.errors import StoreError
from kiosk.state.sql_store import SqlStore
from kiosk.state.sql_tables import TABLES


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
            TABLES.create_all(connection)

    def _hold(self, held: Any, session_id: str) -> tuple[int, str | None]:
        version, text = super()._hold(held, session_id)
        if version:
            return version, text
        # A row that is not there cannot be held, and may be about to be: whoever begins a session holds its name, to
        # the end of the transaction.
        held.execute("SELECT pg_advisory_xact_lock(hashtextextended(%(this_one)s, 4211))", {"this_one": session_id})
        return super()._hold(held, session_id)

    @staticmethod
    def _is_contention(error: BaseException | None) -> bool:
        # lock_not_available, serialization_failure, deadlock_detected
        return getattr(error, "sqlstate", None) in ("55P03", "40001", "40P01")
