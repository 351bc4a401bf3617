"""The transport on a real sound server.

How it outlives one that is killed is seen in test_live, in a process of its own: PortAudio may hang for good then.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from pipecat.frames.frames import (
    EndFrame,
    InterruptionFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.workers.runner import WorkerRunner

from kiosk.events import Event, Notice
from kiosk.voice.sound_card import NO_MICROPHONE, NO_SPEAKER, SoundCard
from kiosk.voice.sound_devices import look_again
from tests.sound_server import SoundServer, sound_server

pytestmark = pytest.mark.needs("portaudio", "pulseaudio")

WAIT_SECS = 30.0


@pytest.fixture
def server(monkeypatch):
    with sound_server() as running:
        for name in running.CHANGED:
            monkeypatch.setenv(name, running.environment[name])
        look_again()
        yield running


class Told(asyncio.Queue[Event]):
    """Notices in the order in which they came."""

    async def both(self) -> set[Event]:
        async with asyncio.timeout(WAIT_SECS):
            return {await self.get(), await self.get()}


@contextlib.asynccontextmanager
async def playing(card: SoundCard) -> AsyncIterator[PipelineWorker]:
    worker = PipelineWorker(
        Pipeline([card.input(), card.output()]),
        params=PipelineParams(audio_in_sample_rate=16000, audio_out_sample_rate=16000),
        enable_rtvi=False,
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(runner.run())
        minding = tasks.create_task(card.mind())
        try:
            yield worker
        finally:
            minding.cancel()
            await worker.queue_frame(EndFrame())


async def until_open(card: SoundCard) -> None:
    async with asyncio.timeout(WAIT_SECS):
        while not (card.input().stream and card.output().stream):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_kiosk_that_starts_without_devices_waits_for_them(server: SoundServer):
    server.stop()
    told = Told()
    card = SoundCard(None, None, told.put_nowait)
    async with playing(card):
        assert await told.both() == {NO_MICROPHONE, NO_SPEAKER}
        await asyncio.to_thread(server.start)
        assert await told.both() == {Notice("microphone", ""), Notice("speaker", "")}


async def test_an_interruption_takes_back_what_has_not_been_heard(server: SoundServer):
    card = SoundCard(None, None, print)
    async with playing(card) as worker:
        await until_open(card)
        speaker = card.output().stream
        assert speaker
        await worker.queue_frame(TTSAudioRawFrame(bytes(16000 * 2 * 5), 16000, 1))
        async with asyncio.timeout(WAIT_SECS):
            while not speaker.waiting_secs:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        await worker.queue_frame(InterruptionFrame())
        async with asyncio.timeout(1.0):
            while speaker.waiting_secs:  # noqa: ASYNC110
                await asyncio.sleep(0.005)


async def test_a_voice_over_hers_makes_her_pause_once_in_an_answer(server: SoundServer):
    card = SoundCard(None, None, print)
    async with playing(card) as worker:
        await until_open(card)
        speaker = card.output().stream
        assert speaker
        pauses = []
        for frame in (
            TTSStartedFrame(),
            VADUserStartedSpeakingFrame(),
            VADUserStoppedSpeakingFrame(),
            VADUserStartedSpeakingFrame(),
            TTSStartedFrame(),
            VADUserStartedSpeakingFrame(),
        ):
            await worker.queue_frame(frame)
            await asyncio.sleep(0.1)
            pauses.append(speaker.is_held)
    assert pauses == [False, True, False, False, False, True]
