"""Tip, total, and the buttons that a guest can touch."""

from collections.abc import Sequence

from pygame import Rect, Surface

from kiosk.display.drawing import box, fitting, label
from kiosk.display.texts import Texts
from kiosk.display.theme import CHOSEN, CREAM, GOLD, INK, MUTED, PAY, UNCHOSEN, WHITE, Fonts

POINTS = 34


def draw_tips(
    target: Surface,
    fonts: Fonts,
    areas: Sequence[Rect],
    unit: float,
    percentages: Sequence[int],
    chosen: int | None,
    texts: Texts,
) -> None:
    """A button for each of `percentages`; the chosen one is green."""
    words = tip_words(fonts, areas, unit, percentages, texts)
    for percentage, area in zip(percentages, areas, strict=True):
        # Black on the green: white would have too little contrast.
        is_chosen = percentage == chosen
        box(target, area, CHOSEN if is_chosen else UNCHOSEN, 18 * unit)
        colour = INK if is_chosen else WHITE
        label(
            target,
            fonts,
            words.format(percentage=percentage),
            _inside(area, unit),
            POINTS * unit,
            weight="SemiBold",
            colour=colour,
            align="center",
        )


def tip_words(fonts: Fonts, areas: Sequence[Rect], unit: float, percentages: Sequence[int], texts: Texts) -> str:
    """What stands on all of the buttons: "15% tip", or "15%" where they are too narrow for that."""

    def fits(text: str, width: int) -> bool:
        return fitting(fonts, text, width, POINTS * unit, "SemiBold").size(text)[0] <= width

    words = (texts.tip_button.format(percentage=percentage) for percentage in percentages)
    whole = all(fits(text, _inside(area, unit).width) for text, area in zip(words, areas, strict=True))
    return texts.tip_button if whole else texts.tip_alone


def draw_totals(target: Surface, fonts: Fonts, area: Rect, unit: float, tip: str, total: str, texts: Texts) -> None:
    """The tip, and what it comes to in all."""
    upper = Rect(area.left, area.top, area.width, round(44 * unit))
    lower = Rect(area.left, upper.bottom, area.width, area.bottom - upper.bottom)
    label(target, fonts, texts.tip, upper, 30 * unit, colour=MUTED)
    label(target, fonts, tip, upper, 32 * unit, colour=CREAM, align="right")
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
    label(target, fonts, total, right, 50 * unit, weight="Bold", colour=GOLD, align="right")


def draw_actions(target: Surface, fonts: Fonts, start_over: Rect, pay: Rect, unit: float, texts: Texts) -> None:
    """Start over and Pay."""
    box(target, start_over, UNCHOSEN, 18 * unit)
    label(target, fonts, texts.start_over, _inside(start_over, unit), 30 * unit, colour=WHITE, align="center")
    box(target, pay, PAY, 18 * unit)
    label(target, fonts, texts.pay, _inside(pay, unit), 42 * unit, weight="Bold", colour=WHITE, align="center")


def _inside(area: Rect, unit: float) -> Rect:
    return area.inflate(-round(24 * unit), 0)
