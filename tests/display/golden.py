"""The main scenes as pictures, to be looked at by people and compared by the tests.

    uv run python -m tests.display.golden       # after a change that is meant to be seen

They are kept at a quarter of their size: enough for everything that a guest would notice.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pygame
from pygame import Surface

from kiosk.display.scene import Scene
from kiosk.display.window import png
from kiosk.events import (
    Event,
    Heard,
    Level,
    Listening,
    Notice,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    Saying,
    SessionStarted,
    Speaking,
    Thinking,
    TipChanged,
)
from kiosk.settings import find_assets

FOLDER = Path(__file__).parent / "golden"
SIZES = [(1920, 1080), (1080, 1920), (1280, 800)]
# A moment between two blinks, when every animation of the events below is over.
NOW = 12.0

_LINES = (
    OrderLine("Old Fashioned", 2, ("on the rocks",), Decimal(12)),
    OrderLine("Martini", 1, ("dirty", "shaken"), Decimal(13)),
    OrderLine("Tap Beer", 3, (), Decimal(5)),
)
_ANSWER = "Coming up: three Tap Beers. Your tab is $52."
_BEGIN = (SessionStarted("visit", "MOK 5-ha", "USD", Decimal(1000)),)
_ORDERED = (*_BEGIN, OrderChanged(_LINES, Decimal(52), Decimal(948)))
_TIPPED = (*_ORDERED, TipChanged(15, Decimal("7.80"), Decimal("59.80")))
_LINK = PaymentLinkReady("https://buy.stripe.com/test_8wM7sK2vQ3xR0fS6oo", "plink_1", Decimal("59.80"), True, 912.0)
_PAID = PaymentChanged(PaymentStatus.SUCCEEDED, "plink_1", Decimal("59.80"), Decimal(0), Decimal(948), False)
_FAILED = PaymentChanged(PaymentStatus.FAILED, "plink_1", Decimal("59.80"), Decimal(52), Decimal(30), False)
_MANY = tuple(
    OrderLine("Hausgemachte Johannisbeerlimonade mit Minze", 99, ("sin hielo", "con mucha azúcar"), Decimal("336.36"))
    for _ in range(30)
)

SCENES: dict[str, tuple[Event, ...]] = {
    "attract": _BEGIN,
    "listening": (*_BEGIN, Listening(True), Heard("two old fashioned on the", False)),
    "ordering": (*_ORDERED, Heard("and three beers", True), Speaking(True), Saying(_ANSWER, 24)),
    "tip": (*_TIPPED, Heard("fifteen percent", True), Thinking()),
    "code": (*_TIPPED, _LINK, Saying("That's $59.80. Please scan the code on the screen.", 50)),
    "paid": (*_TIPPED, _LINK, _PAID, Saying("Your payment has arrived. Thank you, and cheers!", 48)),
    "failed": (*_TIPPED, _LINK, _FAILED),
    "too much": (
        *_BEGIN,
        OrderChanged(_MANY, Decimal("999999.99"), Decimal("-999999.99")),
        TipChanged(20, Decimal("199999.99"), Decimal("1199999.98")),
        Heard("und dann noch fünf von den ganz langen " * 6, True),
        Saying("Selbstverständlich, das sind dann zusammen neunundneunzig Johannisbeerlimonaden. " * 6, 250),
        Notice("mic", "Kein Mikrofon angeschlossen, bitte sagen Sie dem Personal Bescheid. " * 2, Level.WARNING),
    ),
}


def draw(name: str, size: tuple[int, int]) -> Surface:
    """The scene `name` on a screen of `size`."""
    scene = Scene(size, find_assets())
    last = SCENES[name][-3:]
    for event in SCENES[name]:
        # What passes after some seconds is shown shortly before the picture is taken.
        scene.apply(event, NOW - 2.1 if event in last else 0.0)
    return scene.draw(NOW)


def quarter(picture: Surface) -> Surface:
    """`picture` at a quarter of its size."""
    width, height = picture.get_size()
    return pygame.transform.smoothscale(picture, (width // 4, height // 4))


def cases() -> Iterator[tuple[str, tuple[int, int], Path]]:
    """Every scene at every size, and where its picture is kept."""
    for name in SCENES:
        for width, height in SIZES:
            yield name, (width, height), FOLDER / f"{name.replace(' ', '_')}_{width}x{height}.png"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, size, path in cases():
        path.write_bytes(png(quarter(draw(name, size))))
        print(path)


if __name__ == "__main__":
    main()
