"""Guests who order, tip and start over as fast as the store lets them, and what their tabs must then be.

What a guest does next follows from how many changes the session has seen, so that a dict that goes
through as many steps shows what the session has to be. On a session that is shared, all order alike.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kiosk.state import manager
from kiosk.state.errors import ConcurrentModificationError, OutcomeUnknownError, StoreError
from kiosk.state.sessions import AnyStore
from kiosk.state.store import open_store

SHARED = "table"
PRICE = Decimal("0.01")
OPENING = Decimal("1000.00")


def version_of(session_id: str, store: AnyStore) -> int:
    """How many changes the session's money has seen."""
    return manager.get_payment_state(session_id, store)["version"]


def order_one(session_id: str, store: AnyStore) -> None:
    """Order one more at `PRICE`.

    Raises:
        StateError: it was not done.
    """
    # A line holds 99 at most, and a table is hammered for longer.
    bowl = f"bowl {version_of(session_id, store) // 50}"
    drink = {"item": "Olive", "unit_price": PRICE, "modifiers": (bowl,)}
    manager.update_order_state(session_id, store, "add_item", drink)


def step(session_id: str, store: AnyStore) -> None:
    """Do what comes next on a session that nobody else changes; it counts as exactly one change.

    Raises:
        StoreError: it was not done.
    """
    done = version_of(session_id, store)
    if done % 10 == 9:
        manager.update_order_state(session_id, store, "clear_order")
    elif done % 10 == 4:
        manager.update_order_state(session_id, store, "add_tip", {"percentage": (10, 15, 20)[done // 10 % 3]})
    elif done % 2:
        drink = {"item": "Martini", "unit_price": "13.37", "quantity": 1 + done % 3, "modifiers": (f"no. {done}",)}
        manager.update_order_state(session_id, store, "add_item", drink)
    else:
        was_done, refusal, _ = manager.atomic_order_update(session_id, store, "0.07")
        if not was_done:
            raise ConcurrentModificationError(refusal)


def seen(session_id: str, store: AnyStore) -> tuple[Any, ...]:
    """All that a guest sees of the session."""
    return manager.get_payment_state(session_id, store), manager.get_current_order_state(session_id, store)


def after_steps(count: int) -> tuple[Any, ...]:
    """What a session shows after `count` steps, each of which was made once."""
    store: AnyStore = {}
    for _ in range(count):
        step("guest", store)
    return seen("guest", store)


def balances(session_id: str, store: AnyStore) -> bool:
    """Whether no cent of the session is lost."""
    payment = manager.get_payment_state(session_id, store)
    return payment["balance"] + payment["tab_total"] == OPENING


@dataclass
class Tally:
    """What became of a number of changes: `unknown` may have been made or not, `refused` were not."""

    done: int = 0
    refused: int = 0
    unknown: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.done + other.done, self.refused + other.refused, self.unknown + other.unknown)

    def attempt(self, act: Callable[[str, AnyStore], None], session_id: str, store: AnyStore) -> bool:
        """Do `act`, count what became of it, and say whether it was done."""
        try:
            act(session_id, store)
        except OutcomeUnknownError:
            self.unknown += 1
        except StoreError:
            self.refused += 1
        else:
            self.done += 1
            return True
        return False


def order_in_process(url: str, own: str, changes: int, barrier: Any, answers: Any) -> None:
    """In a process: after the others are ready, `changes` on the shared session and as many on its own."""
    with open_store(url) as store:
        barrier.wait()
        shared, alone = Tally(), Tally()
        for _ in range(changes):
            shared.attempt(order_one, SHARED, store)
            alone.attempt(step, own, store)
    answers.send((own, shared, alone))
    answers.close()


def order_until_killed(url: str, own: str, acknowledge: Any) -> None:
    """In a process that is killed: change the shared session and its own in turns, and name each once it is done."""
    with open_store(url) as store:
        while True:
            for act, session_id in ((order_one, SHARED), (step, own)):
                with contextlib.suppress(ConcurrentModificationError):
                    act(session_id, store)
                    acknowledge.send(session_id)
