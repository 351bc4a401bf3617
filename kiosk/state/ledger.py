"""The rules of the tab: pure functions from one `Session` to the next, or an exception and no change.

Three things hold after every one of them: balance and tab move by the same amount, the tip is the
chosen percentage of the tab, and a payment link that is out asks for exactly tab plus tip, as a card
can be charged - a change of either withdraws it.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from kiosk import tips
from kiosk.state.errors import (
    ConcurrentModificationError,
    InsufficientFundsError,
    InvalidQuantityError,
    InvalidTipError,
    NothingToPayError,
    NotOnOrderError,
)
from kiosk.state.meant import meant_lines
from kiosk.state.schema import Dispute, Line, Link, PaidTab, Payment, Session, Terms

MOST_OF_A_LINE = 99


def offered_tip(terms: Terms, percentage: object) -> int | None:
    """The tip that is meant by `percentage`, see `tips.chosen`.

    Raises:
        InvalidTipError: the bar does not offer this percentage.
    """
    try:
        return tips.chosen(percentage, terms.tips)
    except tips.TipError as error:
        raise InvalidTipError(str(error)) from None


def charged(session: Session, price: Decimal) -> Session:
    """`price` moved from the balance to the tab."""
    payment = session.payment
    if price > payment.balance:
        written = session.terms.currency.label
        raise InsufficientFundsError(f"That comes to {written(price)}, and the balance is {written(payment.balance)}.")
    return _with_tab(session, payment.tab_total + price, payment.balance - price)


def with_line(session: Session, line: Line) -> Session:
    """`line` ordered: on the order, merged with an equal line, and its price on the tab."""
    known = next((place for place, other in enumerate(session.order) if other.is_like(line)), None)
    order = list(session.order)
    if known is None:
        order.append(line)
    else:
        quantity = order[known].quantity + line.quantity
        if quantity > MOST_OF_A_LINE:
            raise InvalidQuantityError(f"No more than {MOST_OF_A_LINE} of one kind fit on the order.")
        order[known] = order[known].model_copy(update={"quantity": quantity})
    changed = charged(session, line.total)
    return changed.model_copy(update={"order": tuple(order), "order_finished": False})


def without_item(
    session: Session,
    item: str,
    quantity: int | None = None,
    told: tuple[str, ...] | None = None,
    without: tuple[str, ...] = (),
) -> Session:
    """`quantity` of `item` (None: all) taken off, newest line first, and their price given back.

    Parameters:
        told, without: what the guest calls them by, see `meant_lines`.
    """
    meant = meant_lines(session.order, item, told, without)
    ordered = sum(line.quantity for line in meant)
    if not ordered:
        raise NotOnOrderError(f"There is no {item} on the order.")
    if quantity is not None and quantity > ordered:
        raise InvalidQuantityError(f"There are only {ordered} of {item} on the order.")
    left, refund, kept = ordered if quantity is None else quantity, session.terms.currency.zero, []
    for line in reversed(session.order):
        taken = min(left, line.quantity) if line in meant else 0
        left -= taken
        refund += line.unit_price * taken
        if taken < line.quantity:
            kept.append(line.model_copy(update={"quantity": line.quantity - taken}))
    payment = session.payment
    changed = _with_tab(session, payment.tab_total - refund, payment.balance + refund)
    return changed.model_copy(update={"order": tuple(reversed(kept))})


def cleared(session: Session) -> Session:
    """The order taken off as a whole, and its price given back; an empty tab stays as it is."""
    payment = session.payment
    if not session.order and not payment.tab_total:
        return session.model_copy(update={"order_finished": False}) if session.order_finished else session
    changed = _with_tab(session, session.terms.currency.zero, payment.balance + payment.tab_total)
    return changed.model_copy(update={"order": (), "order_finished": False})


def tipped(session: Session, percentage: object, *, toggle: bool = False) -> Session:
    """The tip set to `percentage`; with `toggle`, choosing the present percentage again takes it off."""
    payment, chosen = session.payment, offered_tip(session.terms, percentage)
    if toggle and chosen == payment.tip_percentage:
        chosen = None
    if chosen == payment.tip_percentage:
        return session
    return _reopened(session, {"tip_percentage": chosen, "tip_amount": _tip_on(session, payment.tab_total, chosen)})


def payment_begun(session: Session, session_id: str, now: float) -> Session:
    """An attempt to make a payment link: its idempotency key is fixed before the provider is asked.

    An attempt whose outcome is not known keeps its key, so that its link is looked for before another is made. Whoever
    has the key from may be asking at this moment, so from here on links are looked for that nobody put on record.
    """
    payment = session.payment
    if not payment.total:
        raise NothingToPayError("There is nothing to pay: the tab is empty.")
    currency = session.terms.currency
    if session.charge < currency.least_charge:
        raise NothingToPayError(f"A card cannot be charged less than {currency.label(currency.least_charge)}.")
    if session.link:
        return session
    attempt = session.last_attempt
    key = payment.idempotency_key
    if key is None:
        attempt = max(int(now), attempt + 1)
        key = f"{session_id}_{attempt}"
    else:
        session = abandoned(session, key)
    changed = _with_payment(session, {"payment_status": "processing", "idempotency_key": key})
    return changed.model_copy(update={"last_attempt": attempt, "at_bar": None})


def link_made(session: Session, idempotency_key: str, link: Link, *, may_have_twin: bool = False) -> Session:
    """The provider's `link` put on the session, if it is still what the attempt was made for.

    Otherwise, because the tab changed or another part gave up the attempt meanwhile, it joins the
    withdrawn ones: whatever was made is remembered until it is dead.

    Parameters:
        may_have_twin: the provider may have made another link of the attempt.
    """
    if may_have_twin:
        session = abandoned(session, idempotency_key)
    payment = session.payment
    if link.payment_id in session.payment_ids:
        return session
    if payment.idempotency_key != idempotency_key or session.charge != link.amount or session.link:
        return session.model_copy(update={"withdrawn": (*session.withdrawn, link)})
    changed = _with_payment(session, {"stripe_payment_id": link.payment_id, "payment_status": "processing"})
    covers = _paid_tab(session, link.payment_id)
    return changed.model_copy(update={"link": link.model_copy(update={"covers": covers}), "at_bar": None})


def link_not_made(session: Session, idempotency_key: str, *, outcome_is_known: bool) -> Session:
    """The attempt failed: nothing is out. Its key stays if the provider may have acted on it all the same."""
    if session.payment.idempotency_key != idempotency_key or session.link:
        return session
    key = None if outcome_is_known else idempotency_key
    return _with_payment(session, {"payment_status": "pending", "idempotency_key": key})


def abandoned(session: Session, idempotency_key: str) -> Session:
    """An attempt that may have links off the record, remembered until the provider has said that none can be paid."""
    if idempotency_key in session.abandoned:
        return session
    return session.model_copy(update={"abandoned": (*session.abandoned, idempotency_key)})


def attempt_searched(session: Session, idempotency_key: str, paid: Iterable[Link], *, is_final: bool) -> Session:
    """The provider's word on links of an attempt that are not on record: these were paid, for their amounts.

    A payment of just the open tab, by a link that was made for it, completes it; the link that is out joins the
    withdrawn ones. Any other has to be settled by people.

    Parameters:
        is_final: no other can come to light.
    """
    for link in paid:
        if link.payment_id not in session.payment_ids:
            session = _paid_off_record(session, idempotency_key, link)
    if not is_final or idempotency_key not in session.abandoned:
        return session
    return session.model_copy(update={"abandoned": tuple(key for key in session.abandoned if key != idempotency_key)})


def left_for_the_bar(session: Session) -> Session:
    """No link can be made: the tab stays open, and the guest pays the staff."""
    return session if session.pays_at_bar else session.model_copy(update={"at_bar": "no_code"})


def to_the_bar(session: Session) -> Session:
    """The guest wants to pay the staff: the tab stays open; a link that is out, or an attempt at one, is given up."""
    if not session.payment.tab_total:
        raise NothingToPayError("There is nothing to pay: the tab is empty.")
    if session.at_bar == "chosen" and session.payment.idempotency_key is None:
        return session
    return withdrawn(session).model_copy(update={"at_bar": "chosen"})


def to_reconcile(session: Session) -> Session:
    """Kiosk and provider may disagree: staff have to look."""
    if session.payment.needs_reconciliation or session.payment.payment_status == "completed":
        return session
    return _with_payment(session, {"needs_reconciliation": True})


def withdrawn(session: Session) -> Session:
    """The link that is out, or the attempt at one, given up: tab and balance unchanged."""
    payment = session.payment
    if payment.payment_status == "completed" or payment.idempotency_key is None:
        return session
    return _reopened(session, {})


def disowned(session: Session) -> Session:
    """The link that is out is none that may be shown: withdrawn, and what else its attempt made is looked for."""
    key = session.payment.idempotency_key
    left = _reopened(session, {})
    return abandoned(left, key) if key else left


def forgotten(session: Session, payment_id: str, paid: Decimal | None) -> Session:
    """The provider's word on a withdrawn link: dead, or `paid` before it could be stopped.

    A guest who pays and at once orders another drink has paid for the first ones: they leave the tab,
    and the rest stays on it. Only if part of what was paid for has been taken off, people must settle it.
    """
    link = next((link for link in session.withdrawn if link.payment_id == payment_id), None)
    if link is None:
        return session
    kept = tuple(other for other in session.withdrawn if other.payment_id != payment_id)
    changed = session.model_copy(update={"withdrawn": kept})
    if paid is None:
        return changed
    if paid != link.amount:
        return _disputed(changed, link, paid, "amount")
    rest = _order_without(session.order, link.covers.lines) if link.covers else None
    if link.covers is None or rest is None or link.covers.tab > session.payment.tab_total:
        return _disputed(changed, link, paid, "changed")
    return _partly_paid(changed, link.covers, rest)


def declined(session: Session, payment_id: str) -> Session:
    """The provider says that this link will never be paid: tab and balance unchanged, the link gone."""
    if session.link is None or session.link.payment_id != payment_id:
        return session
    fields = {"payment_status": "pending", "stripe_payment_id": None, "idempotency_key": None}
    return _with_payment(session, fields).model_copy(update={"link": None})


def settled(session: Session, payment_id: str, paid: Decimal) -> Session:
    """The provider says that this link was paid: the tab is completed if it is the one that is out.

    If another amount arrived than it asked for, the tab stays open, and staff have to look. For a
    link that a change withdrew in the same moment, see `forgotten`.
    """
    link = session.link
    if link is None or link.payment_id != payment_id:
        return forgotten(session, payment_id, paid)
    if paid == link.amount:
        return completed(session)
    return _disputed(declined(session, payment_id), link, paid, "amount")


def settled_by_staff(session: Session) -> Session:
    """The staff have the money, or have settled the matter with the guest: nothing is owed any more.

    A link that is out is withdrawn, and followed until it is dead.
    """
    if not (session.payment.tab_total or session.disputed or session.payment.needs_reconciliation):
        raise NothingToPayError("There is nothing to settle: the tab is empty, and no payment is in dispute.")
    changed = completed(withdrawn(session))
    if changed.payment.needs_reconciliation:
        changed = _with_payment(changed, {"needs_reconciliation": False})
    return changed.model_copy(update={"disputed": (), "at_bar": None, "staff_calls": ()})


def completed(session: Session) -> Session:
    """The tab paid: its lines are history, tab and tip are nothing, the balance is what was left of it."""
    payment = session.payment
    if payment.payment_status == "completed":
        return session
    history = session.history
    if session.order or payment.tab_total:
        history = (*history, _paid_tab(session, payment.stripe_payment_id))
    done = {
        "tab_total": session.terms.currency.zero,
        "tip_percentage": None,
        "tip_amount": session.terms.currency.zero,
        "payment_status": "completed",
        "needs_reconciliation": False,
    }
    changed = _with_payment(session, done)
    if payment.idempotency_key and not session.link:
        changed = abandoned(changed, payment.idempotency_key)
    return changed.model_copy(
        update={"order": (), "order_finished": True, "history": history, "link": None, "at_bar": None}
    )


def expecting(session: Session, version: int | None) -> Session:
    """`session`, if its version is the one that the caller has seen (None: any)."""
    if version is not None and version != session.payment.version:
        raise ConcurrentModificationError(
            f"The tab has changed meanwhile: version {session.payment.version}, expected {version}."
        )
    return session


def _paid_tab(session: Session, payment_id: str | None) -> PaidTab:
    payment = session.payment
    return PaidTab(
        lines=session.order,
        tab=payment.tab_total,
        tip_percentage=payment.tip_percentage,
        tip=payment.tip_amount,
        payment_id=payment_id,
    )


def _order_without(order: tuple[Line, ...], paid: tuple[Line, ...]) -> tuple[Line, ...] | None:
    """`order` less the lines of `paid`; None if they are not all on it."""
    rest = list(order)
    for line in paid:
        place = next((place for place, other in enumerate(rest) if other.is_like(line)), None)
        if place is None or rest[place].quantity < line.quantity:
            return None
        rest[place] = rest[place].model_copy(update={"quantity": rest[place].quantity - line.quantity})
    return tuple(line for line in rest if line.quantity)


def _partly_paid(session: Session, paid: PaidTab, rest: tuple[Line, ...]) -> Session:
    tab = session.payment.tab_total - paid.tab
    fields: dict[str, object] = {
        "tab_total": tab,
        "tip_percentage": None,
        "tip_amount": session.terms.currency.zero,
    }
    if not rest and not tab:
        fields |= {"payment_status": "completed", "stripe_payment_id": paid.payment_id}
    changed = _reopened(session, {**fields, "needs_reconciliation": False})
    return changed.model_copy(update={"order": rest, "history": (*session.history, paid)})


def _disputed(session: Session, link: Link, paid: Decimal, reason: Literal["changed", "amount"]) -> Session:
    dispute = Dispute(payment_id=link.payment_id, asked=link.amount, paid=paid, reason=reason)
    return to_reconcile(session.model_copy(update={"disputed": (*session.disputed, dispute)}))


def _paid_off_record(session: Session, idempotency_key: str, link: Link) -> Session:
    payment, own = session.payment, session.link
    is_open = payment.payment_status != "completed" and payment.idempotency_key == idempotency_key
    if not is_open or link.amount != session.charge:
        return _disputed(session, link, link.amount, "changed")
    changed = completed(_with_payment(session, {"stripe_payment_id": link.payment_id}))
    return changed.model_copy(update={"withdrawn": (*session.withdrawn, own)}) if own else changed


def _with_tab(session: Session, tab: Decimal, balance: Decimal) -> Session:
    percentage = session.payment.tip_percentage if tab else None
    return _reopened(
        session,
        {
            "tab_total": tab,
            "balance": balance,
            "tip_percentage": percentage,
            "tip_amount": _tip_on(session, tab, percentage),
        },
    )


def _tip_on(session: Session, tab: Decimal, percentage: int | None) -> Decimal:
    return session.terms.currency.percent(tab, percentage or 0)


def _reopened(session: Session, fields: dict[str, object]) -> Session:
    """`fields` changed on an open payment: a completed one starts anew, a link that is out is withdrawn.

    An attempt that has no link yet is abandoned: the provider may have made one all the same.
    """
    payment = session.payment
    fresh = {"payment_status": "pending", "stripe_payment_id": None, "idempotency_key": None}
    changed = _with_payment(session, {**fresh, **fields})
    if not changed.payment.tab_total:
        changed = changed.model_copy(update={"at_bar": None})
    if session.link:
        return changed.model_copy(update={"link": None, "withdrawn": (*session.withdrawn, session.link)})
    if payment.idempotency_key and payment.payment_status != "completed":
        return abandoned(changed, payment.idempotency_key)
    return changed


def _with_payment(session: Session, fields: dict[str, object]) -> Session:
    payment: Payment = session.payment.model_copy(update={**fields, "version": session.payment.version + 1})
    return session.model_copy(update={"payment": payment})
