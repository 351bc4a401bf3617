"""A store in trouble: a coded error in one line, and everything that was acknowledged is there afterwards."""

import contextlib
import sqlite3
import threading
from decimal import Decimal

import pytest

from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.state import manager
from kiosk.state.errors import OutcomeUnknownError, StoreError
from kiosk.state.sessions import load
from kiosk.state.store import Store, open_store
from tests.full_disk import no_file_beyond
from tests.state.cable import cable_to
from tests.state.hammering import Tally, order_one, version_of
from tests.state.postgres import fresh_database

MENU = Menu.load(find_assets() / "menu.toml")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tabs.db"


@pytest.fixture
def store(path):
    with open_store(f"sqlite:///{path}", busy_secs=0.05) as opened:
        manager.atomic_order_update("guest", opened, "13.00")
        yield opened


def full_disk(path):
    """No file can grow beyond what the biggest of the store has now."""
    return no_file_beyond(max(file.stat().st_size for file in path.parent.iterdir()))


def assert_refused(act, *words):
    with pytest.raises(StoreError) as refused:
        act()
    message = str(refused.value)
    assert "\n" not in message
    assert all(word in message for word in words), message


def test_on_a_full_disk_a_change_is_refused_and_the_next_one_is_made_when_there_is_room(store, path):
    with full_disk(path):
        assert_refused(lambda: manager.atomic_order_update("guest", store, "6.00"), "tabs.db")
        assert manager.get_order_total("guest", store) == Decimal("13.00")
    assert manager.atomic_order_update("guest", store, "6.00") == (True, "", Decimal("981.00"))
    with open_store(f"sqlite:///{path}") as again:
        assert manager.get_order_total("guest", again) == Decimal("19.00")


def test_a_file_that_can_only_be_read_is_refused_and_left_as_it_is(store, path):
    def order():
        with open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as read_only:
            assert manager.get_order_total("guest", read_only) == Decimal("13.00")
            manager.atomic_order_update("guest", read_only, "6.00")

    assert_refused(order, "readonly")
    assert manager.get_order_total("guest", store) == Decimal("13.00")


def test_a_damaged_file_is_named_in_one_line(store, path):
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert_refused(lambda: open_store(f"sqlite:///{path}"), "tabs.db")


def test_a_folder_that_was_removed_is_a_coded_error(store, path):
    store.close()
    path.unlink()
    path.mkdir()
    assert_refused(lambda: open_store(f"sqlite:///{path}"), "tabs.db")


def test_a_clock_that_is_set_back_loses_nothing_and_mixes_nothing_up(path):
    now = 2_000_000_000.0
    with open_store(f"sqlite:///{path}", clock=lambda: now) as store:
        for price, now in (("1.00", 2_000_000_000.0), ("2.00", 1_000.0), ("3.00", 0.0)):  # noqa: B007 - the clock's
            manager.atomic_order_update("guest", store, price)
            manager.atomic_payment_complete("guest", store)
            manager.atomic_order_update("guest", store, price)
        assert isinstance(store, Store)
        assert [(line.at, line.entry.amount) for line in store.journal("guest")] == [
            (2_000_000_000.0, Decimal(1)),
            (1_000.0, Decimal(3)),
            (0.0, Decimal(5)),
        ]
        assert manager.get_payment_state("guest", store)["balance"] == Decimal("988.00")
        assert list(store.outstanding()) == ["guest"]


async def test_attempts_have_keys_of_their_own_although_the_clock_is_set_back(store):
    now = iter([2_000.0, 2_000.0, 2_000.0, 1_000.0, 1_000.0, 1_000.0, 1_000.0])
    tools = BarTools(
        "visit", store, MENU, SimulatedPayments(None), lambda event: None, clock=lambda: next(now, 2_000.0)
    )
    keys = set()
    for _ in range(3):
        await tools.add_to_order("Martini")
        assert (await tools.create_stripe_payment())["status"] == "ok"
        keys.add(load("visit", store).payment.idempotency_key)
    assert len(keys) == 3


