"""The bar around Maya: shelves behind her, out of focus, and the counter with its candles in front of her."""

import math
from pathlib import Path

import pygame
from pygame import Rect, Surface

from kiosk.display.drawing import load_svg
from kiosk.display.parts import Picture

BACKGROUND_WIDTH, BACKGROUND_HEIGHT = 1600, 1200
CANDLE_WIDTH, CANDLE_HEIGHT = 120, 160
# Where the candles stand, as shares of the stage's width.
CANDLES = (0.075, 0.925)
# A flame leans another way so many times a second: seen, but not looked at.
FLICKERS_A_SECOND = 6
_FLAMES = (0, 1, 0, 3, 2, 0, 3, 1, 3, 0, 2)
# So much smaller is a picture made and large again, to be out of focus.
_BLUR = 3


class Bar:
    """The bar on a stage of a given size.

    Attributes:
        background: what is behind Maya, as large as the stage.
        front: the counter before her, with its candles.
    """

    def __init__(self, folder: Path, stage: Rect) -> None:
        self.background = _out_of_focus(_cover(folder / "bar.svg", stage))
        counter = load_svg(folder / "counter.svg", stage.width, round(stage.height * 0.2))
        place = counter.get_rect(midbottom=stage.midbottom)
        height = round(stage.height * 0.14)
        width = round(CANDLE_WIDTH * height / CANDLE_HEIGHT)
        self._flames = [load_svg(folder / f"flame{number}.svg", width, height) for number in range(4)]
        glass = load_svg(folder / "candle.svg", width, height)
        foot = place.top + round(place.height * 0.16)
        stands = [glass.get_rect(midbottom=(stage.left + round(stage.width * share), foot)) for share in CANDLES]
        self._burning = [(Picture(), stand.topleft) for stand in stands]
        still = [(counter, place.topleft), *((glass, stand.topleft) for stand in stands)]
        self.front = [*_standing(still), *(flame for flame, _ in self._burning)]

    def show(self, now: float) -> None:
        """Let the candles burn as they do at `now`."""
        flicker = int(now * FLICKERS_A_SECOND)
        for number, (flame, topleft) in enumerate(self._burning):
            flame.show(self._flames[_FLAMES[(flicker + 4 * number) % len(_FLAMES)]], topleft)


def _standing(images: list[tuple[Surface, tuple[int, int]]]) -> list[Picture]:
    pictures = []
    for image, topleft in images:
        picture = Picture()
        picture.show(image, topleft)
        pictures.append(picture)
    return pictures


def _cover(path: Path, stage: Rect) -> Surface:
    scale = max(stage.width / BACKGROUND_WIDTH, stage.height / BACKGROUND_HEIGHT)
    picture = load_svg(path, math.ceil(BACKGROUND_WIDTH * scale), math.ceil(BACKGROUND_HEIGHT * scale))
    background = Surface(stage.size)
    background.blit(picture, picture.get_rect(midtop=(stage.width // 2, 0)))
    return background


def _out_of_focus(picture: Surface) -> Surface:
    width, height = picture.get_size()
    small = pygame.transform.smoothscale(picture, (width // _BLUR, height // _BLUR))
    return pygame.transform.smoothscale(small, (width, height))
