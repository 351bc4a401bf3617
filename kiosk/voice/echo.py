"""Keeps Maya from hearing herself, so that a guest can interrupt her.

WebRTC's echo canceller, in the sound server: PulseAudio and PipeWire have it as a module, which takes what the
speaker plays out of what the microphone hears. On the test machine's loop it takes off 30 dB after 2 to 5 s of
speech; until then, or where there is no such server, Maya does not listen while she speaks.
"""

import os
import subprocess
import time

from pipecat.frames.frames import BotStartedSpeakingFrame, BotStoppedSpeakingFrame, Frame
from pipecat.turns.user_mute import BaseUserMuteStrategy

MICROPHONE, SPEAKER = "maya_microphone", "maya_speaker"
# How long Maya has to have spoken before the canceller knows the room.
LEARNING_SECS = 6.0

_MODULE = "module-echo-cancel"
_OPTIONS = (
    "aec_method=webrtc",
    f"source_name={MICROPHONE}",
    f"sink_name={SPEAKER}",
    "rate=16000",
    "channels=1",
    "use_master_format=0",
    'aec_args="analog_gain_control=0 digital_gain_control=0 noise_suppression=1 extended_filter=1"',
)
_ANSWER_SECS = 5.0


class NoCancellerError(Exception):
    """The sound server has no echo canceller, or there is no sound server; the message says which."""


class EchoCanceller:
    """The sound server's, between this process and its default devices.

    Attributes:
        starts: how often it was started: each time it learns the room anew.
    """

    def __init__(self) -> None:
        self.starts = 0
        self.is_on = False

    def start(self) -> None:
        """Have the default devices be the canceller's; one that another process has left is replaced.

        Raises:
            NoCancellerError: there is none.
        """
        self.stop()
        _control("load-module", _MODULE, *_OPTIONS)
        # Read by the sound server's library whenever a stream is opened on the default device.
        os.environ |= {"PULSE_SOURCE": MICROPHONE, "PULSE_SINK": SPEAKER}
        self.starts += 1
        self.is_on = True

    def stop(self) -> None:
        """Have the default devices be what they were.

        Raises:
            NoCancellerError: there is no sound server.
        """
        self.is_on = False
        for variable in ("PULSE_SOURCE", "PULSE_SINK"):
            os.environ.pop(variable, None)
        for line in _control("list", "short", "modules").splitlines():
            if f"source_name={MICROPHONE}" in line:
                _control("unload-module", line.split()[0])


def _control(*command: str) -> str:
    try:
        asked = subprocess.run(["pactl", *command], capture_output=True, text=True, timeout=_ANSWER_SECS, check=True)
    except FileNotFoundError:
        raise NoCancellerError("pactl is not installed (Debian: apt install pulseaudio-utils)") from None
    except subprocess.TimeoutExpired:
        raise NoCancellerError("the sound server does not answer") from None
    except subprocess.CalledProcessError as error:
        raise NoCancellerError(f"the sound server says: {error.stderr.strip()}") from None
    return asked.stdout


class DeafWhileLearning(BaseUserMuteStrategy):
    """Mutes the guest while Maya speaks, until she has spoken for so long that the canceller knows the room."""

    def __init__(self, canceller: EchoCanceller, learning_secs: float = LEARNING_SECS) -> None:
        super().__init__()
        self._canceller = canceller
        self._learning_secs = learning_secs
        self._learnt_secs = 0.0
        self._start = canceller.starts
        self._speaks_since: float | None = None

    async def process_frame(self, frame: Frame) -> bool:
        """Follow Maya's voice; returns whether the guest is muted."""
        await super().process_frame(frame)
        if self._start != self._canceller.starts:
            self._start, self._learnt_secs = self._canceller.starts, 0.0
        match frame:
            case BotStartedSpeakingFrame():
                self._speaks_since = time.monotonic()
            case BotStoppedSpeakingFrame() if self._speaks_since is not None:
                self._learnt_secs += time.monotonic() - self._speaks_since
                self._speaks_since = None
        knows_the_room = self._canceller.is_on and self._learnt_secs >= self._learning_secs
        return self._speaks_since is not None and not knows_the_room
