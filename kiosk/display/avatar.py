"""Maya: layers of SVG, rasterised once for the size of the stage."""

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pygame
from pygame import Rect, Surface

from kiosk.display.drawing import load_svg
from kiosk.display.parts import Picture

WIDTH, HEIGHT = 800, 900

# A blink each few seconds, a breath each four; and nobody stands quite still.
BLINK_EVERY_SECS, BLINK_SECS = 4.3, 0.14
BREATH_SECS, BREATH_PIXELS = 4.0, 5.0
SWAY_SECS, SWAY_PIXELS = 9.0, 4.0
# How long her eyes rest on one spot of a face before they move to the next.
GAZE_SECS = 2.3


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
    Mood.THINKING: ("eyes_open", "brows_up", "mouth_smile"),
    Mood.SPEAKING: ("eyes_open", "brows_calm", "mouth_smile"),
    Mood.HAPPY: ("eyes_happy", "brows_up", "mouth_grin"),
    Mood.SORRY: ("eyes_open", "brows_sorry", "mouth_sorry"),
}
# Where she looks, in pixels of the drawing: at the guest, but for one who thinks.
GAZES = {Mood.THINKING: (7.0, -8.0)}
AURAS = {
    Mood.LISTENING: "#58B7FF",
    Mood.THINKING: "#E9C56F",
    Mood.HAPPY: "#4CAF50",
    Mood.SORRY: "#FF8A65",
}


def gaze(now: float, mood: Mood, aside: tuple[float, float] | None = None) -> tuple[float, float]:
    """How far her pupils are from the middle at `now`, in pixels of the drawing.

    Parameters:
        aside: what she glances at instead of the guest.
    """
    if aside:
        return aside
    if mood is Mood.LISTENING:
        return 0.0, 0.0
    right, down = GAZES.get(mood, (0.0, 0.0))
    spot = int(now / GAZE_SECS)
    return right + (spot * 37 % 5 - 2) * 1.2, down + (spot * 53 % 3 - 1) * 1.0


class Avatar:
    """Maya on a stage of a given size.

    Attributes:
        parts: from the glow around her to her lips.
    """

    def __init__(self, folder: Path, stage: Rect) -> None:
        self._stage = stage
        self._height = round(stage.height * 0.86)
        if self._height * WIDTH / HEIGHT > stage.width:
            self._height = round(stage.width * HEIGHT / WIDTH)
        self._width = round(WIDTH * self._height / HEIGHT)
        self._layers = {
            path.stem: _Layer.of(load_svg(path, self._width, self._height))
            for name in ("body", "gaze", "eyes", "lids", "brows", "mouth")
            for path in folder.glob(f"{name}*.svg")
        }
        self._glow = {mood: _glow(colour, round(self._height * 0.3)) for mood, colour in AURAS.items()}
        self._aura = Picture()
        self._layered = [Picture() for _ in ("body", "eyes", "gaze", "lids", "brows", "lips")]
        self.parts = [self._aura, *self._layered]
        self._feet = (stage.centerx, stage.bottom - round(stage.height * 0.1))

    def show(self, now: float, mood: Mood, mouth: float, aside: tuple[float, float] | None = None) -> None:
        """Have her look as she does at `now`; see `gaze` for `aside`."""
        scale = self._height / HEIGHT
        place = Rect(0, 0, self._width, self._height)
        place.midbottom = self._feet
        glow = self._glow.get(mood)
        # The glow keeps still while she breathes: it is large, and nobody would see it move.
        head = (place.centerx, place.top + round(place.height * 0.31))
        self._aura.show(glow, glow.get_rect(center=head).topleft if glow else (0, 0))
        place.move_ip(_swing(now, SWAY_SECS, SWAY_PIXELS * scale), _swing(now, BREATH_SECS, BREATH_PIXELS * scale))
        eyes, brows, lips = FACES[mood]
        if now % BLINK_EVERY_SECS < BLINK_SECS and eyes != "eyes_happy":
            eyes = "eyes_closed"
        if mouth > 0.08:
            lips = f"mouth_open{min(3, 1 + int(mouth * 3))}"
        right, down = gaze(now, mood, aside)
        lids = {"eyes_open": "lids_open", "eyes_wide": "lids_wide"}.get(eyes)
        for picture, name in zip(
            self._layered, ("body", eyes, "gaze" if lids else None, lids, brows, lips), strict=True
        ):
            if name is None:
                picture.show(None)
                continue
            layer = self._layers[name]
            at = (round(right * scale), round(down * scale)) if name == "gaze" else (0, 0)
            picture.show(layer.image, (place.left + layer.left + at[0], place.top + layer.top + at[1]))


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


def _swing(now: float, secs: float, pixels: float) -> int:
    return round(pixels * math.sin(2 * math.pi * now / secs))
