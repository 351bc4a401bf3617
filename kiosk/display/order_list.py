"""The order, line by line, with how each is made and its price."""

from collections.abc import Sequence

import pygame
from pygame import Rect, Surface

from kiosk.display.drawing import box, label
from kiosk.display.theme import CREAM, GOLD, LIT, MUTED, PANEL_EDGE, Fonts
from kiosk.events import OrderLine
from kiosk.money import Currency


def draw_order(
    target: Surface,
    fonts: Fonts,
    area: Rect,
    unit: float,
    bar: str,
    lines: Sequence[OrderLine],
    currency: Currency,
    language: str,
    changed: frozenset[OrderLine] = frozenset(),
) -> None:
    """The newest lines, as many as fit, those in `changed` lit up; what is folded away is counted."""
    head = Rect(area.left, area.top, area.width, round(64 * unit))
    label(target, fonts, bar, head, 46 * unit, weight="Bold", colour=GOLD)
    pygame.draw.rect(target, PANEL_EDGE, Rect(area.left, head.bottom, area.width, 2))
    top = head.bottom + round(14 * unit)
    row = round(88 * unit)
    fits = max(1, (area.bottom - top) // row)
    if len(lines) > fits:
        fits = max(1, (area.bottom - top - round(44 * unit)) // row)
        folded = len(lines) - fits
        more = Rect(area.left, top, area.width, round(40 * unit))
        label(target, fonts, f"+ {folded} earlier", more, 28 * unit, colour=MUTED)
        top = more.bottom
        lines = lines[-fits:]
    for number, line in enumerate(lines):
        place = Rect(area.left, top + number * row, area.width, row)
        if place.bottom <= area.bottom:
            if line in changed:
                box(target, place.inflate(round(24 * unit), -round(6 * unit)), LIT, 14 * unit)
            _draw_line(target, fonts, place, unit, line, currency.label(line.unit_price * line.quantity, language))


def _draw_line(target: Surface, fonts: Fonts, area: Rect, unit: float, line: OrderLine, total: str) -> None:
    price_width, count_width = round(190 * unit), round(72 * unit)
    upper = Rect(area.left, area.top + round(4 * unit), area.width, round(48 * unit))
    count = Rect(upper.left, upper.top, count_width, upper.height)
    price = Rect(upper.right - price_width, upper.top, price_width, upper.height)
    name = Rect(count.right, upper.top, price.left - count.right - round(8 * unit), upper.height)
    if not line.ways:
        for part in (count, price, name):
            part.height = area.height - round(8 * unit)
    label(target, fonts, f"{line.quantity}×", count, 38 * unit, weight="Bold", colour=GOLD)
    label(target, fonts, line.item, name, 38 * unit, weight="SemiBold", colour=CREAM)
    label(target, fonts, total, price, 36 * unit, weight="SemiBold", colour=CREAM, align="right")
    if line.ways:
        lower = Rect(name.left, upper.bottom, area.right - name.left, round(32 * unit))
        label(target, fonts, ", ".join(line.ways), lower, 27 * unit, colour=MUTED)
