"""A document that cannot be read: named, passed by, and begun anew without forgetting what may still be paid."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.state import ledger, manager
from kiosk.state.errors import DamagedError, InvalidStateError, StateError
from kiosk.state.schema import Line, Link, Payment, Session
from kiosk.state.sessions import change, load, outstanding, recover
from kiosk.state.store import Store, open_store
from kiosk.state.stored import read_text, write_document, write_text
from tests.state.vandal import DAMAGED, NO_TEXT, damage

GUEST, OTHER = "bar-0123456789ab", "bar-0123456789ac"
KEY = f"{GUEST}_1763700000"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path}/kiosk.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


def each_damage(url):
    return DAMAGED | (NO_TEXT if url.startswith("sqlite") else {})


def test_a_damaged_document_is_named_and_the_others_go_on(url):
    with open_store(url) as store:
        for name, document in each_damage(url).items():
            manager.initialize_state(GUEST, store)
            for guest in (GUEST, OTHER):
                manager.atomic_order_update(guest, store, "13.00")
            damage(url, GUEST, document)
            with pytest.raises(DamagedError, match=rf"^the document of {GUEST} [^\n]{{1,400}}$"):
                load(GUEST, store)
            with pytest.raises(DamagedError):
                manager.update_order_state(GUEST, store, "clear_order")
            assert set(outstanding(store)) == {GUEST, OTHER}, name
            assert load(OTHER, store).payment.tab_total


@pytest.mark.parametrize("begin_anew", [manager.initialize_state, manager.reset_session_state])
def test_a_session_that_cannot_be_read_is_reset_to_the_defaults(url, begin_anew):
    with open_store(url) as store:
        assert isinstance(store, Store)
        for name, document in each_damage(url).items():
            manager.atomic_order_update(GUEST, store, "13.00")
            damage(url, GUEST, document)
            begin_anew(GUEST, store)
            assert load(GUEST, store) == Session(), name
            assert store.journal(GUEST)[-1].entry.kind == "damaged"
            assert list(outstanding(store)) == []


@pytest.mark.parametrize("document", [[], "{}", 7, {"payment": {"balance": "x"}}, {"schema_version": 99}], ids=str)
def test_a_plain_mapping_is_reset_too(document):
    store = {GUEST: document}
    manager.reset_session_state(GUEST, store)
    assert load(GUEST, store) == Session()


def test_what_can_be_read_is_not_recovered(url):
    with open_store(url) as store:
        manager.atomic_order_update(GUEST, store, "13.00")
        assert not recover(GUEST, store)
        assert not recover("bar-00000000000d", store)
        assert load(GUEST, store).payment.tab_total == Decimal("13.00")
        assert list(store) == [GUEST]


def a_link(number: int, amount="13.00") -> Link:
    return Link(payment_id=f"plink_{number}", url="https://pay", amount=Decimal(amount), is_simulated=False)


def paying(session: Session, number: int) -> Session:
    begun = ledger.payment_begun(session, GUEST, 1763700000)
    return ledger.link_made(begun, begun.payment.idempotency_key or "", a_link(number, str(begun.payment.total)))


def test_of_a_torn_document_links_and_attempts_are_followed_and_what_was_paid_is_not(url):
    martini = Line(item="Martini", unit_price=Decimal("13.00"))
    with open_store(url) as store:
        for step in (
            lambda session: paying(ledger.with_line(session, martini), 1),
            lambda session: ledger.settled(session, "plink_1", Decimal("13.00")),
            lambda session: paying(ledger.with_line(session, martini), 2),
            lambda session: ledger.tipped(session, 10),
            lambda session: paying(session, 3),
        ):
            change(GUEST, store, step)
        text = write_text(load(GUEST, store))
        damage(url, GUEST, text[:-1])
        assert recover(GUEST, store)
        session = load(GUEST, store)
        assert {link.payment_id for link in session.withdrawn} == {"plink_2", "plink_3"}
        assert session.abandoned == (f"{GUEST}_1763700002",)
        assert session.last_attempt == 1763700002
        assert session.payment.needs_reconciliation
        manager.initialize_state(GUEST, store)
        assert {link.payment_id for link in load(GUEST, store).withdrawn} == {"plink_2", "plink_3"}


@given(st.data())
def test_wherever_a_document_breaks_off_nothing_that_is_whole_is_forgotten(data):
    session = Session(
        payment=Payment(idempotency_key=KEY, payment_status="processing", tab_total=Decimal(13)),
        withdrawn=(a_link(7), a_link(8)),
        abandoned=(f"{GUEST}_1763600000",),
    )
    text = write_text(session)
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    remains = text[:start] + data.draw(st.sampled_from(["", "\x00", "\ufffd"])) + text[end:]
    store = {GUEST: remains}
    assert recover(GUEST, store)
    found = load(GUEST, store)
    for payment_id in ("plink_7", "plink_8"):
        if f'"{payment_id}"' in text[:start] or f'"{payment_id}"' in text[end:]:
            assert payment_id in {link.payment_id for link in found.withdrawn}
    for key in (KEY, f"{GUEST}_1763600000"):
        if f'"{key}"' in text[:start] or f'"{key}"' in text[end:]:
            assert key in found.abandoned


junk = st.none() | st.integers() | st.decimals() | st.text(st.characters(), max_size=3) | st.floats() | st.binary()
values = st.recursive(junk, lambda inner: st.lists(inner, max_size=2).map(tuple) | st.builds(Line.model_construct))


@given(
    payment=st.dictionaries(st.sampled_from(sorted(Payment.model_fields)), values, max_size=2),
    fields=st.dictionaries(st.sampled_from(sorted(Session.model_fields.keys() - {"payment"})), values, max_size=2),
)
def test_what_is_stored_can_be_read_and_says_the_same_or_nothing_is_stored(payment, fields):
    session = Session().model_copy(update={"payment": Payment().model_copy(update=payment), **fields})
    store: dict = {}
    try:
        change(GUEST, store, lambda _: session)
    except StateError:
        assert store == {}
    else:
        assert load(GUEST, store) == session
        assert read_text(write_text(session), GUEST) == session


@pytest.mark.parametrize(
    ("field", "value"), [("tip_percentage", Decimal(15)), ("tab_total", Decimal("1.005")), ("balance", Decimal(-1))]
)
def test_a_change_that_would_be_read_as_another_is_refused(url, field, value):
    with open_store(url) as store:
        manager.atomic_order_update(GUEST, store, "13.00")
        before = store[GUEST]

        def broken(session):
            return session.model_copy(update={"payment": session.payment.model_copy(update={field: value})})

        with pytest.raises(InvalidStateError):
            change(GUEST, store, broken)
        assert store[GUEST] == before


def test_a_document_is_written_as_its_text_says():
    session = Session(withdrawn=(a_link(7),))
    assert write_document(session)["withdrawn"][0]["amount"] == "13.00"
