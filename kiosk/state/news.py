"""What a guest should be shown when one state follows another, as events."""

from collections.abc import Iterator

from kiosk.events import (
    Event,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    TipChanged,
)
from kiosk.state.schema import Session
from kiosk.state.sessions import Change


def news_of(change: Change) -> Iterator[Event]:
    """The events of `change`, in the order in which a guest would tell them; none if nothing shows."""
    before, after = change.before, change.after
    if before.link and before.link != after.link:
        yield PaymentChanged(
            status=_fate_of_link(before, after),
            payment_id=before.link.payment_id,
            amount=before.link.amount,
            tab=after.payment.tab_total,
            balance=after.payment.balance,
            is_simulated=before.link.is_simulated,
        )
    if _order(before) != _order(after):
        yield _order(after)
    if _tip(before) != _tip(after):
        yield _tip(after)
    if after.link and after.link != before.link:
        yield link_ready(after)


def link_ready(session: Session) -> PaymentLinkReady:
    """The link of `session`, to be shown."""
    assert session.link
    return PaymentLinkReady(
        url=session.link.url,
        payment_id=session.link.payment_id,
        amount=session.link.amount,
        is_simulated=session.link.is_simulated,
    )


def whole_state(session: Session) -> Iterator[Event]:
    """Everything that a screen shows of `session`, for one that has just been switched on."""
    yield _order(session)
    yield _tip(session)
    if session.link:
        yield link_ready(session)


def _fate_of_link(before: Session, after: Session) -> PaymentStatus:
    if after.payment.payment_status == "completed":
        return PaymentStatus.SUCCEEDED
    if len(after.withdrawn) > len(before.withdrawn):
        return PaymentStatus.CANCELLED
    return PaymentStatus.FAILED


def _order(session: Session) -> OrderChanged:
    lines = tuple(
        OrderLine(line.item, line.quantity, line.modifiers, line.unit_price) for line in session.order
    )
    return OrderChanged(lines=lines, tab=session.payment.tab_total, balance=session.payment.balance)


def _tip(session: Session) -> TipChanged:
    payment = session.payment
    return TipChanged(percentage=payment.tip_percentage, tip=payment.tip_amount, total=payment.total)
