"""What the buttons do, whatever the bartender's mind: each touch has its effect once, and Maya says what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    FunctionCallResultFrame,
    FunctionCallsStartedFrame,
    LLMContextUserTurnFrame,
    LLMTextFrame,
)
from pipecat.observers.base_observer import FramePushed
from pipecat.processors.filters.identity_filter import IdentityFilter
from pipecat.processors.frame_processor import FrameDirection

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.notices import Notice
from kiosk.bartender.tally import Call, exchanges
from kiosk.bartender.tools import BarTools
from kiosk.events import CancelTouched, HelloTouched, Intent, PaymentLinkReady, PayTouched, StartOverTouched, TipTouched
from kiosk.payments.simulated import SimulatedPayments
from kiosk.results import state_of
from kiosk.state.errors import StoreError
from kiosk.voice.floor import Floor
from kiosk.voice.recording import WrittenLine
from kiosk.voice.touches import Touches, TouchFrame
from tests.evening import MENU, Evening
from tests.fakes.gemini import MANNERS, MARK, WORDS, FakeGemini, Manner
from tests.sampling import sampled
from tests.voice.touching import TouchAt

PHASES = {
    "greeting": [],
    "order_taking": ["hello"],
    "small_talk": ["a martini please"],
    "reorder_prompt": ["a martini please", "how are you", "nice weather today", "tell me a joke", "who are you"],
}
# With an order and without one.
ORDERED, EMPTY_HANDED = ["small_talk", "reorder_prompt"], ["greeting", "order_taking"]


def minds_in(phases: list[str]) -> list[tuple[str, Manner | None]]:
    """Bartenders by the phase of the visit: the house in each, and Gemini in each of its manners in one of them."""
    return [*((phase, None) for phase in phases), *zip(cycle(phases), MANNERS, strict=False)]


NO_TIP = "There is nothing on the tab to tip on."
NO_BILL = "There is nothing to pay: the tab is empty."
EMPTY = "Your order is empty already."


class Visit:
    """A guest who has come so far, and touches buttons now."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self.phase = state_of(evening.tools)["phase"]

    async def touch(self, intent: Intent) -> str:
        """What Maya says to a touch; no touch leads to another phase."""
        before = len(self.evening.record.log.turns[-1].said)
        await self.evening.touch(intent)
        assert state_of(self.evening.tools)["phase"] == self.phase
        return " ".join(self.evening.record.log.turns[-1].said[before:])

    @property
    def bill(self) -> tuple[str, int | None, str, str]:
        state = state_of(self.evening.tools)
        return state["tab"], state["tip_percentage"], state["total"], state["payment_status"]

    @property
    def codes(self) -> list[str]:
        """The payments for which a code was shown."""
        ready = [event for _, event in self.evening.record.events if isinstance(event, PaymentLinkReady)]
        return list(dict.fromkeys(event.payment_id for event in ready))


async def visited(tmp_path, said: list[str], manner: Manner | None, then: Callable[[Visit], Awaitable[None]]) -> Visit:
    """The visit of a guest who has said so much, and then does something under a bartender of this manner."""
    with FakeGemini() as gemini:
        lines = [WrittenLine(line) for line in said]
        evening = Evening(tmp_path, lines, brain=gemini if manner else None)
        visits: list[Visit] = []

        async def touching() -> None:
            visits.append(Visit(evening))
            gemini.manner = manner or "thinks"
            await then(visits[0])

        await evening.hold(then=touching)
        # However it behaves: what it makes of a touch is no reason to leave it.
        assert evening.moves("llm") == ["cloud" if manner else "house"]
    return visits[0]


def words(manner: Manner | None, house: str) -> str:
    """What Maya says to a touch: Gemini's own words where they are true, else the house's."""
    if manner == "thinks":
        return MARK + house
    return WORDS if manner == "words_only" else house


