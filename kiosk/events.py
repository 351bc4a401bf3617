"""What happens in the kiosk, as events towards the display and intents back from it.

The voice pipeline lives on a thread of its own and the window owns the main thread. They meet in
two thread-safe queues only: an `EventBus`, on which everything that a guest could notice is
published, and a queue of `Intent`s, the touches.

What models, menus, recognisers and Stripe have written comes to the display through here, and no other way. So the
texts of an event are fit to be shown from the moment it is made: one line each, bounded, of what can be seen.
"""

import dataclasses
import queue
import re
import threading
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kiosk import line_text, tips
from kiosk.links import is_web_page
from kiosk.plain_text import one_line


@dataclass(frozen=True)
class _Shown:
    """What reaches the screen: its texts are fit to be shown, whoever has written them."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            given = getattr(self, field.name)
            if (fit := _fit(given)) is not given:
                object.__setattr__(self, field.name, fit)


def _fit(value: Any) -> Any:
    # A `StrEnum` is ours already.
    if type(value) is str:
        return one_line(value)
    return tuple(map(_fit, value)) if type(value) is tuple else value


@dataclass(frozen=True)
class Event(_Shown):
    """Something that happened. Fields are plain values: text, numbers, amounts, tuples of those."""

    @property
    def name(self) -> str:
        """The event's name in the log: `OrderChanged` is "order_changed"."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    def fields(self) -> dict[str, Any]:
        """The event's fields as JSON values; money is text with the decimals of its currency."""
        return _plain(dataclasses.asdict(self))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


@dataclass(frozen=True)
class OrderLine(_Shown):
    """One line of the order as it is shown; `unit_price` is with its modifiers.

    Parameters:
        without: what is left out of it.
        note: a wish that the menu does not know.
    """

    item: str
    quantity: int
    modifiers: tuple[str, ...]
    unit_price: Decimal
    without: tuple[str, ...] = ()
    note: str | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """How it is made, piece by piece: see `line_text.ways`."""
        return line_text.ways(self.modifiers, self.without, self.note)


class PaymentStatus(StrEnum):
    """What the guest is told of a payment.

    PENDING: the link is shown, nothing has arrived. SUCCEEDED: paid. FAILED: declined or void;
    nothing was charged. CANCELLED: the link was withdrawn, because the guest or a change of the tab
    asked for it. TIMEOUT: no answer yet; the link may still be paid.
    """

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class SessionStarted(Event):
    """A guest's visit begins, or the kiosk comes back to one: the screen starts from these figures.

    `currency` is a code of ISO 4217, `tips` are the percentages on the buttons.
    """

    session_id: str
    bar: str
    currency: str
    balance: Decimal
    tips: tuple[int, ...] = tips.DEFAULT


@dataclass(frozen=True)
class SessionEnded(Event):
    """The visit is over; everything of this guest leaves the screen."""

    session_id: str


@dataclass(frozen=True)
class Listening(Event):
    """The guest began (`active`) or stopped speaking."""

    active: bool


@dataclass(frozen=True)
class Heard(Event):
    """What Maya heard. Interim words (`final` false) are replaced by the next `Heard`."""

    text: str
    final: bool


@dataclass(frozen=True)
class Thinking(Event):
    """Maya has the whole request and works on the answer."""


@dataclass(frozen=True)
class Saying(Event):
    """Maya's answer as a caption: all of `text` is known, its first `spoken` characters were voiced."""

    text: str
    spoken: int

    def __post_init__(self) -> None:
        # The mark at the end keeps the blank before the next word.
        object.__setattr__(self, "spoken", len(one_line(f"{self.text[: self.spoken]}|")) - 1)
        super().__post_init__()


@dataclass(frozen=True)
class Speaking(Event):
    """Maya's voice begins (`active`) or ends, as heard at the speaker."""

    active: bool


@dataclass(frozen=True)
class Mouth(Event):
    """How far Maya's mouth is open, 0 to 1, from the sound that is being heard."""

    level: float


@dataclass(frozen=True)
class OrderChanged(Event):
    """The order and the money as they now are."""

    lines: tuple[OrderLine, ...]
    tab: Decimal
    balance: Decimal


@dataclass(frozen=True)
class TipChanged(Event):
    """The tip as it now is; `percentage` None is no tip. `total` is tab plus tip."""

    percentage: int | None
    tip: Decimal
    total: Decimal


@dataclass(frozen=True)
class PaymentLinkReady(Event):
    """A link that the guest can pay `amount` with.

    Parameters:
        url: empty where it is no web page: a link is shown as it is, or not at all.
    """

    url: str
    payment_id: str
    amount: Decimal
    is_simulated: bool
    expires_in_secs: float | None = None

    def __post_init__(self) -> None:
        if not is_web_page(self.url):
            object.__setattr__(self, "url", "")
        super().__post_init__()


@dataclass(frozen=True)
class PaymentChanged(Event):
    """News of the payment; `tab` and `balance` are those after it."""

    status: PaymentStatus
    payment_id: str | None
    amount: Decimal
    tab: Decimal
    balance: Decimal
    is_simulated: bool


@dataclass(frozen=True)
class StaffCalled(Event):
    """The guest needs somebody; `at` is when he was told that they are called, as ISO 8601 has it."""

    reason: str
    at: str


@dataclass(frozen=True)
class ServiceChanged(Event):
    """A stage ("stt", "llm", "tts", "payments") now runs in the "cloud" or in the "house"."""

    stage: str
    where: str
    reason: str


class Level(StrEnum):
    """How much a notice matters to the guest: news, or trouble that staff should see."""

    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True)
class Notice(Event):
    """A short sentence for the screen; a notice with the same `code` replaces it, empty text clears it.

    Parameters:
        of_visit: it is about this guest, and goes when the visit ends.
    """

    code: str
    text: str
    level: Level = Level.INFO
    of_visit: bool = False


@dataclass(frozen=True)
class Intent:
    """Something that a guest did by touch, for the pipeline to act on through the same tools."""


@dataclass(frozen=True)
class HelloTouched(Intent):
    """Maya herself, while she waits: the guest wants to begin, or does not know how."""


@dataclass(frozen=True)
class TipTouched(Intent):
    """A tip button."""

    percentage: int


@dataclass(frozen=True)
class PayTouched(Intent):
    """The Pay button."""


@dataclass(frozen=True)
class StartOverTouched(Intent):
    """The Start over button: the guest wants to begin afresh."""


@dataclass(frozen=True)
class CancelTouched(Intent):
    """The Cancel button beside a code: the guest does not want to pay now."""


class EventBus:
    """Hands each published event to every subscriber's queue, in order, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[queue.SimpleQueue[Event]] = []

    def subscribe(self) -> "queue.SimpleQueue[Event]":
        """A queue that receives every event published from now on."""
        subscriber: queue.SimpleQueue[Event] = queue.SimpleQueue()
        with self._lock:
            self._subscribers.append(subscriber)
        return subscriber

    def publish(self, event: Event) -> None:
        """Give `event` to all subscribers; never blocks."""
        with self._lock:
            for subscriber in self._subscribers:
                subscriber.put(event)
