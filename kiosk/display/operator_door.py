"""The operator's way out: a finger held in the corner, then a PIN. Guests never see it."""

import hmac
from collections.abc import Callable, Hashable
from functools import partial

from pygame import Rect, Surface

from kiosk.display.drawing import box, label
from kiosk.display.texts import Texts
from kiosk.display.theme import CREAM, GOLD, UNCHOSEN, WHITE, Fonts

# How long a finger is held in the top left corner, and how large the corner is at 1080p.
HOLD_SECS = 3.0
CORNER = 120
# After how long without a touch the pad goes, and for how long it stays away after so many wrong PINs.
IDLE_SECS = 15.0
TRIES, LOCKED_SECS = 3, 60.0

CLEAR, CANCEL = "clear", "close"
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", CLEAR, "0", CANCEL)


class OperatorDoor:
    """A pad for a PIN that opens to whoever knows where to hold.

    Parameters:
        size: of the screen, pixels.
        unit: how large a pixel of the design is there.
        pin: digits; None: there is no such way out.
        texts: what is written on it.

    Attributes:
        area: where the pad is when it is open.
        is_unlocked: the PIN was given; the kiosk should end.
    """

    def __init__(self, size: tuple[int, int], unit: float, pin: str | None, texts: Texts) -> None:
        self._unit = unit
        self._texts = texts
        self._pin = pin
        self._corner = Rect(0, 0, round(CORNER * unit), round(CORNER * unit))
        self.area = Rect(0, 0, round(520 * unit), round(760 * unit))
        self.area.center = (size[0] // 2, size[1] // 2)
        self._held_since: float | None = None
        self._open_until = 0.0
        self._locked_until = 0.0
        self._wrong = 0
        self._typed = ""
        self.is_unlocked = False

    def is_open(self, now: float) -> bool:
        """Whether the pad is on the screen; it comes once the corner was held for long enough."""
        if self._held_since is not None and now - self._held_since >= HOLD_SECS:
            self._held_since = None
            self._typed, self._open_until = "", now + IDLE_SECS
        return now < self._open_until

    def press(self, position: tuple[int, int], now: float) -> bool:
        """A finger comes down; returns whether it is the operator's, and no guest's."""
        if self._pin is None:
            return False
        if self.is_open(now):
            self._touch(position, now)
            return True
        if self._corner.collidepoint(position) and now >= self._locked_until:
            self._held_since = now
            return True
        return False

    def release(self) -> None:
        """The finger goes up."""
        self._held_since = None

    def keys(self) -> dict[str, Rect]:
        """Where each key is on the screen."""
        gap, top = round(16 * self._unit), self.area.top + round(150 * self._unit)
        width = (self.area.width - 4 * gap) // 3
        height = (self.area.bottom - top - 5 * gap) // 4
        return {
            key: Rect(
                self.area.left + gap + (number % 3) * (width + gap), top + (number // 3) * (height + gap), width, height
            )
            for number, key in enumerate(KEYS)
        }

    def painting(self, fonts: Fonts, now: float) -> tuple[Hashable, Callable[[Surface], None] | None]:
        """What is shown at `now`, and how it is painted."""
        if not self.is_open(now):
            return None, None
        return (len(self._typed), self._wrong), partial(self._paint, fonts=fonts)

    def _touch(self, position: tuple[int, int], now: float) -> None:
        self._open_until = now + IDLE_SECS
        key = next((key for key, place in self.keys().items() if place.collidepoint(position)), None)
        match key:
            case None:
                return
            case str(key) if key == CANCEL:
                self._open_until = now
            case str(key) if key == CLEAR:
                self._typed = ""
            case digit:
                self._typed += digit
                self._judge(now)

    def _judge(self, now: float) -> None:
        assert self._pin
        if len(self._typed) < len(self._pin):
            return
        if hmac.compare_digest(self._typed, self._pin):
            self.is_unlocked = True
            return
        self._typed = ""
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong, self._open_until, self._locked_until = 0, now, now + LOCKED_SECS

    def _paint(self, target: Surface, fonts: Fonts) -> None:
        unit = self._unit
        box(target, target.get_rect(), "#100C14", 28 * unit, GOLD)
        head = Rect(0, round(20 * unit), target.get_width(), round(60 * unit))
        title = self._texts.operator_wrong if self._wrong else self._texts.operator
        label(target, fonts, title, head, 38 * unit, weight="SemiBold", colour=GOLD, align="center")
        dots = Rect(0, head.bottom, target.get_width(), round(60 * unit))
        label(target, fonts, "•" * len(self._typed), dots, 48 * unit, weight="Bold", colour=WHITE, align="center")
        names = {CLEAR: self._texts.clear, CANCEL: self._texts.close}
        for key, place in self.keys().items():
            here = place.move(-self.area.left, -self.area.top)
            box(target, here, UNCHOSEN, 16 * unit)
            size = 44 if key.isdecimal() else 30
            label(
                target, fonts, names.get(key, key), here, size * unit, weight="SemiBold", colour=CREAM, align="center"
            )
