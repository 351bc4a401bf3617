"""Maya and her bar: layers of SVG, rasterised once for the size of the stage."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path

import pygame
from pygame import Rect, Surface

from kiosk.display.parts import Picture

WIDTH, HEIGHT = 800, 900

# A blink each few seconds, a breath each four.
BLINK_EVERY_SECS, BLINK_SECS = 4.3, 0.14
BREATH_SECS, BREATH_PIXELS = 4.0, 5.0


class Mood(StrEnum):
    """What Maya's face tells: waiting for a guest, hearing one, thinking, speaking, glad, or sorry."""

    ATTRACT = "attract"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    HAPPY = "happy"
    SORRY = "sorry"


# Eyes, brows and mouth of each mood.
FACES = {
    Mood.ATTRACT: ("eyes_open", "brows_calm", "mouth_smile"),
    Mood.LISTENING: ("eyes_wide", "brows_up", "mouth_smile"),
    Mood.THINKING: ("eyes_up", "brows_up", "mouth_smile"),
    Mood.SPEAKING: ("eyes_open", "brows_calm", "mouth_smile"),
    Mood.HAPPY: ("eyes_happy", "brows_up", "mouth_grin"),
    Mood.SORRY: ("eyes_open", "brows_sorry", "mouth_sorry"),
}
AURAS = {
    Mood.LISTENING: "#58B7FF",
    Mood.THINKING: "#E9C56F",
    Mood.HAPPY: "#4CAF50",
    Mood.SORRY: "#FF8A65",
}


class Avatar:
    """Maya on a stage of a given size.

    Attributes:
        background: the bar behind her, as large as the stage.
        parts: from the glow around her to the counter in front of her.
    """

    def __init__(self, folder: Path, stage: Rect) -> None:
        self._stage = stage
        self._height = round(stage.height * 0.86)
        if self._height * WIDTH / HEIGHT > stage.width:
            self._height = round(stage.width * HEIGHT / WIDTH)
        self._width = round(WIDTH * self._height / HEIGHT)
        self._layers = {
            path.stem: _Layer.of(load_svg(path, self._width, self._height))
            for path in folder.glob("*.svg")
            if path.stem not in ("bar", "counter")
        }
        self.background = _cover(folder / "bar.svg", stage, 1600, 1200)
        self._counter = load_svg(folder / "counter.svg", stage.width, round(stage.height * 0.2))
        self._glow = {mood: _glow(colour, round(self._height * 0.3)) for mood, colour in AURAS.items()}
        self._aura, self._front = Picture(), Picture()
        self._body = [Picture() for _ in ("body", "eyes", "brows", "lips")]
        self.parts = [self._aura, *self._body, self._front]

    def show(self, now: float, mood: Mood, mouth: float) -> None:
        """Have her look as she does at `now`."""
        breath = BREATH_PIXELS * math.sin(2 * math.pi * now / BREATH_SECS) * self._height / HEIGHT
        place = Rect(0, 0, self._width, self._height)
        place.midbottom = (
            self._stage.centerx,
            self._stage.bottom - round(self._stage.height * 0.1) + round(breath),
        )
        glow = self._glow.get(mood)
        # The glow keeps still while she breathes: it is large, and nobody would see it move.
        head = (place.centerx, place.top - round(breath) + round(place.height * 0.31))
        self._aura.show(glow, glow.get_rect(center=head).topleft if glow else (0, 0))
        eyes, brows, lips = FACES[mood]
        if now % BLINK_EVERY_SECS < BLINK_SECS and eyes != "eyes_happy":
            eyes = "eyes_closed"
        if mouth > 0.08:
            lips = f"mouth_open{min(3, 1 + int(mouth * 3))}"
        for picture, name in zip(self._body, ("body", eyes, brows, lips), strict=True):
            layer = self._layers[name]
            picture.show(layer.image, (place.left + layer.left, place.top + layer.top))
        self._front.show(self._counter, self._counter.get_rect(midbottom=self._stage.midbottom).topleft)


@dataclass(frozen=True)
class _Layer:
    """What is drawn of a layer, and where on it."""

    image: Surface
    left: int
    top: int

    @classmethod
    def of(cls, whole: Surface) -> "_Layer":
        drawn = whole.get_bounding_rect()
        return cls(whole.subsurface(drawn).copy(), drawn.left, drawn.top)


def _glow(colour: str, radius: int) -> Surface:
    glow = Surface((radius * 2, radius * 2), pygame.SRCALPHA)
    for ring in range(12):
        shade = pygame.Color(colour)
        shade.a = 8 + ring * 4
        pygame.draw.circle(glow, shade, (radius, radius), round(radius * (1 - ring * 0.03)))
    return glow


def load_svg(path: Path, width: int, height: int) -> Surface:
    """The picture in `path`, rasterised at a size: SDL draws an SVG as large as its root says."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'width="[\d.]+" height="[\d.]+"', f'width="{width}" height="{height}"', text, count=1)
    picture = pygame.image.load(BytesIO(text.encode()), path.name)
    # A surface of pygame's own format is drawn several times as fast as one of the picture's.
    own = Surface(picture.get_size(), pygame.SRCALPHA)
    own.blit(picture, (0, 0))
    return own


def _cover(path: Path, stage: Rect, width: int, height: int) -> Surface:
    scale = max(stage.width / width, stage.height / height)
    picture = load_svg(path, math.ceil(width * scale), math.ceil(height * scale))
    background = Surface(stage.size)
    background.blit(picture, picture.get_rect(midtop=(stage.width // 2, 0)))
    return background
