"""The few ways in which text, boxes and pictures are drawn."""

import re
from io import BytesIO
from pathlib import Path

import pygame
from pygame import Rect, Surface

from kiosk.display.theme import WHITE, Fonts

# To what share of its size a text is made smaller to fit: it has to be read from two metres.
LEAST_SHARE = 0.72

Colour = str | tuple[int, int, int, int]


def box(target: Surface, area: Rect, colour: Colour, radius: float, edge: Colour | None = None) -> None:
    """A rounded box, translucent where `colour` is."""
    layer = Surface(area.size, pygame.SRCALPHA)
    pygame.draw.rect(layer, colour, layer.get_rect(), border_radius=round(radius))
    if edge:
        pygame.draw.rect(layer, edge, layer.get_rect(), width=2, border_radius=round(radius))
    target.blit(layer, area)


def label(
    target: Surface, fonts: Fonts, text: str, area: Rect, size: float, *, weight: str = "Regular",
    colour: str = WHITE, align: str = "left", scale: float = 1.0,
) -> Rect:  # fmt: skip
    """One line in `area`, middle high, made a little smaller or else cut short until it fits; returns where it is."""
    font, least = fonts.get(size, weight), max(14, LEAST_SHARE * size)
    while font.size(text)[0] > area.width and size > least:
        size *= 0.92
        font = fonts.get(size, weight)
    while len(text) > 1 and font.size(text)[0] > area.width:
        text = text.rstrip("…")[:-1] + "…"
    image = font.render(text, True, colour)
    if scale != 1.0:
        wide = min(image.get_width() * scale, area.width)
        image = pygame.transform.smoothscale(image, (round(wide), round(image.get_height() * wide / image.get_width())))
    place = image.get_rect()
    place.midleft = area.midleft
    if align == "center":
        place.center = area.center
    elif align == "right":
        place.midright = area.midright
    target.blit(image, place)
    return place


def wrapped(font: pygame.font.Font, text: str, width: int) -> list[str]:
    """`text` in lines that fit `width`; a word that does not is cut."""
    lines: list[str] = []
    for word in text.split():
        while font.size(word)[0] > width and len(word) > 1:
            word = word.rstrip("…")[:-1] + "…"
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font.size(joined)[0] <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def load_svg(path: Path, width: int, height: int) -> Surface:
    """The picture in `path`, rasterised at a size: SDL draws an SVG as large as its root says."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'width="[\d.]+" height="[\d.]+"', f'width="{width}" height="{height}"', text, count=1)
    picture = pygame.image.load(BytesIO(text.encode()), path.name)
    # A surface of pygame's own format is drawn several times as fast as one of the picture's.
    own = Surface(picture.get_size(), pygame.SRCALPHA)
    own.blit(picture, (0, 0))
    return own
