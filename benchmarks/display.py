"""What a busy evening costs the display: frame times, processor share, and how soon a change is seen.

    uv run benchmarks/display.py [--secs 60]

A minute of guests who order, tip and pay at 1920x1080 in software, at sixty frames a second; beside it,
in turns of a second, the naive way: every part of the same frame painted and drawn anew each time.
On the X server at DISPLAY, if there is one, else into memory.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal

os.environ.setdefault("SDL_VIDEODRIVER", "x11" if os.environ.get("DISPLAY") else "dummy")
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame

from kiosk.display.frame_times import FrameTimes
from kiosk.display.scene import Scene
from kiosk.events import (
    Event,
    Heard,
    Listening,
    Mouth,
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

SIZE = (1920, 1080)
FRAME_SECS = 1 / 60
HEARD = "two martinis on the rocks please"
SAID = "Coming up: two Martinis on the rocks. Your tab is $26."
URL = "https://buy.stripe.com/test_8wM7sK2vQ3xR0fS6oo"


def evening(secs: float) -> Iterator[tuple[float, Event]]:
    """What happens, with its second: a guest speaks, Maya answers for three seconds, every third guest pays."""
    chance = random.Random(7)
    now, lines = 0.0, ()
    yield now, SessionStarted("visit", "MOK 5-ha", "USD", Decimal(1000))
    while now < secs:
        yield now, Listening(True)
        for place in range(4, len(HEARD), 4):
            now += 0.25
            yield now, Heard(HEARD[:place], False)
        yield now, Heard(HEARD, True)
        yield now, Thinking()
        now += 0.3
        lines = (*lines[-9:], OrderLine(f"Martini {len(lines)}", 2, ("dirty",), Decimal(13)))
        tab = sum((line.unit_price * line.quantity for line in lines), start=Decimal(0))
        yield now, OrderChanged(lines, tab, Decimal(1000) - tab)
        yield now, TipChanged(15, tab * 15 / 100, tab * 115 / 100)
        yield now, Speaking(True)
        for step in range(150):
            if step % 12 == 0:
                yield now, Saying(SAID, step * len(SAID) // 150)
            yield now, Mouth(chance.random())
            now += 0.02
        yield now, Speaking(False)
        if len(lines) % 3 == 0:
            yield now, PaymentLinkReady(URL, "plink_1", tab, False, 900.0)
            now += 3.0
            yield now, PaymentChanged(PaymentStatus.SUCCEEDED, "plink_1", tab, Decimal(0), Decimal(900), False)
            lines = ()


class Show:
    """A scene that is shown the evening, frame by frame."""

    def __init__(self, screen: pygame.Surface, secs: float, *, naive: bool) -> None:
        self.frames = FrameTimes()
        self.busy = 0.0
        self._naive = naive
        self._screen = screen
        self._scene = Scene(SIZE, find_assets(), screen)
        self._coming = list(evening(secs))

    def frame(self, now: float) -> None:
        """What the kiosk does for the frame at `now`."""
        begun, cpu = time.perf_counter(), time.process_time()
        while self._coming and self._coming[0][0] <= now:
            self._scene.apply(self._coming.pop(0)[1], now)
        if self._naive:
            self._scene.forget_what_is_shown()
        pygame.display.update(self._scene.update(now))
        self.frames.add(time.perf_counter() - begun)
        self.busy += time.process_time() - cpu


def seen_after(screen: pygame.Surface, changes: int) -> list[float]:
    """Seconds from a change that comes at any moment until it is on the screen, at sixty frames a second."""
    scene, chance, taken = Scene(SIZE, find_assets(), screen), random.Random(3), []
    scene.update(0.0)
    for number in range(changes):
        # A change waits for the frame that is next; it comes anywhere between two.
        waits = chance.random() * FRAME_SECS
        begun = time.perf_counter()
        scene.apply(TipChanged((10, 15, 20)[number % 3], Decimal(number), Decimal(number)), begun)
        scene.apply(OrderChanged((OrderLine(f"IPA {number}", 1, (), Decimal(6)),), Decimal(6), Decimal(994)), begun)
        pygame.display.update(scene.update(begun))
        taken.append(waits + time.perf_counter() - begun)
    return taken


def report(name: str, show: Show, secs: float) -> None:
    """Print a line."""
    p50, p95, p99 = (1000 * show.frames.within(share) for share in (0.5, 0.95, 0.99))
    print(f"{name:<22} p50 {p50:5.2f} ms  p95 {p95:5.2f} ms  p99 {p99:5.2f} ms  {show.busy / secs:6.1%} of one core")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--secs", type=float, default=60.0)
    secs = parser.parse_args().secs
    pygame.display.init()
    screen = pygame.display.set_mode(SIZE)
    print(f"{pygame.display.get_driver()}, {SIZE[0]}x{SIZE[1]}, {secs:g} s of an evening")
    ours, naive = Show(screen, secs, naive=False), Show(screen, secs, naive=True)
    for second in range(int(secs)):
        for show in (ours, naive):
            for frame in range(60):
                show.frame(second + frame * FRAME_SECS)
    report("only what changed", ours, secs)
    report("everything, each frame", naive, secs)
    taken = seen_after(screen, 200)
    print(f"input to changed pixels: median {1000 * statistics.median(taken):.1f} ms, most {1000 * max(taken):.1f} ms")


if __name__ == "__main__":
    main()
