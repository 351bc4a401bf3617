"""What an order costs in each store, beside the plainest code that does the same to the same store.

    uv run benchmarks/state.py [--secs 1.0] [--rounds 7]

Each thread orders on a session of its own. Both sides take turns, round by round, so that a noisy
machine is noisy to both; the ratio is the median of the rounds' ratios. PostgreSQL is measured where
it is installed, on a private server with its defaults: every commit is on the disk.
"""

import argparse
import contextlib
import copy
import itertools
import json
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from kiosk.state import manager
from kiosk.state.sessions import AnyStore
from kiosk.state.store import open_store
from tests.state.postgres import find_programs, fresh_database, running_cluster

PRICE = Decimal("0.01")
THREADS = (1, 16)
REPLACE = "UPDATE sessions SET version = version + 1, document = {0} WHERE session_id = {0} AND version = {0}"

# Makes what one thread does again and again, and lets go of it in the end.
Workers = Callable[[str], contextlib.AbstractContextManager[Callable[[], object]]]


def ours(store: AnyStore) -> Workers:
    """`atomic_order_update` on a store that all threads share."""

    @contextlib.contextmanager
    def worker(session_id: str) -> Iterator[Callable[[], object]]:
        def order() -> None:
            done, refusal, _ = manager.atomic_order_update(session_id, store, PRICE)
            if not done:
                if refusal != "INSUFFICIENT_FUNDS":
                    raise RuntimeError(refusal)
                manager.initialize_state(session_id, store)

        manager.initialize_state(session_id, store)
        yield order

    return worker


def bare_dict(store: dict[str, Any], fresh: dict[str, Any]) -> Workers:
    """Change a copy of the document, as whoever shares it with others must; replace it under one lock, by version."""
    lock = threading.Lock()

    @contextlib.contextmanager
    def worker(session_id: str) -> Iterator[Callable[[], object]]:
        store[session_id] = fresh

        def order() -> None:
            changed = copy.deepcopy(store[session_id])
            payment = changed["payment"]
            payment["balance"] = str(Decimal(payment["balance"]) - PRICE)
            payment["tab_total"] = str(Decimal(payment["tab_total"]) + PRICE)
            payment["version"] += 1
            with lock:
                if store[session_id]["payment"]["version"] == payment["version"] - 1:
                    store[session_id] = changed

        yield order

    return worker


def bare_sqlite(path: str, text: str) -> Workers:
    """A bare UPDATE … WHERE version, as durable as ours: WAL, synchronous=FULL, BEGIN IMMEDIATE."""

    @contextlib.contextmanager
    def worker(session_id: str) -> Iterator[Callable[[], object]]:
        versions = itertools.count(1)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(
                "INSERT OR REPLACE INTO sessions (session_id, version, document) VALUES (?, 1, ?)", (session_id, text)
            )

            def order() -> None:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(REPLACE.format("?"), (text, session_id, next(versions)))
                connection.execute("COMMIT")

            yield order

    return worker


def bare_postgres(url: str, text: str) -> Workers:
    """A bare UPDATE … WHERE version over psycopg."""

    @contextlib.contextmanager
    def worker(session_id: str) -> Iterator[Callable[[], object]]:
        versions = itertools.count(1)
        with psycopg.connect(url) as connection:
            connection.execute("DELETE FROM sessions WHERE session_id = %s", (session_id,))
            connection.execute(
                "INSERT INTO sessions (session_id, version, document) VALUES (%s, 1, %s)", (session_id, text)
            )
            connection.commit()

            def order() -> None:
                connection.execute(REPLACE.format("%s"), (text, session_id, next(versions)))
                connection.commit()

            yield order

    return worker


def measured(workers: Workers, threads: int, secs: float, names: str) -> tuple[float, list[float]]:
    """Orders a second over all threads, and what each order took, seconds."""
    together = threading.Barrier(threads)
    took: list[list[float]] = [[] for _ in range(threads)]

    def work(number: int) -> None:
        with workers(f"{names}-{number}") as order:
            together.wait()
            until = time.perf_counter() + secs
            while (begun := time.perf_counter()) < until:
                order()
                took[number].append(time.perf_counter() - begun)
            together.wait()

    working = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    every = [each for thread in took for each in thread]
    return len(every) / secs, every


def compare(store: str, kiosk: Workers, bare: Workers, secs: float, rounds: int) -> None:
    """Print a line for each number of threads."""
    for threads in THREADS:
        rates: list[tuple[float, float]] = []
        took: list[float] = []
        for _ in range(rounds):
            rate, each = measured(kiosk, threads, secs, "ours")
            took += each
            rates.append((rate, measured(bare, threads, secs, "bare")[0]))
        took.sort()
        ratio = statistics.median(ours / plain for ours, plain in rates)
        mine, plain = (statistics.median(side) for side in zip(*rates, strict=True))
        p50, p99 = (1000 * took[int(len(took) * share)] for share in (0.5, 0.99))
        print(
            f"{store:<11} {threads:>2} threads  {mine:>8.0f}/s  bare {plain:>8.0f}/s  ratio {ratio:.2f}  "
            f"p50 {p50:.2f} ms  p99 {p99:.2f} ms",
            flush=True,
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--secs", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    plain: dict[str, Any] = {}
    manager.atomic_order_update("sample", plain, PRICE)
    text = json.dumps(plain["sample"])
    compare("dict", ours({}), bare_dict({}, plain["sample"]), options.secs, options.rounds)
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/tabs.db", busy_secs=60) as store:
        compare("SQLite", ours(store), bare_sqlite(f"{folder}/tabs.db", text), options.secs, options.rounds)
    programs = find_programs()
    if programs is None:
        print("PostgreSQL is not installed: scripts/install_system_packages.sh")
        return
    with (
        running_cluster(programs) as cluster,
        fresh_database(cluster.url) as url,
        open_store(url, busy_secs=60) as store,
    ):
        compare("PostgreSQL", ours(store), bare_postgres(url, text), options.secs, options.rounds)


if __name__ == "__main__":
    main()
