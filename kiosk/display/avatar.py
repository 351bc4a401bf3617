"""Maya and her bar: layers of SVG, rasterised once for the size of the stage."""

import math
import re
from enum import StrEnum
from pathlib import Path

import pygame
from pygame import Rect, Surface

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
    """Maya on a stage of a given size."""

    def __init__(self, folder: Path, stage: Rect) -> None:
        self._stage = stage
        self._height = round(stage.height * 0.86)
        if self._height * WIDTH / HEIGHT > stage.width:
            self._height = round(stage.width * HEIGHT / WIDTH)
        scale = self._height / HEIGHT
        self._layers = {
            path.stem: load_svg(path, round(WIDTH * scale), self._height)
            for path in folder.glob("*.svg")
            if path.stem not in ("bar", "counter")
        }
        self.background = _cover(folder / "bar.svg", stage, 1600, 1200)
        self._counter = load_svg(folder / "counter.svg", stage.width, round(stage.height * 0.2))

    def draw(self, target: Surface, now: float, mood: Mood, mouth: float) -> None:
        """The stage with Maya on it."""
        target.blit(self.background, self._stage)
        breath = BREATH_PIXELS * math.sin(2 * math.pi * now / BREATH_SECS) * self._height / HEIGHT
        place = self._layers["body"].get_rect()
        place.midbottom = (
            self._stage.centerx,
            self._stage.bottom - round(self._stage.height * 0.1) + round(breath),
        )
        self._draw_aura(target, place, mood)
        eyes, brows, lips = FACES[mood]
        if now % BLINK_EVERY_SECS < BLINK_SECS and eyes != "eyes_happy":
            eyes = "eyes_closed"
        if mouth > 0.08:
            lips = f"mouth_open{min(3, 1 + int(mouth * 3))}"
        for layer in ("body", eyes, brows, lips):
            target.blit(self._layers[layer], place)
        counter = self._counter.get_rect(midbottom=self._stage.midbottom)
        target.blit(self._counter, counter)

    def _draw_aura(self, target: Surface, place: Rect, mood: Mood) -> None:
        if mood not in AURAS:
            return
        head = (place.left + place.width // 2, place.top + round(place.height * 0.31))
        radius = round(place.height * 0.3)
        glow = Surface((radius * 2, radius * 2), pygame.SRCALPHA)
        for ring in range(12):
            colour = pygame.Color(AURAS[mood])
            colour.a = 8 + ring * 4
            pygame.draw.circle(glow, colour, (radius, radius), round(radius * (1 - ring * 0.03)))
        target.blit(glow, glow.get_rect(center=head))


def load_svg(path: Path, width: int, height: int) -> Surface:
    """The picture in `path`, rasterised at a size: SDL draws an SVG as large as its root says."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'width="[\d.]+" height="[\d.]+"', f'width="{width}" height="{height}"', text, count=1)
    from io import BytesIO

    return pygame.image.load(BytesIO(text.encode()), path.name)


def _cover(path: Path, stage: Rect, width: int, height: int) -> Surface:
    scale = max(stage.width / width, stage.height / height)
    picture = load_svg(path, math.ceil(width * scale), math.ceil(height * scale))
    background = Surface(stage.size)
    background.blit(picture, picture.get_rect(midtop=(stage.width // 2, 0)))
    return background
