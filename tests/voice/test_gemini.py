"""The whole conversation with the real Gemini client against a fake of its wire, which goes wrong in every way."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from pydantic import SecretStr

from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.events import Event, PayTouched, ServiceChanged
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.results import Record, state_of
from kiosk.settings import Settings, find_assets
from kiosk.voice import failover, gemini
from kiosk.voice.clock import ConversationClock
from kiosk.voice.floor import Floor
from kiosk.voice.recording import RecordingTransport, WrittenLine
from kiosk.voice.services import stages_of
from tests.fakes.gemini import FAULTS, KEY, MARK, FakeGemini

MENU = Menu.load(find_assets() / "menu.toml")
BeforeTurn = Callable[[int], Awaitable[None]]
SAID = ("two old fashioneds on the rocks and a dirty martini please", "fifteen percent tip", "what's on my tab")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """What is made of the menu, once for all tests."""
    return tmp_path_factory.mktemp("cache")


class Evening:
    """A guest's conversation with Gemini's wits."""

    def __init__(
        self, fake: FakeGemini, cache_dir, said=SAID, before_turn: BeforeTurn | None = None, key: str = KEY
    ) -> None:
        self.back = asyncio.Event()
        self.record = Record(clock=ConversationClock())
        self.floor = Floor()
        self.tools = BarTools("visit", {}, MENU, SimulatedPayments(0.0), self.record.publish)
        settings = Settings(gemini_api_key=SecretStr(key), gemini_base_url=fake.url, cache_dir=cache_dir)
        turns = iter(range(len(said) + 1))

        async def maya_is_done() -> None:
            await self.floor.wait_until_free()
            if before_turn:
                await before_turn(next(turns))

        transport = RecordingTransport(
            [WrittenLine(line) for line in said], self.floor, self.record.clock, False, maya_is_done
        )
        self.transport = transport
        self.conversation = Conversation(
            transport,
            self.tools,
            stages_of(settings, MENU, self.publish),
            self.publish,
            self.record.clock,
            self.floor,
            half_duplex=False,
            watch=False,
            observers=[self.record.log],
        )

    def publish(self, event: Event) -> None:
        self.record.publish(event)
        if isinstance(event, ServiceChanged) and event.reason == failover.BACK:
            self.back.set()

    async def hold(self, *, pay: bool = False) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.conversation.hold())
            await self.transport.input().play()
            if pay:
                await self.conversation.touched(PayTouched())
                await self.floor.wait_until_free()
                await self.conversation.settle_payment()
                await self.floor.wait_until_free()
            await self.conversation.end()

    def order(self) -> list[tuple[str, int, list[str]]]:
        return [(line["item"], line["quantity"], line["modifiers"]) for line in state_of(self.tools)["order"]]

    def said(self) -> list[str]:
        return [" ".join(turn.said) for turn in self.record.log.turns]

    def moves(self) -> list[tuple[str, str]]:
        return [(event.stage, event.where) for event in self.services() if event.stage == "llm"]

    def services(self) -> list[ServiceChanged]:
        return [event for _, event in self.record.events if isinstance(event, ServiceChanged)]


ORDERED = [("Old Fashioned", 2, ["on the rocks"]), ("Martini", 1, ["dirty"])]


async def test_a_guest_orders_tips_and_pays_with_gemini_behind_the_counter(cache):
    with FakeGemini() as fake:
        evening = Evening(fake, cache)
        await evening.hold(pay=True)
    assert state_of(evening.tools)["tab"] == "0.00"
    assert evening.moves() == [("llm", "cloud")]
    assert all(said.startswith(MARK) for said in evening.said()[1:])
    assert "42.55" in " ".join(evening.said())
    prompt = fake.asked[0]["systemInstruction"]["parts"][0]["text"]
    assert "You are Maya" in prompt
    assert "Old Fashioned $12" in prompt
    declared = {tool["name"] for tool in fake.asked[0]["tools"][0]["functionDeclarations"]}
    assert {"add_to_order_with_balance", "set_tip", "create_stripe_payment"} <= declared


@pytest.mark.parametrize("turn", [0, 1, 2], ids=["ordering", "tipping", "asking"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_goes_wrong_the_guest_is_answered_and_the_order_is_right(cache, fault, turn, monkeypatch):
    monkeypatch.setattr(gemini, "NEXT_WORDS_SECS", 0.5)
    monkeypatch.setattr(gemini, "ANSWER_SECS", 2.0)

    with FakeGemini() as fake:

        async def before(now: int) -> None:
            if now == turn:
                fake.go_wrong(fault)

        evening = Evening(fake, cache, before_turn=before)
        await evening.hold()
    state = state_of(evening.tools)
    assert evening.order() == ORDERED
    assert (state["tab"], state["tip"], state["balance"]) == ("37.00", "5.55", "963.00")
    assert evening.moves()[:2] == [("llm", "cloud"), ("llm", "house")]
    assert all(evening.said())


async def test_a_cloud_that_dies_in_mid_conversation_is_taken_up_again_when_it_is_back(cache, monkeypatch):
    monkeypatch.setattr(failover, "FIRST_PROBE_SECS", 0.05)
    with FakeGemini() as fake:

        async def before(turn: int) -> None:
            if turn == 1:
                fake.go_away()
            elif turn == 2:
                fake.come_back()
                async with asyncio.timeout(30):
                    await evening.back.wait()

        evening = Evening(fake, cache, before_turn=before)
        await evening.hold()
    assert evening.moves() == [("llm", "cloud"), ("llm", "house"), ("llm", "cloud")]
    assert evening.order() == ORDERED
    assert [said.startswith(MARK) for said in evening.said()[1:]] == [True, False, True]
    assert "$37" in evening.said()[3]


async def test_a_key_that_is_refused_leaves_the_house_to_answer(cache):
    with FakeGemini() as fake:
        evening = Evening(fake, cache, key="AIza-of-nobody")
        await evening.hold()
        assert "the key is refused" in [event.reason for event in evening.services()]
    assert evening.order() == ORDERED
    assert evening.moves() == [("llm", "cloud"), ("llm", "house")]
