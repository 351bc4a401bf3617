"""Tip, total, and the buttons that a guest can touch."""

from collections.abc import Sequence
from decimal import Decimal

from pygame import Rect, Surface

from kiosk.display.drawing import box, label
from kiosk.display.texts import Texts
from kiosk.display.theme import CHOSEN, CREAM, GOLD, INK, MUTED, PAY, UNCHOSEN, WHITE, Fonts
from kiosk.money import as_label

PERCENTAGES = (10, 15, 20)


def draw_tips(
    target: Surface, fonts: Fonts, areas: Sequence[Rect], unit: float, chosen: int | None, texts: Texts
) -> None:
    """A button for each percentage; the chosen one is green."""
    for percentage, area in zip(PERCENTAGES, areas, strict=True):
        # Black on the green: white would have too little contrast.
        is_chosen = percentage == chosen
        box(target, area, CHOSEN if is_chosen else UNCHOSEN, 18 * unit)
        text = texts.tip_button.format(percentage=percentage)
        colour = INK if is_chosen else WHITE
        label(
            target,
            fonts,
            text,
            _inside(area, unit),
            34 * unit,
            weight="SemiBold",
            colour=colour,
            align="center",
        )


def draw_totals(
    target: Surface, fonts: Fonts, area: Rect, unit: float, tip: Decimal, total: Decimal, currency: str, texts: Texts
) -> None:
    """The tip and what comes to in all."""
    upper = Rect(area.left, area.top, area.width, round(44 * unit))
    lower = Rect(area.left, upper.bottom, area.width, area.bottom - upper.bottom)
    label(target, fonts, texts.tip, upper, 30 * unit, colour=MUTED)
    label(target, fonts, as_label(tip, currency), upper, 32 * unit, colour=CREAM, align="right")
    half = lower.width // 2
    label(
        target,
        fonts,
        texts.total,
        Rect(lower.left, lower.top, half, lower.height),
        40 * unit,
        weight="Bold",
        colour=GOLD,
    )
    right = Rect(lower.left + half, lower.top, lower.width - half, lower.height)
    label(target, fonts, as_label(total, currency), right, 50 * unit, weight="Bold", colour=GOLD, align="right")


def draw_actions(target: Surface, fonts: Fonts, start_over: Rect, pay: Rect, unit: float, texts: Texts) -> None:
    """Start over and Pay."""
    box(target, start_over, UNCHOSEN, 18 * unit)
    label(target, fonts, texts.start_over, _inside(start_over, unit), 30 * unit, colour=WHITE, align="center")
    box(target, pay, PAY, 18 * unit)
    label(target, fonts, texts.pay, _inside(pay, unit), 42 * unit, weight="Bold", colour=WHITE, align="center")


def _inside(area: Rect, unit: float) -> Rect:
    return area.inflate(-round(24 * unit), 0)
