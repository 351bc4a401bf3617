"""The state API: what a session's conversation, order and money are, and the changes they go through.

Every function takes the session id and a store, which may be any mutable mapping. What is returned
is a copy; amounts are `Decimal`, to the smallest unit of the session's currency. That, the tips that may be
chosen and the opening balance are the session's terms: those of its bar, or by default 1000 US dollars and 10, 15
or 20 per cent.
"""

import json
from decimal import Decimal
from typing import Any

from loguru import logger

from kiosk.security.card_numbers import without_cards_inside
from kiosk.security.encryption import EncryptionError, get_encryption_manager
from kiosk.state import ledger, visit
from kiosk.state.errors import ConcurrentModificationError, InsufficientFundsError, InvalidStateError
from kiosk.state.locks import (
    cleanup_expired_session_locks,
    cleanup_session_lock,
    get_session_lock,
)
from kiosk.state.schema import ApiKeys, Conversation, Line, Payment, Session, Terms
from kiosk.state.sessions import AnyStore, change, load, recover
from kiosk.state.stored import checked

__all__ = [
    "atomic_order_update",
    "atomic_payment_complete",
    "calculate_tip",
    "check_sufficient_funds",
    "cleanup_expired_session_locks",
    "cleanup_session_lock",
    "get_api_keys",
    "get_conversation_state",
    "get_current_order_state",
    "get_order_history",
    "get_order_total",
    "get_payment_state",
    "get_payment_total",
    "get_session_lock",
    "has_valid_keys",
    "initialize_state",
    "is_order_finished",
    "reset_session_state",
    "set_api_keys",
    "set_tip",
    "update_conversation_state",
    "update_order_state",
    "update_payment_state",
]

Percentage = int | float | Decimal | str

# A payment goes forward only; it starts anew by a change of the tab, not by an update of its status.
_NEXT = {"pending": ("processing",), "processing": ("completed",), "completed": ()}


def initialize_state(session_id: str, store: AnyStore) -> None:
    """Begin the session anew: nothing ordered, nothing said, the opening balance.

    What may still be paid from before is followed to its end; an open tab that is dropped is in the journal. A document
    that cannot be read gives way to a fresh one, too.
    """
    recover(session_id, store)
    change(session_id, store, visit.restarted)


def reset_session_state(session_id: str, store: AnyStore) -> None:
    """Begin the session anew and forget its lock."""
    initialize_state(session_id, store)
    cleanup_session_lock(session_id)


def get_conversation_state(session_id: str, store: AnyStore) -> dict[str, Any]:
    """Phase, turn counts and whatever else is kept of the conversation, as far as it can be decrypted."""
    return _opened(load(session_id, store).conversation)


def update_conversation_state(session_id: str, store: AnyStore, updates: dict[str, Any]) -> None:
    """Change the fields named in `updates`; what is not a count or the phase is kept encrypted, as JSON.

    Card numbers in it are not kept at all.

    Raises:
        InvalidStateError: a count below zero, or a value of another kind.
    """

    def updated(session: Session) -> Session:
        fields = _opened(session.conversation) | updates
        private = {name: fields.pop(name) for name in list(fields) if name not in Conversation.model_fields}
        try:
            sealed = get_encryption_manager().encrypt(json.dumps(without_cards_inside(private))) if private else ""
        except (TypeError, ValueError) as error:
            raise InvalidStateError(f"{session_id}: this cannot be kept of a conversation: {error}") from None
        conversation = checked(Conversation, {**fields, "is_over": session.conversation.is_over, "private": sealed})
        return session.model_copy(update={"conversation": conversation})

    change(session_id, store, updated)


def _opened(conversation: Conversation) -> dict[str, Any]:
    fields = conversation.model_dump(exclude={"is_over", "private"})
    if not conversation.private:
        return fields
    try:
        return fields | json.loads(get_encryption_manager().decrypt(conversation.private))
    except EncryptionError as error:
        # A guest who comes back is not turned away for it.
        logger.warning("what was kept of a conversation is lost: {}", error)
        return fields


