"""The journal tells what happened to money, in the order in which it was stored, and can only grow."""

import contextlib
import sqlite3
from decimal import Decimal

import psycopg
import pytest

from kiosk.state import ledger, manager
from kiosk.state.schema import Link
from kiosk.state.sessions import change
from kiosk.state.store import open_store
from tests.parts import POSTGRESQL

LINK = Link(payment_id="plink_1", url="https://pay", amount=Decimal("14.95"), is_simulated=False)


@pytest.fixture(params=["sqlite", POSTGRESQL])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'tabs.db'}"


@pytest.fixture
def store(url):
    with open_store(url) as opened:
        manager.update_order_state("guest", opened, "add_item", {"item": "Martini", "unit_price": 13})
        manager.set_tip("guest", opened, 15)
        yield opened


def show_link(store):
    begun = change("guest", store, lambda session: ledger.payment_begun(session, "guest", now=1_000)).after
    key = begun.payment.idempotency_key or ""
    change("guest", store, lambda session: ledger.link_made(session, key, LINK))


def told(store):
    return [
        (line.entry.kind, line.entry.amount, line.entry.payment_id, line.entry.note) for line in store.journal("guest")
    ]


def test_a_payment_is_written_once(store):
    show_link(store)
    for _ in range(2):
        change("guest", store, lambda session: ledger.settled(session, "plink_1", Decimal("14.95")))
    assert told(store) == [("paid", Decimal("14.95"), "plink_1", "")]


def test_another_amount_is_a_dispute_and_what_the_staff_did_about_it_follows(store):
    show_link(store)
    change("guest", store, lambda session: ledger.settled(session, "plink_1", Decimal("10.00")))
    change("guest", store, ledger.settled_by_staff, note="refunded 10, paid 14.95 in cash")
    (disputed, settled) = told(store)
    assert disputed == ("disputed", Decimal("10.00"), "plink_1", "amount; asked 14.95")
    assert settled == ("settled", Decimal("24.95"), None, "refunded 10, paid 14.95 in cash")


def test_an_open_tab_that_is_begun_anew_leaves_a_trace(store):
    manager.initialize_state("guest", store)
    assert told(store) == [("dropped", Decimal("14.95"), None, "")]


def test_a_refused_change_writes_nothing(store):
    manager.atomic_order_update("guest", store, 5000)
    assert told(store) == []


@pytest.mark.parametrize("vandalism", ["DELETE FROM journal", "UPDATE journal SET amount = '0.00'"])
def test_nobody_can_change_what_is_written(store, url, vandalism):
    manager.atomic_payment_complete("guest", store)
    before = told(store)
    is_file = url.startswith("sqlite")
    vandals = sqlite3.connect(url.removeprefix("sqlite:///")) if is_file else psycopg.connect(url)
    with contextlib.closing(vandals) as vandal:
        with pytest.raises(sqlite3.IntegrityError if is_file else psycopg.errors.RaiseException, match="only appended"):
            vandal.execute(vandalism)
        vandal.rollback()
    assert told(store) == before
    assert len(before) == 1
