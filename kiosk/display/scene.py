"""What is on the screen: events change it, time animates it, touches become intents."""

from collections.abc import Callable, Hashable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pygame
from pygame import Rect, Surface

from kiosk.display.avatar import Avatar, Mood
from kiosk.display.bar import Bar
from kiosk.display.captions import Captions
from kiosk.display.drawing import box, label
from kiosk.display.invitation import Invitation
from kiosk.display.layout import Layout
from kiosk.display.operator_door import OperatorDoor
from kiosk.display.order_list import draw_order
from kiosk.display.parts import Painting, Stack
from kiosk.display.payment_panel import draw_paid, draw_payment
from kiosk.display.status import bars, draw_status
from kiosk.display.tab_overlay import TabOverlay
from kiosk.display.texts import Texts
from kiosk.display.theme import PANEL, PANEL_EDGE, WARNING, WHITE, Fonts
from kiosk.display.tip_buttons import draw_actions, draw_tips, draw_totals
from kiosk.events import (
    CancelTouched,
    Event,
    Heard,
    HelloTouched,
    Intent,
    Level,
    Listening,
    Mouth,
    Notice,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    PayTouched,
    Saying,
    ServiceChanged,
    SessionEnded,
    SessionStarted,
    Speaking,
    StartOverTouched,
    Thinking,
    TipChanged,
    TipTouched,
)
from kiosk.money import USD, Currency

PAID_SECS = 6.0
# How long Maya stays glad or sorry after what made her so.
MOOD_SECS = 3.0
# The stages that understand English alone in the house.
UNDERSTANDING = frozenset({"stt", "llm"})
# How long what is new on the order is lit up.
LIT_SECS = 2.0
# How long she glances at what has just changed beside or below her, and how far, in pixels of the drawing.
GLANCE_SECS, GLANCE_RIGHT, GLANCE_DOWN = 0.9, (9.0, 3.0), (2.0, 7.0)


