"""The tab and the balance, over the bar: figures that count up to each new value."""

from decimal import Decimal

import pygame
from pygame import Rect, Surface

from kiosk.display.animation import Counter
from kiosk.display.drawing import box, label
from kiosk.display.texts import Texts
from kiosk.display.theme import ENOUGH, LOW, MUTED, NONE_LEFT, Fonts
from kiosk.money import USD, Currency

BACKGROUND = (0, 0, 0, round(255 * 0.7))
# Below so many dollars, or about as much, a balance is low.
LOW_FUNDS = 50


def balance_colour(balance: Decimal, currency: Currency = USD) -> str:
    """White from 50 dollars or so, orange below, red at nothing or less."""
    if balance <= 0:
        return NONE_LEFT
    return LOW if balance < currency.about(LOW_FUNDS) else ENOUGH


class TabOverlay:
    """Tab left, balance right.

    Parameters:
        language: in which amounts are written.
    """

    def __init__(self, language: str) -> None:
        self.tab = Counter(USD.zero)
        self.balance = Counter(USD.zero)
        self.currency = USD
        self._language = language

    def begin(self, balance: Decimal, currency: Currency) -> None:
        """A guest comes with `balance`."""
        self.currency = currency
        self.tab.reset(currency.zero)
        self.balance.reset(balance)

    def change(self, tab: Decimal, balance: Decimal, now: float) -> None:
        """Count to new figures: one animation a change."""
        if (tab, balance) != (self.tab.target, self.balance.target):
            self.tab.change(tab, now)
            self.balance.change(balance, now)

    def ends_at(self, now: float) -> float:
        """When all animations will have ended."""
        return max(self.tab.ends_at(now), self.balance.ends_at(now))

    def shown(self, now: float) -> tuple[Decimal, float, Decimal, float, Currency]:
        """All that `draw` draws at `now`."""
        tab, balance = self.tab, self.balance
        return tab.value(now), tab.scale(now), balance.value(now), balance.scale(now), self.currency

    def draw(self, target: Surface, fonts: Fonts, unit: float, now: float, texts: Texts) -> None:
        """Both figures with their names, all over `target`."""
        area = target.get_rect()
        box(target, area, BACKGROUND, 22 * unit)
        half = area.width // 2
        balance = self.balance.value(now)
        self._draw_figure(target, fonts, Rect(area.left, area.top, half, area.height), unit, texts.tab,
                          self.tab.value(now), ENOUGH, self.tab.scale(now))  # fmt: skip
        self._draw_figure(target, fonts, Rect(area.left + half, area.top, half, area.height), unit, texts.balance,
                          balance, balance_colour(balance, self.currency), self.balance.scale(now))  # fmt: skip
        line = Rect(area.left + half, area.top + round(22 * unit), 2, area.height - round(44 * unit))
        pygame.draw.rect(target, "#6b6258", line)

    def _draw_figure(
        self, target: Surface, fonts: Fonts, area: Rect, unit: float, name: str,
        amount: Decimal, colour: str, scale: float,
    ) -> None:  # fmt: skip
        inner = area.inflate(-round(44 * unit), -round(20 * unit))
        head = Rect(inner.left, inner.top, inner.width, round(34 * unit))
        figure = Rect(inner.left, head.bottom, inner.width, inner.bottom - head.bottom)
        label(target, fonts, name, head, 26 * unit, colour=MUTED)
        text = self.currency.label(amount, self._language)
        label(target, fonts, text, figure, 50 * unit, weight="Bold", colour=colour, scale=scale)
