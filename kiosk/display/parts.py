"""What a frame is made of: parts that lie on one another, each drawn anew only when what it shows has changed."""

from collections.abc import Callable, Hashable
from typing import Any

import pygame
from loguru import logger
from pygame import Rect, Surface
from pygame.sprite import DirtySprite, LayeredDirty

# How long a frame may take before pygame's group gives up drawing only what changed: never.
_ALWAYS_MILLISECONDS = 1e9


class Picture(DirtySprite):
    """A ready image at a place that may change; None: nothing is there."""

    def __init__(self, *groups: Any) -> None:
        super().__init__(*groups)
        self.image = Surface((0, 0))
        self.rect = Rect(0, 0, 0, 0)
        self.visible = 0
        self._topleft = (0, 0)

    def show(self, image: Surface | None, topleft: tuple[int, int] = (0, 0)) -> None:
        """Show `image` at `topleft`."""
        if image is None:
            if self.visible:
                self.visible, self.dirty = 0, 1
            return
        if not self.visible or image is not self.image or topleft != self._topleft:
            self.image, self._topleft = image, topleft
            self.rect = image.get_rect(topleft=topleft)
            self.visible, self.dirty = 1, 1


class Painting(Picture):
    """An area that is painted anew when what it shows is not what it showed.

    What cannot be painted is left out, and each kind of trouble is logged once: the rest of the screen goes on.

    Parameters:
        ground: its colour where nothing is painted; None: what lies below is seen.
    """

    def __init__(self, area: Rect, ground: str | None = None) -> None:
        super().__init__()
        self._place = area.topleft
        self._canvas = Surface(area.size, 0 if ground else pygame.SRCALPHA)
        self._ground = pygame.Color(ground) if ground else pygame.Color(0, 0, 0, 0)
        self._shown: Hashable = None
        self._logged: set[type[Exception]] = set()

    def paint(self, what: Hashable, brush: Callable[[Surface], None] | None) -> None:
        """Show `what`, which `brush` paints with the area's corner at (0, 0); without a brush there is nothing."""
        if brush and what != self._shown:
            self._shown = what
            self._canvas.fill(self._ground)
            try:
                brush(self._canvas)
            except Exception as error:
                self._leave_out(error)
            self.dirty = 1
        self.show(self._canvas if brush else None, self._place)

    def _leave_out(self, error: Exception) -> None:
        self._canvas.fill(self._ground)
        if type(error) not in self._logged:
            self._logged.add(type(error))
            logger.opt(exception=error).error("a part of the screen is left out: {!r}", error)

    def forget(self) -> None:
        """Have it painted anew, whatever it shows."""
        self._shown = None


class Stack:
    """A frame of parts over a background that never changes.

    Parameters:
        frame: is drawn into.
        background: as large as the frame.
    """

    def __init__(self, frame: Surface, background: Surface, parts: list[Picture]) -> None:
        self._frame = frame
        self._group = LayeredDirty(*parts)
        self._group.clear(frame, background)
        self._group.set_timing_threshold(_ALWAYS_MILLISECONDS)

    def forget(self) -> None:
        """Have every part painted and drawn anew."""
        for part in self._group.sprites():
            part.dirty = 1
            if isinstance(part, Painting):
                part.forget()

    def draw(self) -> list[Rect]:
        """Draw what has changed; returns where."""
        changed = self._group.draw(self._frame)
        for part in self._group.sprites():
            # The group forgets to, where it has drawn everything.
            part.dirty = 0
        return changed
