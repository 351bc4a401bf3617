import asyncio

import numpy as np
from pipecat.frames.frames import OutputAudioRawFrame
from pipecat.tests.utils import run_test

from kiosk.events import Event, Mouth
from kiosk.voice.reporter import Caption, VoiceReporter

LOUD = OutputAudioRawFrame(np.full(320, 9000, dtype=np.int16).tobytes(), 16000, 1)


async def test_the_mouth_opens_when_the_voice_is_heard_and_not_when_it_is_sent():
    told: asyncio.Queue[tuple[float, Event]] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    reporter = VoiceReporter(lambda event: told.put_nowait((loop.time(), event)), Caption(), lag_secs=0.1)
    sent_at = loop.time()
    await run_test(reporter, frames_to_send=[LOUD])
    async with asyncio.timeout(5):
        heard_at, event = await told.get()
    assert heard_at >= sent_at + 0.1
    assert isinstance(event, Mouth)
    assert event.level > 0.5
