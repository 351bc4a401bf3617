import asyncio

from pipecat.frames.frames import ErrorFrame, Frame, LLMContextFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame
from pipecat.observers.base_observer import FramePushed
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregator
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.llm_service import LLMService

from kiosk.voice.floor import Floor


async def push(floor: Floor, source: FrameProcessor, frame: Frame) -> None:
    upstream = isinstance(frame, ErrorFrame)
    direction = FrameDirection.UPSTREAM if upstream else FrameDirection.DOWNSTREAM
    await floor.on_push_frame(FramePushed(source, FrameProcessor(), frame, direction, 0))


async def test_an_answer_that_breaks_off_is_due_until_somebody_else_is_asked():
    floor, cloud, house, guest = Floor(), LLMService(), LLMService(), LLMUserAggregator(LLMContext())
    await push(floor, guest, LLMContextFrame(LLMContext()))
    await push(floor, cloud, LLMFullResponseStartFrame())
    await push(floor, cloud, ErrorFrame("cut"))
    await push(floor, cloud, LLMFullResponseEndFrame())
    assert not floor.is_free
    await push(floor, guest, LLMContextFrame(LLMContext()))
    await push(floor, house, LLMFullResponseStartFrame())
    assert not floor.is_free
    await push(floor, house, LLMFullResponseEndFrame())
    assert floor.is_free


async def test_a_failure_while_nothing_was_asked_leaves_the_floor_free():
    floor = Floor()
    await push(floor, LLMService(), ErrorFrame("gone"))
    assert floor.is_free


async def test_an_answer_that_never_comes_does_not_hold_the_floor_for_ever():
    floor = Floor(patience_secs=0.05)
    floor.expect_answer()
    assert floor.maya_works
    await floor.wait_until_free()
    assert not floor.maya_works
    async with asyncio.timeout(5):
        assert await floor.stays_free(0.01)


async def test_the_floor_stays_free_only_until_somebody_has_something_to_say():
    floor = Floor()
    waiting = asyncio.create_task(floor.stays_free(60))
    await asyncio.sleep(0)
    floor.expect_answer()
    async with asyncio.timeout(5):
        assert not await waiting


async def test_while_the_kiosk_has_news_the_floor_is_quiet_and_not_free():
    floor = Floor()
    guest = asyncio.create_task(floor.wait_until_free())
    with floor.news():
        async with asyncio.timeout(5):
            await floor.wait_until_quiet()
        assert not floor.is_free
        assert not guest.done()
    async with asyncio.timeout(5):
        await guest