@pytest.mark.parametrize(("phase", "manner"), sampled(minds_in(ORDERED), every=8))
async def test_every_button_does_what_it_says_once_whatever_the_bartender_makes_of_it(cache_dir, phase, manner):
    async def touching(visit: Visit) -> None:
        assert visit.phase == phase
        assert await visit.touch(TipTouched(20)) == words(manner, "20% is $2.60, so $15.60 in all. Thank you!")
        assert visit.bill == ("13.00", 20, "15.60", "pending")
        assert await visit.touch(TipTouched(20)) == words(manner, "No tip, then. The total is $13.")
        assert visit.bill == ("13.00", None, "13.00", "pending")
        assert await visit.touch(TipTouched(15)) == words(manner, "15% is $1.95, so $14.95 in all. Thank you!")
        assert visit.bill == ("13.00", 15, "14.95", "pending")
        pay = "That's $14.95. Please scan the code on the screen. It's simulated, no money moves."
        assert await visit.touch(PayTouched()) == words(manner, pay)
        assert (visit.bill, len(visit.codes)) == (("13.00", 15, "14.95", "processing"), 1)
        await visit.touch(PayTouched())
        assert (visit.bill, len(visit.codes)) == (("13.00", 15, "14.95", "processing"), 1)
        assert await visit.touch(CancelTouched())
        assert (visit.bill, len(visit.codes)) == (("13.00", 15, "14.95", "pending"), 1)
        assert await visit.touch(HelloTouched())
        assert (visit.bill, len(visit.codes)) == (("13.00", 15, "14.95", "pending"), 1)
        assert await visit.touch(StartOverTouched()) == words(manner, "All cleared. What can I get you?")
        assert visit.bill == ("0.00", None, "0.00", "pending")
        assert visit.evening.order() == []

    visit = await visited(cache_dir, PHASES[phase], manner, touching)
    assert not visit.evening.paid()


@pytest.mark.parametrize(("phase", "manner"), sampled(minds_in(EMPTY_HANDED), every=9))
async def test_what_cannot_be_done_is_told_by_the_house_whatever_the_bartender_would_say(cache_dir, phase, manner):
    async def touching(visit: Visit) -> None:
        assert visit.phase == phase
        for intent, house in ((TipTouched(15), NO_TIP), (PayTouched(), NO_BILL), (TipTouched(10), NO_TIP)):
            assert await visit.touch(intent) == house
        assert await visit.touch(StartOverTouched()) == words(manner, EMPTY)
        assert await visit.touch(HelloTouched())
        assert visit.bill == ("0.00", None, "0.00", "pending")

    visit = await visited(cache_dir, PHASES[phase], manner, touching)
    assert (visit.codes, visit.evening.order()) == ([], [])


@pytest.mark.parametrize("manner", sampled(MANNERS, every=7))
async def test_a_payment_is_thanked_for_and_charged_once_whatever_the_bartender_makes_of_it(cache_dir, manner):
    async def paying(visit: Visit) -> None:
        await visit.touch(PayTouched())
        for _ in range(2):
            await visit.evening.conversation.settle_payment()
            await visit.evening.floor.wait_until_free()
        thanked = visit.evening.record.log.turns[-1].said[-1]
        assert thanked == words(manner, "Your payment has arrived. Thank you, and cheers!")
        await visit.touch(PayTouched())

    visit = await visited(cache_dir, PHASES["small_talk"], manner, paying)
    (paid,) = visit.evening.paid()
    assert (paid.tab, len(visit.codes)) == (13, 1)
    assert visit.evening.order() == []
    assert visit.evening.said()[-1].endswith(NO_BILL)


MOMENTS = [
    LLMContextUserTurnFrame, FunctionCallsStartedFrame, FunctionCallResultFrame, LLMTextFrame, BotStartedSpeakingFrame,
]  # fmt: skip


@pytest.mark.parametrize(("moment", "manner"), sampled(zip(MOMENTS, cycle(["thinks", None]), strict=False), every=5))
async def test_a_touch_acts_whatever_maya_is_doing_and_is_told_behind_that_as_it_then_is(cache_dir, moment, manner):
    touch = TouchAt(moment, TipTouched(15))
    with FakeGemini() as gemini:

        async def second_turn(turn: int) -> None:
            touch.evening = evening if turn else None

        lines = [WrittenLine("a martini please"), WrittenLine("and a tap beer")]
        evening = Evening(
            cache_dir, lines, brain=gemini if manner else None, observers=[touch], before_turn=second_turn
        )
        await evening.hold()
    assert touch.touching
    await touch.touching
    assert evening.order() == [("Martini", 1, []), ("Tap Beer", 1, [])]
    assert state_of(evening.tools)["total"] == "20.70"
    mark = MARK if manner else ""
    said = [f"{mark}Coming up: a Tap Beer. Your tab is $18.", f"{mark}15% is $2.70, so $20.70 in all. Thank you!"]
    assert evening.record.log.turns[-1].said == said