@pytest.mark.parametrize("trouble", ["full", "locked", "damaged"])
async def test_a_guest_is_told_in_words_and_nothing_of_the_order_is_lost(store, path, trouble):
    tools = BarTools("guest", store, MENU, SimulatedPayments(None), lambda event: None)
    with contextlib.ExitStack() as broken:
        vandal = broken.enter_context(contextlib.closing(sqlite3.connect(path, isolation_level=None)))
        match trouble:
            case "full":
                broken.enter_context(full_disk(path))
            case "locked":
                vandal.execute("BEGIN IMMEDIATE")
            case "damaged":
                document = vandal.execute("SELECT document FROM sessions").fetchone()[0]
                vandal.execute("UPDATE sessions SET document = '{'")
                broken.callback(vandal.execute, "UPDATE sessions SET document = ?", [document])
        answer = await tools.add_to_order("IPA")
        assert answer["status"] == "error"
        assert answer["error"] == ("CONCURRENT_MODIFICATION" if trouble == "locked" else "INVALID_SESSION")
        assert "staff" in answer["message"]
    assert (await tools.get_order())["result"]["tab"] == 13.0
    assert (await tools.add_to_order("IPA"))["result"]["new_tab"] == 19.0


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(
    ("pulled", "error"),
    [
        ("before the commit", StoreError),
        ("after the commit", None),
        ("after the commit, for good", OutcomeUnknownError),
    ],
)
def test_a_commit_that_is_not_answered_is_read_back(postgres_cluster, begun, pulled, error):
    with (
        fresh_database(postgres_cluster.url) as url,
        cable_to(url) as (cable, far_end),
        open_store(url) as near,
        open_store(far_end, busy_secs=1) as store,
    ):
        if begun:
            manager.atomic_order_update("guest", near, "13.00")
        before = manager.get_order_total("guest", near)
        cable.pull(pulled)
        drink = {"item": "IPA", "unit_price": 6}
        if error is None:
            manager.update_order_state("guest", store, "add_item", drink)
        else:
            with pytest.raises(StoreError) as caught:
                manager.update_order_state("guest", store, "add_item", drink)
            assert type(caught.value) is error
        # An order that was begun holds its row until the server has done with it.
        manager.update_order_state("guest", near, "add_item", {"item": "Water", "unit_price": 1})
        made = 0 if pulled == "before the commit" else 6
        assert manager.get_order_total("guest", near) == before + made + 1


@pytest.mark.needs("postgresql")
def test_while_the_database_server_is_away_changes_are_refused_and_then_go_on(postgres_cluster):
    with fresh_database(postgres_cluster.url) as url, open_store(url, busy_secs=1) as store:
        manager.atomic_order_update("guest", store, "13.00")
        postgres_cluster.stop()
        try:
            assert_refused(lambda: manager.atomic_order_update("guest", store, "6.00"), "postgresql://")
            assert_refused(lambda: manager.get_order_total("guest", store))
        finally:
            postgres_cluster.start()
        assert manager.atomic_order_update("guest", store, "6.00") == (True, "", Decimal("981.00"))


@pytest.mark.needs("postgresql")
def test_a_server_that_dies_in_the_middle_of_writes_keeps_what_it_acknowledged(postgres_cluster):
    with fresh_database(postgres_cluster.url) as url, open_store(url, busy_secs=1) as store:
        tally, enough, over = Tally(), threading.Event(), threading.Event()

        def guest():
            while not over.is_set():
                tally.attempt(order_one, "guest", store)
                if tally.done == 40:
                    enough.set()

        ordering = threading.Thread(target=guest)
        ordering.start()
        try:
            assert enough.wait(60)
            postgres_cluster.stop("immediate")
        finally:
            over.set()
            postgres_cluster.start()
            ordering.join()
        assert tally.done <= version_of("guest", store) <= tally.done + tally.unknown
        assert tally.attempt(order_one, "guest", store)
