"""A real sound server without a sound card: a microphone that a test speaks into, a speaker that it listens to."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

RATE = 48000
START_SECS = 20.0

_DEVICES = """
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink sink_name=guest rate={rate}
load-module module-null-sink sink_name=speaker rate={rate}
load-module module-remap-source master=guest.monitor source_name=mic
set-default-sink speaker
set-default-source mic
"""


class SoundServer:
    """The sound of one kiosk.

    Attributes:
        environment: for processes that shall use it.
    """

    CHANGED = ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR", "HOME", "ALSA_CONFIG_PATH")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        socket = folder / "native"
        (folder / "alsa.conf").write_text(
            "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n", encoding="utf-8"
        )
        (folder / "server.pa").write_text(_DEVICES.format(socket=socket, rate=RATE), encoding="utf-8")
        self.environment = {
            **os.environ,
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_RUNTIME_PATH": str(folder / "run"),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._awake: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = (
            "--daemonize=no --use-pid-file=no --exit-idle-time=-1 --disallow-exit --high-priority=no --realtime=no"
        )
        command = ["pulseaudio", "-n", "-F", str(self.folder / "server.pa"), *options.split()]
        self._server = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        give_up_at = time.monotonic() + START_SECS
        while self._control("info", check=False).returncode:
            if time.monotonic() > give_up_at or self._server.poll() is not None:
                raise RuntimeError("the sound server did not start")
            time.sleep(0.05)
        for sink in ("guest", "speaker"):
            self._keep_awake(sink)

    def _keep_awake(self, sink: str) -> None:
        # A null sink that nobody hears works two seconds at a time: who speaks to it late is heard later still.
        listen = ["parec", "--latency-msec=10", "-d", f"{sink}.monitor"]
        self._awake.append(subprocess.Popen(listen, env=self.environment, stdout=subprocess.DEVNULL))

    def unplug_speaker(self) -> None:
        """Have the speaker go; the server moves what is playing to another."""
        modules = self._control("list", "short", "modules").stdout.splitlines()
        self.unload(next(line.split()[0] for line in modules if "sink_name=speaker" in line))

    def plug_in_speaker(self) -> None:
        """Have the speaker come back, as the default."""
        self.load(f"module-null-sink sink_name=speaker rate={RATE}")
        self._control("set-default-sink", "speaker")
        self._keep_awake("speaker")

    def stop(self) -> None:
        """Let the server die, as when it is killed."""
        for process in (*self._awake, self._server):
            if process:
                process.kill()
                process.wait()
        self._awake.clear()

    def say(self, sound: Path) -> None:
        """The guest's voice, into the microphone, as long as it lasts."""
        subprocess.run(["paplay", "-d", "guest", str(sound)], env=self.environment, check=True, timeout=60)

    @contextlib.contextmanager
    def recording(self, path: Path) -> Iterator[None]:
        """What the speaker plays meanwhile, as a WAV file."""
        raw = path.with_suffix(".raw")
        options = ["--format=s16le", "--channels=1", "--rate=16000", "--latency-msec=20"]
        with raw.open("wb") as out:
            listener = subprocess.Popen(["parec", "-d", "speaker.monitor", *options], env=self.environment, stdout=out)
            try:
                yield
            finally:
                listener.terminate()
                listener.wait()
        soundfile.write(path, np.frombuffer(raw.read_bytes(), dtype=np.int16), 16000)

    def hear_the_speaker(self, delay_secs: float, volume_db: float) -> None:
        """Have the microphone hear what the speaker plays, as across a counter."""
        self.load(f"module-loopback source=speaker.monitor sink=guest latency_msec={round(delay_secs * 1000)}")
        (stream,) = self._control("list", "short", "sink-inputs").stdout.splitlines()
        self._control("set-sink-input-volume", stream.split()[0], f"{volume_db}dB")

    def load(self, module: str) -> str:
        """Load one of the server's modules; returns its number."""
        return self._control("load-module", *module.split()).stdout.strip()

    def unload(self, module: str) -> None:
        """Unload a module by number or name."""
        self._control("unload-module", module)

    def _control(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *command], env=self.environment, capture_output=True, text=True, check=check, timeout=20
        )


@contextlib.contextmanager
def sound_server() -> Iterator[SoundServer]:
    """A running server, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="sound") as folder:
        server = SoundServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
