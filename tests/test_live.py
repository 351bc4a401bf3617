"""The kiosk as it stands on a counter: `run_kiosk.py`, a window on an X server, guests on a sound server."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from kiosk.display.layout import Layout
from kiosk.state.store import MemoryStore, Store, open_store
from tests.display.x_server import Desktop, desktop
from tests.fakes import cartesia, gemini
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini
from tests.sound_server import SoundServer, sound_server

pytestmark = [pytest.mark.slow, pytest.mark.needs("portaudio", "pulseaudio", "x11")]

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "assets" / "demo"
SAID = [
    "Hi Maya, two old fashioneds on the rocks and a dirty martini, please.",
    "Add a fifteen percent tip, please.",
    "Can I pay, please?",
]
SIZE = (1280, 800)
WAIT_SECS = 60.0
# A real guest waits for Maya to finish, and these tests hear her no other way.
ANSWER_SECS = 7.0


class Counter:
    """A kiosk on a counter."""

    def __init__(self, screen: Desktop, sound: SoundServer, folder: Path, program: Sequence[str], **more: str) -> None:
        self.screen, self.sound, self._folder = screen, sound, folder
        self.store_url = f"sqlite:///{folder}/tabs.db"
        own = {name: sound.environment[name] for name in sound.CHANGED}
        settings = {
            "KIOSK_STORE_URL": self.store_url,
            "KIOSK_SIMULATED_PAYMENT_SECS": "1",
        }
        environment = {**screen.environment, **own, **settings, **more, "KIOSK_LOG_LEVEL": "INFO"}
        self._store: Store | MemoryStore | None = None
        self.log = (folder / "log.txt").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, *program], cwd=ROOT, env=environment, stderr=self.log, stdout=self.log
        )

    def visit(self) -> dict:
        """The latest visit, as it is stored."""
        self._store = self._store or open_store(self.store_url)
        return list(self._store.values())[-1] if len(self._store) else {}

    def wait(self, what: Callable[[dict], object]) -> dict:
        """The visit, once `what` holds of it."""
        give_up_at = time.monotonic() + WAIT_SECS
        while not ((visit := self.visit()) and what(visit)):
            assert self.process.poll() is None
            assert time.monotonic() < give_up_at, visit
            time.sleep(0.2)
        return visit

    def hears(self, recording: str, what: Callable[[dict], object], then_secs: float = ANSWER_SECS) -> dict:
        """The visit `then_secs` after `what` holds of it; a guest who was not heard says it again."""
        for _ in range(3):
            self.sound.say(DEMO / recording)
            give_up_at = time.monotonic() + WAIT_SECS / 3
            while time.monotonic() < give_up_at:
                assert self.process.poll() is None, self.log_text()[-2000:]
                if (visit := self.visit()) and what(visit):
                    time.sleep(then_secs)
                    return visit
                time.sleep(0.2)
        raise AssertionError(self.visit())

    def until_said(self, words: str, times: int = 1) -> None:
        """Return when the log has `words` in it so many times."""
        give_up_at = time.monotonic() + WAIT_SECS
        while self.log_text().count(words) < times:
            assert self.process.poll() is None, self.log_text()[-2000:]
            assert time.monotonic() < give_up_at, self.log_text()[-2000:]
            time.sleep(0.1)

    def log_text(self) -> str:
        return (self._folder / "log.txt").read_text(errors="replace")

    def end(self) -> int:
        self.process.terminate()
        status = self.process.wait(timeout=30)
        self.log.close()
        if self._store:
            self._store.close()
        return status


@contextlib.contextmanager
def at_the_counter(folder: Path, program: Sequence[str] = ("run_kiosk.py",), **settings: str) -> Iterator[Counter]:
    with desktop(SIZE) as screen, sound_server() as sound:
        here = Counter(screen, sound, folder, program, **settings)
        yield here
        if here.process.poll() is None:
            here.end()


@pytest.fixture
def counter(tmp_path) -> Iterator[Counter]:
    with at_the_counter(tmp_path) as here:
        yield here


def items(visit: dict) -> dict[str, int]:
    return {line["item"]: line["quantity"] for line in visit["order"]}


def is_paid(visit: dict) -> bool:
    return bool(visit["history"])


def test_a_guest_orders_tips_and_pays_by_voice_and_is_thanked(counter, tmp_path):
    counter.until_said("the microphone and the speaker are open")
    with counter.sound.recording(tmp_path / "maya.wav"):
        ordered = counter.hears("1_order.wav", lambda visit: "Martini" in items(visit))
        tipped = counter.hears("3_tip.wav", lambda visit: visit["payment"]["tip_percentage"])
        paid = counter.hears("4_pay.wav", is_paid, then_secs=0)
    assert items(ordered) == {"Old Fashioned": 2, "Martini": 1}
    assert tipped["payment"]["tip_percentage"] == 15
    assert paid["payment"]["tab_total"] == "0.00"
    voice, rate = soundfile.read(tmp_path / "maya.wav")
    assert np.count_nonzero(np.abs(voice) > 0.02) / rate > 3
    assert counter.end() == 0


def test_the_order_goes_on_when_the_sound_server_has_died_and_is_back(counter):
    counter.until_said("the microphone and the speaker are open")
    counter.hears("1_order.wav", lambda visit: "Martini" in items(visit), then_secs=0)
    counter.sound.stop()
    counter.until_said("device cannot be opened")
    counter.sound.start()
    counter.until_said("the microphone and the speaker are open", times=2)
    time.sleep(ANSWER_SECS)
    changed = counter.hears("2_change.wav", lambda visit: items(visit).get("Martini") == 2, then_secs=0)
    assert items(changed) == {"Old Fashioned": 2, "Martini": 2}
    assert counter.end() == 0


def test_a_guest_is_served_by_the_cloud_and_when_it_dies_by_the_house(tmp_path, cache_dir):
    with (
        FakeCartesia(cache_dir, transcripts=SAID) as speech,
        FakeGemini() as brain,
        at_the_counter(
            tmp_path,
            GEMINI_API_KEY=gemini.KEY,
            GEMINI_BASE_URL=brain.url,
            CARTESIA_API_KEY=cartesia.KEY,
            CARTESIA_URL=speech.url,
        ) as counter,
    ):
        counter.until_said("the microphone and the speaker are open")
        counter.hears("1_order.wav", lambda visit: "Martini" in items(visit))
        counter.hears("3_tip.wav", lambda visit: visit["payment"]["tip_percentage"] == 15)
        assert "in the cloud:" not in counter.log_text()
        speech.go_away()
        brain.go_away()
        paid = counter.hears("4_pay.wav", is_paid, then_secs=0)
        assert counter.end() == 0
    assert [(line["item"], line["quantity"]) for line in paid["history"][0]["lines"]] == [
        ("Old Fashioned", 2),
        ("Martini", 1),
    ]
    assert paid["payment"]["tab_total"] == "0.00"
    said = " ".join(speech.said)
    assert "two Old Fashioneds on the rocks" in said
    assert "Thank you" in said
    for stage in ("stt", "llm", "tts"):
        assert f"{stage} in the cloud:" in counter.log_text()


def test_a_voice_that_hangs_is_begun_anew_and_the_guest_pays_what_was_ordered(tmp_path, free_tcp_port):
    address = str(tmp_path / "systemd")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(WAIT_SECS)
        settings = {"KIOSK_METRICS_PORT": str(free_tcp_port), "NOTIFY_SOCKET": address}
        with at_the_counter(tmp_path, ("-m", "tests.hanging_kiosk"), **settings) as counter:
            counter.until_said("the microphone and the speaker are open")
            assert systemd.recv(99) == b"READY=1"
            counter.hears("1_order.wav", lambda visit: "Martini" in items(visit))
            counter.process.send_signal(signal.SIGUSR1)
            counter.until_said("the voice hangs and is begun anew")
            counter.until_said("the microphone and the speaker are open", times=2)
            time.sleep(ANSWER_SECS)
            paid = counter.hears("4_pay.wav", is_paid)
            assert [(line["item"], line["quantity"]) for line in paid["history"][0]["lines"]] == [
                ("Old Fashioned", 2),
                ("Martini", 1),
            ]
            with urllib.request.urlopen(f"http://127.0.0.1:{free_tcp_port}/metrics", timeout=10) as told:
                metrics = told.read().decode()
            assert "maya_voice_restarts_total 1.0" in metrics
            assert 'maya_payments_total{status="succeeded"} 1.0' in metrics
            # The window lived on all the while.
            assert systemd.recv(99) == b"WATCHDOG=1"
            assert counter.end() == 0, counter.log_text()[-6000:]


def test_a_speaker_that_is_unplugged_in_the_middle_of_a_sentence_and_plugged_in_again(counter, tmp_path):
    counter.until_said("the microphone and the speaker are open")
    counter.hears("1_order.wav", lambda visit: "Martini" in items(visit), then_secs=0)
    # Maya is about to say so, for some four seconds.
    time.sleep(1.0)
    counter.sound.unplug_speaker()
    time.sleep(1.0)
    counter.sound.plug_in_speaker()
    time.sleep(ANSWER_SECS)
    with counter.sound.recording(tmp_path / "maya.wav"):
        counter.hears("3_tip.wav", lambda visit: visit["payment"]["tip_percentage"] == 15)
    voice, rate = soundfile.read(tmp_path / "maya.wav")
    assert np.count_nonzero(np.abs(voice) > 0.02) / rate > 1
    assert counter.end() == 0


def test_a_touch_at_the_screen_greets_the_guest_and_pays_what_was_ordered(counter, tmp_path):
    counter.until_said("the microphone and the speaker are open")
    layout = Layout.of(SIZE)
    with counter.sound.recording(tmp_path / "maya.wav"):
        counter.screen.touch(layout.stage.center)
        time.sleep(ANSWER_SECS)
    voice, rate = soundfile.read(tmp_path / "maya.wav")
    assert np.count_nonzero(np.abs(voice) > 0.02) / rate > 1
    counter.hears("1_order.wav", lambda visit: "Martini" in items(visit), then_secs=0)
    counter.screen.touch(layout.tip_buttons(3)[2].center)
    counter.wait(lambda visit: visit["payment"]["tip_percentage"] == 20)
    counter.screen.touch(layout.action_buttons()[1].center)
    counter.wait(is_paid)
    assert counter.end() == 0
