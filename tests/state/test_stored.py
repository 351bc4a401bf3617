"""Documents that an older kiosk wrote, and those that are none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.state.errors import InvalidStateError
from kiosk.state.schema import SCHEMA_VERSION, Terms
from kiosk.state.stored import read_document, write_document

LINE = {"item": "Martini", "unit_price": "13.00", "quantity": 1, "modifiers": []}
FIRST = {
    "schema_version": 1,
    "order": [LINE],
    "payment": {"balance": "987.00", "tab_total": "13.00", "version": 3},
    "disputed": [{"payment_id": "plink_1", "url": "https://pay", "amount": "14.95", "is_simulated": False}],
}


def test_a_document_of_version_1_keeps_its_money_and_its_disputes():
    session = read_document(FIRST)
    assert (session.payment.tab_total, session.payment.balance) == (Decimal("13.00"), Decimal("987.00"))
    (dispute,) = session.disputed
    assert (dispute.payment_id, dispute.asked, dispute.paid) == ("plink_1", Decimal("14.95"), Decimal("14.95"))
    assert session.is_outstanding


def test_what_was_migrated_is_written_as_of_now_and_read_the_same():
    session = read_document(FIRST)
    document = write_document(session)
    assert document["schema_version"] == SCHEMA_VERSION
    assert read_document(document) == session


def test_the_document_that_is_read_is_not_changed():
    before = {**FIRST}
    read_document(FIRST)
    assert before == FIRST


def test_a_document_of_version_2_is_in_dollars_with_the_tips_that_every_bar_had():
    document = {"schema_version": 2, "order": [LINE], "payment": {"balance": "987.00", "tab_total": "13.00"}}
    document["payment"] |= {"tip_percentage": 15, "tip_amount": "1.95"}
    session = read_document(document)
    assert (session.terms, session.terms.currency.code, session.terms.tips) == (Terms(), "USD", (10, 15, 20))
    assert session.payment.total == Decimal("14.95")
    assert write_document(session)["payment"]["balance"] == "987.00"


@pytest.mark.parametrize(("was", "at_bar"), [(True, "no_code"), (False, None)])
def test_a_document_of_version_3_was_left_to_the_bar_only_where_there_was_no_code(was, at_bar):
    document = {"schema_version": 3, "order": [LINE], "payment": {"tab_total": "13.00"}, "pays_at_bar": was}
    assert read_document(document).at_bar == at_bar


def test_a_document_of_version_3_has_lines_of_which_nothing_is_left_out():
    session = read_document({"schema_version": 3, "order": [LINE], "payment": {"tab_total": "13.00"}})
    assert [(line.without, line.note) for line in session.order] == [((), None)]
    changed = session.model_copy(
        update={"order": (session.order[0].model_copy(update={"without": ("olive",), "note": "cold"}),)}
    )
    document = write_document(changed)
    assert (document["order"][0]["without"], document["order"][0]["note"]) == (["olive"], "cold")
    assert read_document(document) == changed


@pytest.mark.parametrize(
    ("code", "amount", "read"), [("JPY", "900.4", "900"), ("KWD", "2.505", "2.505"), ("USD", "2.505", "2.51")]
)
def test_amounts_are_read_in_the_currency_of_the_document(code, amount, read):
    terms = {"currency": code, "tips": [10], "credit": "1000"}
    document = {"schema_version": SCHEMA_VERSION, "terms": terms, "payment": {"balance": amount}}
    assert str(read_document(document).payment.balance) == read


@pytest.mark.parametrize(
    "terms", [{"currency": "XYZ"}, {"currency": None}, {"tips": [0]}, {"tips": 15}, {"credit": "-1"}, 5, {"colour": 1}]
)
def test_terms_that_no_bar_has_are_refused(terms):
    with pytest.raises(InvalidStateError):
        read_document({"schema_version": SCHEMA_VERSION, "terms": terms})


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 99, "2", -1, None])
def test_a_document_of_another_version_is_refused(version):
    with pytest.raises(InvalidStateError):
        read_document({"schema_version": version})


anything = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner)
)


@given(anything)
def test_whatever_a_document_is_it_is_read_or_refused_in_one_sentence(document):
    refusal = ""
    try:
        read_document(document)
    except InvalidStateError as error:
        refusal = str(error)
    assert "\n" not in refusal
