"""The stores: mappings that keep what they were given, over processes and their deaths."""

import contextlib
import json
import sqlite3
from decimal import Decimal

import pytest
from sqlalchemy.engine import make_url

from kiosk.state import care, ledger, manager
from kiosk.state.errors import ConcurrentModificationError, DamagedError, StoreError
from kiosk.state.sessions import change, load, outstanding
from kiosk.state.sql_store import OvertakenError
from kiosk.state.sqlite_store import SqliteStore
from kiosk.state.store import BUSY_SECS, open_store
from tests.parts import POSTGRESQL


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bar" / "tabs.db"


@pytest.fixture
def url(path):
    return f"sqlite:///{path}"


@pytest.mark.parametrize("where", ["memory:", "sqlite", POSTGRESQL])
def test_a_store_is_a_mapping(where, url, request):
    if where == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with open_store(where if where == "memory:" else url) as store:
        assert len(store) == 0
        store["a"] = {"x": "é"}
        store["b"] = {}
        store["a"] = {"x": "1.00"}
        assert store["a"] == {"x": "1.00"}
        assert sorted(store) == ["a", "b"]
        assert len(store) == 2
        assert "a" in store
        del store["a"]
        assert "a" not in store
        with pytest.raises(KeyError):
            store["a"]
        with pytest.raises(KeyError):
            del store["a"]


def test_what_was_ordered_is_there_when_the_store_is_opened_again(url):
    with open_store(url) as store:
        manager.update_order_state("guest", store, "add_item", {"item": "IPA", "unit_price": 6})
    with open_store(url) as store:
        assert manager.get_order_total("guest", store) == Decimal("6.00")
        assert manager.get_current_order_state("guest", store)[0]["item"] == "IPA"


@pytest.mark.parametrize("where", ["sqlite", POSTGRESQL])
def test_what_the_staff_have_to_know_of_a_visit_survives_in_every_store(where, url, request):
    if where == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with open_store(url) as store:
        manager.update_order_state("guest", store, "add_item", {"item": "IPA", "unit_price": 6})
        change("guest", store, ledger.to_the_bar)
        change("guest", store, lambda session: care.staff_called(session, "needs help", 1.5))
        change("guest", store, lambda session: care.served_no_alcohol(session, lambda line: False))
    with open_store(url) as store:
        session = load("guest", store)
        assert (session.at_bar, session.alcohol_free) == ("chosen", True)
        assert [(call.reason, call.at) for call in session.staff_calls] == [("needs help", 1.5)]
        assert list(outstanding(store)) == ["guest"]


def test_only_the_owner_can_read_the_file(url, path):
    with open_store(url) as store:
        manager.initialize_state("guest", store)
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}


def test_a_refused_change_writes_nothing(url):
    with open_store(url) as store:
        manager.initialize_state("guest", store)
        before = store["guest"]
        assert manager.atomic_order_update("guest", store, 1001)[1] == "INSUFFICIENT_FUNDS"
        assert store["guest"] == before


class OvertakenStore(SqliteStore):
    """A store in which somebody else's change always comes first, as may happen between servers."""

    tries = 0

    def _replace(self, *_):
        self.tries += 1
        raise OvertakenError


def test_a_change_that_others_keep_overtaking_is_given_up_after_three_more_tries(url):
    with OvertakenStore(make_url(url), BUSY_SECS) as store, open_store(url) as honest:
        manager.initialize_state("guest", honest)
        assert manager.atomic_order_update("guest", store, 1)[1] == "CONCURRENT_MODIFICATION"
        assert store.tries == 1 + 3
        assert manager.get_order_total("guest", honest) == 0


@pytest.mark.parametrize("url", ["", "tabs.db", "redis://here", "sqlite:////proc/no/tabs.db", "sqlite:////"], ids=str)
def test_a_store_that_cannot_be_used_says_so_in_one_line(url):
    with pytest.raises(StoreError) as refused:
        open_store(url)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but somebody's notes " * 40)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"notes\.txt: .*not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_damaged_document_is_named(url, path):
    with open_store(url) as store:
        manager.atomic_order_update("guest", store, Decimal("12.00"))
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as vandal:
            vandal.execute("UPDATE sessions SET document = '{\"pay'")
        with pytest.raises(DamagedError, match="document of guest is damaged"):
            manager.get_payment_state("guest", store)
        with pytest.raises(DamagedError, match="document of guest is damaged"):
            manager.atomic_order_update("guest", store, Decimal("12.00"))
        assert list(outstanding(store)) == ["guest"]


def test_a_store_that_another_process_holds_is_a_concurrent_modification(url, path):
    with open_store(url, busy_secs=0.01) as store:
        manager.initialize_state("guest", store)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert manager.atomic_order_update("guest", store, 1)[1] == "CONCURRENT_MODIFICATION"
            with pytest.raises(ConcurrentModificationError):
                manager.update_order_state("guest", store, "add_item", {"item": "IPA", "unit_price": 6})
            other.execute("ROLLBACK")
        assert manager.atomic_order_update("guest", store, 1)[0]


def test_the_first_kiosks_file_is_taken_over(url, path):
    path.parent.mkdir()
    old = {
        "payment": {"balance": "987.00", "tab_total": "13.00"},
        "order": [{"item": "Martini", "unit_price": "13.00"}],
    }
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute(
            "CREATE TABLE sessions (session_id TEXT PRIMARY KEY, version INTEGER NOT NULL, document TEXT NOT NULL)"
        )
        first.execute("INSERT INTO sessions VALUES ('guest', 7, ?)", [json.dumps(old)])
    with open_store(url) as store:
        assert list(outstanding(store)) == ["guest"]
        assert manager.atomic_order_update("guest", store, 1) == (True, "", Decimal("986.00"))
        assert manager.get_order_total("guest", store) == Decimal("14.00")
    with open_store(url) as store:
        assert manager.get_order_total("guest", store) == Decimal("14.00")
