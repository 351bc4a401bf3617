import asyncio

from kiosk.voice.floor import Floor


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
