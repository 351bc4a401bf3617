"""No cent is lost, whoever else writes, and however the writers or the server die."""

import contextlib
import multiprocessing
import random
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from multiprocessing.connection import wait

import pytest

from kiosk.state import manager
from kiosk.state.store import open_store
from tests.parts import POSTGRESQL
from tests.state.hammering import (
    PRICE,
    SHARED,
    Tally,
    after_steps,
    balances,
    order_in_process,
    order_one,
    order_until_killed,
    seen,
    step,
    version_of,
)

THREADS = 16
PROCESSES = 4
KILLS = 60


@pytest.fixture(params=["sqlite", POSTGRESQL])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'tabs.db'}"


@pytest.fixture(scope="module")
def processes():
    """Processes that begin in milliseconds: forked from one that has imported everything and opened nothing."""
    context = multiprocessing.get_context("forkserver")
    dialects = ["sqlalchemy.dialects.sqlite.pysqlite", "sqlalchemy.dialects.postgresql.psycopg"]
    drivers = ["kiosk.state.sqlite_store", "kiosk.state.postgres_store", *dialects]
    context.set_forkserver_preload(["__main__", "tests.state.hammering", *drivers, "psycopg"])
    return context


def assert_all_is_there(store, shared: Tally, alone: dict[str, Tally]):
    """As many changes as were made, and of each session all that they come to."""
    assert version_of(SHARED, store) == shared.done
    assert manager.get_order_total(SHARED, store) == shared.done * PRICE
    assert balances(SHARED, store)
    for session_id, tally in alone.items():
        assert version_of(session_id, store) == tally.done
        assert seen(session_id, store) == after_steps(tally.done)


def test_sixteen_threads_lose_nothing_on_one_session_and_on_their_own(url):
    def guest(own):
        shared, alone = Tally(), Tally()
        for _ in range(5):
            shared.attempt(order_one, SHARED, store)
            alone.attempt(step, own, store)
        return shared, alone

    owns = [f"guest-{number}" for number in range(THREADS)]
    with open_store(url) as store, ThreadPoolExecutor(THREADS) as pool:
        tallies = dict(zip(owns, pool.map(guest, owns), strict=True))
        shared = sum((shared for shared, _ in tallies.values()), start=Tally())
        assert shared.done + shared.refused == THREADS * 5
        assert_all_is_there(store, shared, {own: alone for own, (_, alone) in tallies.items()})


def test_of_sixteen_threads_that_expect_the_same_version_one_orders_and_fifteen_are_told(url):
    together = threading.Barrier(THREADS, timeout=60)

    def guest(_):
        answers = []
        for _ in range(5):
            version = version_of(SHARED, store)
            together.wait()
            _, refusal, _ = manager.atomic_order_update(SHARED, store, PRICE, expected_version=version)
            answers.append(refusal)
            together.wait()
        return answers

    with open_store(url) as store, ThreadPoolExecutor(THREADS) as pool:
        for answers in zip(*pool.map(guest, range(THREADS)), strict=True):
            assert Counter(answers) == {"": 1, "CONCURRENT_MODIFICATION": THREADS - 1}
        assert_all_is_there(store, Tally(done=5), {})


def test_what_sixteen_threads_order_and_clear_adds_up(url):
    def guest(number):
        tally = Tally()
        for turn in range(5):
            tally.attempt(clear if (turn + number) % 5 == 4 else order_one, SHARED, store)
        return tally

    def clear(session_id, store):
        manager.update_order_state(session_id, store, "clear_order")

    with open_store(url) as store, ThreadPoolExecutor(THREADS) as pool:
        tallies = list(pool.map(guest, range(THREADS)))
        assert sum(tally.done for tally in tallies) == THREADS * 5
        lines = manager.get_current_order_state(SHARED, store)
        ordered = sum((line["unit_price"] * line["quantity"] for line in lines), start=Decimal(0))
        assert manager.get_order_total(SHARED, store) == ordered
        assert balances(SHARED, store)


def test_four_processes_lose_nothing_on_one_session_and_on_their_own(url, processes):
    together = processes.Barrier(PROCESSES, timeout=60)
    answers, started = [], []
    for number in range(PROCESSES):
        answer, said = processes.Pipe(duplex=False)
        process = processes.Process(target=order_in_process, args=(url, f"guest-{number}", 20, together, said))
        process.start()
        said.close()
        answers.append(answer)
        started.append(process)
    tallies = []
    for answer, process in zip(answers, started, strict=True):
        with answer:
            tallies.append(answer.recv())
        process.join()
        assert process.exitcode == 0
    shared = sum((shared for _, shared, _ in tallies), start=Tally())
    assert shared.done + shared.refused == PROCESSES * 20
    with open_store(url) as store:
        assert_all_is_there(store, shared, {own: alone for own, _, alone in tallies})


class Guest:
    """A process that orders until it is killed, and what it has said that it did."""

    def __init__(self, processes, url, own):
        self.own = own
        self.acknowledged = Counter()
        self.pipe, said = processes.Pipe(duplex=False)
        self.process = processes.Process(target=order_until_killed, args=(url, own, said), daemon=True)
        self.process.start()
        said.close()

    def hear(self):
        self.acknowledged[self.pipe.recv()] += 1

    def kill(self, store):
        """Kill it; what it had said before is heard to the end, and what it had sent off is stored or never will be."""
        self.process.kill()
        with self.pipe, contextlib.suppress(EOFError):
            while True:
                self.hear()
        self.process.join()
        for session_id in (SHARED, self.own):
            # A database server finishes the dead process's last commit; its row can be held only after that.
            store.change(session_id, lambda _: None)


@pytest.mark.slow
def test_sixty_killed_processes_leave_every_acknowledged_change(url, processes):
    chance = random.Random(7)
    alone = {f"guest-{number}": 0 for number in range(PROCESSES)}
    shared = unheard = 0
    with contextlib.ExitStack() as kept:
        store = kept.enter_context(open_store(url))
        guests = {own: Guest(processes, url, own) for own in alone}
        kept.callback(lambda: [guest.kill(store) for guest in guests.values()])
        for _ in range(KILLS):
            for _ in range(chance.randint(1, 8)):
                by_pipe = {guest.pipe: guest for guest in guests.values()}
                for pipe in wait(by_pipe, timeout=60):
                    by_pipe[pipe].hear()
            # Whoever has said something is somewhere in its next change.
            own = chance.choice([guest.own for guest in guests.values() if guest.acknowledged])
            killed = guests.pop(own)
            killed.kill(store)
            assert killed.process.exitcode == -signal.SIGKILL
            acknowledged = alone[own] + killed.acknowledged[own]
            alone[own] = version_of(own, store)
            # The last change may have been stored, and its acknowledgement killed.
            assert acknowledged <= alone[own] <= acknowledged + 1
            assert seen(own, store) == after_steps(alone[own])
            shared += killed.acknowledged[SHARED]
            unheard += acknowledged == alone[own]
            guests[own] = Guest(processes, url, own)
        for own in alone:
            killed = guests.pop(own)
            killed.kill(store)
            shared += killed.acknowledged[SHARED]
            unheard += 1
        assert shared <= version_of(SHARED, store) <= shared + unheard
        assert_all_is_there(store, Tally(version_of(SHARED, store)), {})
        assert Tally().attempt(order_one, SHARED, store)
