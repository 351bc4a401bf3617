"""The state API: validation, copies, versions, and what a second tab starts with."""

import json
from decimal import Decimal

import pytest

from kiosk.money import Currency
from kiosk.security.encryption import get_encryption_manager
from kiosk.state import ledger, manager
from kiosk.state.errors import (
    InvalidSessionError,
    InvalidStateError,
    InvalidTipError,
    NotOnOrderError,
    StateError,
)
from kiosk.state.schema import Terms
from kiosk.state.sessions import begin, change

SESSION = "guest-1"
MARTINI = {"item": "Martini", "unit_price": "13.00", "quantity": 2, "modifiers": ["dry"]}


def a_store(*items):
    store = {}
    manager.initialize_state(SESSION, store)
    for item in items:
        manager.update_order_state(SESSION, store, "add_item", item)
    return store


def test_an_item_is_on_the_order_and_on_the_tab_at_once():
    store = a_store(MARTINI)
    assert manager.get_current_order_state(SESSION, store) == [
        {"item": "Martini", "unit_price": Decimal("13.00"), "quantity": 2, "modifiers": ("dry",)}
        | {"without": (), "note": None}
    ]
    assert manager.get_order_total(SESSION, store) == Decimal("26.00")
    assert manager.check_sufficient_funds(SESSION, store, "974.00") == (True, Decimal("974.00"))
    assert manager.check_sufficient_funds(SESSION, store, "974.01") == (False, Decimal("974.00"))


def test_an_item_may_be_called_by_name_and_price():
    store = a_store({"name": "IPA", "price": 6.0})
    assert manager.get_current_order_state(SESSION, store)[0]["unit_price"] == Decimal("6.00")


def test_equal_lines_are_merged_and_others_are_not():
    store = a_store(MARTINI, {**MARTINI, "quantity": 1}, {**MARTINI, "modifiers": []})
    assert [line["quantity"] for line in manager.get_current_order_state(SESSION, store)] == [3, 2]


def test_what_is_removed_comes_off_the_newest_line_first():
    store = a_store(MARTINI, {**MARTINI, "modifiers": []})
    change(SESSION, store, lambda session: ledger.without_item(session, "Martini", 3))
    left = manager.get_current_order_state(SESSION, store)
    assert [(line["quantity"], line["modifiers"]) for line in left] == [(1, ("dry",))]
    assert manager.get_payment_state(SESSION, store)["balance"] == Decimal("987.00")
    with pytest.raises(NotOnOrderError):
        change(SESSION, store, lambda session: ledger.without_item(session, "IPA"))


def test_what_is_returned_is_a_copy():
    store = a_store(MARTINI)
    manager.get_current_order_state(SESSION, store)[0]["quantity"] = 50
    manager.get_payment_state(SESSION, store)["balance"] = 0
    manager.get_conversation_state(SESSION, store)["phase"] = "gone"
    assert manager.get_order_total(SESSION, store) == Decimal("26.00")
    assert manager.get_payment_state(SESSION, store)["balance"] == Decimal("974.00")
    assert manager.get_conversation_state(SESSION, store)["phase"] == "greeting"


def test_money_is_stored_as_text():
    assert a_store(MARTINI)[SESSION]["payment"]["tab_total"] == "26.00"


def test_sessions_do_not_see_each_other():
    store = a_store(MARTINI)
    assert manager.get_payment_state("guest-2", store)["balance"] == Decimal("1000.00")


def test_a_tip_renews_its_amount_with_the_tab_and_goes_with_it():
    store = a_store(MARTINI)
    manager.set_tip(SESSION, store, 15)
    manager.update_order_state(SESSION, store, "add_item", {"item": "IPA", "unit_price": 6})
    assert manager.get_payment_state(SESSION, store)["tip_amount"] == Decimal("4.80")
    manager.update_order_state(SESSION, store, "clear_order")
    state = manager.get_payment_state(SESSION, store)
    assert (state["tip_percentage"], state["tip_amount"]) == (None, 0)
    assert state["balance"] == Decimal("1000.00")


@pytest.mark.parametrize("percentage", [0, 12, -10, 100, True, "12", 14.9, Decimal("NaN"), "fifteen"])
def test_a_tip_that_is_not_offered_is_refused(percentage):
    with pytest.raises(InvalidTipError):
        manager.set_tip(SESSION, a_store(MARTINI), percentage)


