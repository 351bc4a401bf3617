import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.events import Event, HelloTouched, PayTouched, Saying, SessionEnded, SessionStarted, TipTouched
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.results import Record
from kiosk.session import Presence
from kiosk.settings import find_assets
from kiosk.state import manager
from kiosk.state.sessions import load
from kiosk.voice.clock import ConversationClock
from kiosk.voice.floor import Floor
from kiosk.voice.recording import RecordingTransport, WrittenLine
from kiosk.voice.services import house_stages

MENU = Menu.load(find_assets() / "menu.toml")
# Long beside what a turn takes where nothing is played aloud, short for a test.
IDLE_SECS = 0.4
WAIT_SECS = 30.0


@dataclass
class Counter:
    """A kiosk at which one guest comes after the other."""

    conversation: Conversation
    record: Record
    store: dict
    floor: Floor
    ready: asyncio.Queue[str]
    onlookers: list[Callable[[Event], None]] = field(default_factory=list)

    async def until_next_visit(self) -> None:
        """Return when the next visit is ready to begin."""
        async with asyncio.timeout(WAIT_SECS):
            await self.ready.get()

    def events(self, kind: type[Event]) -> list:
        return [event for _, event in self.record.events if isinstance(event, kind)]

    def said(self) -> list[str]:
        return [" ".join(turn.said) for turn in self.record.log.turns]

    def tab(self, session_id: str) -> Decimal:
        return manager.get_order_total(session_id, self.store)


@contextlib.asynccontextmanager
async def counter(cache_dir, *said: str, idle_secs: float = IDLE_SECS) -> AsyncIterator[Counter]:
    """The kiosk while guests say `said`; a line "(leaves)" is a guest who goes without a word."""
    record, store, floor = Record(clock=ConversationClock()), {}, Floor()
    ready: asyncio.Queue[str] = asyncio.Queue()
    ids = iter(f"visit-{number}" for number in range(1, 9))

    def visit() -> BarTools:
        return BarTools(next(ids), store, MENU, SimulatedPayments(0.0), publish)

    lines = iter([*said, None])

    async def next_guest() -> None:
        await floor.wait_until_free()
        if next(lines) == "(leaves)":
            await here.until_next_visit()
            next(lines)

    def publish(event: Event) -> None:
        record.publish(event)
        if isinstance(event, SessionStarted):
            ready.put_nowait(event.session_id)
        else:
            for onlooker in here.onlookers:
                onlooker(event)

    turns = [WrittenLine(line) for line in said if line != "(leaves)"]
    transport = RecordingTransport(turns, floor, record.clock, False, next_guest)
    conversation = Conversation(
        transport,
        visit(),
        house_stages(MENU, cache_dir),
        publish,
        record.clock,
        floor,
        watch=True,
        observers=[record.log],
        next_visit=visit,
    )
    here = Counter(conversation, record, store, floor, ready)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(conversation.hold())
        presence = tasks.create_task(Presence(floor, conversation, idle_secs).watch())
        await here.until_next_visit()
        await transport.input().play()
        yield here
        presence.cancel()
        await conversation.end()


async def test_a_guest_who_goes_is_asked_once_and_seen_off_and_the_next_begins_with_nothing(cache_dir):
    async with counter(cache_dir, "two martinis please", "(leaves)", "an ipa please", "what's on my tab") as here:
        assert here.tab("visit-1") == Decimal("26.00")
        assert here.tab("visit-2") == Decimal("6.00")
        over = [load(visit, here.store).conversation.is_over for visit in ("visit-1", "visit-2")]
        assert over == [True, False], "after a crash the first guest's tab would be the second's"
    said = " ".join(here.said())
    assert said.count("Are you still there?") == 1
    assert "Goodbye! Your tab of $26 stays open. You can pay it with the staff." in said
    assert [event.session_id for event in here.events(SessionEnded)] == ["visit-1"]
    assert [event.session_id for event in here.events(SessionStarted)] == ["visit-1", "visit-2"]
    assert "Martini" not in here.said()[-1]
    assert "IPA" in here.said()[-1]


async def test_nobody_is_greeted_before_somebody_comes_and_a_touch_is_enough(cache_dir):
    async with counter(cache_dir) as here:
        assert not any(here.said())
        await here.conversation.touched(HelloTouched())
        await here.floor.wait_until_free()
        assert here.said() == ["Welcome to MOK 5-ha! I'm Maya. What can I get you?"]


@pytest.mark.slow
async def test_a_guest_who_touches_something_while_maya_says_goodbye_has_not_gone(cache_dir):
    async with counter(cache_dir, "a martini please") as here:
        said: asyncio.Queue[str] = asyncio.Queue()
        here.onlookers.append(lambda event: said.put_nowait(event.text) if isinstance(event, Saying) else None)
        async with asyncio.timeout(WAIT_SECS):
            while not (await said.get()).startswith("Goodbye"):
                pass
        await here.conversation.touched(TipTouched(15))
        await here.floor.wait_until_free()
        assert here.events(SessionEnded) == []
        assert manager.get_payment_state("visit-1", here.store)["tip_percentage"] == 15
        await here.until_next_visit()
    assert " ".join(here.said()).count("Goodbye") == 2


async def test_a_guest_who_pays_at_the_bar_is_not_asked_and_leaves_an_open_tab_for_the_staff(cache_dir):
    async with counter(cache_dir, "a martini please", "can i pay cash") as here:
        await here.until_next_visit()
    said = " ".join(here.said())
    assert "still there" not in said
    assert said.endswith("Your tab of $13 stays open. You can pay it with the staff.")
    left = load("visit-1", here.store)
    assert (left.at_bar, left.conversation.is_over, left.is_outstanding) == ("chosen", True, True)


@pytest.mark.slow
async def test_a_guest_who_has_paid_is_not_asked_whether_there_is_anything_else(cache_dir):
    # The watcher looks every two seconds; a guest with a code is given four times as long, twelve seconds here.
    async with counter(cache_dir, "a martini please", idle_secs=3.0) as here:
        await here.conversation.touched(PayTouched())
        await here.until_next_visit()
    said = " ".join(here.said())
    assert "Your payment has arrived" in said
    assert "still there" not in said
    assert said.endswith("Goodbye, and see you soon!")
    assert here.tab("visit-1") == 0
