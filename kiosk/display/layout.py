"""Where everything stands, for any size and orientation of the screen."""

from dataclasses import dataclass, replace

from pygame import Rect


@dataclass(frozen=True)
class Layout:
    """The boxes of a screen; none of them overlaps another, but for those inside the stage.

    Parameters:
        unit: how large a pixel of the design (1080p) is here.
        stage: Maya and the bar; captions, tab and notice lie on it.
        panel: the order, or the payment.
    """

    unit: float
    size: tuple[int, int]
    stage: Rect
    panel: Rect
    notice: Rect
    captions: Rect
    tab: Rect
    status: Rect
    order: Rect
    tips: Rect
    totals: Rect
    buttons: Rect

    @classmethod
    def of(cls, size: tuple[int, int], caption_scale: float = 1.0) -> "Layout":
        """The layout of a screen of `size` pixels, with captions so many times as large as usual."""
        width, height = size
        upright = height > width
        unit = min(width / 1080, height / 1920) if upright else min(width / 1920, height / 1080)
        if upright:
            cut = round(height * 0.56)
            stage, panel = Rect(0, 0, width, cut), Rect(0, cut, width, height - cut)
        else:
            cut = round(width * 0.62)
            stage, panel = Rect(0, 0, cut, height), Rect(cut, 0, width - cut, height)
        gap = round(28 * unit)
        tab = Rect(0, 0, round(min(600 * unit, stage.width - 2 * gap)), round(124 * unit))
        tab.bottomleft = (stage.left + gap, stage.bottom - gap)
        status = Rect(tab.right + gap, tab.top, stage.right - gap - (tab.right + gap), tab.height)
        captions = Rect(stage.left + gap, 0, stage.width - 2 * gap, round(212 * unit * caption_scale))
        captions.bottom = tab.top - round(18 * unit)
        notice = Rect(stage.left + gap, gap, stage.width - 2 * gap, round(64 * unit))
        inner = panel.inflate(-2 * round(40 * unit), -2 * round(32 * unit))
        buttons = Rect(inner.left, 0, inner.width, round(104 * unit))
        buttons.bottom = inner.bottom
        totals = Rect(inner.left, 0, inner.width, round(112 * unit))
        totals.bottom = buttons.top - round(16 * unit)
        tips = Rect(inner.left, 0, inner.width, round(96 * unit))
        tips.bottom = totals.top - round(12 * unit)
        order = Rect(inner.left, inner.top, inner.width, tips.top - inner.top - round(16 * unit))
        return cls(unit, size, stage, panel, notice, captions, tab, status, order, tips, totals, buttons)

    def cancel_button(self) -> Rect:
        """Below a code, over the whole width."""
        return Rect(self.buttons)

    def on_panel(self) -> "Layout":
        """The same with the panel's corner at (0, 0), for a canvas of the panel's size."""
        names = ("order", "tips", "totals", "buttons")
        moved = {name: getattr(self, name).move(-self.panel.left, -self.panel.top) for name in names}
        return replace(self, **moved)

    def tip_buttons(self, count: int) -> list[Rect]:
        """`count` equal boxes in a row where the tips are."""
        return _row(self.tips, count, round(18 * self.unit))

    def action_buttons(self) -> tuple[Rect, Rect]:
        """Start over, and Pay, which is twice as wide."""
        gap = round(18 * self.unit)
        third = (self.buttons.width - gap) // 3
        start_over = Rect(self.buttons.left, self.buttons.top, third, self.buttons.height)
        pay = Rect(start_over.right + gap, self.buttons.top, 0, self.buttons.height)
        pay.width = self.buttons.right - pay.left
        return start_over, pay


def _row(box: Rect, count: int, gap: int) -> list[Rect]:
    width = (box.width - gap * (count - 1)) // max(count, 1)
    return [Rect(box.left + (width + gap) * index, box.top, width, box.height) for index in range(count)]
