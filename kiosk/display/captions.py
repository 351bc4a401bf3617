"""What Maya heard and what she says, word by word."""

from pygame import Rect, Surface

from kiosk.display.drawing import LEAST_SHARE, box, wrapped
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
        heard_font = fonts.get(30 * unit, "SemiBold" if self.heard_is_final else "Regular")
        top = inner.top
        if self.heard:
            line = wrapped(heard_font, f"“{self.heard}”", inner.width)
            text = line[0] if len(line) == 1 else f"“…{' '.join(line[-1:])}"
            target.blit(heard_font.render(text, True, GOLD if self.heard_is_final else MUTED), (inner.left, top))
        top += round(44 * unit)
        self._draw_said(target, fonts, Rect(inner.left, top, inner.width, inner.bottom - top), unit)

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
            image = font.render(line[:voiced], True, WHITE) if voiced else None
            if image:
                target.blit(image, (area.left, top))
            if voiced < len(line):
                left = area.left + font.size(line[:voiced])[0]
                target.blit(font.render(line[voiced:], True, MUTED if voiced or start else CREAM), (left, top))
