"""From the end of a guest's speech to Maya's first sound, beside a bare pipecat pipeline with the same services.

    uv run benchmarks/latency.py [--rounds 3]
    uv run benchmarks/latency.py --rounds 0      the slow tail alone

Recorded guests at their own pace, the clouds' clients against fakes of their wire on loopback, at no delay and at
typical ones. First the model alone, where one answer in ten takes 5 s, without and with the kiosk's second request.
Then three pipelines take turns: pipecat's own with pipecat's turn taking; the same with ours, which tells what
events, captions, doorkeeper, failover and a window on an X server cost; and the kiosk. Then, on a sound server, how
soon the speaker is silent when Maya is interrupted.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from google.genai.types import HttpOptions, HttpRetryOptions
from loguru import logger
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import EndFrame, InterruptionFrame, TTSAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMAssistantAggregator,
    LLMUserAggregator,
    LLMUserAggregatorParams,
)
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.services.cartesia.stt import CartesiaSTTService
from pipecat.services.cartesia.tts import CartesiaTTSService
from pipecat.services.google.llm import GoogleLLMService
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.prompts import system_prompt
from kiosk.bartender.tool_calls import register_tools
from kiosk.bartender.tools import BarTools
from kiosk.conversation import Resources
from kiosk.events import EventBus
from kiosk.payments.simulated import SimulatedPayments
from kiosk.security.scanner import Scanner
from kiosk.settings import find_assets
from kiosk.understanding.completeness import completeness, wants_the_floor
from kiosk.voice.clock import ConversationClock
from kiosk.voice.espeak import SAMPLE_RATE
from kiosk.voice.floor import Floor
from kiosk.voice.gemini import SECOND_REQUEST_SECS, GeminiBartender
from kiosk.voice.gemini_race import speaks
from kiosk.voice.guards import Guards
from kiosk.voice.guest_words import GuestWords
from kiosk.voice.recording import GuestTurn, RecordingTransport, read_turns
from kiosk.voice.sound_card import SoundCard
from kiosk.voice.turn_log import TurnLog
from kiosk.voice.turns import VAD, CompleteRequestStop, GuestTurnStart
from kiosk.voice_thread import VoiceThread
from tests import sound_server
from tests.display.x_server import desktop
from tests.evening import ENGLISH, MENU, Evening
from tests.fakes import cartesia, gemini
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini

AUDIO = Path(__file__).parent.parent / "tests" / "audio"
GUEST = {
    "question_01.flac": "How much is a martini?",
    "order_03.wav": "I'd like a whiskey neat please.",
    "order_09.flac": "Four classic brews please.",
    "order_15.flac": "Two perfect manhattans please.",
    "tip_02.flac": "I'd like to tip twenty percent.",
    "question_03.flac": "What's on my tab?",
}
DELAYS = {"no delay": (0.0, 0.0, 0.0), "typical": (0.15, 0.4, 0.1)}
INTERRUPTIONS = 20
# Of the slow tail: as many answers, at most so many at a time, this share of them late.
ANSWERS, AT_A_TIME, LATE = 400, 10, 0.1


def turns() -> list[GuestTurn]:
    """The guest's recordings."""
    return [turn for name in GUEST for turn in read_turns(AUDIO / name)]


