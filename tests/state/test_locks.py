from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from kiosk.state import manager
from kiosk.state.locks import SessionLocks


def test_a_session_has_one_lock_until_it_is_dropped():
    locks = SessionLocks()
    first = locks.get("a")
    assert locks.get("a") is first
    assert locks.get("b") is not first
    locks.drop("a")
    locks.drop("never seen")
    assert locks.get("a") is not first


def test_only_locks_that_nobody_uses_grow_old():
    now = 0.0
    locks = SessionLocks(clock=lambda: now)
    held, idle = locks.get("held"), locks.get("idle")
    with ThreadPoolExecutor(1) as other:
        other.submit(held.acquire).result()
        now = 3700.0
        locks.get("fresh")
        assert locks.drop_unused(3600) == 1
        assert locks.get("held") is held
        assert locks.get("idle") is not idle
        other.submit(held.release).result()


def test_sixteen_threads_on_one_plain_dict_lose_no_order():
    store = {}
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: manager.atomic_order_update("guest", store, "0.25"), range(400)))
    assert manager.get_order_total("guest", store) == Decimal("100.00")
    assert manager.get_payment_state("guest", store)["version"] == 400
