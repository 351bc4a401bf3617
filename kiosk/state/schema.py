"""A session: all that the kiosk remembers of one guest's visit, typed and checked.

It is an immutable value with exact amounts; see `documents` for what is stored of it.
"""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)

from kiosk import tips
from kiosk.money import USD, Currency, exact
from kiosk.state.errors import InvalidSessionError

SCHEMA_VERSION = 4

# A session id becomes the first part of an idempotency key, which other systems store and log.
SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

PAYMENT_ID_PATTERN = r"^(plink_|pi_)[a-zA-Z0-9]+$"
IDEMPOTENCY_KEY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]*_\d+$"


def _amount(value: Any, info: ValidationInfo) -> Decimal:
    """`value` in the currency that comes as context; without one, as it is: then it has been quantised already."""
    currency: Currency | None = info.context
    return currency.amount(value) if currency else exact(value)


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Code = Annotated[
    Currency, BeforeValidator(Currency.of), PlainSerializer(lambda currency: currency.code, return_type=str)
]
Status = Literal["pending", "processing", "completed"]
PaymentId = Annotated[str, Field(pattern=PAYMENT_ID_PATTERN)]
# Why a guest pays the staff: they were asked for it, or no payment link could be made.
AtBar = Literal["chosen", "no_code"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Terms(_Value):
    """What the bar had settled when the visit began, and what holds to its end.

    Parameters:
        tips: the percentages that the guest may choose from.
        credit: what the guest can spend.
    """

    currency: Code = USD
    tips: tuple[Annotated[int, Field(ge=1, le=100)], ...] = tips.DEFAULT
    credit: Amount = USD.about(1000)


class Line(_Value):
    """One line of an order; `unit_price` is one of them with its modifiers, at the moment when it was ordered.

    Parameters:
        modifiers: a counted one as often as it is wanted.
        without: what is left out of it.
        note: a wish that the menu does not know.
    """

    item: str = Field(min_length=1, validation_alias=AliasChoices("item", "name"))
    unit_price: Amount = Field(validation_alias=AliasChoices("unit_price", "price"))
    quantity: int = Field(default=1, ge=1)
    modifiers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    note: str | None = None

    @property
    def total(self) -> Decimal:
        """What the whole line costs."""
        return self.unit_price * self.quantity

    def is_like(self, other: "Line") -> bool:
        """Whether the two differ in nothing but quantity, and so are one line."""
        return self.model_copy(update={"quantity": other.quantity}) == other


class Payment(_Value):
    """The money of the visit: what the guest has, owes, tips, and how the payment of it stands.

    Parameters:
        balance: what the guest can still spend; ordering takes it, removing gives it back.
        tab_total: what was ordered and not yet paid, without tip.
        version: counts the changes of this state, for optimistic locking.
        needs_reconciliation: kiosk and payment provider may disagree; staff have to look.
    """

    balance: Amount = USD.about(1000)
    tab_total: Amount = USD.zero
    tip_percentage: int | None = None
    tip_amount: Amount = USD.zero
    stripe_payment_id: PaymentId | None = None
    payment_status: Status = "pending"
    idempotency_key: Annotated[str, Field(pattern=IDEMPOTENCY_KEY_PATTERN)] | None = None
    version: int = Field(default=0, ge=0)
    needs_reconciliation: bool = False

    @property
    def total(self) -> Decimal:
        """Tab plus tip."""
        return self.tab_total + self.tip_amount

    @model_validator(mode="after")
    def _completed_is_settled(self) -> Self:
        if self.payment_status == "completed" and self.needs_reconciliation:
            raise ValueError("a completed payment does not need reconciliation")
        return self


class PaidTab(_Value):
    """A tab that was paid: what stood on it and what it came to."""

    lines: tuple[Line, ...]
    tab: Amount
    tip_percentage: int | None
    tip: Amount
    payment_id: str | None


class Link(_Value):
    """A payment link that the provider made for exactly `amount`.

    Parameters:
        covers: what it pays for, once it is shown; None for a link that never was.
        expires_at: seconds since the epoch, when it is withdrawn unpaid; None: it is not.
    """

    payment_id: PaymentId
    url: str
    amount: Amount
    is_simulated: bool
    covers: PaidTab | None = None
    expires_at: float | None = None


class Dispute(_Value):
    """A payment that arrived and is not simply the tab's; staff settle it with the guest.

    Parameters:
        asked: what the link was made for.
        paid: what arrived.
        reason: "changed", what was paid for is no longer all on the order; or "amount", more or less
            arrived than was asked, or it arrived twice.
    """

    payment_id: PaymentId
    asked: Amount
    paid: Amount
    reason: Literal["changed", "amount"]


class StaffCall(_Value):
    """The guest needs somebody; kept until the staff have taken it up.

    Parameters:
        reason: why, in a few words fit for one line.
        at: seconds since the epoch.
    """

    reason: str = Field(min_length=1)
    at: float = Field(ge=0)


class ApiKeys(_Value):
    """A guest's own keys for the cloud, each encrypted."""

    gemini: str
    cartesia: str


class Conversation(BaseModel):
    """How far the conversation is.

    Parameters:
        is_over: the guest has gone, and whoever comes next is somebody else; an open tab is for the staff.
        private: whatever else is kept of it, encrypted.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    phase: str = "greeting"
    turn_count: int = Field(default=0, ge=0)
    small_talk_count: int = Field(default=0, ge=0)
    last_order_time: float = Field(default=0, ge=0)
    is_over: bool = False
    private: str = ""


class Session(_Value):
    """One guest's visit.

    Parameters:
        terms: in which currency all of its amounts are, among others.
        order: the open tab's lines, oldest first.
        order_finished: the guest has said that this is all.
        history: the tabs paid during this visit.
        link: the link that the guest can pay now; its amount is always the present `charge`.
        withdrawn: links that no longer count, until the provider has confirmed that they are dead.
        abandoned: idempotency keys of attempts of which the provider may have made links that are not on
            record; kept until it has said that none of theirs can be paid.
        disputed: payments that staff have to settle with the guest.
        at_bar: why the guest pays the open tab with the staff; None: not, or not yet.
        staff_calls: why the staff are called, oldest first, until they have taken it up.
        alcohol_free: the guest has said to be under age, and is served no alcohol.
        last_attempt: the timestamp of the latest idempotency key, so that no two are alike.
        api_keys: the guest's own, if any.
    """

    schema_version: Literal[4] = SCHEMA_VERSION
    terms: Terms = Terms()
    conversation: Conversation = Conversation()
    order: tuple[Line, ...] = ()
    order_finished: bool = False
    history: tuple[PaidTab, ...] = ()
    payment: Payment = Payment()
    link: Link | None = None
    withdrawn: tuple[Link, ...] = ()
    abandoned: tuple[str, ...] = ()
    disputed: tuple[Dispute, ...] = ()
    at_bar: AtBar | None = None
    staff_calls: tuple[StaffCall, ...] = ()
    alcohol_free: bool = False
    last_attempt: int = Field(default=0, ge=0)
    api_keys: ApiKeys | None = None

    @classmethod
    def opening(cls, terms: Terms) -> Self:
        """A visit that begins: the whole credit, and nothing ordered."""
        zero = terms.currency.zero
        return cls(terms=terms, payment=Payment(balance=terms.credit, tab_total=zero, tip_amount=zero))

    @property
    def charge(self) -> Decimal:
        """What a payment link asks for: tab plus tip, as a card can be charged."""
        return self.terms.currency.chargeable(self.payment.total)

    @property
    def pays_at_bar(self) -> bool:
        """Whether the open tab is the staff's to collect."""
        return self.at_bar is not None

    @property
    def payment_status(self) -> str:
        """How the payment stands for those who read it: that of `payment`, or "at_bar" where the staff collect it."""
        return "at_bar" if self.pays_at_bar and not self.link else self.payment.payment_status

    def arrived(self, tab: PaidTab) -> Decimal:
        """What was paid for `tab`: by a link what a card could be charged, else just what it came to."""
        total = tab.tab + tab.tip
        return self.terms.currency.chargeable(total) if tab.payment_id else total

    @property
    def is_outstanding(self) -> bool:
        """Whether money of this visit is still open: a tab, a link that may be paid, or a dispute."""
        payment = self.payment
        owed = payment.tab_total or payment.needs_reconciliation or self.disputed
        return bool(owed or self.link or self.withdrawn or self.abandoned)

    @property
    def is_between_attempt_and_link(self) -> bool:
        """Whether the provider was, or may have been, asked for a link, and nothing was put on record since."""
        payment = self.payment
        return payment.payment_status == "processing" and payment.idempotency_key is not None and self.link is None

    @property
    def payment_ids(self) -> frozenset[str]:
        """Of every payment and every link that is on record here."""
        links = (*self.withdrawn, *([self.link] if self.link else ()), *self.disputed)
        return frozenset(link.payment_id for link in links) | {tab.payment_id for tab in self.history if tab.payment_id}

    @model_validator(mode="after")
    def _tip_is_offered(self) -> Self:
        try:
            tips.chosen(self.payment.tip_percentage, self.terms.tips)
        except tips.TipError as error:
            raise ValueError(f"tip_percentage: {error}") from None
        return self

    def quantity_of(self, item: str) -> int:
        """How many of `item` are on the order, over all its lines."""
        return sum(line.quantity for line in self.order if line.item == item)


def check_session_id(session_id: object) -> None:
    """Refuse what cannot be a session's id.

    Raises:
        InvalidSessionError: not 1 to 100 letters, digits, - and _ that begin with a letter or digit.
    """
    if not isinstance(session_id, str) or not SESSION_ID.fullmatch(session_id):
        raise InvalidSessionError(f"{session_id!r} is not a session id")