async def bare(speech: FakeCartesia, brain: FakeGemini, strategies: UserTurnStrategies | None) -> TurnLog:
    """pipecat's own services and aggregators, with the same tools."""
    floor, log, clock = Floor(), TurnLog(), ConversationClock()
    tools = BarTools("visit", {}, MENU, SimulatedPayments(0.0), lambda _: None)
    transport = RecordingTransport(turns(), floor, clock, True, floor.wait_until_free)
    llm = GoogleLLMService(
        api_key=gemini.KEY,
        settings=GoogleLLMService.Settings(model="gemini-3.6-flash", system_instruction=system_prompt(MENU)),
        http_options=HttpOptions(base_url=brain.url, retry_options=HttpRetryOptions(attempts=1)),
    )
    register_tools(llm)
    context = LLMContext(tools=tools.schemas())
    params = LLMUserAggregatorParams(user_turn_strategies=strategies or UserTurnStrategies())
    # Our turns hear the words from our memory.
    guest = GuestWords(context, params=params) if strategies else LLMUserAggregator(context, params=params)
    pipeline = Pipeline(
        [
            transport.input(),
            VADProcessor(vad_analyzer=SileroVADAnalyzer(params=VAD)),
            CartesiaSTTService(api_key=cartesia.KEY, base_url=speech.url),
            guest,
            llm,
            CartesiaTTSService(
                api_key=cartesia.KEY,
                url=f"{speech.url}/tts/websocket",
                sample_rate=SAMPLE_RATE,
                settings=CartesiaTTSService.Settings(voice="a-voice"),
            ),
            transport.output(),
            LLMAssistantAggregator(context),
        ]
    )
    worker = PipelineWorker(
        pipeline,
        params=PipelineParams(audio_in_sample_rate=16000, audio_out_sample_rate=SAMPLE_RATE),
        observers=[floor, log],
        clock=clock,
        app_resources=Resources(tools, Guards(Scanner(), lambda: ENGLISH)),
        idle_timeout_secs=None,
        enable_rtvi=False,
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(runner.run())
        await transport.input().play()
        await worker.queue_frame(EndFrame())
    await tools.close()
    return log


def ours() -> UserTurnStrategies:
    """The kiosk's turn taking."""
    return UserTurnStrategies(
        start=[GuestTurnStart(lambda text: wants_the_floor(text, MENU))],
        stop=[CompleteRequestStop(lambda text: completeness(text, MENU), LocalSmartTurnAnalyzerV3())],
    )


async def kiosk(speech: FakeCartesia, brain: FakeGemini, cache: Path, bus: EventBus) -> TurnLog:
    """The kiosk, with a window that shows what happens."""
    evening = Evening(cache, turns(), speech=speech, brain=brain, realtime=True, watch=bus.publish)
    await evening.hold()
    return evening.record.log


def latencies(log: TurnLog) -> list[float]:
    """Each turn's, milliseconds."""
    heard = [turn for turn in log.turns if turn.heard]
    words = [" ".join((turn.heard or "").split()) for turn in heard]
    assert words == list(GUEST.values()), words
    return [turn.latency_ms["first_audio_out"] for turn in heard]


async def measure(rounds: int, cache: Path, bus: EventBus) -> None:
    """Print what was measured."""
    for name, (stt_secs, llm_secs, tts_secs) in DELAYS.items():
        found: dict[str, list[float]] = {"bare": [], "bare, our turns": [], "kiosk": []}
        for _ in range(rounds):
            for arm, measured in found.items():
                words = list(GUEST.values())
                with (
                    FakeCartesia(cache, transcripts=words, stt_secs=stt_secs, tts_secs=tts_secs) as speech,
                    FakeGemini(latency_secs=llm_secs) as brain,
                ):
                    match arm:
                        case "bare":
                            log = await bare(speech, brain, None)
                        case "kiosk":
                            log = await kiosk(speech, brain, cache, bus)
                        case _:
                            log = await bare(speech, brain, ours())
                measured += latencies(log)
        medians = {arm: statistics.median(measured) for arm, measured in found.items()}
        print(f"{name}: " + ", ".join(f"{arm} {median:.0f} ms" for arm, median in medians.items()))
        cost = statistics.median((k - b) / whole for whole, b, k in zip(*found.values(), strict=True))
        gain = statistics.median(k / b for k, b in zip(found["kiosk"], found["bare"], strict=True))
        print(f"  overhead of the kiosk's own stages {cost:+.1%}; the kiosk's time over the bare pipeline's {gain:.2f}")


async def slow_tail() -> None:
    """Print how long a guest waits for Gemini's first word where some answers are late."""
    for name, second_request_secs in (("without", 3600.0), ("with", SECOND_REQUEST_SECS)):
        with FakeGemini(latency_secs=DELAYS["typical"][1], late_secs=5.0) as brain:
            # A first and a second request are as likely to be late; "late" is drawn for more requests than are made.
            chance = random.Random(1)
            for _ in range(2 * ANSWERS):
                brain.go_wrong("late" if chance.random() < LATE else None)
            bartender = GeminiBartender(
                gemini.KEY,
                "gemini-3.6-flash",
                system_prompt(MENU),
                HouseBartender(MENU),
                brain.url,
                second_request_secs=second_request_secs,
            )
            waits = await _waits(bartender)
            requests = len(brain.asked)
        secs, left = [wait for wait, _ in waits], sum(not has_spoken for _, has_spoken in waits)
        median, slow = percentile(secs, 0.5), percentile(secs, 0.95)
        print(
            f"one answer in ten takes 5 s, {name} a second request: first word after median {median:.2f} s, 95th "
            f"percentile {slow:.2f} s; left to the house {left} of {len(waits)}; {requests / len(waits):.2f} requests"
        )


async def _waits(bartender: GeminiBartender) -> list[tuple[float, bool]]:
    """For each answer how long it took until it spoke, or was given up, and whether it spoke."""
    places = asyncio.Semaphore(AT_A_TIME)

    async def wait() -> tuple[float, bool]:
        async with places:
            asked_at = time.monotonic()
            context = LLMContext([{"role": "user", "content": "what's on my tab?"}])
            has_spoken = False
            try:
                async with aclosing(bartender._stream_response(context)) as answer:
                    async for chunk in answer:
                        if has_spoken := speaks(chunk):
                            break
            except TimeoutError:
                pass
            return time.monotonic() - asked_at, has_spoken

    return await asyncio.gather(*(wait() for _ in range(ANSWERS)))


class Ear:
    """Listens to the speaker: when it was last loud."""

    def __init__(self, server: sound_server.SoundServer) -> None:
        options = ["--format=s16le", "--channels=1", "--rate=16000", "--latency-msec=5"]
        self._listener = subprocess.Popen(
            ["parec", "-d", "speaker.monitor", *options], env=server.environment, stdout=subprocess.PIPE
        )
        self.loud_at = 0.0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._listener.stdout
        while piece := self._listener.stdout.read(160):
            if np.abs(np.frombuffer(piece, dtype=np.int16)).max() > 300:
                self.loud_at = time.monotonic()

    def wait(self, since: float) -> None:
        """Return once something was heard after `since`."""
        while self.loud_at < since:
            time.sleep(0.02)

    def close(self) -> None:
        """Stop listening."""
        self._listener.kill()
        self._listener.wait()


async def interruptions() -> list[float]:
    """How long after an interruption the speaker still sounds, in milliseconds."""
    found: list[float] = []
    with sound_server.sound_server() as server:
        os.environ.update({name: server.environment[name] for name in server.CHANGED})
        ear = Ear(server)
        card = SoundCard(None, None, lambda _: None)
        worker = PipelineWorker(
            Pipeline([card.input(), card.output()]),
            params=PipelineParams(audio_in_sample_rate=16000, audio_out_sample_rate=16000),
            enable_rtvi=False,
        )
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running, minding = asyncio.create_task(runner.run()), asyncio.create_task(card.mind())
        tone = (8000 * np.sin(np.arange(16000 * 3) * 2 * np.pi * 440 / 16000)).astype(np.int16).tobytes()
        for number in range(INTERRUPTIONS):
            began = time.monotonic()
            await worker.queue_frame(TTSAudioRawFrame(tone, 16000, 1))
            await asyncio.to_thread(ear.wait, began)
            await asyncio.sleep(0.3 + 0.037 * number % 0.4)
            stopped = time.monotonic()
            await worker.queue_frame(InterruptionFrame())
            await asyncio.sleep(0.8)
            found.append(1000 * max(0.0, ear.loud_at - stopped))
        minding.cancel()
        await worker.queue_frame(EndFrame())
        await running
        ear.close()
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    return float(np.percentile(values, 100 * share))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of the three pipelines; 0: the slow tail alone")
    options = parser.parse_args()
    logger.remove()
    asyncio.run(slow_tail())
    if not options.rounds:
        return
    with tempfile.TemporaryDirectory() as cache, desktop((1280, 800)) as screen:
        os.environ |= screen.environment
        # SDL looks for its display when it is imported.
        from kiosk.display.window import Window

        bus, stop = EventBus(), threading.Event()
        window = Window(bus.subscribe(), lambda _: None, find_assets(), False)
        voice = VoiceThread(lambda: measure(options.rounds, Path(cache), bus), on_end=stop.set)
        voice.start()
        try:
            window.run(stop)
        finally:
            voice.stop()
    found = asyncio.run(interruptions())
    print(
        f"interruption to silence at the speaker: median {percentile(found, 0.5):.0f} ms, "
        f"95th percentile {percentile(found, 0.95):.0f} ms, of {len(found)}"
    )


if __name__ == "__main__":
    main()
