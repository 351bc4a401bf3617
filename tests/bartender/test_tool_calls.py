"""The tools as pipecat calls them: through a real pipeline, with guests who interrupt.

What the session holds and what the model's context says must never tell two stories.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pipecat.frames.frames import EndFrame, FunctionCallFromLLM, InterruptionFrame, LLMContextFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings
from pipecat.workers.runner import WorkerRunner

from kiosk.bartender.tool_calls import register_tools
from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.state.sessions import load

MENU = Menu.load(Path(__file__).parents[2] / "assets" / "menu.toml")
SETTINGS = LLMSettings(
    model=None,
    system_instruction=None,
    temperature=None,
    max_tokens=None,
    top_p=None,
    top_k=None,
    frequency_penalty=None,
    presence_penalty=None,
    seed=None,
    filter_incomplete_user_turns=None,
    user_turn_completion_config=None,
)


@dataclass(frozen=True)
class Resources:
    tools: BarTools

    async def may_act(self):
        return True


class OneRound(LLMService):
    """A model that answers the first context with the given calls, and every later one with nothing."""

    def __init__(self, calls):
        super().__init__(settings=SETTINGS)
        self.calls = calls
        self.interruptions = 0
        self.rounds = 0

    @property
    def is_calling(self):
        return bool(self._function_call_tasks)

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            calls, self.calls = self.calls, []
            await self.run_function_calls(
                [
                    FunctionCallFromLLM(
                        function_name=name, tool_call_id=call_id, arguments=arguments, context=frame.context
                    )
                    for call_id, name, arguments in calls
                ]
            )
            self.rounds += 1
            return
        if isinstance(frame, InterruptionFrame):
            self.interruptions += 1
        await self.push_frame(frame, direction)


class SlowPayments(SimulatedPayments):
    """A provider that answers when the test lets it."""

    def __init__(self):
        super().__init__(None)
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def create_payment_link(self, amount, description, idempotency_key, *, is_new=False):
        self.asked.set()
        await self.may_answer.wait()
        return await super().create_payment_link(amount, description, idempotency_key, is_new=is_new)


class Conversation:
    """A pipeline around `OneRound`, with the tools of one guest."""

    def __init__(self, *calls, payments=None):
        self.store = {}
        tools = BarTools("guest", self.store, MENU, payments or SimulatedPayments(None), lambda event: None)
        self.tools = tools
        self.context = LLMContext(tools=tools.schemas())
        self.llm = OneRound(calls)
        register_tools(self.llm)
        assistant = LLMContextAggregatorPair(self.context).assistant()
        self.worker = PipelineWorker(
            Pipeline([self.llm, assistant]),
            app_resources=Resources(tools),
            cancel_on_idle_timeout=False,
            enable_rtvi=False,
        )

    @contextlib.asynccontextmanager
    async def running(self):
        started = asyncio.Event()

        @self.worker.event_handler("on_pipeline_started")
        async def on_started(worker, frame):
            started.set()

        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self.worker)
        running = asyncio.create_task(runner.run())
        async with asyncio.timeout(20):
            await started.wait()
            yield self
            await self.worker.queue_frame(EndFrame())
            await running

    async def ask(self):
        await self.worker.queue_frame(LLMContextFrame(self.context))

    async def interrupt(self):
        count = self.llm.interruptions
        await self.worker.queue_frame(InterruptionFrame())
        await self.until(lambda: self.llm.interruptions > count)

    async def another_round(self):
        """When this is over, the calls of an earlier round are, too."""
        count = self.llm.rounds
        await self.ask()
        await self.until(lambda: self.llm.rounds > count and not self.llm.is_calling)

    async def until(self, condition):
        # What is waited for happens inside pipecat, which has no event for it.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)

    @property
    def session(self):
        return load("guest", self.store)

    def recorded(self, call_id) -> Any:
        """What the context says of a call: its result, CANCELLED, or None while it is under way."""
        messages: list[Any] = self.context.get_messages()
        for message in messages:
            content = message.get("content")
            if message.get("tool_call_id") == call_id and content != "IN_PROGRESS":
                answer = json.loads(content) if content.startswith("{") else content
                return None if isinstance(answer, dict) and answer.get("type") == "async_tool" else answer
        return None


async def test_a_call_reaches_the_tools_of_the_session_and_its_answer_the_context():
    conversation = Conversation(("c1", "add_to_order_with_balance", {"item_name": "IPA", "quantity": 2}))
    async with conversation.running():
        await conversation.ask()
        await conversation.until(lambda: conversation.recorded("c1"))
    assert conversation.recorded("c1")["result"]["new_tab"] == 12.0
    assert conversation.session.quantity_of("IPA") == 2


async def test_a_call_that_comes_twice_orders_once():
    order = ("same", "add_to_order_with_balance", {"item_name": "IPA"})
    conversation = Conversation(order, order)
    async with conversation.running():
        await conversation.ask()
        await conversation.until(lambda: conversation.recorded("same"))
    assert conversation.session.quantity_of("IPA") == 1


@pytest.mark.parametrize("ticks", [*range(12), 16, 24, 40, 80])
async def test_an_interrupted_order_is_made_and_recorded_or_neither(ticks):
    conversation = Conversation(("c1", "add_to_order_with_balance", {"item_name": "IPA"}))
    async with conversation.running():
        await conversation.ask()
        for _ in range(ticks):
            await asyncio.sleep(0)
        await conversation.interrupt()
        await conversation.another_round()
        if conversation.session.quantity_of("IPA"):
            await conversation.until(lambda: conversation.recorded("c1"))
    record = conversation.recorded("c1")
    if conversation.session.quantity_of("IPA"):
        assert record["status"] == "ok"
    else:
        assert record in (None, "CANCELLED")


async def test_a_payment_link_that_an_interruption_overtakes_is_still_recorded():
    payments = SlowPayments()
    conversation = Conversation(("c1", "create_stripe_payment", {}), payments=payments)
    await conversation.tools.add_to_order("IPA")
    async with conversation.running():
        await conversation.ask()
        await payments.asked.wait()
        await conversation.interrupt()
        payments.may_answer.set()
        await conversation.until(lambda: conversation.recorded("c1"))
    link = conversation.session.link
    assert link
    assert conversation.recorded("c1")["result"]["payment_id"] == link.payment_id


async def test_a_link_that_is_under_way_when_the_kiosk_stops_is_finished_on_closing():
    payments = SlowPayments()
    conversation = Conversation(("c1", "create_stripe_payment", {}), payments=payments)
    await conversation.tools.add_to_order("IPA")
    async with conversation.running():
        await conversation.ask()
        await payments.asked.wait()
    payments.may_answer.set()
    await conversation.tools.close()
    assert conversation.session.link
