"""The sound card as a pipecat transport, over PortAudio.

PortAudio calls back on threads of its own. The microphone's callback hands its piece to the loop
and returns; Maya's voice is written by one worker thread, which blocks exactly as long as the
speaker needs.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

from pipecat.frames.frames import InputAudioRawFrame, OutputAudioRawFrame, StartFrame
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import BaseTransport, TransportParams

from kiosk.errors import OperatorError

PIECE_SECS = 0.02
# The latency asked of PortAudio: 0.04 s gave no underruns in tests on two busy cores.
LATENCY_SECS = 0.04

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
    return int(name) if name and name.isdigit() else name or None


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
        raise SoundError(f"{named} {what}: see `run_kiosk.py devices`, set KIOSK_{what.upper()}") from None


class Microphone(BaseInputTransport):
    """The guest, live."""

    def __init__(self, source: Device) -> None:
        super().__init__(TransportParams(audio_in_enabled=True))
        self._source = source
        self._stream: Any = None

    async def start(self, frame: StartFrame) -> None:
        """Open the device and listen."""
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._stream = portaudio().RawInputStream(
            samplerate=self.sample_rate,
            blocksize=int(self.sample_rate * PIECE_SECS),
            device=self._source,
            channels=1,
            dtype="int16",
            latency=LATENCY_SECS,
            callback=self._heard,
        )
        self._stream.start()

    def _heard(self, piece: Any, _frames: int, _time: Any, _status: Any) -> None:
        frame = InputAudioRawFrame(bytes(piece), self.sample_rate, 1)
        asyncio.run_coroutine_threadsafe(self.push_audio_frame(frame), self.get_event_loop())

    async def cleanup(self) -> None:
        """Close the device."""
        if self._stream:
            self._stream.abort()
            self._stream.close()
            self._stream = None
        await super().cleanup()


class Speaker(BaseOutputTransport):
    """Maya's voice, live."""

    def __init__(self, sink: Device) -> None:
        super().__init__(TransportParams(audio_out_enabled=True))
        self._sink = sink
        self._stream: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speaker")

    async def start(self, frame: StartFrame) -> None:
        """Open the device."""
        await super().start(frame)
        self._stream = portaudio().RawOutputStream(
            samplerate=self.sample_rate,
            device=self._sink,
            channels=1,
            dtype="int16",
            latency=LATENCY_SECS,
        )
        self._stream.start()
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Play a piece; returns when the device has taken it."""
        if not self._stream:
            return False
        await self.get_event_loop().run_in_executor(self._thread, self._stream.write, frame.audio)
        return True

    async def cleanup(self) -> None:
        """Close the device."""
        await super().cleanup()
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._stream:
            self._stream.abort()
            self._stream.close()
            self._stream = None


class Playback:
    """Sound for the people around, beside what the pipeline does with it.

    Raises:
        SoundError: there is no speaker.
    """

    def __init__(self, sink: Device, rate: int) -> None:
        sounddevice = portaudio()
        try:
            self._stream = sounddevice.RawOutputStream(
                samplerate=rate, device=sink, channels=1, dtype="int16", latency=LATENCY_SECS
            )
            self._stream.start()
        except (ValueError, sounddevice.PortAudioError) as error:
            raise SoundError(f"no speaker can be opened: {error}") from None

    def write(self, pcm: bytes) -> None:
        """Play `pcm`; blocks as long as the device needs to take it."""
        self._stream.write(pcm)

    def close(self) -> None:
        """Close the device."""
        self._stream.abort()
        self._stream.close()


class SoundCard(BaseTransport):
    """Microphone and speaker of this machine."""

    def __init__(self, microphone: Device, speaker: Device) -> None:
        super().__init__()
        self._input = Microphone(microphone)
        self._output = Speaker(speaker)

    def input(self) -> Microphone:
        """The microphone."""
        return self._input

    def output(self) -> Speaker:
        """The speaker."""
        return self._output
