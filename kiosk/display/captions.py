"""What Maya heard and what she says, word by word."""

from pygame import Rect, Surface

from kiosk.display.drawing import LEAST_SHARE, box, wrapped, written
from kiosk.display.theme import CREAM, GOLD, MUTED, WHITE, Fonts


class Captions:
    """The words of the present exchange."""

    def __init__(self) -> None:
        self.heard = ""
        self.heard_is_final = True
        self.said = ""
        self.spoken = 0

    @property
    def shown(self) -> tuple[str, bool, str, int] | None:
        """All that `draw` draws; None: there is nothing to draw."""
        return (self.heard, self.heard_is_final, self.said, self.spoken) if self.heard or self.said else None

    def draw(self, target: Surface, fonts: Fonts, unit: float) -> None:
        """The guest's words, and below them Maya's, bright as far as they were voiced, all over `target`."""
        area = target.get_rect()
        box(target, area, (0, 0, 0, 200), 22 * unit)
        inner = area.inflate(-round(52 * unit), -round(28 * unit))
        if not self.said:
            self._draw_heard(target, fonts, inner, 44 * unit)
            return
        if self.heard:
            line = Rect(inner.left, inner.top, inner.width, round(44 * unit))
            self._draw_heard(target, fonts, line, 30 * unit)
            inner = Rect(inner.left, line.bottom, inner.width, inner.bottom - line.bottom)
        self._draw_said(target, fonts, inner, unit)

    def _draw_heard(self, target: Surface, fonts: Fonts, area: Rect, size: float) -> None:
        font = fonts.get(size, "SemiBold" if self.heard_is_final else "Regular")
        lines = wrapped(font, f"“{self.heard}”", area.width)
        fits = max(1, area.height // font.get_linesize())
        if len(lines) > fits:
            # The newest words stay.
            lines = wrapped(font, f"“… {' '.join(lines[-fits:])}", area.width)[-fits:]
        for row, line in enumerate(lines):
            image = written(font, line, GOLD if self.heard_is_final else MUTED)
            target.blit(image, (area.left, area.top + row * font.get_linesize()))

    def _draw_said(self, target: Surface, fonts: Fonts, area: Rect, unit: float) -> None:
        size = 40 * unit
        font = fonts.get(size, "SemiBold")
        lines = wrapped(font, self.said, area.width)
        while len(lines) * font.get_linesize() > area.height and size > LEAST_SHARE * 40 * unit:
            size *= 0.93
            font = fonts.get(size, "SemiBold")
            lines = wrapped(font, self.said, area.width)
        # A long answer scrolls: the line that is being said stays in sight.
        fits = max(1, area.height // font.get_linesize())
        position, current = 0, 0
        starts = []
        for number, line in enumerate(lines):
            starts.append(position)
            if position <= self.spoken:
                current = number
            position += len(line) + 1
        first = max(0, min(current - fits + 2, len(lines) - fits))
        for row, number in enumerate(range(first, min(first + fits, len(lines)))):
            line, start = lines[number], starts[number]
            voiced = max(0, min(len(line), self.spoken - start))
            top = area.top + row * font.get_linesize()
            target.blit(written(font, line[:voiced], WHITE), (area.left, top))
            if voiced < len(line):
                left = area.left + font.size(line[:voiced])[0]
                target.blit(written(font, line[voiced:], MUTED if voiced or start else CREAM), (left, top))
