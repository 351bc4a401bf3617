"""Only what has changed is drawn, and the frame is the same as if all of it were."""

from decimal import Decimal

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygame import Rect, Surface

from kiosk.display.parts import Painting, Picture, Stack
from kiosk.display.scene import Scene
from kiosk.events import (
    Heard,
    Level,
    Listening,
    Mouth,
    Notice,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    Saying,
    ServiceChanged,
    SessionEnded,
    SessionStarted,
    Speaking,
    Thinking,
    TipChanged,
)
from kiosk.settings import find_assets

SIZE = (480, 300)
amounts = st.integers(0, 9_999_999).map(lambda cents: Decimal(cents) / 100)
words = st.sampled_from(["", "two martinis", "Coming up: a Martini on the rocks. Your tab is $13."])
events = st.one_of(
    st.builds(SessionStarted, st.just("visit"), st.just("MOK"), st.just("USD"), amounts),
    st.just(SessionEnded("visit")),
    st.builds(Listening, st.booleans()),
    st.builds(Heard, words, st.booleans()),
    st.just(Thinking()),
    st.builds(Saying, words, st.integers(0, 60)),
    st.builds(Speaking, st.booleans()),
    st.builds(Mouth, st.floats(0, 1)),
    st.builds(OrderChanged, st.just((OrderLine("Martini", 2, ("dirty",), Decimal(13)),)), amounts, amounts),
    st.builds(TipChanged, st.sampled_from([None, 10, 15, 20]), amounts, amounts),
    st.builds(PaymentLinkReady, st.just("https://pay"), st.just("plink_1"), amounts, st.booleans(), st.just(60.0)),
    st.builds(
        PaymentChanged, st.sampled_from(PaymentStatus), st.just("plink_1"), amounts, amounts, amounts, st.booleans()
    ),
    st.builds(ServiceChanged, st.just("llm"), st.sampled_from(["cloud", "house"]), st.just("")),
    st.builds(Notice, st.just("code"), words, st.sampled_from(Level)),
)


def pixels(surface: Surface) -> np.ndarray:
    return pygame.surfarray.array3d(surface).copy()


STEPS = st.lists(st.tuples(events, st.floats(0, 3)), min_size=1, max_size=25)


@settings(max_examples=8)
@given(STEPS)
def test_a_frame_that_grew_is_the_frame_that_is_drawn_whole(steps):
    assert_grows_as_it_is_drawn_whole(steps)


@pytest.mark.slow
@settings(max_examples=40)
@given(STEPS)
def test_so_it_is_whatever_happens(steps):
    assert_grows_as_it_is_drawn_whole(steps)


def assert_grows_as_it_is_drawn_whole(steps):
    grown, whole = Scene(SIZE, find_assets()), Scene(SIZE, find_assets())
    now = 0.0
    for event, pause in steps:
        for scene in (grown, whole):
            scene.apply(event, now)
        grown.update(now)
        now += pause
        grown.update(now)
    assert np.array_equal(pixels(grown.draw(now)), pixels(whole.draw(now)))


def test_when_nothing_changes_nothing_is_drawn():
    scene = Scene(SIZE, find_assets())
    scene.update(10.0)
    assert scene.update(10.0) == []


def test_a_word_that_is_spoken_changes_the_captions_and_nothing_else():
    scene = Scene((1280, 800), find_assets())
    scene.apply(Saying("Coming up: a Martini.", 0), 0)
    scene.update(10.0)
    scene.apply(Saying("Coming up: a Martini.", 6), 0)
    assert scene.update(10.0) == [scene.layout.captions]


def test_a_picture_that_moves_or_goes_leaves_no_trace():
    frame, background = Surface((40, 20)), Surface((40, 20))
    background.fill("#102030")
    picture, square = Picture(), Surface((8, 8))
    square.fill("#ffffff")
    stack = Stack(frame, background, [picture])
    for place in ((0, 0), (5, 3), (30, 10)):
        picture.show(square, place)
        stack.draw()
    assert frame.get_at((31, 11)) == pygame.Color("#ffffff")
    assert frame.get_at((6, 4)) == pygame.Color("#102030")
    picture.show(None)
    stack.draw()
    assert np.array_equal(pixels(frame), pixels(background))


def test_a_painting_is_painted_once_for_what_it_shows():
    painting, painted = Painting(Rect(4, 4, 10, 10)), []
    for what in ("a", "a", "b", "b", "a"):
        painting.paint(what, lambda canvas, what=what: painted.append((what, canvas.get_size())))
    assert painted == [(what, (10, 10)) for what in "aba"]