class Scene:
    """A frame of any size, from events alone.

    Parameters:
        size: of the screen, pixels.
        assets: the folder with `avatar` and `fonts`.
        frame: is drawn into; by default a new one.
        pin: the operator's.
        caption_scale: how many times as large as usual captions are.
        wake_phrase: what a guest says to begin, if it is not just anything.
        language: of what is written, a file in the folder `texts` of `assets`.

    Attributes:
        frame: what is on the screen, once it was updated.
        operator: the operator's way out.
    """

    def __init__(
        self,
        size: tuple[int, int],
        assets: Path,
        frame: Surface | None = None,
        *,
        pin: str | None = None,
        caption_scale: float = 1.0,
        wake_phrase: str | None = None,
        language: str = "en",
    ) -> None:
        self._texts = texts = Texts.load(assets, language)
        self._language = language
        self.layout = layout = Layout.of(size, caption_scale)
        self._caption_unit = layout.unit * caption_scale
        self.frame = frame or Surface(size)
        self._fonts = Fonts(assets / "fonts")
        self._avatar = Avatar(assets / "avatar", layout.stage)
        self._counter = Bar(assets / "avatar", layout.stage)
        self._invitation = Invitation(assets / "icons", layout.unit, texts, wake_phrase)
        self._aside = GLANCE_RIGHT if layout.panel.left >= layout.stage.right else GLANCE_DOWN
        self._caption_box, self._tab_box = Painting(layout.captions), Painting(layout.tab)
        self._status_box = Painting(layout.status)
        self._notice_box, self._panel_box = Painting(layout.notice), Painting(layout.panel, PANEL)
        self.operator = OperatorDoor(size, layout.unit, pin, texts)
        self._pin_box = Painting(self.operator.area)
        background = Surface(size)
        background.blit(self._counter.background, layout.stage)
        over_her = [self._caption_box, self._tab_box, self._status_box, self._notice_box]
        everything = [*self._avatar.parts, *self._counter.front, *over_her, self._panel_box, self._pin_box]
        self._stack = Stack(self.frame, background, everything)
        self._notices: dict[str, Notice] = {}
        self._houses: set[str] = set()
        self._tab = TabOverlay(language)
        self._bar, self._currency = "", USD
        self._tips: tuple[int, ...] = ()
        self._forget_guest()

    def _forget_guest(self) -> None:
        self._captions = Captions()
        self._lines: tuple[OrderLine, ...] = ()
        self._lit: frozenset[OrderLine] = frozenset()
        self._lit_until = 0.0
        self._tip: int | None = None
        self._tip_amount = self._total = self._currency.zero
        self._link: PaymentLinkReady | None = None
        self._link_shown_at = 0.0
        self._paid: PaymentChanged | None = None
        self._paid_until = 0.0
        self._mood, self._mouth = Mood.ATTRACT, 0.0
        self._feeling, self._feeling_until = Mood.ATTRACT, 0.0
        self._glances_until = 0.0
        self._tab.begin(self._currency.zero, self._currency)

    @property
    def notice(self) -> str | None:
        """What stands above everything else for the guest to know."""
        shown = self._notice()
        return shown[0] if shown else None

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """The order as it is shown."""
        return self._lines

    def apply(self, event: Event, now: float) -> None:
        """Show what `event` tells, from `now` on."""
        match event:
            case SessionStarted(_, bar, code, balance, tips):
                self._bar, self._currency, self._tips = bar, Currency(code), tips
                self._forget_guest()
                self._tab.begin(balance, self._currency)
            case SessionEnded():
                self._forget_guest()
                self._notices = {code: notice for code, notice in self._notices.items() if not notice.of_visit}
            case OrderChanged(lines, tab, balance):
                self._glance(now)
                self._lit, self._lit_until = frozenset(lines) - frozenset(self._lines), now + LIT_SECS
                self._lines = lines
                self._total = tab + self._tip_amount
                self._tab.change(tab, balance, now)
            case TipChanged(percentage, tip, total):
                self._tip, self._tip_amount, self._total = percentage, tip, total
            case PaymentLinkReady():
                self._link, self._link_shown_at = event, now
                self._glance(now)
            case PaymentChanged():
                self._payment_changed(event, now)
            case Notice(code, text):
                self._notices.pop(code, None)
                if text:
                    self._notices[code] = event
            case ServiceChanged(stage, where):
                (self._houses.add if where == "house" else self._houses.discard)(stage)
            case _:
                self._converse(event)

    def _converse(self, event: Event) -> None:
        match event:
            case Listening(active):
                self._mood = Mood.LISTENING if active else self._mood
            case Heard(text, final):
                self._captions.heard, self._captions.heard_is_final = text, final
                if not final:
                    self._captions.said = ""
            case Thinking():
                self._mood = Mood.THINKING
                self._captions.said = ""
            case Saying(text, spoken):
                self._captions.said, self._captions.spoken = text, spoken
            case Speaking(active):
                self._mood = Mood.SPEAKING if active else Mood.ATTRACT
                self._mouth = self._mouth if active else 0.0
            case Mouth(level):
                self._mouth = level

    def _payment_changed(self, event: PaymentChanged, now: float) -> None:
        if event.status is PaymentStatus.PENDING or event.status is PaymentStatus.TIMEOUT:
            return
        self._link = None
        self._tab.change(event.tab, event.balance, now)
        if event.status is PaymentStatus.SUCCEEDED:
            self._paid, self._paid_until = event, now + PAID_SECS
            self._feel(Mood.HAPPY, now)
        elif event.status is PaymentStatus.FAILED:
            self._feel(Mood.SORRY, now)

    def _feel(self, mood: Mood, now: float) -> None:
        self._feeling, self._feeling_until = mood, now + MOOD_SECS

    def _glance(self, now: float) -> None:
        self._glances_until = now + GLANCE_SECS

    def mood(self, now: float) -> Mood:
        """What Maya's face tells at `now`."""
        return self._feeling if now < self._feeling_until else self._mood

    def draw(self, now: float) -> Surface:
        """The whole frame at `now`; it is drawn into the same surface each time."""
        self.update(now)
        return self.frame

    def forget_what_is_shown(self) -> None:
        """Paint everything anew next time: the screen was lost, or somebody drew on it."""
        self._stack.forget()

    def update(self, now: float) -> list[Rect]:
        """Bring the frame to `now`; returns where it has changed."""
        unit, fonts = self.layout.unit, self._fonts
        tab, notice, mood = self._tab, self._notice(), self.mood(now)
        self._avatar.show(now, mood, self._mouth, self._aside if now < self._glances_until else None)
        self._counter.show(now)
        self._caption_box.paint(*self._words())
        heights = bars(now, mood)
        word = self._texts.of(mood)
        status = partial(draw_status, fonts=fonts, unit=unit, mood=mood, word=word, heights=heights) if word else None
        self._status_box.paint((mood, heights), status)
        self._tab_box.paint(tab.shown(now), partial(tab.draw, fonts=fonts, unit=unit, now=now, texts=self._texts))
        self._notice_box.paint(notice, partial(self._draw_notice, notice=notice) if notice else None)
        self._panel_box.paint(*self._panel(now))
        self._pin_box.paint(*self.operator.painting(fonts, now))
        return self._stack.draw()

    def _words(self) -> tuple[Hashable, Callable[[Surface], None] | None]:
        """What stands before Maya, and how it is painted."""
        if self._captions.shown:
            return self._captions.shown, partial(self._captions.draw, fonts=self._fonts, unit=self._caption_unit)
        if self._lines:
            return None, None
        return "", partial(self._invitation.draw_beginning, fonts=self._fonts)

    def _panel(self, now: float) -> tuple[Hashable, Callable[[Surface], None]]:
        """What the panel shows at `now`, and how it is painted."""
        fonts, unit = self._fonts, self.layout.unit
        local = self.layout.on_panel()
        inner = local.order.unionall([local.tips, local.totals, local.buttons])
        if self._link:
            left = self._left_secs(now)
            secs = None if left is None else int(left)
            return (self._link, secs), partial(
                draw_payment,
                fonts=fonts,
                area=Rect(inner.topleft, (inner.width, local.buttons.top - inner.top)),
                cancel=local.cancel_button(),
                unit=unit,
                link=self._link,
                amount=self._written(self._link.amount),
                left_secs=secs,
                texts=self._texts,
            )
        if self._paid and now < self._paid_until:
            return self._paid, partial(
                draw_paid,
                fonts=fonts,
                area=inner,
                unit=unit,
                amount=self._written(self._paid.amount),
                is_simulated=self._paid.is_simulated,
                texts=self._texts,
            )
        lit = self._lit if now < self._lit_until else frozenset()
        money = (self._currency, self._tips, self._tip, self._tip_amount, self._total, self.has_tab)
        shown = (self._bar, self._lines, lit, money)
        return shown, partial(self._draw_tab, local=local, lit=lit)

    def _draw_tab(self, target: Surface, local: Layout, lit: frozenset[OrderLine]) -> None:
        fonts, unit, texts = self._fonts, self.layout.unit, self._texts
        if not self._lines and not self.has_tab:
            whole = local.order.unionall([local.tips, local.totals, local.buttons])
            self._invitation.draw_steps(target, fonts, whole, self._bar)
            return
        draw_order(target, fonts, local.order, unit, self._bar, self._lines, self._currency, self._language, lit)
        if self.has_tab:
            pygame.draw.rect(target, PANEL_EDGE, Rect(local.tips.left, local.tips.top - 6, local.tips.width, 2))
            draw_tips(target, fonts, local.tip_buttons(len(self._tips)), unit, self._tips, self._tip, texts)
            tip, total = self._written(self._tip_amount), self._written(self._total)
            draw_totals(target, fonts, local.totals, unit, tip, total, texts)
            draw_actions(target, fonts, *local.action_buttons(), unit, texts)

    def _written(self, amount: Decimal) -> str:
        return self._currency.label(amount, self._language)

    @property
    def has_tab(self) -> bool:
        """Whether there is something to tip on and to pay."""
        return self._tab.tab.target > 0

    def touch(self, position: tuple[int, int], now: float) -> Intent | None:
        """What a guest means by touching `position`."""
        if self._link:
            return CancelTouched() if self.layout.cancel_button().collidepoint(position) else None
        if self.layout.stage.collidepoint(position):
            return HelloTouched() if self._mood is Mood.ATTRACT else None
        if not self.has_tab or now < self._paid_until:
            return None
        for percentage, area in zip(self._tips, self.layout.tip_buttons(len(self._tips)), strict=True):
            if area.collidepoint(position):
                return TipTouched(percentage)
        start_over, pay = self.layout.action_buttons()
        if pay.collidepoint(position):
            return PayTouched()
        return StartOverTouched() if start_over.collidepoint(position) else None

    def settled_at(self, now: float) -> float:
        """When all animations that run at `now` will have ended."""
        return self._tab.ends_at(now)

    def _left_secs(self, now: float) -> float | None:
        if self._link is None or self._link.expires_in_secs is None:
            return None
        return max(0.0, self._link.expires_in_secs - (now - self._link_shown_at))

    def _notice(self) -> tuple[str, Level] | None:
        if self._notices:
            notice = list(self._notices.values())[-1]
            return self._texts.notices.get(notice.code, notice.text), notice.level
        if self._language != "en" and self._houses & UNDERSTANDING:
            return self._texts.only_english, Level.INFO
        return (self._texts.offline, Level.INFO) if self._houses else None

    def _draw_notice(self, target: Surface, notice: tuple[str, Level]) -> None:
        text, level = notice
        area, unit = target.get_rect(), self.layout.unit
        width = min(area.width, self._fonts.get(28 * unit).size(text)[0] + round(60 * unit))
        place = Rect(0, 0, width, area.height)
        place.centerx = area.centerx
        box(target, place, WARNING if level is Level.WARNING else (0, 0, 0, 180), 20 * unit)
        inner = place.inflate(-round(30 * unit), 0)
        label(target, self._fonts, text, inner, 28 * unit, colour=WHITE, align="center")
