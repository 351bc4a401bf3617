import asyncio

from pipecat.pipeline.worker import PipelineWorker

from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.events import CancelTouched, PayTouched, TipTouched
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.results import Record, state_of
from kiosk.settings import find_assets
from kiosk.voice.clock import ConversationClock
from kiosk.voice.floor import Floor
from kiosk.voice.recording import RecordingTransport, WrittenLine
from kiosk.voice.services import house_stages

MENU = Menu.load(find_assets() / "menu.toml")


def visit_of(tools: BarTools, record: Record, cache_dir, *said: str) -> tuple[Conversation, RecordingTransport, Floor]:
    floor = Floor()
    turns = [WrittenLine(line) for line in said]
    transport = RecordingTransport(turns, floor, record.clock, False, floor.wait_until_free)
    visit = Conversation(
        transport,
        tools,
        house_stages(MENU, cache_dir),
        record.publish,
        record.clock,
        floor,
        watch=False,
        observers=[record.log],
    )
    return visit, transport, floor


async def test_a_touch_acts_through_the_same_tools_and_maya_answers_it(cache_dir):
    record = Record(clock=ConversationClock())
    tools = BarTools("visit", {}, MENU, SimulatedPayments(None), record.publish)
    visit, transport, floor = visit_of(tools, record, cache_dir, "a martini please")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(visit.hold())
        await transport.input().play()
        await visit.touched(TipTouched(15))
        await floor.wait_until_free()
        tipped = state_of(tools)
        await visit.touched(TipTouched(15))
        await floor.wait_until_free()
        untipped = state_of(tools)
        await visit.touched(PayTouched())
        await floor.wait_until_free()
        await visit.touched(CancelTouched())
        await floor.wait_until_free()
        cancelled = state_of(tools)
        await visit.touched(PayTouched())
        await floor.wait_until_free()
        await visit.end()
    assert (tipped["tip_percentage"], tipped["total"]) == (15, "14.95")
    assert untipped["tip_percentage"] is None
    assert (cancelled["payment_status"], cancelled["tab"]) == ("pending", "13.00")
    assert "that code is void" in " ".join(said for turn in record.log.turns for said in turn.said)
    assert state_of(tools)["payment_status"] == "processing"
    assert "$14.95" in " ".join(record.log.turns[-1].said)


async def test_a_kiosk_that_stands_idle_for_hours_is_not_ended_by_the_pipeline(cache_dir):
    record = Record(clock=ConversationClock())
    tools = BarTools("visit", {}, MENU, SimulatedPayments(None), record.publish)
    visit, _, _ = visit_of(tools, record, cache_dir)
    [worker] = [part for part in vars(visit).values() if isinstance(part, PipelineWorker)]
    assert worker._idle_timeout_secs is None
