"""Whoever thinks, the kiosk itself heeds what a guest says of his age: no language model decides whom it serves."""

import asyncio
from dataclasses import dataclass

from pipecat.frames.frames import EndFrame, LLMContextAssistantTurnFrame, LLMContextFrame
from pipecat.observers.base_observer import BaseObserver
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.workers.runner import WorkerRunner

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.tool_calls import register_tools
from kiosk.bartender.tools import BarTools
from kiosk.payments.simulated import SimulatedPayments
from kiosk.state.sessions import load
from kiosk.understanding.acts import UnderAge, Understanding
from kiosk.voice.gemini import GeminiBartender
from tests.evening import MENU
from tests.fakes.gemini import KEY, FakeGemini, call

SAID = "i'm sixteen and i'd like a vodka"


@dataclass
class Resources:
    tools: BarTools

    async def may_act(self):
        return True


class Answered(BaseObserver):
    """Knows when Maya has said what she had to say."""

    def __init__(self):
        super().__init__()
        self.has = asyncio.Event()

    async def on_push_frame(self, data):
        if isinstance(data.frame, LLMContextAssistantTurnFrame):
            self.has.set()


async def test_gemini_cannot_serve_alcohol_to_who_says_that_he_is_too_young():
    store = {}
    tools = BarTools("guest", store, MENU, SimulatedPayments(None), lambda event: None)
    house = HouseBartender(MENU, read=lambda said, menu: Understanding((UnderAge(16),) if said == SAID else ()))
    context = LLMContext([{"role": "user", "content": SAID}], tools=tools.schemas())
    with FakeGemini() as fake:
        fake.will_answer(call("add_to_order_with_balance", item_name="Vodka"))
        fake.will_answer({"text": "There is no vodka for you, I'm afraid."})
        gemini = GeminiBartender(KEY, "gemini-3.6-flash", "You are Maya.", house, fake.url)
        register_tools(gemini)
        answered = Answered()
        worker = PipelineWorker(
            Pipeline([gemini, LLMContextAggregatorPair(context).assistant()]),
            app_resources=Resources(tools),
            observers=[answered],
            cancel_on_idle_timeout=False,
            enable_rtvi=False,
        )
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running = asyncio.create_task(runner.run())
        async with asyncio.timeout(20):
            await worker.queue_frame(LLMContextFrame(context))
            await answered.has.wait()
            await worker.queue_frame(EndFrame())
            await running
    session = load("guest", store)
    assert (session.alcohol_free, session.order, session.payment.tab_total) == (True, (), 0)
    last = fake.asked[-1]["contents"][-1]["parts"]
    assert "NOT_ALLOWED" in str(last[0]["functionResponse"])
