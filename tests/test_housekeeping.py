import time

import pytest

from kiosk.bartender.tools import BarTools
from kiosk.housekeeping import DAY_SECS, tidy
from kiosk.menu import Menu
from kiosk.metrics import VISITS_FORGOTTEN
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.state.store import Store, open_store
from kiosk.visits import new_session_id

MENU = Menu.load(find_assets() / "menu.toml")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path}/kiosk.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


async def visit(store, *, pays):
    session_id = new_session_id("bar")
    tools = BarTools(session_id, store, MENU, SimulatedPayments(0.0), lambda event: None)
    await tools.call("add_to_order", {"item_name": "Negroni"}, "order")
    if pays:
        await tools.call("create_stripe_payment", {}, "link")
        answer = await tools.call("check_payment_status", {}, "paid")
        assert answer["result"]["payment_status"] == "succeeded"
    await tools.close()
    return session_id


async def test_a_settled_visit_is_deleted_after_its_time_and_an_open_one_never(url):
    with open_store(url) as store:
        settled, owing = await visit(store, pays=True), await visit(store, pays=False)
        now = time.time()
        assert tidy(store, 30, now + 29 * DAY_SECS) == 0
        assert set(store) == {settled, owing}
        counted = VISITS_FORGOTTEN._value.get()
        assert tidy(store, 30, now + 31 * DAY_SECS) == 1
        assert VISITS_FORGOTTEN._value.get() == counted + 1
        assert set(store) == {owing}
        assert tidy(store, 30, now + 3650 * DAY_SECS) == 0


async def test_the_journal_keeps_what_happened_to_the_money_and_no_more(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/kiosk.db") as store:
        settled = await visit(store, pays=True)
        tidy(store, 30, time.time() + 31 * DAY_SECS)
        assert isinstance(store, Store)
        entries = store.journal(settled)
        assert any(written.entry.amount for written in entries)
        assert "Negroni" not in str(entries)


def test_a_store_that_ends_with_the_process_needs_no_tidying():
    with open_store("memory:") as store:
        assert tidy(store, 30, time.time() + 10_000 * DAY_SECS) == 0