@pytest.mark.parametrize("fault", sampled(["cut", "429", "garbage"], every=3))
async def test_the_house_words_a_touch_where_the_cloud_breaks_off_and_nothing_is_done_twice(cache_dir, fault):
    with FakeGemini() as gemini:
        evening = Evening(cache_dir, [WrittenLine("a martini please")], brain=gemini)

        async def touching() -> None:
            # It is asked once more where it fails before its first word.
            gemini.go_wrong(fault, fault)
            await evening.touch(PayTouched())

        await evening.hold(then=touching)
    assert evening.moves("llm") == ["cloud", "house"]
    visit = Visit(evening)
    assert (visit.bill, len(visit.codes)) == (("13.00", None, "13.00", "processing"), 1)
    assert evening.record.log.turns[-1].said[-1].startswith("That's $13. Please scan the code on the screen.")
    assert [made["name"] for made in evening.record.log.turns[-1].tools][1:] == ["create_stripe_payment"]


async def test_a_button_that_is_touched_twice_at_once_is_answered_once(cache_dir):
    async def touching(visit: Visit) -> None:
        async def twice(intent: Intent) -> list[str]:
            before = len(visit.evening.record.log.turns[-1].said)
            await asyncio.gather(*(visit.evening.conversation.touched(intent) for _ in range(2)))
            await visit.evening.floor.wait_until_free()
            return visit.evening.record.log.turns[-1].said[before:]

        assert await twice(TipTouched(15)) == ["No tip, then. The total is $13."]
        assert visit.bill == ("13.00", None, "13.00", "pending")
        (said,) = await twice(PayTouched())
        assert said.startswith("That's $13. Please scan the code")
        assert len(visit.codes) == 1
        assert await twice(CancelTouched()) == ["All right, that code is void. Your tab stays open."]
        assert await twice(StartOverTouched()) == ["All cleared. What can I get you?"]
        assert await twice(HelloTouched())

    visit = await visited(cache_dir, PHASES["small_talk"], None, touching)
    assert visit.bill == ("0.00", None, "0.00", "pending")


async def test_gemini_is_shown_notice_call_and_result_of_a_touch_and_may_call_nothing(cache_dir):
    with FakeGemini() as gemini:
        evening = Evening(cache_dir, [WrittenLine("a martini please")], brain=gemini)
        await evening.hold(then=lambda: evening.touch(TipTouched(15)))
    *before, said, called, answered = gemini.asked[-1]["contents"]
    assert (said["role"], said["parts"][0]["text"]) == ("user", Notice.TOUCHED)
    assert called["parts"][0]["functionCall"]["args"] == {"percentage": 15}
    assert answered["parts"][0]["functionResponse"]["response"]["result"]["total"] == 14.95
    assert "Coming up: a Martini" in before[-1]["parts"][0]["text"]
    assert gemini.asked[-1]["toolConfig"]["functionCallingConfig"]["mode"] == "NONE"
    assert "toolConfig" not in gemini.asked[0]
    made = evening.record.log.turns[-1].tools[-1]
    assert (made["name"], made["arguments"], made["result"]["status"]) == ("set_tip", {"percentage": 15}, "ok")


BUTTONS = st.sampled_from([TipTouched(10), TipTouched(15), TipTouched(20), PayTouched(), StartOverTouched()])
# While Maya speaks: what is touched, and how many beers that were asked for before are put on the order meanwhile.
STEPS = st.lists(st.tuples(st.lists(BUTTONS, max_size=3), st.integers(0, 4)), max_size=6)


class WatchedFloor(Floor):
    """Tells when touches have been acted on."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: set[asyncio.Task[Any] | None] = set()
        self._waits = asyncio.Event()

    async def wait_until_quiet(self) -> None:
        self._waiting.add(asyncio.current_task())
        self._waits.set()
        await super().wait_until_quiet()

    async def wait_until_acted_on(self, touching: list[asyncio.Task[None]]) -> None:
        """Return once each touch has been acted on, and waits for Maya if it is to be told."""
        for task in touching:
            task.add_done_callback(lambda _: self._waits.set())
        while not all(task.done() or task in self._waiting for task in touching):
            self._waits.clear()
            await self._waits.wait()


class Stage:
    """Maya's part of a conversation, by the frames that the floor follows."""

    def __init__(self) -> None:
        self.floor = WatchedFloor()
        self.messages: list[Any] = []
        self.answers = 0

    async def push(self, frame: Frame) -> None:
        nobody = IdentityFilter()
        await self.floor.on_push_frame(FramePushed(nobody, nobody, frame, FrameDirection.DOWNSTREAM, 0))

    async def answer(self, frame: Frame) -> None:
        """Remember what was told, and answer it."""
        assert isinstance(frame, TouchFrame)
        self.messages += [*frame.messages, {"role": "assistant", "content": "All right."}]
        self.answers += 1
        await self.push(BotStartedSpeakingFrame())
        await self.push(BotStoppedSpeakingFrame())


