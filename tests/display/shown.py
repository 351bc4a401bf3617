"""In a process: a window that shows what comes as lines on stdin, and writes what is touched to stdout.

    python -m tests.display.shown

A line is the name of one of `EVENTS`, or "settle": then "ready" is written once all before it is on the screen.
"""

import queue
import sys
import threading
from decimal import Decimal

from kiosk.display.window import ScreenLostError, Window
from kiosk.events import (
    Event,
    Intent,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    SessionStarted,
    TipChanged,
)
from kiosk.settings import find_assets

URL = "https://buy.stripe.com/test_8wM7sK2vQ3xR0fS6oo"
LINES = (OrderLine("Martini", 2, ("dirty",), Decimal(13)), OrderLine("IPA", 1, (), Decimal(6)))

EVENTS: dict[str, Event] = {
    "guest": SessionStarted("visit", "MOK 5-ha", "USD", Decimal(1000)),
    "order": OrderChanged(LINES, Decimal(32), Decimal(968)),
    "tip": TipChanged(15, Decimal("4.80"), Decimal("36.80")),
    "link": PaymentLinkReady(URL, "plink_1", Decimal("36.80"), False, 900.0),
    "paid": PaymentChanged(PaymentStatus.SUCCEEDED, "plink_1", Decimal("36.80"), Decimal(0), Decimal(968), False),
}


class Shown(queue.SimpleQueue[Event]):
    """Events that tell when the window has come back for more, and so has drawn what it took."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def empty(self) -> bool:
        self.asked += 1
        return super().empty()


def main() -> None:
    events, stop = Shown(), threading.Event()

    def touched(intent: Intent) -> None:
        print(intent, flush=True)

    def read() -> None:
        for line in sys.stdin:
            if line.strip() in EVENTS:
                events.put(EVENTS[line.strip()])
                continue
            asked = events.asked
            # The figures count up for two seconds at most.
            while events.asked < asked + 140:
                stop.wait(0.01)
            print("ready", flush=True)
        stop.set()

    threading.Thread(target=read, daemon=True).start()
    window = Window(events, touched, find_assets(), pin="2580")
    try:
        window.run(stop, patient=True)
    except ScreenLostError as error:
        print(error, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
