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
    font = fitting(fonts, text, area.width, size, weight)
    image = written(font, cut(font, text, area.width), colour)
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


def fitting(fonts: Fonts, text: str, width: int, size: float, weight: str) -> pygame.font.Font:
    """The largest font, of at most `size`, in which `text` is `width` wide, or else the smallest that can be read."""
    font, least = fonts.get(size, weight), max(14, LEAST_SHARE * size)
    while font.size(text)[0] > width and size > least:
        size *= 0.92
        font = fonts.get(size, weight)
    return font


def written(font: pygame.font.Font, text: str, colour: str) -> Surface:
    """`text` as a picture, a box for each character that the font lacks; empty where nothing of it takes room."""
    # Of a character that is more than one, a cut may leave a part that has no width: pygame refuses to draw that.
    return font.render(text, True, colour) if font.size(text)[0] else Surface((0, font.get_height()), pygame.SRCALPHA)


def cut(font: pygame.font.Font, text: str, width: int) -> str:
    """`text` if it fits `width` pixels, else as much of it as does, and "…"."""
    if font.size(text)[0] <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if font.size(f"{text[:middle]}…")[0] <= width:
            fits = middle
        else:
            too_long = middle
    return f"{text[:fits]}…"


def wrapped(font: pygame.font.Font, text: str, width: int) -> list[str]:
    """`text` in lines that fit `width`; a word that does not is cut."""
    lines: list[str] = []
    for word in text.split():
        word = cut(font, word, width)
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