@pytest.mark.parametrize("percentage", [15, 15.0, Decimal("15"), Decimal("15.00"), "15"], ids=repr)
def test_a_tip_of_any_kind_of_number_is_that_number_and_is_read_again(percentage):
    for choose in (
        lambda store: manager.set_tip(SESSION, store, percentage),
        lambda store: manager.update_order_state(SESSION, store, "add_tip", {"percentage": percentage}),
        lambda store: manager.update_payment_state(SESSION, store, {"tip_percentage": percentage}),
    ):
        store = a_store(MARTINI)
        choose(store)
        tip = manager.get_payment_state(SESSION, store)["tip_percentage"]
        assert (tip, type(tip)) == (15, int)
    assert manager.calculate_tip("30.00", percentage) == Decimal("4.50")


@pytest.mark.parametrize("percentage", [12, 15.5, "much", True])
def test_whichever_way_a_tip_is_given_one_that_is_not_offered_is_refused_with_its_code(percentage):
    store = a_store(MARTINI)
    before = dict(store)
    for choose in (
        lambda: manager.set_tip(SESSION, store, percentage),
        lambda: manager.update_order_state(SESSION, store, "add_tip", {"percentage": percentage}),
        lambda: manager.update_payment_state(SESSION, store, {"tip_percentage": percentage}),
        lambda: manager.calculate_tip(30, percentage),
    ):
        with pytest.raises(StateError) as refused:
            choose()
        assert refused.value.code == "INVALID_TIP_PERCENTAGE"
    assert store == before


def test_a_visit_has_the_terms_of_its_bar_to_its_end():
    store = {}
    begin(SESSION, store, Terms(currency=Currency("JPY"), tips=(5, 18), credit=Decimal(20_000)))
    manager.update_order_state(SESSION, store, "add_item", {"item": "Sake", "unit_price": "550"})
    assert manager.set_tip(SESSION, store, 18) == (Decimal(99), Decimal(649))
    with pytest.raises(InvalidTipError, match="5 or 18 per cent"):
        manager.set_tip(SESSION, store, 15)
    manager.reset_session_state(SESSION, store)
    state = manager.get_payment_state(SESSION, store)
    assert (str(state["balance"]), str(state["tab_total"])) == ("20000", "0")
    assert manager.atomic_order_update(SESSION, store, "82.5")[2] == Decimal(19_917)
    assert manager.check_sufficient_funds(SESSION, store, "19917.4") == (True, Decimal(19_917))


def test_a_second_tab_starts_with_a_fresh_payment():
    store = a_store(MARTINI)
    updates = {
        "payment_status": "processing",
        "stripe_payment_id": "plink_1",
        "idempotency_key": f"{SESSION}_1700000000",
    }
    manager.update_payment_state(SESSION, store, updates)
    manager.update_order_state(SESSION, store, "pay_bill")
    assert manager.get_payment_state(SESSION, store)["payment_status"] == "completed"
    manager.update_order_state(SESSION, store, "add_item", {"item": "IPA", "unit_price": 6})
    state = manager.get_payment_state(SESSION, store)
    assert (state["payment_status"], state["stripe_payment_id"]) == ("pending", None)
    assert (state["tab_total"], state["balance"]) == (Decimal("6.00"), Decimal("968.00"))
    assert [tab["payment_id"] for tab in manager.get_order_history(SESSION, store)] == ["plink_1"]


def test_an_order_is_finished_when_placed_and_open_again_with_the_next_drink():
    store = a_store(MARTINI)
    manager.update_order_state(SESSION, store, "place_order")
    assert manager.is_order_finished(SESSION, store)
    manager.update_order_state(SESSION, store, "add_item", MARTINI)
    assert not manager.is_order_finished(SESSION, store)


def test_an_unseen_change_is_refused_by_its_version():
    store = a_store()
    version = manager.get_payment_state(SESSION, store)["version"]
    assert manager.atomic_order_update(SESSION, store, 5, version) == (True, "", Decimal("995.00"))
    late = manager.atomic_order_update(SESSION, store, 5, version)
    assert late == (False, "CONCURRENT_MODIFICATION", Decimal("995.00"))


