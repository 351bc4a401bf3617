"""A recorded or written guest in place of the microphone, and memory in place of the speaker.

The recording goes through the very same pipeline as a live guest. It is played at its own pace or,
by default, as fast as the pipeline takes it: each piece of sound is acknowledged when it has
passed every stage, and only a few pieces are under way at a time. After the guest's last word the
room stays silent (that is what ends a turn) until Maya has answered.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    OutputAudioRawFrame,
    StartFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import BaseTransport, TransportParams
from pipecat.utils.time import time_now_iso8601

from kiosk.documents import DocumentError, read_text
from kiosk.errors import OperatorError
from kiosk.voice.clock import ConversationClock
from kiosk.voice.floor import Floor
from kiosk.voice.turns import WrittenTurnFrame

SAMPLE_RATE = 16000
PIECE_SECS = 0.02
PIECE_BYTES = int(SAMPLE_RATE * PIECE_SECS) * 2

# As the sound card plays it.
VOICE_PIECE_SECS = 0.04
# Where nobody sees a mouth that has to keep time with the voice, and no latency is measured. Each piece passes through
# every stage: so a written turn takes half of the work.
UNSEEN_PIECE_SECS = 0.4

# Pieces under way at a time: enough to keep every stage busy, too few to distort the order of things.
WINDOW = 8

# What is more is no evening, and no turn, of one guest: of two channels at 48 kHz for its whole length.
MOST_SCRIPT_BYTES = 1024 * 1024
MOST_SECS, MOST_SAMPLES = 600, 600 * 48_000 * 2

# How long the room is listened to after a recording: the detector needs a moment for a last word,
# and longer where nobody was heard at all.
LAST_WORD_SECS = 0.5
NOBODY_SECS = 2.5


class RecordingError(OperatorError, ValueError):
    """A recording that cannot be played; the message is one line that names the file."""


@dataclass(frozen=True)
class Utterance:
    """One turn of the guest as sound: mono, 16-bit, 16 kHz."""

    pcm: bytes


@dataclass(frozen=True)
class WrittenLine:
    """One turn of the guest as text."""

    text: str


GuestTurn = Utterance | WrittenLine

# Plays sound of a sample rate for the people around, and takes as long as that lasts.
Aloud = Callable[[bytes, int], None]


def read_turns(path: Path) -> list[GuestTurn]:
    """The turns in `path`: a line each of a .txt script, else the one turn of a sound file.

    Raises:
        RecordingError: missing, unreadable, empty, or neither text nor sound.
    """
    return [turn for _, turn in read_named_turns(path)]


def read_named_turns(path: Path) -> list[tuple[str, GuestTurn]]:
    """The turns in `path`, each with its name: the path of a sound file, "evening.txt:3" for a script's third line.

    Raises:
        RecordingError: missing, unreadable, empty, or neither text nor sound.
    """
    if not path.is_file():
        raise RecordingError(f"{path}: there is no such file")
    return _read_script(path) if path.suffix.lower() == ".txt" else [(str(path), Utterance(_read_sound(path)))]


def _read_script(path: Path) -> list[tuple[str, GuestTurn]]:
    try:
        lines = read_text(path, MOST_SCRIPT_BYTES).splitlines()
    except DocumentError as error:
        raise RecordingError(str(error)) from None
    turns: list[tuple[str, GuestTurn]] = [
        (f"{path}:{number}", WrittenLine(line.strip())) for number, line in enumerate(lines, 1) if line.strip()
    ]
    if not turns:
        raise RecordingError(f"{path}: the script is empty")
    return turns


def _read_sound(path: Path) -> bytes:
    try:
        with soundfile.SoundFile(path) as sound:
            # Not by what the header says of its length: one that was written to a pipe says anything.
            rate, most = sound.samplerate, min(MOST_SECS * sound.samplerate, MOST_SAMPLES // sound.channels)
            samples = sound.read(most + 1, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        reason = str(error).split(": ", 1)[-1].rstrip(".")
        raise RecordingError(f"{path}: not a sound file that can be read: {reason}") from None
    if len(samples) > most:
        raise RecordingError(f"{path}: longer than {most / rate:g} seconds, which is no turn of a guest")
    if not len(samples):
        raise RecordingError(f"{path}: the recording is empty")
    mono = soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE)
    return (np.clip(np.nan_to_num(mono), -1, 1) * 32767).astype(np.int16).tobytes()


class RecordedInput(BaseInputTransport):
    """Plays `turns` one after another, each when `maya_is_done` with the one before."""

    def __init__(
        self,
        turns: Sequence[GuestTurn],
        floor: Floor,
        clock: ConversationClock,
        realtime: bool,
        maya_is_done: Callable[[], Awaitable[None]],
        aloud: Aloud | None,
    ) -> None:
        super().__init__(TransportParams(audio_in_enabled=True, audio_in_sample_rate=SAMPLE_RATE))
        self._turns = turns
        self._floor = floor
        self._clock = clock
        self._realtime = realtime
        self._maya_is_done = maya_is_done
        self._aloud = aloud
        self._under_way = asyncio.Semaphore(WINDOW)
        self._due = 0.0
        self._started = asyncio.Event()

    async def start(self, frame: StartFrame) -> None:
        """The pipeline is ready: the guest may begin."""
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._started.set()

    async def play(self) -> None:
        """Let the guest say all there is; returns when Maya has finished with the last turn."""
        await self._started.wait()
        for turn in self._turns:
            await self._maya_is_done()
            await self.say(turn)
        await self._maya_is_done()

    async def say(self, turn: GuestTurn) -> None:
        """Let the guest say one thing now, in a conversation that has begun."""
        if isinstance(turn, WrittenLine):
            self._floor.expect_answer()
            await self.push_frame(WrittenTurnFrame(turn.text, "guest", time_now_iso8601()))
        else:
            await self._speak(turn)

    def acknowledge(self) -> None:
        """A piece of sound has passed the whole pipeline."""
        self._under_way.release()

    async def _speak(self, utterance: Utterance) -> None:
        turns_before = self._floor.guest_turns
        self._due = time.monotonic()
        for start in range(0, len(utterance.pcm), PIECE_BYTES):
            await self._push_piece(utterance.pcm[start : start + PIECE_BYTES])
        quiet_secs, silence = 0.0, bytes(PIECE_BYTES)
        while not self._is_over(quiet_secs, turns_before):
            await self._push_piece(silence)
            quiet_secs += PIECE_SECS

    def _is_over(self, quiet_secs: float, turns_before: int) -> bool:
        if self._floor.guest_speaks:
            return False
        if self._floor.guest_turns == turns_before:
            return quiet_secs >= NOBODY_SECS
        return self._floor.maya_works or quiet_secs >= LAST_WORD_SECS

    async def _push_piece(self, piece: bytes) -> None:
        began = time.monotonic()
        await self._under_way.acquire()
        await self.push_audio_frame(InputAudioRawFrame(piece.ljust(PIECE_BYTES, b"\0"), SAMPLE_RATE, 1))
        if self._aloud:
            await asyncio.to_thread(self._aloud, piece, SAMPLE_RATE)
        elif self._realtime:
            self._due += PIECE_SECS
            await asyncio.sleep(self._due - time.monotonic())
        elif self._floor.maya_works:
            # What Maya takes to answer passes at its own pace, or her latency could not be told.
            await asyncio.sleep(PIECE_SECS - (time.monotonic() - began))
        else:
            self._clock.skip(PIECE_SECS - (time.monotonic() - began))


class RecordedOutput(BaseOutputTransport):
    """Keeps what Maya says; takes as long as a speaker would only when played at its own pace."""

    def __init__(
        self, heard: RecordedInput, clock: ConversationClock, realtime: bool, aloud: Aloud | None, piece_secs: float
    ) -> None:
        super().__init__(TransportParams(audio_out_enabled=True, audio_out_10ms_chunks=round(piece_secs * 100)))
        self._input = heard
        self._aloud = aloud
        self._clock = clock
        self._realtime = realtime
        self.pcm = bytearray()

    async def start(self, frame: StartFrame) -> None:
        """Nothing has to be opened."""
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Acknowledge sound that came through; keep words in order with a voice that takes no time."""
        if isinstance(frame, InputAudioRawFrame):
            self._input.acknowledge()
        if not self._realtime:
            frame.pts = None
        await super().process_frame(frame, direction)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Keep the sound."""
        self.pcm += frame.audio
        seconds = frame.num_frames / frame.sample_rate
        if self._aloud:
            await asyncio.to_thread(self._aloud, frame.audio, frame.sample_rate)
        elif self._realtime:
            await asyncio.sleep(seconds)
        else:
            self._clock.skip(seconds)
        return True


class RecordingTransport(BaseTransport):
    """A guest who was recorded or wrote, and a speaker that remembers.

    Parameters:
        realtime: at the recording's own pace.
        maya_is_done: waited for before each turn and after the last.
        aloud: where both voices are also heard; then it sets the pace.
        voice_piece_secs: how much of Maya's voice passes at a time, in steps of 10 ms; captions and mouth keep time
            with it as closely.
    """

    def __init__(
        self,
        turns: Sequence[GuestTurn],
        floor: Floor,
        clock: ConversationClock,
        realtime: bool,
        maya_is_done: Callable[[], Awaitable[None]],
        aloud: Aloud | None = None,
        voice_piece_secs: float = VOICE_PIECE_SECS,
    ) -> None:
        super().__init__()
        self._input = RecordedInput(turns, floor, clock, realtime, maya_is_done, aloud)
        self._output = RecordedOutput(self._input, clock, realtime, aloud, voice_piece_secs)

    def input(self) -> RecordedInput:
        """The guest."""
        return self._input

    def output(self) -> RecordedOutput:
        """The speaker."""
        return self._output
