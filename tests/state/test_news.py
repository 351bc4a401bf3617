"""What a guest is shown when the state changes."""

from decimal import Decimal

from kiosk.events import PaymentChanged
from kiosk.state import ledger
from kiosk.state.news import news_of, whole_state
from kiosk.state.schema import Line, Link, Session
from kiosk.state.sessions import Change

MARTINI = Line(item="Martini", unit_price=Decimal("13.00"))


def left(_link):
    return 90.0


def with_a_link():
    session = ledger.payment_begun(ledger.with_line(Session(), MARTINI), "guest", now=1)
    link = Link(payment_id="plink_1", url="https://pay", amount=Decimal("13.00"), is_simulated=True)
    return ledger.link_made(session, "guest_1", link)


def names(before, after):
    return [event.name for event in news_of(Change(before, after), left)]


def test_no_change_is_no_news():
    assert names(Session(), Session()) == []
    session = with_a_link()
    assert names(session, session.model_copy(update={"order_finished": True})) == []


def test_a_drink_changes_the_order_and_the_total():
    assert names(Session(), ledger.with_line(Session(), MARTINI)) == ["order_changed", "tip_changed"]


def test_the_end_of_a_link_is_told_before_its_cause():
    session = with_a_link()
    assert names(session, ledger.with_line(session, MARTINI)) == [
        "payment_changed", "order_changed", "tip_changed",
    ]  # fmt: skip
    assert names(session, ledger.withdrawn(session)) == ["payment_changed"]


def test_the_end_of_a_link_says_what_became_of_it():
    session = with_a_link()
    assert session.link
    ends = {
        "succeeded": ledger.settled(session, "plink_1", session.link.amount),
        "failed": ledger.declined(session, "plink_1"),
        "cancelled": ledger.withdrawn(session),
    }
    for status, after in ends.items():
        news = next(iter(news_of(Change(session, after), left)))
        assert isinstance(news, PaymentChanged)
        assert (news.status, news.payment_id, news.amount) == (status, "plink_1", Decimal("13.00"))
        assert (news.tab, news.balance) == (after.payment.tab_total, Decimal("987.00"))


def test_a_screen_that_is_switched_on_gets_everything():
    assert [event.name for event in whole_state(Session(), left)] == ["order_changed", "tip_changed"]
    assert [event.name for event in whole_state(with_a_link(), left)][-1] == "payment_link_ready"
