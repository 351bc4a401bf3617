"""Colours and fonts: one look for everything that is drawn."""

from functools import lru_cache
from pathlib import Path

import pygame

WHITE = "#FFFFFF"
CREAM = "#F6EBD9"
# 8.6 to 1 on the panel: what is secondary still reads at two metres.
MUTED = "#C3B7A6"
GOLD = "#E9C56F"
PANEL = "#17121C"
PANEL_EDGE = "#4A3A2C"
# Behind a line of the order that has just come or changed.
LIT = "#3A2C1C"
INK = "#17121C"
# The seeds' colours of money and of the tip buttons.
ENOUGH, LOW, NONE_LEFT = "#FFFFFF", "#FFA500", "#FF4444"
CHOSEN, UNCHOSEN = "#4CAF50", "#333333"
PAY = "#1B7F4B"
WARNING = "#8A4B00"


class Fonts:
    """Inter in the weights and sizes that are asked for, each loaded once."""

    def __init__(self, folder: Path) -> None:
        pygame.font.init()
        self._folder = folder
        self._load = lru_cache(maxsize=64)(self._open)

    def get(self, size: float, weight: str = "Regular") -> pygame.font.Font:
        """Inter at `size` pixels in the weight "Regular", "SemiBold" or "Bold"."""
        return self._load(max(8, round(size)), weight)

    def _open(self, size: int, weight: str) -> pygame.font.Font:
        return pygame.font.Font(self._folder / f"Inter-{weight}.otf", size)
