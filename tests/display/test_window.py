"""The real window on a real X server: touched by xdotool, and looked at with the server's own eyes."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from kiosk.display.layout import Layout
from kiosk.display.operator_door import HOLD_SECS, OperatorDoor
from kiosk.display.texts import Texts
from kiosk.settings import find_assets
from tests.display.shown import URL
from tests.display.x_server import Desktop, codes_in, desktop

pytestmark = pytest.mark.needs("x11", "imagemagick", "zbar")

ROOT = Path(__file__).parents[2]
LARGE, UPRIGHT, SMALL = (1920, 1080), (1080, 1920), (1280, 800)


class Shop:
    """A window in a process of its own."""

    def __init__(self, on: Desktop, size: tuple[int, int]) -> None:
        self.desktop = on
        self.layout = Layout.of(size)
        command = [sys.executable, "-m", "tests.display.shown"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, env=on.environment, stdin=pipe, stdout=pipe, text=True)

    def show(self, *names: str) -> None:
        """Show events, and wait until they are on the screen."""
        assert self.process.stdin
        self.process.stdin.write("\n".join([*names, "settle", ""]))
        self.process.stdin.flush()
        assert self.answer() == "ready"

    def answer(self) -> str:
        assert self.process.stdout
        # pygame greets on stdout, too.
        return next(line.strip() for line in self.process.stdout if "pygame" not in line)

    def end(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def on_screens(*sizes: tuple[int, int]) -> pytest.MarkDecorator:
    """Once with a shop on a screen of each of these sizes."""
    return pytest.mark.parametrize("shop", sizes, indirect=True, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def shop(request):
    with desktop(request.param) as on:
        shop = Shop(on, request.param)
        yield shop
        shop.end()


@on_screens(LARGE, UPRIGHT)
def test_each_button_is_touched_where_it_is_seen(shop):
    shop.show("guest", "order", "tip")
    start_over, pay = shop.layout.action_buttons()
    buttons = [*shop.layout.tip_buttons(3), pay, start_over]
    answers = []
    for button in buttons:
        shop.desktop.touch(button.center)
        answers.append(shop.answer())
    expected = [f"TipTouched(percentage={percentage})" for percentage in (10, 15, 20)]
    assert answers == [*expected, "PayTouched()", "StartOverTouched()"]
    shop.show("link")
    shop.desktop.touch(shop.layout.cancel_button().center)
    assert shop.answer() == "CancelTouched()"


@on_screens(SMALL, UPRIGHT)
def test_a_phone_reads_the_code_from_the_screen_also_askew_blurred_and_dark(shop, tmp_path):
    shop.show("guest", "order", "tip", "link")
    seen = shop.desktop.picture(tmp_path / "seen.png")
    assert codes_in(seen) == [URL]
    picture = Image.open(seen).convert("RGB")
    worse = {
        "askew": picture.rotate(7, expand=True, fillcolor="#333333"),
        "blurred": picture.filter(ImageFilter.GaussianBlur(2)),
        "dark": ImageEnhance.Brightness(picture).enhance(0.35),
    }
    for name, image in worse.items():
        image.save(tmp_path / f"{name}.png")
        assert codes_in(tmp_path / f"{name}.png") == [URL], name


@on_screens(LARGE)
def test_the_code_goes_when_it_is_paid(shop, tmp_path):
    shop.show("guest", "order", "tip", "link", "paid")
    assert codes_in(shop.desktop.picture(tmp_path / "seen.png")) == []


@on_screens(SMALL)
def test_the_cursor_hides_and_only_the_operator_s_keys_close_it(shop):
    shop.show("guest")
    shop.desktop.press("Escape")
    shop.desktop.press("alt+F4")
    shop.show("order")
    shop.desktop.press("ctrl+q")
    assert shop.process.wait(timeout=30) == 0


def test_a_screen_that_comes_late_is_waited_for_and_one_that_goes_ends_nothing_else(tmp_path):
    size = (1280, 800)
    with desktop(size) as early:
        display = early.environment["DISPLAY"]
    shop = Shop(early, size)
    with desktop(size, display) as late:
        shop.show("guest", "order", "tip", "link")
        assert codes_in(late.picture(tmp_path / "seen.png")) == [URL]
    assert "its X server went away" in shop.answer()
    assert shop.process.poll() is None
    shop.end()
    assert shop.process.returncode == 0


@on_screens(UPRIGHT)
def test_the_operator_leaves_by_a_long_press_and_the_pin(shop):
    shop.show("guest")
    pad = OperatorDoor(shop.layout.size, shop.layout.unit, "2580", Texts.load(find_assets())).keys()
    shop.desktop.hold((5, 5), HOLD_SECS + 0.3)
    for digit in "2580":
        shop.desktop.touch(pad[digit].center)
    assert shop.process.wait(timeout=30) == 0
