"""Whatever models, menus, recognisers and Stripe write: it is drawn, in its place, and the window lives."""

import dataclasses
import threading
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum
from functools import partial
from types import NoneType, UnionType
from typing import Any

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loguru import logger
from pygame import Rect

from kiosk.display.drawing import cut, label, wrapped, written
from kiosk.display.parts import Painting
from kiosk.display.scene import Scene
from kiosk.display.theme import Fonts
from kiosk.display.window import Window
from kiosk.events import (
    Event,
    EventBus,
    Heard,
    Notice,
    OrderChanged,
    OrderLine,
    PaymentLinkReady,
    Saying,
    SessionStarted,
)
from kiosk.settings import find_assets
from tests.test_plain_text import hostile_text

SIZE = (1280, 800)
FONTS = Fonts(find_assets() / "fonts")
FONT = FONTS.get(40, "SemiBold")
NASTY = {
    "a NUL": "Mar\0tini",
    "half a character": "\ud83cGin\udf79",
    "directions": "\u202eininraM\u202c \u2066Gin\u2069 \u200f",
    "nothing that has a width": "\u200b\u200d\u2060\ufeff\u00ad",
    "lines": "two\nmartinis\r\n\u2028please\t",
    "a pile of accents": "Z" + "\u0334\u0489\u0301" * 3_000,
    "a word of 10,000 letters": "M" * 10_000,
    "10,000 words": "mhm " * 10_000,
    "10,000 faces": "\U0001f600" * 10_000,
    "emoji of several": "👨‍👩‍👧 👩🏽‍🍳 🏳️‍🌈 🇩🇪 ☕️ 1️⃣",
    "many scripts": "ערק عرق 日本酒 소주 กาแฟ नमस्ते ﷽",
    "what is not a character": "\uffff\U000fffff\U0010ffff\ue000",
    "a template": "{words} %s {0.__class__}",
}
texts = st.one_of(hostile_text, st.sampled_from([*NASTY.values()]))
amounts = st.integers(0, 99_999_999).map(lambda cents: Decimal(cents) / 100)


