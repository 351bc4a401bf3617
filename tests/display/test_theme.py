"""Whatever is written can be read: WCAG's contrast, AA, on what it is written on."""

from decimal import Decimal

import pygame
import pytest

from kiosk.display import theme
from kiosk.display.avatar import AURAS, load_svg
from kiosk.display.tab_overlay import BACKGROUND, balance_colour
from kiosk.settings import find_assets

PAIRS = {
    "order": (theme.CREAM, theme.PANEL),
    "secondary": (theme.MUTED, theme.PANEL),
    "headings": (theme.GOLD, theme.PANEL),
    "tip": (theme.WHITE, theme.UNCHOSEN),
    "chosen tip": (theme.INK, theme.CHOSEN),
    "pay": (theme.WHITE, theme.PAY),
    "warning": (theme.WHITE, theme.WARNING),
    "simulated": (theme.INK, theme.GOLD),
}


def luminance(colour: str | tuple[float, ...]) -> float:
    """As WCAG 2.2 defines it."""
    parts = [channel / 255 for channel in (pygame.Color(colour) if isinstance(colour, str) else colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(text: str | tuple[float, ...], ground: str | tuple[float, ...]) -> float:
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS.values(), ids=PAIRS.keys())
def test_text_stands_out_from_its_ground(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("balance", [Decimal(50), Decimal(49), Decimal(0)])
def test_every_balance_stands_out_from_the_brightest_spot_of_the_counter_below_it(balance):
    counter = load_svg(find_assets() / "avatar" / "counter.svg", 600, 200)
    # The tab's box lies on the front of the counter, below its shining edge.
    spots = [tuple(counter.get_at((x, y)))[:3] for x in range(0, 600, 10) for y in range(60, 200)]
    brightest = max(spots, key=luminance)
    seen = tuple(channel * (1 - BACKGROUND[3] / 255) for channel in brightest)
    assert contrast(balance_colour(balance), seen) >= 4.5


def test_moods_are_told_apart_by_their_glow():
    assert len(set(AURAS.values())) == len(AURAS)
