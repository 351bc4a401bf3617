import asyncio
import time
from collections.abc import Iterator

import pytest
from loguru import logger
from sqlalchemy.engine import make_url

from kiosk.bartender.tools import BarTools
from kiosk.housekeeping import DAY_SECS, INTERVAL_SECS, keep_house, tidy
from kiosk.menu import Menu
from kiosk.metrics import VISITS_FORGOTTEN
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.state.errors import StoreError
from kiosk.state.sqlite_store import SqliteStore
from kiosk.state.store import BUSY_SECS, Store, open_store
from kiosk.visits import new_session_id
from tests.parts import POSTGRESQL

MENU = Menu.load(find_assets() / "menu.toml")


@pytest.fixture(params=["sqlite", POSTGRESQL])
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


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What is logged from information up, as "LEVEL message"."""
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(message.rstrip()), level="INFO", format="{level} {message}")
    yield lines
    logger.remove(sink)


class TroubledStore(SqliteStore):
    """A store whose next looks at old visits raise these, in turn; None is a look that succeeds."""

    def __init__(self, path, *trouble: Exception | None):
        super().__init__(make_url(f"sqlite:///{path}/kiosk.db"), BUSY_SECS)
        self._trouble = iter(trouble)

    def forget_settled(self, before: float) -> int:
        error = next(self._trouble)
        if error:
            raise error
        return super().forget_settled(before)


async def kept_house(store, rounds: int) -> list[float]:
    """Keep house for so many rounds; how long was waited after each."""
    waited: list[float] = []
    over = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == rounds:
            over.set()
            await asyncio.Event().wait()

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(keep_house(store, 30, sleep=sleep))
        await over.wait()
        keeping.cancel()
    return waited


async def test_it_tidies_every_ten_minutes_and_says_how_much(url, log):
    with open_store(url) as store:
        assert await kept_house(store, 2) == [INTERVAL_SECS, INTERVAL_SECS] == [600.0, 600.0]
    assert [line for line in log if "locks" in line] == ["INFO housekeeping: 0 locks of idle visits were dropped"] * 2
    assert sum("0 visits of more than 30 days ago were forgotten" in line for line in log) == 2


async def test_the_third_failure_in_a_row_is_critical_and_none_ends_it(tmp_path, log):
    gone, bug = StoreError("the disk is gone"), RuntimeError("a bug")
    with TroubledStore(tmp_path, gone, bug, None, gone, gone, bug, gone, None) as store:
        await kept_house(store, 8)
    levels = [line.partition(" ")[0] for line in log if "failed" in line]
    assert levels == ["WARNING", "WARNING", "WARNING", "WARNING", "CRITICAL", "CRITICAL"]
