"""Whatever is written can be read: WCAG's contrast, AA, on what it is written on."""

import pygame
import pytest

from kiosk.display import theme
from kiosk.display.avatar import AURAS

PAIRS = {
    "tab": (theme.ENOUGH, "#4D4D4D"),
    "low balance": (theme.LOW, "#2A2118"),
    "no balance": (theme.NONE_LEFT, "#1A120C"),
    "order": (theme.CREAM, theme.PANEL),
    "secondary": (theme.MUTED, theme.PANEL),
    "headings": (theme.GOLD, theme.PANEL),
    "tip": (theme.WHITE, theme.UNCHOSEN),
    "chosen tip": (theme.INK, theme.CHOSEN),
    "pay": (theme.WHITE, theme.PAY),
    "warning": (theme.WHITE, theme.WARNING),
    "simulated": (theme.INK, theme.GOLD),
}


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [channel / 255 for channel in pygame.Color(colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("text", "ground"), PAIRS.values(), ids=PAIRS.keys())
def test_text_stands_out_from_its_ground(text, ground):
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_moods_are_told_apart_by_their_glow():
    assert len(set(AURAS.values())) == len(AURAS)
