"""The payment: a QR code that a phone reads from the counter, the amount, and what becomes of it."""

import pygame
import segno
from pygame import Rect, Surface

from kiosk.display.drawing import box, label
from kiosk.display.texts import Texts
from kiosk.display.theme import CHOSEN, CREAM, GOLD, INK, MUTED, UNCHOSEN, WHITE, Fonts
from kiosk.events import PaymentLinkReady

# Pixels a module at 1080p; phones and scanners lose codes that are smaller than 8, or without border.
MODULE, LEAST_MODULE, BORDER = 11, 8, 4


def qr_code(url: str, largest: int, unit: float) -> Surface:
    """`url` as a QR code with its white border, at most `largest` pixels wide unless modules got too small."""
    code = segno.make(url, error="m", boost_error=False, micro=False)
    modules = code.symbol_size(border=BORDER)[0]
    module = max(1, min(max(LEAST_MODULE, round(MODULE * unit)), largest // modules))
    picture = Surface((modules * module, modules * module))
    picture.fill("#FFFFFF")
    for row, line in enumerate(code.matrix_iter(border=BORDER)):
        for column, dark in enumerate(line):
            if dark:
                picture.fill("#000000", Rect(column * module, row * module, module, module))
    return picture


def draw_payment(
    target: Surface,
    fonts: Fonts,
    area: Rect,
    cancel: Rect,
    unit: float,
    link: PaymentLinkReady,
    amount: str,
    left_secs: float | None,
    texts: Texts,
) -> None:
    """The code in `area`, with all that a guest needs to know about it, and the button `cancel`."""
    box(target, cancel, UNCHOSEN, 18 * unit)
    label(target, fonts, texts.cancel, cancel, 34 * unit, colour=WHITE, align="center")
    head = Rect(area.left, area.top, area.width, round(70 * unit))
    label(target, fonts, texts.scan, head, 50 * unit, weight="Bold", colour=GOLD, align="center")
    figure = Rect(area.left, head.bottom, area.width, round(92 * unit))
    label(
        target,
        fonts,
        amount,
        figure,
        78 * unit,
        weight="Bold",
        colour=WHITE,
        align="center",
    )
    notes = [texts.scan_how]
    if left_secs is not None:
        notes.append(texts.valid.format(time=f"{int(left_secs) // 60}:{int(left_secs) % 60:02d}"))
    foot = round(62 * unit) if link.is_simulated else 0
    area = Rect(area.topleft, (area.width, area.height - round(16 * unit)))
    room = Rect(
        area.left,
        figure.bottom,
        area.width,
        area.bottom - figure.bottom - foot - round(46 * unit) * len(notes),
    )
    if link.url:
        code = qr_code(link.url, min(room.width, room.height - round(16 * unit)), unit)
        target.blit(code, code.get_rect(center=room.center))
    top = room.bottom
    for note in notes:
        line = Rect(area.left, top, area.width, round(46 * unit))
        label(target, fonts, note, line, 28 * unit, colour=CREAM, align="center")
        top = line.bottom
    if link.is_simulated:
        banner = Rect(area.left, top, area.width, foot)
        box(target, banner, GOLD, 14 * unit)
        label(
            target, fonts, texts.simulated, banner.inflate(-20, 0), 30 * unit, weight="Bold", colour=INK, align="center"
        )


def draw_paid(
    target: Surface,
    fonts: Fonts,
    area: Rect,
    unit: float,
    amount: str,
    is_simulated: bool,
    texts: Texts,
) -> None:
    """A mark that nobody misses."""
    radius = round(min(area.width, area.height) * 0.2)
    centre = (area.centerx, area.top + round(area.height * 0.4))
    pygame.draw.circle(target, CHOSEN, centre, radius)
    tick = [(-0.45, 0.02), (-0.12, 0.36), (0.48, -0.34)]
    points = [(centre[0] + x * radius, centre[1] + y * radius) for x, y in tick]
    pygame.draw.lines(target, WHITE, False, points, max(4, radius // 6))
    below = Rect(area.left, centre[1] + radius + round(20 * unit), area.width, round(80 * unit))
    paid = texts.paid.format(amount=amount)
    label(target, fonts, paid, below, 60 * unit, weight="Bold", colour=WHITE, align="center")
    thanks = Rect(area.left, below.bottom, area.width, round(50 * unit))
    text = texts.paid_simulated if is_simulated else texts.thanks
    label(target, fonts, text, thanks, 32 * unit, colour=MUTED, align="center")