def get_order_history(session_id: str, store: AnyStore) -> list[dict[str, Any]]:
    """The tabs paid during this visit, oldest first."""
    return [paid.model_dump() for paid in load(session_id, store).history]


def get_current_order_state(session_id: str, store: AnyStore) -> list[dict[str, Any]]:
    """The lines of the open tab, oldest first."""
    return [line.model_dump() for line in load(session_id, store).order]


def update_order_state(session_id: str, store: AnyStore, action: str, data: dict[str, Any] | None = None) -> None:
    """Change order and money together.

    Parameters:
        action: "add_item" (data: item, unit_price, and optionally quantity, modifiers,
            without and note),
            "place_order", "clear_order", "add_tip" (data: percentage) or "pay_bill".

    Raises:
        InvalidStateError: another action, or data that it cannot be done with.
        StateError: the change is refused; nothing of it was done.
    """
    fields = data or {}

    def updated(session: Session) -> Session:
        match action:
            case "add_item":
                return ledger.with_line(session, checked(Line, fields, session.terms.currency))
            case "place_order":
                return session.model_copy(update={"order_finished": True})
            case "clear_order":
                return ledger.cleared(session)
            case "add_tip":
                return ledger.tipped(session, fields.get("percentage"))
            case "pay_bill":
                return ledger.completed(ledger.withdrawn(session) if session.link else session)
            case _:
                raise InvalidStateError(f"{action!r} is not something that can be done to an order")

    change(session_id, store, updated)


def is_order_finished(session_id: str, store: AnyStore) -> bool:
    """Whether the guest has said that this is all, or has paid."""
    return load(session_id, store).order_finished


def get_order_total(session_id: str, store: AnyStore) -> Decimal:
    """What was ordered and not yet paid, without tip."""
    return load(session_id, store).payment.tab_total


def get_payment_state(session_id: str, store: AnyStore) -> dict[str, Any]:
    """Balance, tab, tip and how the payment stands."""
    return load(session_id, store).payment.model_dump()


def update_payment_state(session_id: str, store: AnyStore, updates: dict[str, Any]) -> None:
    """Change the fields named in `updates`; the version counts on by itself unless it is among them.

    Raises:
        InvalidTipError: a tip that the bar does not offer.
        InvalidStateError: another value out of bounds, an unknown field, or a status that goes backwards.
    """

    def updated(session: Session) -> Session:
        before, changes = session.payment, dict(updates)
        if "tip_percentage" in changes:
            changes["tip_percentage"] = ledger.offered_tip(session.terms, changes["tip_percentage"])
        fields = {**before.model_dump(), "version": before.version + 1, **changes}
        payment = checked(Payment, fields, session.terms.currency)
        status = payment.payment_status
        if status != before.payment_status and status not in _NEXT[before.payment_status]:
            raise InvalidStateError(f"payment_status: cannot go from {before.payment_status} to {status}")
        return session.model_copy(update={"payment": payment})

    change(session_id, store, updated)


def calculate_tip(
    tab_total: Decimal | float | str, percentage: Percentage | None, terms: Terms | None = None
) -> Decimal:
    """`percentage` per cent of the tab, half up to the smallest unit.

    Parameters:
        terms: the bar's; by default those of a session that has none of its own.

    Raises:
        InvalidTipError: the bar does not offer this percentage.
    """
    terms = terms or Terms()
    chosen = ledger.offered_tip(terms, percentage)
    return terms.currency.percent(terms.currency.amount(tab_total), chosen or 0)


def set_tip(session_id: str, store: AnyStore, percentage: Percentage | None) -> tuple[Decimal, Decimal]:
    """Choose a tip as by a button: the present percentage again, or None, takes it off.

    A percentage is the number it is, whatever its kind: 15, 15.0, Decimal("15") and "15" are one.

    Returns:
        The tip, and tab plus tip.

    Raises:
        InvalidTipError: the bar does not offer this percentage.
    """
    changed = change(session_id, store, lambda session: ledger.tipped(session, percentage, toggle=True))
    return changed.after.payment.tip_amount, changed.after.payment.total