@pytest.mark.parametrize(
    "updates",
    [
        {"balance": -1},
        {"tab_total": float("nan")},
        {"tip_percentage": 12},
        {"stripe_payment_id": "cs_123"},
        {"idempotency_key": "no timestamp"},
        {"payment_status": "paid"},
        {"payment_status": "completed"},
        {"version": -1},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_payment_state_that_breaks_the_rules_is_refused_whole(updates):
    store = a_store(MARTINI)
    before = dict(store)
    with pytest.raises(InvalidStateError):
        manager.update_payment_state(SESSION, store, {"needs_reconciliation": True, **updates})
    assert store == before


def test_a_payment_status_goes_forward_only():
    store = a_store(MARTINI)
    for status in ("processing", "completed"):
        manager.update_payment_state(SESSION, store, {"payment_status": status})
    with pytest.raises(InvalidStateError, match="completed to pending"):
        manager.update_payment_state(SESSION, store, {"payment_status": "pending"})


def test_a_completed_payment_does_not_need_reconciliation():
    store = a_store(MARTINI)
    updates = {"payment_status": "processing", "needs_reconciliation": True}
    manager.update_payment_state(SESSION, store, updates)
    with pytest.raises(InvalidStateError, match="reconciliation"):
        manager.update_payment_state(SESSION, store, {"payment_status": "completed"})
    manager.atomic_payment_complete(SESSION, store)
    assert not manager.get_payment_state(SESSION, store)["needs_reconciliation"]


def test_the_conversation_is_kept_beside_the_money():
    store = a_store(MARTINI)
    manager.update_conversation_state(SESSION, store, {"phase": "small_talk", "turn_count": 3})
    assert manager.get_conversation_state(SESSION, store)["phase"] == "small_talk"
    assert manager.get_order_total(SESSION, store) == Decimal("26.00")
    with pytest.raises(InvalidStateError):
        manager.update_conversation_state(SESSION, store, {"turn_count": -1})


def test_what_is_kept_of_a_conversation_beside_its_counts_is_encrypted():
    store = a_store()
    manager.update_conversation_state(SESSION, store, {"last_words": "surprise me", "turn_count": 2})
    manager.update_conversation_state(SESSION, store, {"mood": {"glad": True}})
    assert "surprise" not in json.dumps(store[SESSION])
    kept = manager.get_conversation_state(SESSION, store)
    assert (kept["last_words"], kept["mood"], kept["turn_count"]) == ("surprise me", {"glad": True}, 2)
    assert "private" not in kept


def test_a_card_number_is_not_kept_of_a_conversation_even_encrypted():
    store = a_store()
    said = [{"guest": "my card is 4242 4242 4242 4242"}, "two beers"]
    manager.update_conversation_state(SESSION, store, {"said": said, "last_words": "four two " * 8})
    kept = manager.get_conversation_state(SESSION, store)
    assert kept["said"] == [{"guest": "my card is …"}, "two beers"]
    assert kept["last_words"].strip() == "…"


def test_what_cannot_be_decrypted_any_more_is_forgotten_and_the_visit_goes_on():
    store = a_store(MARTINI)
    manager.update_conversation_state(SESSION, store, {"last_words": "surprise me", "turn_count": 2})
    get_encryption_manager.cache_clear()
    kept = manager.get_conversation_state(SESSION, store)
    assert kept["turn_count"] == 2
    assert "last_words" not in kept
    manager.update_conversation_state(SESSION, store, {"last_words": "the bill"})
    assert manager.get_conversation_state(SESSION, store)["last_words"] == "the bill"
    assert manager.get_order_total(SESSION, store) == Decimal("26.00")


def test_what_is_no_json_cannot_be_kept():
    with pytest.raises(InvalidStateError):
        manager.update_conversation_state(SESSION, a_store(), {"last_words": object()})


def test_a_document_of_an_older_kiosk_gets_what_it_lacks():
    store = {SESSION: {"payment": {"balance": 990.0, "tab_total": 10}}}
    assert manager.get_payment_state(SESSION, store)["tip_amount"] == 0
    assert manager.atomic_order_update(SESSION, store, 1)[2] == Decimal("989.00")


@pytest.mark.parametrize(
    "document", [{"schema_version": 99}, {"schema_version": "x"}, {"payment": {"balance": "x"}}, [], "{}"], ids=str
)
def test_what_is_not_a_session_document_is_refused_in_a_sentence(document):
    with pytest.raises(InvalidStateError) as refused:
        manager.get_payment_state(SESSION, {SESSION: document})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("session_id", ["", " ", "a b", "x" * 101, "-x", None, 7, "gäst"])
def test_an_impossible_session_id_is_refused(session_id):
    with pytest.raises(InvalidSessionError):
        manager.initialize_state(session_id, {})
    with pytest.raises(InvalidSessionError):
        manager.get_payment_state(session_id, {})


def test_an_unknown_action_is_refused():
    with pytest.raises(InvalidStateError, match="'dance'"):
        manager.update_order_state(SESSION, a_store(), "dance")


def test_a_reset_session_begins_anew():
    store = a_store(MARTINI)
    manager.reset_session_state(SESSION, store)
    assert manager.get_payment_state(SESSION, store)["balance"] == Decimal("1000.00")
    assert manager.get_current_order_state(SESSION, store) == []
