"""Sound devices over PortAudio: which there are, and streams that take any of them as they are.

PortAudio calls back on threads of its own, which must never wait: what comes in is handed on, what
goes out is taken from a buffer, and where the device has another rate or two channels, soxr and
numpy see to it on the way.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import soxr

from kiosk.errors import OperatorError
from kiosk.program import program

PIECE_SECS = 0.02
# The latency asked of PortAudio, in and out: another thread may keep Python's lock for some 50 ms, and a speaker
# that runs dry meanwhile cracks; a microphone keeps what it hears.
LATENCY_SECS = {"input": 0.04, "output": 0.08}

Device = int | str | None


class SoundError(OperatorError):
    """No usable sound device; the message says what to do."""


def portaudio() -> ModuleType:
    """The sounddevice module.

    Raises:
        SoundError: PortAudio, the library below it, is not installed.
    """
    try:
        import sounddevice
    except OSError:
        raise SoundError(
            "PortAudio is not installed: on Debian and Raspberry Pi OS, apt install libportaudio2"
        ) from None
    return sounddevice


def device(name: str | None) -> Device:
    """A device as PortAudio takes it: a number, part of a name, or None for the default."""
    return int(name) if name and name.isdecimal() else name or None


def check(microphone: Device, speaker: Device) -> None:
    """Make sure that both devices exist.

    Raises:
        SoundError: PortAudio or a device is missing.
    """
    _check(microphone, "input", "microphone")
    check_speaker(speaker)


def check_speaker(speaker: Device) -> None:
    """Make sure that the speaker exists.

    Raises:
        SoundError: PortAudio or the device is missing.
    """
    _check(speaker, "output", "speaker")


def _check(wanted: Device, kind: str, what: str) -> None:
    sounddevice = portaudio()
    try:
        sounddevice.query_devices(wanted, kind)
    except (ValueError, sounddevice.PortAudioError):
        named = "no default" if wanted is None else f"no device {wanted!r} for"
        raise SoundError(f"{named} {what}: see `{program()} devices`, set KIOSK_{what.upper()}") from None


def look_again() -> None:
    """Have PortAudio forget the devices that it knows and look for those that there are; no stream may be open."""
    sounddevice = portaudio()
    sounddevice._terminate()
    sounddevice._initialize()


class _Stream(ABC):
    """A stream of 16-bit samples at `rate`, one channel, whatever the device wants.

    Raises:
        SoundError: the device is missing or takes no such stream.
    """

    def __init__(self, kind: str, wanted: Device, rate: int) -> None:
        self._rate = rate
        self._ended = threading.Event()
        self._called_at = time.monotonic()
        sounddevice = portaudio()
        settings = getattr(sounddevice, f"check_{kind}_settings")
        try:
            about = sounddevice.query_devices(wanted, kind)
            most = int(about[f"max_{kind}_channels"])
            own_rate = int(about["default_samplerate"])
            forms = [(rate, 1), (own_rate, 1), (own_rate, min(2, most))]
            self._own_rate, self._channels = next(form for form in forms if self._takes(settings, wanted, form))
            self._converts = (self._own_rate, self._channels) != (rate, 1)
            self._stream = getattr(sounddevice, f"Raw{kind.capitalize()}Stream")(
                samplerate=self._own_rate,
                blocksize=int(self._own_rate * PIECE_SECS),
                device=wanted,
                channels=self._channels,
                dtype="int16",
                latency=LATENCY_SECS[kind],
                callback=self._called,
                finished_callback=self._ended.set,
            )
            self._stream.start()
        except (ValueError, StopIteration, sounddevice.PortAudioError) as error:
            raise SoundError(f"the {kind} device cannot be opened: {error or 'no rate that it takes'}") from None

    @staticmethod
    def _takes(settings: Callable[..., None], wanted: Device, form: tuple[int, int]) -> bool:
        rate, channels = form
        try:
            settings(device=wanted, samplerate=rate, channels=channels, dtype="int16")
        except Exception:
            return False
        return True

    def is_alive(self, within_secs: float) -> bool:
        """Whether the device has asked for sound, or given some, in the last `within_secs`."""
        return not self._ended.is_set() and time.monotonic() - self._called_at < within_secs

    def close(self) -> None:
        """Let go of the device; what it has not played yet is not played."""
        self._stream.abort()
        self._stream.close()

    def _called(self, piece: Any, frames: int, _time: Any, _status: Any) -> None:
        self._called_at = time.monotonic()
        self._exchange(piece, frames)

    @abstractmethod
    def _exchange(self, piece: Any, frames: int) -> None:
        """Take what the device hears, or give what it plays; on PortAudio's thread."""


class MicrophoneStream(_Stream):
    """What a microphone hears.

    Parameters:
        heard: given each piece of 20 ms, on PortAudio's thread.
    """

    def __init__(self, wanted: Device, rate: int, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._resampler: soxr.ResampleStream | None = None
        super().__init__("input", wanted, rate)

    def _exchange(self, piece: Any, frames: int) -> None:
        if not self._converts:
            self._heard(bytes(piece))
            return
        samples = np.frombuffer(piece, dtype=np.int16).reshape(frames, self._channels)
        mono = samples.mean(axis=1).astype(np.int16)
        self._resampler = self._resampler or soxr.ResampleStream(self._own_rate, self._rate, 1, dtype="int16")
        self._heard(self._resampler.resample_chunk(mono).tobytes())


class SpeakerStream(_Stream):
    """What a speaker plays; silence where nothing was given."""

    def __init__(self, wanted: Device, rate: int) -> None:
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._resampler: soxr.ResampleStream | None = None
        self._held_until = 0.0
        self._is_faded = False
        super().__init__("output", wanted, rate)

    @property
    def waiting_secs(self) -> float:
        """How much sound was given that the device has not taken yet."""
        return len(self._waiting) / (2 * self._channels * self._own_rate)

    def play(self, pcm: bytes) -> None:
        """Play `pcm` after what was given before."""
        if self._converts:
            self._resampler = self._resampler or soxr.ResampleStream(self._rate, self._own_rate, 1, dtype="int16")
            mono = self._resampler.resample_chunk(np.frombuffer(pcm, dtype=np.int16))
            pcm = np.repeat(mono, self._channels).tobytes()
        with self._lock:
            self._waiting += pcm

    def hush(self) -> None:
        """Forget what was given and not taken."""
        with self._lock:
            self._waiting.clear()
            self._resampler = None

    @property
    def is_held(self) -> bool:
        """Whether it pauses."""
        return time.monotonic() < self._held_until

    def hold(self, secs: float) -> None:
        """Pause for so long, or until `hold` is called again; what is waiting is played after that."""
        self._held_until = time.monotonic() + secs

    def _exchange(self, piece: Any, frames: int) -> None:
        wanted = frames * 2 * self._channels
        is_held = self.is_held
        ready = b""
        if not (is_held and self._is_faded):
            with self._lock:
                ready = bytes(self._waiting[:wanted])
                del self._waiting[:wanted]
        if is_held != self._is_faded:
            # A step would crack.
            samples = np.frombuffer(ready, dtype=np.int16)
            ready = (samples * np.linspace(float(is_held), float(not is_held), len(samples))).astype(np.int16).tobytes()
        self._is_faded = is_held
        piece[:] = ready.ljust(wanted, b"\0")
