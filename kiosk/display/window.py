"""The window: drains the events, draws sixty times a second, hands touches on. Runs on the main thread."""

import io
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pygame
from loguru import logger

from kiosk.display.frame_times import FrameTimes
from kiosk.display.scene import Scene
from kiosk.display.x_connection import XConnection
from kiosk.errors import OperatorError, RestartError
from kiosk.events import Event, Intent

FRAME_SECS = 1 / 60
# How often a screen that is not there is looked for.
SEARCH_SECS = 2.0


def can_open() -> bool:
    """Whether a screen can be opened now: tried in another process, as this one may have lost its own."""
    command = [
        sys.executable,
        "-c",
        "import pygame; pygame.display.init(); pygame.display.set_mode((1, 1), pygame.HIDDEN)",
    ]
    return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0


class ScreenError(OperatorError):
    """There is no screen to draw on."""


class ScreenLostError(RestartError):
    """The screen is gone, and only a new process can open another."""


def has_screen() -> bool:
    """Whether a window could ever be opened from this process."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Window:
    """A scene on the screen.

    Parameters:
        events: what happened, to be drained each frame.
        touch: told of each touch that means something.
        fullscreen: the whole screen; else a window of `size`.
        closable: whether Esc, Alt+F4 and the like close it.
        pin: ends it, after a long press in the top left corner.
        caption_scale: how many times as large as usual captions are.
        wake_phrase: what a guest says to begin, if it is not just anything.
        alive: called every few seconds while the window lives.
        language: of what is written.

    Attributes:
        frames: what the latest frames cost.
    """

    def __init__(
        self,
        events: queue.SimpleQueue[Event],
        touch: Callable[[Intent], None],
        assets: Path,
        fullscreen: bool = True,
        size: tuple[int, int] | None = None,
        *,
        closable: bool = False,
        pin: str | None = None,
        caption_scale: float = 1.0,
        wake_phrase: str | None = None,
        alive: Callable[[], None] = lambda: None,
        language: str = "en",
    ) -> None:
        self._language = language
        self._alive = alive
        self._events = events
        self._touch = touch
        self._assets = assets
        self._fullscreen = fullscreen
        self._size = size
        self._closable = closable
        self._pin = pin
        self._caption_scale = caption_scale
        self._wake_phrase = wake_phrase
        self.frames = FrameTimes()

    def run(self, stop: threading.Event, *, patient: bool = False) -> None:
        """Show the scene until `stop` is set or the operator ends it.

        Parameters:
            patient: wait for a screen that is not there yet.

        Raises:
            ScreenError: no screen can be opened.
            ScreenLostError: the X server went away.
        """
        screen = self._open_in_time(stop) if patient else self._open()
        if screen is None:
            return
        connection = XConnection()
        try:
            scene = Scene(
                screen.get_size(),
                self._assets,
                screen,
                pin=self._pin,
                caption_scale=self._caption_scale,
                wake_phrase=self._wake_phrase,
                language=self._language,
            )
            due = alive_due = time.monotonic()
            while not stop.is_set():
                due = max(due + FRAME_SECS, time.monotonic())
                if self._handle(pygame.event.get(), scene):
                    return
                begun = now = time.monotonic()
                if now >= alive_due:
                    self._alive()
                    alive_due = now + SEARCH_SECS
                while not self._events.empty():
                    scene.apply(self._events.get(), now)
                pygame.display.update(scene.update(now))
                self.frames.add(time.monotonic() - begun)
                if connection.is_lost:
                    raise ScreenLostError("the screen is gone: its X server went away")
                stop.wait(max(0.0, due - time.monotonic()))
        finally:
            if not connection.is_lost:
                pygame.display.quit()
            logger.info("frames: {}", self.frames)

    def _open_in_time(self, stop: threading.Event) -> pygame.Surface | None:
        told = False
        while not stop.is_set():
            try:
                return self._open()
            except ScreenError as error:
                if not told:
                    logger.warning("{}; Maya serves by voice until there is one", error)
                told = True
                pygame.display.quit()
                self._alive()
                stop.wait(SEARCH_SECS)
        return None

    def _open(self) -> pygame.Surface:
        try:
            pygame.display.init()
            if self._fullscreen:
                screen = pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
            else:
                screen = pygame.display.set_mode(self._size or (1280, 720))
        except pygame.error as error:
            raise ScreenError(f"no screen can be opened ({error}); set DISPLAY or run `demo --headless`") from None
        pygame.display.set_caption("Maya")
        pygame.display.set_allow_screensaver(False)
        pygame.mouse.set_visible(not self._fullscreen)
        return screen

    def _handle(self, happened: list[pygame.event.Event], scene: Scene) -> bool:
        for event in happened:
            if self._ends(event):
                return True
            if event.type == pygame.WINDOWEXPOSED:
                scene.forget_what_is_shown()
            elif event.type in (pygame.FINGERUP, pygame.MOUSEBUTTONUP):
                scene.operator.release()
            elif position := _touched(event, scene.layout.size):
                self._press(position, scene)
        return scene.operator.is_unlocked

    def _press(self, position: tuple[int, int], scene: Scene) -> None:
        now = time.monotonic()
        if scene.operator.press(position, now):
            return
        if intent := scene.touch(position, now):
            self._touch(intent)

    def _ends(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.KEYDOWN and event.key == pygame.K_q and event.mod & pygame.KMOD_CTRL:
            return True
        is_escape = event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
        return self._closable and (is_escape or event.type == pygame.QUIT)


def _touched(event: pygame.event.Event, size: tuple[int, int]) -> tuple[int, int] | None:
    if event.type == pygame.FINGERDOWN:
        return round(event.x * size[0]), round(event.y * size[1])
    # A first finger is reported a second time, as a mouse.
    return event.pos if event.type == pygame.MOUSEBUTTONDOWN and not event.touch else None


def png(surface: pygame.Surface) -> bytes:
    """`surface` as the content of a PNG file."""
    file = io.BytesIO()
    pygame.image.save(surface, file, "picture.png")
    return file.getvalue()
