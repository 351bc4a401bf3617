"""Whether Maya hears herself at this counter: measured by the doctor, kept for the kiosk."""

import asyncio
import contextlib
import json
import math
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADState

from kiosk.files import write_whole, written
from kiosk.settings import Settings
from kiosk.voice.echo import LEARNING_SECS, EchoCanceller, NoCancellerError
from kiosk.voice.espeak import SAMPLE_RATE as VOICE_RATE
from kiosk.voice.espeak import Chunk, Voice, espeak
from kiosk.voice.sound_devices import MicrophoneStream, SpeakerStream, device
from kiosk.voice.turns import VAD

RATE = 16000
WORDS = (
    "Good evening. I am listening to myself for a moment, so that I know how this room sounds. "
    "When I have finished, I will know whether you can interrupt me while I speak. Thank you for your patience."
)
# Sound that no microphone gives: one that is muted, or none.
SILENT_DB = -90.0


@dataclass(frozen=True)
class SoundCheck:
    """What was measured.

    Parameters:
        microphone, speaker: the settings that it was measured with.
        has_canceller: the sound server takes Maya's voice out of what the microphone hears.
        heard_secs: for how long a voice was detected, once the canceller had time to learn the room.
        echo_db: how loud Maya came back then, as root mean square, in dB of full scale.
        has_sound: the microphone gave any, first to last: once it knows the room, a canceller may leave nothing of her.
    """

    microphone: str | None
    speaker: str | None
    has_canceller: bool
    heard_secs: float
    echo_db: float
    has_sound: bool

    @property
    def is_interruptible(self) -> bool:
        """Whether Maya can listen while she speaks."""
        return self.has_sound and self.heard_secs == 0


def measure(settings: Settings) -> SoundCheck:
    """Have Maya speak, listen to her, and keep what came of it for `recall`.

    Raises:
        SoundError: a device cannot be opened.
        VoiceError: eSpeak NG cannot be loaded.
        FileError: the measurement cannot be kept.
    """
    canceller = EchoCanceller()
    # The canceller stands before the default devices.
    if settings.microphone is None and settings.speaker is None:
        with contextlib.suppress(NoCancellerError):
            canceller.start()
    has_canceller = canceller.is_on
    try:
        heard = _listen_to(_voice(), settings)
    finally:
        if has_canceller:
            canceller.stop()
    check = judge(heard, settings, has_canceller=has_canceller)
    kept = _kept(settings)
    with written(kept.parent):
        kept.parent.mkdir(parents=True, exist_ok=True)
    write_whole(kept, json.dumps(asdict(check)).encode())
    return check


def judge(heard: np.ndarray, settings: Settings, *, has_canceller: bool) -> SoundCheck:
    """What the microphone's sound, 16-bit samples at `RATE`, says while Maya spoke."""
    tail = heard[round(LEARNING_SECS * RATE) :]
    return SoundCheck(
        settings.microphone,
        settings.speaker,
        has_canceller,
        asyncio.run(_voice_secs(tail)),
        _loudness_db(tail),
        _loudness_db(heard) > SILENT_DB,
    )


def recall(settings: Settings) -> SoundCheck | None:
    """The last measurement with these devices, if there is one."""
    try:
        check = SoundCheck(**json.loads(_kept(settings).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return check if (check.microphone, check.speaker) == (settings.microphone, settings.speaker) else None


def _kept(settings: Settings) -> Path:
    return settings.cache_dir / "sound_check.json"


def _loudness_db(samples: np.ndarray) -> float:
    loudness = float(np.sqrt(np.mean((samples / 32768.0) ** 2))) if len(samples) else 0.0
    return round(20 * math.log10(max(loudness, 1e-6)), 1)


def _voice() -> bytes:
    sound = bytearray()

    def deliver(chunk: Chunk) -> bool:
        sound.extend(chunk.pcm)
        return True

    espeak().synthesize(WORDS, Voice(), deliver)
    return bytes(sound)


def _listen_to(voice: bytes, settings: Settings) -> np.ndarray:
    heard: list[bytes] = []
    is_open = threading.Event()

    def hear(piece: bytes) -> None:
        is_open.set()
        heard.append(piece)

    microphone = MicrophoneStream(device(settings.microphone), RATE, hear)
    try:
        speaker = SpeakerStream(device(settings.speaker), VOICE_RATE)
        try:
            is_open.wait(3.0)
            heard.clear()
            speaker.play(voice)
            while speaker.waiting_secs:
                time.sleep(0.1)
            time.sleep(0.3)
        finally:
            speaker.close()
    finally:
        microphone.close()
    return np.frombuffer(b"".join(heard), dtype=np.int16)


async def _voice_secs(samples: Sequence[int] | np.ndarray) -> float:
    """For how long the kiosk's own detector takes the sound for a voice."""
    analyzer = SileroVADAnalyzer(sample_rate=RATE, params=VAD)
    analyzer.set_sample_rate(RATE)
    piece = analyzer.num_frames_required()
    secs = 0.0
    for start in range(0, len(samples) - piece + 1, piece):
        state = await analyzer.analyze_audio(np.asarray(samples[start : start + piece]).tobytes())
        secs += piece / RATE * (state in (VADState.SPEAKING, VADState.STOPPING))
    return round(secs, 2)
