"""Documents as a torn write, a bad sector, a newer kiosk or somebody's editor leaves them."""

from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

DAMAGED = {
    "torn": '{"schema_version":2,"payment":{"balance":"9',
    "empty": "",
    "no object": "[]",
    "null": "null",
    "a number": "7",
    "deep": "[" * 100_000,
    "a number of five thousand digits": "9" * 5000,
    "an amount that is none": '{"schema_version":2,"payment":{"balance":"x"}}',
    "an amount that is not finite": '{"schema_version":2,"payment":{"tab_total":1e999}}',
    "a field that nobody knows": '{"schema_version":2,"\\u001b[31m":1}',
    "an older kind that breaks its rules": '{"schema_version":1,"disputed":[7]}',
    "of a newer kiosk": '{"schema_version":99}',
}
# SQLite takes them, PostgreSQL does not.
NO_TEXT = {"bytes that are no text": b'{"pay\xff\xfe', "a blob": b"\x00\x01", "no document": 5}


def damage(url: str, session_id: str, document: Any) -> None:
    """Have `document` stand where the session's was."""
    engine = create_engine(make_url(url.replace("postgresql:", "postgresql+psycopg:")))
    statement = "UPDATE sessions SET document = :document WHERE session_id = :session_id"
    if isinstance(document, bytes) and document.startswith(b"{"):
        statement = statement.replace(":document", "CAST(:document AS TEXT)")
    with engine.begin() as connection:
        changed = connection.execute(text(statement), {"document": document, "session_id": session_id})
        assert changed.rowcount == 1
    engine.dispose()
