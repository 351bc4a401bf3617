"""What a guest should be shown when one state follows another, as events."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.events import (
    Event,
    Level,
    Notice,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    StaffCalled,
    TipChanged,
)
from kiosk.state.schema import AtBar, Link, PaidTab, Session
from kiosk.state.sessions import Change

# What stands on the screen of a guest who pays the staff, by why.
_AT_BAR: Mapping[AtBar, Notice] = {
    "no_code": Notice(
        "pay_at_bar", "No code can be made just now. Please pay at the bar.", Level.WARNING, of_visit=True
    ),
    "chosen": Notice("paying_at_bar", "You pay at the bar. Your tab stays open there.", of_visit=True),
}
_STAFF_CALLED = Notice("staff_called", "The staff have been called.", of_visit=True)
# For how many seconds a link still counts; None: it does not expire.
SecsLeft = Callable[[Link], float | None]


def news_of(change: Change, left: SecsLeft) -> Iterator[Event]:
    """The events of `change`, in the order in which a guest would tell them; none if nothing shows."""
    before, after = change.before, change.after
    paid = {tab.payment_id for tab in after.history[len(before.history) :]}
    for link in (*before.withdrawn, *((before.link,) if before.link else ())):
        if link.payment_id in paid:
            yield _payment_news(link, PaymentStatus.SUCCEEDED, after)
        elif link == before.link and link != after.link:
            void = link in after.withdrawn
            yield _payment_news(link, PaymentStatus.CANCELLED if void else PaymentStatus.FAILED, after)
    on_record = before.payment_ids
    for tab in after.history[len(before.history) :]:
        if tab.payment_id and tab.payment_id not in on_record:
            yield _payment_of(tab, after)
    if _order(before) != _order(after):
        yield _order(after)
    if _tip(before) != _tip(after):
        yield _tip(after)
    if after.link and after.link != before.link:
        yield link_ready(after.link, left)
    if before.at_bar != after.at_bar:
        yield from _at_bar_news(before.at_bar, after.at_bar)
    yield from _calls_news(before, after)


def link_ready(link: Link, left: SecsLeft) -> PaymentLinkReady:
    """`link`, to be shown."""
    secs = left(link)
    return PaymentLinkReady(
        url=link.url,
        payment_id=link.payment_id,
        amount=link.amount,
        is_simulated=link.is_simulated,
        expires_in_secs=None if secs is None else round(max(0.0, secs), 3),
    )


def whole_state(session: Session, left: SecsLeft) -> Iterator[Event]:
    """Everything that a screen shows of `session`, for one that has just been switched on."""
    yield _order(session)
    yield _tip(session)
    if session.link:
        yield link_ready(session.link, left)
    yield from _at_bar_news(None, session.at_bar)
    if session.staff_calls:
        yield _STAFF_CALLED


def _at_bar_news(before: AtBar | None, after: AtBar | None) -> Iterator[Notice]:
    if before:
        yield replace(_AT_BAR[before], text="")
    if after:
        yield _AT_BAR[after]


def _calls_news(before: Session, after: Session) -> Iterator[Event]:
    new = [call for call in after.staff_calls if call not in before.staff_calls]
    for call in new:
        yield StaffCalled(call.reason, datetime.fromtimestamp(call.at, UTC).isoformat(timespec="seconds"))
    if new:
        yield _STAFF_CALLED
    elif before.staff_calls and not after.staff_calls:
        yield replace(_STAFF_CALLED, text="")


def _payment_news(link: Link, status: PaymentStatus, after: Session) -> PaymentChanged:
    return PaymentChanged(
        status=status,
        payment_id=link.payment_id,
        amount=link.amount,
        tab=after.payment.tab_total,
        balance=after.payment.balance,
        is_simulated=link.is_simulated,
    )


def _payment_of(tab: PaidTab, after: Session) -> PaymentChanged:
    # By a link that nobody had put on record.
    return PaymentChanged(
        status=PaymentStatus.SUCCEEDED,
        payment_id=tab.payment_id or "",
        amount=after.arrived(tab),
        tab=after.payment.tab_total,
        balance=after.payment.balance,
        is_simulated=False,
    )


def _order(session: Session) -> OrderChanged:
    lines = tuple(
        OrderLine(line.item, line.quantity, line.modifiers, line.unit_price, line.without, line.note)
        for line in session.order
    )
    return OrderChanged(lines=lines, tab=session.payment.tab_total, balance=session.payment.balance)


def _tip(session: Session) -> TipChanged:
    payment = session.payment
    return TipChanged(percentage=payment.tip_percentage, tip=payment.tip_amount, total=payment.total)
