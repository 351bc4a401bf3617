"""A real X server without a screen, the hands of a guest on it, and its own pictures of what is shown."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path


class Desktop:
    """A display of one size, where a window may be opened.

    Attributes:
        environment: for processes that shall draw on it.
    """

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def touch(self, position: tuple[int, int]) -> None:
        """A finger, or a mouse, at a place on the screen."""
        self._run("xdotool", "mousemove", *map(str, position), "click", "1")

    def hold(self, position: tuple[int, int], secs: float) -> None:
        """A finger that stays where it is."""
        self._run("xdotool", "mousemove", *map(str, position), "mousedown", "1", "sleep", f"{secs}", "mouseup", "1")

    def press(self, keys: str) -> None:
        """Keys as xdotool names them: "ctrl+q"."""
        self._run("xdotool", "key", keys)

    def picture(self, path: Path) -> Path:
        """What the X server shows, as PNG."""
        self._run("import", "-window", "root", str(path))
        return path

    def _run(self, *command: str) -> None:
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=30)


@contextlib.contextmanager
def desktop(size: tuple[int, int], display: str | None = None) -> Iterator[Desktop]:
    """An X server of its own, on a free display or on `display`."""
    ready, said = os.pipe()
    screen = ["-screen", "0", f"{size[0]}x{size[1]}x24"]
    command = [
        "Xvfb",
        *([display] if display else []),
        "-displayfd",
        str(said),
        *screen,
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    with subprocess.Popen(command, pass_fds=[said], stderr=subprocess.DEVNULL) as server:
        os.close(said)
        try:
            with os.fdopen(ready) as answer:
                number = answer.readline().strip()
            if not number:
                raise RuntimeError("Xvfb did not start")
            yield Desktop(f":{number}")
        finally:
            server.terminate()


def codes_in(picture: Path) -> list[str]:
    """The texts of the QR codes that zbar finds in `picture`."""
    found = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=False)
    return found.stdout.split()
