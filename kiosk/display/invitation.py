"""What a guest sees who has not ordered yet: how to begin, and what can be done here."""

from pathlib import Path

import pygame
from pygame import Rect, Surface

from kiosk.display.drawing import box, label, load_svg, wrapped
from kiosk.display.texts import Texts
from kiosk.display.theme import CREAM, GOLD, MUTED, PANEL_EDGE, Fonts


class Invitation:
    """How to begin, over the bar, and the three steps, on the panel.

    Parameters:
        icons: the folder with their pictures.
        unit: how large a pixel of the design is here.
        texts: what is written there.
        wake_phrase: what a guest says to begin, if it is not just anything.
    """

    def __init__(self, icons: Path, unit: float, texts: Texts, wake_phrase: str | None = None) -> None:
        self._unit = unit
        self._welcome = texts.welcome
        self._begin = texts.begin.format(words=f"“{wake_phrase}”" if wake_phrase else texts.hello)
        self._steps = (
            ("speak", texts.order, texts.order_how),
            ("tip", texts.tip, texts.tip_how),
            ("pay", texts.pay, texts.pay_how),
        )
        side = round(96 * unit)
        self._icons = {name: load_svg(icons / f"{name}.svg", side, side) for name, _, _ in self._steps}

    def draw_beginning(self, target: Surface, fonts: Fonts) -> None:
        """The words that a guest who comes near reads first, all over `target`."""
        area, size = target.get_rect(), 62 * self._unit
        font = fonts.get(size, "Bold")
        lines = wrapped(font, self._begin, area.width - round(60 * self._unit))
        pill = Rect(0, 0, 0, font.get_linesize() * len(lines) + round(36 * self._unit))
        pill.width = max(font.size(line)[0] for line in lines) + round(90 * self._unit)
        pill.midbottom = area.midbottom
        box(target, pill, (0, 0, 0, 200), 30 * self._unit)
        top = pill.top + round(18 * self._unit)
        for line in lines:
            row = Rect(pill.left, top, pill.width, font.get_linesize())
            label(target, fonts, line, row, size, weight="Bold", colour=GOLD, align="center")
            top = row.bottom

    def draw_steps(self, target: Surface, fonts: Fonts, area: Rect, bar: str) -> None:
        """The bar's name and what can be done here, in `area`."""
        unit = self._unit
        head = Rect(area.left, area.top, area.width, round(110 * unit))
        label(target, fonts, bar or self._welcome, head, 64 * unit, weight="Bold", colour=GOLD)
        pygame.draw.rect(target, PANEL_EDGE, Rect(area.left, head.bottom, area.width, 2))
        row = min(round(210 * unit), (area.bottom - head.bottom) // len(self._steps))
        top = head.bottom + max(0, (area.bottom - head.bottom - row * len(self._steps)) // 2)
        for number, (name, what, how) in enumerate(self._steps):
            icon = self._icons[name]
            place = icon.get_rect(midleft=(area.left + round(8 * unit), top + number * row + row // 2))
            target.blit(icon, place)
            words = Rect(place.right + round(36 * unit), 0, 0, round(58 * unit))
            words.width, words.bottom = area.right - words.left, place.centery + round(4 * unit)
            label(target, fonts, what, words, 48 * unit, weight="SemiBold", colour=CREAM)
            below = Rect(words.left, words.bottom, words.width, round(48 * unit))
            label(target, fonts, how, below, 36 * unit, colour=MUTED)
