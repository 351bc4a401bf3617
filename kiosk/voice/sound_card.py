"""The sound card as a pipecat transport, which outlives its devices.

A device that is missing, unplugged or replaced is told of on the screen and taken up again as soon
as it is back. Meanwhile Maya goes on: without a speaker at the pace at which she would be heard, so
that her captions can be read; without a microphone by touch.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    StartFrame,
    TTSStartedFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import BaseTransport, TransportParams

from kiosk.errors import RestartError
from kiosk.events import Event, Level, Notice
from kiosk.voice.echo import EchoCanceller, NoCancellerError
from kiosk.voice.sound_devices import (
    LATENCY_SECS,
    PIECE_SECS,
    Device,
    MicrophoneStream,
    SoundError,
    SpeakerStream,
    look_again,
)

# A device that has not called for so long is gone: a frozen or suspended one just falls silent. A sound server
# that ran dry may take nearly two seconds to come back by itself.
STALLED_SECS = 2.5
# How often the devices are looked at, and how often one that is gone is looked for.
LOOK_SECS, SEARCH_SECS = 0.25, 1.5
# PortAudio may hang for good on a stream whose sound server was killed.
STUCK_SECS, CLOSE_SECS = 10.0, 2.0
# How far ahead of the speaker sound is written: enough for a busy loop, little to take back at an interruption.
AHEAD_SECS = 0.06
# How long after `write_audio_frame` has returned a piece is heard.
VOICE_LAG_SECS = AHEAD_SECS + LATENCY_SECS["output"]
# How long Maya pauses, once in an answer, for a voice that may be a guest's, who is hard to understand over her own. In
# that time a guest has begun to say what is meant for her; other people's talk goes on, and so does she.
HOLD_SECS = 1.0
# So much silence tells the voice detector that nobody speaks into a microphone that is gone.
SILENCE_SECS = 1.0

NO_MICROPHONE = Notice(
    "microphone", "I can't hear you just now. Please use the buttons, or ask the staff.", Level.WARNING
)
NO_SPEAKER = Notice("speaker", "My voice is gone for a moment. Please read along here.", Level.WARNING)


class SoundStuckError(RestartError):
    """The devices cannot be opened again by this process."""


class Microphone(BaseInputTransport):
    """The guest, live."""

    def __init__(self, source: Device) -> None:
        super().__init__(TransportParams(audio_in_enabled=True))
        self._source = source
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self._pushing: asyncio.Task[None] | None = None
        self.started = asyncio.Event()
        self.stream: MicrophoneStream | None = None

    async def start(self, frame: StartFrame) -> None:
        """Listen, as soon as there is a device."""
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._pushing = self.create_task(self._push(), "microphone")
        self.started.set()

    def open(self) -> None:
        """Open the device.

        Raises:
            SoundError: it is missing.
        """
        loop = self.get_event_loop()

        def heard(piece: bytes) -> None:
            # The loop may be closed already when the last piece comes.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._pieces.put_nowait, piece)

        self.stream = MicrophoneStream(self._source, self.sample_rate, heard)

    def fall_silent(self) -> None:
        """Whoever was speaking is heard no more."""
        for _ in range(round(SILENCE_SECS / PIECE_SECS)):
            self._pieces.put_nowait(bytes(2 * round(self.sample_rate * PIECE_SECS)))

    async def _push(self) -> None:
        while True:
            await self.push_audio_frame(InputAudioRawFrame(await self._pieces.get(), self.sample_rate, 1))

    async def cleanup(self) -> None:
        """Stop listening."""
        if self._pushing:
            await self.cancel_task(self._pushing)
            self._pushing = None
        await super().cleanup()


class Speaker(BaseOutputTransport):
    """Maya's voice, live."""

    def __init__(self, sink: Device) -> None:
        super().__init__(TransportParams(audio_out_enabled=True))
        self._sink = sink
        self._unheard_until = 0.0
        self._may_pause = True
        self.started = asyncio.Event()
        self.stream: SpeakerStream | None = None

    async def start(self, frame: StartFrame) -> None:
        """Speak, as soon as there is a device."""
        await super().start(frame)
        await self.set_transport_ready(frame)
        self.started.set()

    def open(self) -> None:
        """Open the device.

        Raises:
            SoundError: it is missing.
        """
        self.stream = SpeakerStream(self._sink, self.sample_rate)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Pause when somebody else's voice is heard, and fall silent when it is a guest who interrupts.

        Where Maya is deaf while she speaks, such a voice may be her own, and is not told of here.
        """
        if self.stream:
            match frame:
                case TTSStartedFrame():
                    self._may_pause = True
                case VADUserStartedSpeakingFrame() if self._may_pause:
                    self._may_pause = False
                    self.stream.hold(HOLD_SECS)
                case VADUserStoppedSpeakingFrame():
                    self.stream.hold(0.0)
                case InterruptionFrame():
                    self.stream.hold(0.0)
                    self.stream.hush()
        await super().process_frame(frame, direction)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Play a piece; returns shortly before the device has taken it."""
        if self.stream:
            self.stream.play(frame.audio)
            # A voice that pauses takes longer; the device tells nobody when it goes on.
            while self.stream and (early := self.stream.waiting_secs - AHEAD_SECS) > 0:  # noqa: ASYNC110
                await asyncio.sleep(early)
        else:
            now = time.monotonic()
            self._unheard_until = max(now, self._unheard_until) + frame.num_frames / frame.sample_rate
            await asyncio.sleep(max(0.0, self._unheard_until - now - AHEAD_SECS))
        return True