def anything_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type, its texts hostile."""
    plain = {str: texts, Decimal: amounts, bool: st.booleans(), int: st.integers(0, 5_000), float: st.floats(0, 1e4)}
    if kind in plain:
        return plain[kind]
    if kind is NoneType:
        return st.none()
    if isinstance(kind, UnionType):
        return st.one_of(*map(anything_of, typing.get_args(kind)))
    if typing.get_origin(kind) is tuple:
        return st.lists(anything_of(typing.get_args(kind)[0]), max_size=4).map(tuple)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    fields = {field.name: anything_of(typing.get_type_hints(kind)[field.name]) for field in dataclasses.fields(kind)}
    return st.builds(kind, **fields)


EVENTS = [kind for kind in Event.__subclasses__() if kind.__module__ == Event.__module__]
# A currency is the menu's, and no text of anybody's.
events = st.one_of(*map(anything_of, EVENTS)).map(
    lambda event: dataclasses.replace(event, currency="USD") if isinstance(event, SessionStarted) else event
)


@contextmanager
def errors() -> Iterator[list[str]]:
    """What is logged as an error meanwhile."""
    logged: list[str] = []
    sink = logger.add(logged.append, level="ERROR", format="{message}")
    try:
        yield logged
    finally:
        logger.remove(sink)


def every_text(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from every_text(inner)


def test_every_event_that_the_kiosk_has_is_tried():
    assert len(EVENTS) >= 14


HAPPENED = st.lists(events, min_size=1, max_size=8)


@settings(max_examples=15)
@given(HAPPENED)
def test_whatever_is_written_in_any_event_is_drawn(happened):
    assert_drawn(happened)


@pytest.mark.slow
@settings(max_examples=80)
@given(HAPPENED)
def test_whatever_else_is_written_is_drawn_too(happened):
    assert_drawn(happened)


def assert_drawn(happened):
    scene = Scene((480, 300), find_assets())
    with errors() as logged:
        for now, event in enumerate(happened):
            scene.apply(event, now)
            scene.update(now)
        scene.draw(len(happened) + 0.5)
    assert not logged


@settings(max_examples=200)
@given(events)
def test_every_text_of_every_event_is_one_short_line_that_can_be_stored(event):
    for text in every_text(event.fields()):
        assert len(text) <= 2_000
        assert not set("\n\r\t\0\u202e\u2066\u200b\ufeff") & set(text)
        assert text.encode().decode() == text


@pytest.mark.parametrize("kind", NASTY)
def test_nasty_words_stay_in_their_room(kind):
    scene = Scene(SIZE, find_assets())
    scene.apply(SessionStarted("visit", "MOK 5-ha", "USD", Decimal(1000)), 0)
    scene.apply(Heard("hello", True), 0)
    before = pygame.surfarray.array3d(scene.draw(50)).copy()
    with errors() as logged:
        scene.apply(
            OrderChanged((OrderLine(NASTY[kind], 2, (NASTY[kind],), Decimal(13)),), Decimal(26), Decimal(974)), 0
        )
        scene.apply(Heard(NASTY[kind], True), 0)
        scene.apply(Saying(NASTY[kind], len(NASTY[kind]) // 2), 0)
        scene.apply(Notice("trouble", NASTY[kind]), 0)
        after = pygame.surfarray.array3d(scene.draw(50))
    assert not logged
    layout = scene.layout
    rooms = [layout.panel, layout.captions, layout.notice, layout.tab]
    changed = np.argwhere((before != after).any(axis=2))
    assert len(changed)
    assert all(any(room.collidepoint(x, y) for room in rooms) for x, y in changed)


@pytest.mark.parametrize("name", ["Piña 🍹 Colada", "👨‍👩‍👧 Menü", "☕️ & 🥐", "日本酒 🍶", "1️⃣ Gin"])
def test_a_name_with_emoji_is_as_wide_as_it_is_measured_and_leaves_the_price_alone(name):
    assert written(FONT, name, "#ffffff").get_width() == FONT.size(name)[0]
    # A character that the font lacks is a box of its own, not a gap and not on the letters beside it.
    assert FONT.size(name)[0] > FONT.size("".join(char for char in name if char.isascii()))[0]
    target = pygame.Surface((600, 60), pygame.SRCALPHA)
    label(target, FONTS, name * 20, Rect(20, 0, 300, 60), 40)
    drawn = target.get_bounding_rect()
    assert (drawn.left >= 20, drawn.right <= 320) == (True, True)


@given(hostile_text.filter(lambda text: not any("\ud800" <= char <= "\udfff" or char == "\0" for char in text)))
def test_a_text_that_is_cut_fits_and_begins_as_it_did(text):
    short = cut(FONT, text, 200)
    assert FONT.size(short)[0] <= 200 or short == "…"
    assert text.startswith(short.removesuffix("…"))
    assert all(FONT.size(line)[0] <= 200 or line == "…" for line in wrapped(FONT, text, 200))
    assert written(FONT, text, "#ffffff").get_width() == FONT.size(text)[0]


def test_a_caption_is_voiced_up_to_the_same_word_where_something_was_left_out_before_it():
    saying = Saying("Two\0\u202e Martinis,\n coming up.", 14)
    assert saying.text[: saying.spoken] == "Two Martinis"
    assert saying.text == "Two Martinis, coming up."


def test_a_link_that_is_no_web_page_leaves_the_panel_without_a_code():
    scene = Scene(SIZE, find_assets())
    with errors() as logged:
        for url in (
            "javascript:alert(1)",
            "http://buy.stripe.com/x",
            "WIFI:S:bar;;",
            "https://a/\u202e",
            "https://" + "a" * 9_000,
        ):
            event = PaymentLinkReady(url, "plink_1", Decimal(13), False, 900.0)
            assert event.url == ""
            scene.apply(event, 0)
            scene.update(1)
    assert not logged


def test_a_painting_that_fails_is_left_out_and_logged_once_for_each_kind_of_trouble():
    painting = Painting(Rect(0, 0, 10, 10))

    def brush(canvas: pygame.Surface, error: Exception | None) -> None:
        canvas.fill("#ffffff")
        if error:
            raise error

    with errors() as logged:
        for what, trouble in enumerate([ValueError("no"), ValueError("no"), pygame.error("no")]):
            painting.paint(what, partial(brush, error=trouble))
            assert painting.image.get_at((5, 5)).a == 0
        painting.paint("well", partial(brush, error=None))
    assert len(logged) == 2
    assert painting.image.get_at((5, 5)) == pygame.Color("#ffffff")


def test_the_window_lives_through_everything_and_goes_on_drawing(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    bus, stop = EventBus(), threading.Event()
    said = list(NASTY.values())

    def alive() -> None:
        # Called while the window lives, before it takes what has happened.
        for text in said:
            bus.publish(Saying(text, 1))
            bus.publish(Notice("trouble", text))
            bus.publish(Heard(text, True))
        said.clear()
        if len(window.frames) > 5:
            stop.set()

    window = Window(bus.subscribe(), lambda _: None, find_assets(), fullscreen=False, size=(480, 300), alive=alive)
    with errors() as logged:
        window.run(stop)
    assert not said
    assert not logged