def get_payment_total(session_id: str, store: AnyStore) -> Decimal:
    """Tab plus tip."""
    return load(session_id, store).payment.total


def check_sufficient_funds(session_id: str, store: AnyStore, amount: Decimal | float | str) -> tuple[bool, Decimal]:
    """Whether the balance covers `amount`, and the balance."""
    session = load(session_id, store)
    balance = session.payment.balance
    return session.terms.currency.amount(amount) <= balance, balance


def atomic_order_update(
    session_id: str, store: AnyStore, item_price: Decimal | float | str, expected_version: int | None = None
) -> tuple[bool, str, Decimal]:
    """Move `item_price` from the balance to the tab, if the balance covers it.

    This is the money alone; `update_order_state` with "add_item" moves order line and money as one.

    Parameters:
        expected_version: refuse unless the payment state still has this version.

    Returns:
        Whether it was done; else INSUFFICIENT_FUNDS or CONCURRENT_MODIFICATION; the balance as it now is.
    """

    def charged(session: Session) -> Session:
        price = session.terms.currency.amount(item_price)
        return ledger.charged(ledger.expecting(session, expected_version), price)

    try:
        changed = change(session_id, store, charged)
    except (InsufficientFundsError, ConcurrentModificationError) as error:
        return False, error.code, load(session_id, store).payment.balance
    return True, "", changed.after.payment.balance


def set_api_keys(session_id: str, store: AnyStore, gemini_key: str, cartesia_key: str) -> None:
    """Keep the guest's own keys for the cloud, encrypted.

    Raises:
        InvalidStateError: a key is empty or has spaces in it.
    """
    for name, key in (("gemini_key", gemini_key), ("cartesia_key", cartesia_key)):
        if not key or key.split() != [key]:
            raise InvalidStateError(f"{name}: a key is one word")
    encrypt = get_encryption_manager().encrypt
    keys = ApiKeys(gemini=encrypt(gemini_key), cartesia=encrypt(cartesia_key))
    change(session_id, store, lambda session: session.model_copy(update={"api_keys": keys}))


def get_api_keys(session_id: str, store: AnyStore) -> dict[str, str] | None:
    """The guest's own keys as `gemini_key` and `cartesia_key`; None if there are none.

    Raises:
        EncryptionError: they were encrypted under another master key.
    """
    keys = load(session_id, store).api_keys
    if keys is None:
        return None
    decrypt = get_encryption_manager().decrypt
    return {"gemini_key": decrypt(keys.gemini), "cartesia_key": decrypt(keys.cartesia)}


def rotate_secrets(session_id: str, store: AnyStore) -> bool:
    """Put what is encrypted of the visit under the newest master key; whether there is anything.

    Raises:
        EncryptionError: they were encrypted under a master key that is no longer known.
    """
    found = load(session_id, store)
    if found.api_keys is None and not found.conversation.private:
        return False
    rotate = get_encryption_manager().rotate

    def rotated(session: Session) -> Session:
        keys = session.api_keys
        new = keys and ApiKeys(gemini=rotate(keys.gemini), cartesia=rotate(keys.cartesia))
        private = session.conversation.private
        conversation = session.conversation.model_copy(update={"private": rotate(private) if private else ""})
        return session.model_copy(update={"api_keys": new, "conversation": conversation})

    change(session_id, store, rotated)
    return True


def has_valid_keys(session_id: str, store: AnyStore) -> bool:
    """Whether the guest has keys of their own that can be read."""
    try:
        return get_api_keys(session_id, store) is not None
    except EncryptionError:
        return False


def atomic_payment_complete(session_id: str, store: AnyStore) -> bool:
    """The tab is paid: its lines become history, tab and tip nothing. Doing it again changes nothing."""
    change(session_id, store, ledger.completed)
    return True
