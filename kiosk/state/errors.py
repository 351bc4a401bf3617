"""What can go wrong with a guest's tab, as one tree of exceptions, each with the code that tools return.

StateError
├── InvalidSessionError
├── InvalidStateError
│   └── InvalidTipError
├── InsufficientFundsError
├── InvalidQuantityError
├── NotOnOrderError
├── NoAlcoholError
├── NothingToPayError
│   └── PaysAtBarError
└── StoreError
    ├── ConcurrentModificationError
    ├── DamagedError (also an InvalidStateError)
    └── OutcomeUnknownError
"""

from typing import ClassVar

from kiosk.errors import OperatorError


class StateError(Exception):
    """The change was not made; nothing of it was stored. The message is a sentence for the bartender."""

    code: ClassVar[str] = "INVALID_SESSION"


class InvalidSessionError(StateError, ValueError):
    """There is no such session, or its id could not be one."""


class InvalidStateError(StateError, ValueError):
    """A document or an update that breaks the rules of the session document."""


class InsufficientFundsError(StateError):
    """The balance does not cover the order."""

    code = "INSUFFICIENT_FUNDS"


class InvalidQuantityError(StateError, ValueError):
    """A quantity that cannot be ordered, or more than there is to take off."""

    code = "INVALID_QUANTITY"


class InvalidTipError(InvalidStateError):
    """A tip percentage that the bar does not offer."""

    code = "INVALID_TIP_PERCENTAGE"


class NotOnOrderError(StateError):
    """What should be taken off is not on the order."""

    code = "ITEM_NOT_FOUND"


class NoAlcoholError(StateError):
    """The guest has said to be too young for it."""

    code = "NOT_ALLOWED"


class NothingToPayError(StateError):
    """A payment was asked for and the tab is empty, or below what a card can be charged."""

    code = "PAYMENT_FAILED"


class PaysAtBarError(NothingToPayError):
    """The guest has chosen to pay the staff, so there is no payment link."""


class DisputedPaymentError(StateError):
    """What was paid is not what the tab asks for; the staff decide."""

    code = "PAYMENT_FAILED"


class StoreError(StateError, OperatorError):
    """The store cannot be opened, read or written; the message is one line that says which and why."""


class ConcurrentModificationError(StoreError):
    """Someone else changed the session, or held the store, for longer than was worth waiting."""

    code = "CONCURRENT_MODIFICATION"


class DamagedError(StoreError, InvalidStateError):
    """What is stored for a session cannot be read: it is no document, breaks the rules, or is of a newer kiosk."""


class OutcomeUnknownError(StoreError):
    """The connection to the store broke; a change that it was just told of may have been made."""

    code = "NETWORK_ERROR"
