import re

import pytest

from kiosk.state import manager
from kiosk.state.store import open_store
from kiosk.visits import interrupted, is_of, new_session_id
from tests.state.vandal import DAMAGED, NO_TEXT, damage


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'tabs.db'}") as opened:
        yield opened


def test_every_visit_has_an_id_of_its_own_that_tells_the_kiosk():
    ids = {new_session_id("bar-2") for _ in range(50)}
    assert len(ids) == 50
    assert all(is_of("bar-2", session_id) for session_id in ids)


@pytest.mark.parametrize("kiosk", ["bar", "bar-2", "ba", "bar.2"])
def test_a_kiosk_takes_no_other_kiosks_visits_for_its_own(kiosk):
    assert not is_of(kiosk, new_session_id("bar-2-terrace"))


def test_ids_fit_the_pattern_of_idempotency_keys():
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", new_session_id("a" * 40))


def test_the_latest_open_visit_goes_on(store):
    for session_id in (new_session_id("bar"), new_session_id("terrace"), latest := new_session_id("bar")):
        manager.atomic_order_update(session_id, store, "13.00")
    assert interrupted("bar", store) == latest


def test_a_paid_visit_and_an_empty_one_do_not_go_on(store):
    paid, empty = new_session_id("bar"), new_session_id("bar")
    manager.atomic_order_update(paid, store, "13.00")
    manager.atomic_payment_complete(paid, store)
    manager.initialize_state(empty, store)
    assert interrupted("bar", store) is None


def test_after_a_while_it_is_another_guest(store):
    manager.atomic_order_update(new_session_id("bar"), store, "13.00")
    assert interrupted("bar", store, within_secs=-1) is None


@pytest.mark.parametrize("document", [*DAMAGED.values(), *NO_TEXT.values()], ids=[*DAMAGED, *NO_TEXT])
def test_a_visit_that_cannot_be_read_does_not_keep_the_kiosk_from_serving(store, tmp_path, document):
    broken, whole = new_session_id("bar"), new_session_id("bar")
    for session_id in (whole, broken):
        manager.atomic_order_update(session_id, store, "13.00")
    damage(f"sqlite:///{tmp_path / 'tabs.db'}", broken, document)
    assert interrupted("bar", store) == whole