@settings(max_examples=15)
@given(STEPS)
def test_whatever_is_touched_at_once_the_bartender_is_told_once_and_as_it_is(steps):
    async def evening() -> None:
        tools, stage = BarTools("visit", {}, MENU, SimulatedPayments(None), lambda event: None), Stage()
        touches = Touches(lambda: tools, stage.floor, stage.answer)
        for number, (buttons, beers) in enumerate(steps):
            answers = stage.answers
            await stage.push(BotStartedSpeakingFrame())
            touching = [asyncio.create_task(touches.act_on(button)) for button in buttons]
            for beer in range(beers):
                await tools.call("add_to_order", {"item_name": "Tap Beer"}, f"beer {number}.{beer}")
            await stage.floor.wait_until_acted_on(touching)
            assert stage.answers == answers
            await stage.push(BotStoppedSpeakingFrame())
            await asyncio.gather(*touching)
            assert stage.answers == answers + bool(buttons)
            if buttons:
                assert_told_as_it_is(exchanges(stage.messages)[-1].touched[-1], tools)
        session = await tools.checkout.session()
        assert session.payment.balance + session.payment.tab_total == 1000
        assert not session.history
        await tools.close()

    asyncio.run(evening())


def assert_told_as_it_is(told: Call, tools: BarTools) -> None:
    """The last that the bartender was told of the bill is how it stands."""
    state = state_of(tools)
    tab, total = float(state["tab"]), float(state["total"])
    match told.name:
        case "set_tip" | "get_tip" if told.ok:
            assert (told.values["tip_percentage"], told.values["total"]) == (state["tip_percentage"], total)
        case "create_stripe_payment" if told.ok:
            assert (told.values["amount"], state["payment_status"]) == (total, "processing")
        case "clear_order":
            assert told.values["new_tab"] == tab == 0
        case "get_order":
            assert told.values["tab"] == tab
        case _:
            assert tab == 0, told.result


class Unwritable(dict):
    """A store that can be read and not changed."""

    def __setitem__(self, key: str, value: object) -> None:
        raise StoreError("the disk is full")


async def test_a_code_that_cannot_be_taken_back_is_not_called_void():
    tools, stage = BarTools("visit", {}, MENU, SimulatedPayments(None), lambda event: None), Stage()
    await tools.call("add_to_order", {"item_name": "Martini"}, "order")
    await tools.call("create_stripe_payment", {}, "pay")
    full = BarTools("visit", Unwritable(tools.store), MENU, SimulatedPayments(None), lambda event: None)
    await Touches(lambda: full, stage.floor, stage.answer).act_on(CancelTouched())
    assert stage.messages[0]["content"] == Notice.CANCEL_FAILED
    assert HouseBartender(MENU).respond(stage.messages[:-1]).say == (
        "Sorry, I can't take that code back just now. Please ask the staff."
    )
    assert state_of(tools)["payment_status"] == "processing"


async def test_a_guest_who_has_gone_is_told_nothing():
    changed, stage = asyncio.Event(), Stage()
    here, next_one = (BarTools(name, {}, MENU, SimulatedPayments(None), lambda _: changed.set()) for name in "12")
    await here.call("add_to_order", {"item_name": "Martini"}, "order")
    changed.clear()
    present = [here]
    touches = Touches(lambda: present[0], stage.floor, stage.answer)
    await stage.push(BotStartedSpeakingFrame())
    touching = asyncio.create_task(touches.act_on(StartOverTouched()))
    await changed.wait()
    present[0] = next_one
    touches.forget()
    await stage.push(BotStoppedSpeakingFrame())
    await touching
    assert stage.messages == []
    assert state_of(here)["order"] == []
