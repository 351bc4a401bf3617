"""The tables of sessions and of the journal, which only grows, in whichever database."""

from sqlalchemy import DDL, Boolean, Column, Double, Integer, MetaData, Table, Text, event, true

TABLES = MetaData()
SESSIONS = Table(
    "sessions",
    TABLES,
    Column("session_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("is_outstanding", Boolean, nullable=False, server_default=true()),
    Column("changed_at", Double, nullable=False, server_default="0"),
)
JOURNAL = Table(
    "journal",
    TABLES,
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
        event.listen(JOURNAL, "after_create", DDL(_statement).execute_if(dialect=_dialect))