class SoundCard(BaseTransport):
    """Microphone and speaker of this machine.

    Parameters:
        publish: told when a device goes, and when it is back.
        canceller: stands before the default devices.
    """

    def __init__(
        self,
        microphone: Device,
        speaker: Device,
        publish: Callable[[Event], None],
        canceller: EchoCanceller | None = None,
    ) -> None:
        super().__init__()
        self._canceller = canceller
        self._input = Microphone(microphone)
        self._output = Speaker(speaker)
        self._publish = publish
        self._missing: set[Notice] = set()

    def input(self) -> Microphone:
        """The microphone."""
        return self._input

    def output(self) -> Speaker:
        """The speaker."""
        return self._output

    async def mind(self) -> None:
        """Keep both devices open, from the start of the pipeline until cancelled.

        Raises:
            SoundStuckError: only a new process can open them again.
        """
        await self._input.started.wait()
        await self._output.started.wait()
        try:
            while True:
                if self._are_alive():
                    await asyncio.sleep(LOOK_SECS)
                    continue
                if self._input.stream:
                    self._input.fall_silent()
                try:
                    async with asyncio.timeout(STUCK_SECS):
                        await _on_a_thread(self._reopen)
                except TimeoutError:
                    raise SoundStuckError("PortAudio does not let go of its devices") from None
                self._tell(NO_MICROPHONE, self._input.stream is None)
                self._tell(NO_SPEAKER, self._output.stream is None)
                await asyncio.sleep(LOOK_SECS if self._are_alive() else SEARCH_SECS)
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECS):
                    await _on_a_thread(self._end)

    def _are_alive(self) -> bool:
        return all(part.stream and part.stream.is_alive(STALLED_SECS) for part in (self._input, self._output))

    def _reopen(self) -> None:
        self._close()
        if self._canceller:
            try:
                self._canceller.start()
            except NoCancellerError as error:
                logger.warning("Maya cannot be interrupted: {}", error)
        look_again()
        for part in (self._input, self._output):
            try:
                part.open()
            except SoundError as error:
                logger.warning("{}", error)
        if all(part.stream for part in (self._input, self._output)):
            logger.info("the microphone and the speaker are open")

    def _close(self) -> None:
        for part in (self._input, self._output):
            stream, part.stream = part.stream, None
            if stream:
                stream.close()

    def _end(self) -> None:
        self._close()
        if self._canceller:
            self._canceller.stop()

    def _tell(self, notice: Notice, is_missing: bool) -> None:
        if is_missing and notice not in self._missing:
            self._missing.add(notice)
            self._publish(notice)
        elif not is_missing and notice in self._missing:
            self._missing.discard(notice)
            self._publish(Notice(notice.code, ""))


async def _on_a_thread(work: Callable[[], Any]) -> None:
    """Run `work` on a thread of its own: PortAudio hangs while the sound server does, and must keep nobody waiting."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def run() -> None:
        try:
            work()
        except Exception as error:
            logger.warning("sound card: {!r}", error)
        finally:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(done.set)

    threading.Thread(target=run, name="sound card", daemon=True).start()
    await done.wait()
