"""The first to speak is taken, and of the others nothing is left."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from google.genai.types import GenerateContentResponse as Chunk

from kiosk.voice.gemini_errors import GeminiError
from kiosk.voice.gemini_race import Lane, SilentError, first_to_speak
from kiosk.voice.recording import WrittenLine
from tests.evening import Evening
from tests.fakes.gemini import MARK, FakeGemini, call

NEVER = 1e6
LITE = "gemini-3.5-flash-lite"


def chunk(text: str = "", *, thought: bool = False) -> Chunk:
    parts = [{"text": text, "thought": thought}] if text else []
    return Chunk.model_validate({"candidates": [{"content": {"role": "model", "parts": parts}}]})


class Asked:
    """A request whose answer a test holds.

    Attributes:
        is_over: whether it was read to its end, or closed.
    """

    def __init__(self, model: str, *says: Chunk | Exception, gate: asyncio.Event | None = None) -> None:
        self.lane = Lane(model, self._answer)
        self.began, self.is_over = asyncio.Event(), False
        self._says, self._gate = says, gate

    async def _answer(self) -> AsyncGenerator[Chunk, None]:
        self.began.set()
        try:
            if self._gate:
                await self._gate.wait()
            for said in self._says:
                if isinstance(said, Exception):
                    raise said
                yield said
        finally:
            self.is_over = True


async def heard(*asked: Asked, pause_secs: float = NEVER, patience_secs: float = NEVER) -> str:
    lanes = [each.lane for each in asked]
    said = [c async for c in first_to_speak(lanes, pause_secs, patience_secs)]
    assert all(each.is_over for each in asked if each.began.is_set())
    return " ".join(c.text for c in said if c.text)


def error(**options: bool) -> GeminiError:
    return GeminiError("no", 503, "no", "", **options)


async def test_a_second_request_runs_beside_one_that_is_silent_and_whoever_speaks_first_is_taken():
    gate = asyncio.Event()
    slow, quick = Asked("a", chunk("slow"), gate=gate), Asked("a", chunk("thinking", thought=True), chunk("quick"))
    assert await heard(slow, quick, pause_secs=0.01) == "quick"
    assert slow.is_over


async def test_the_first_is_taken_where_it_speaks_before_the_second():
    gate, never = asyncio.Event(), asyncio.Event()
    first, second = Asked("a", chunk("first"), chunk("and more"), gate=gate), Asked("a", chunk("second"), gate=never)
    hearing = asyncio.create_task(heard(first, second, pause_secs=0.01))
    await second.began.wait()
    gate.set()
    assert await hearing == "first and more"


async def test_one_that_speaks_at_once_is_asked_once():
    second = Asked("a", chunk("second"))
    assert await heard(Asked("a", chunk("first")), second) == "first"
    assert not second.began.is_set()


@pytest.mark.parametrize("fails", [error(), chunk(), ConnectionResetError()])
async def test_where_one_fails_before_a_word_the_next_is_asked_at_once(fails):
    assert await heard(Asked("a", fails), Asked("a", chunk("second"))) == "second"


async def test_a_model_that_cannot_answer_now_is_not_asked_twice():
    again = Asked("a", chunk("again"))
    assert await heard(Asked("a", error(is_of_model=True)), again, Asked("b", chunk("other"))) == "other"
    assert not again.began.is_set()


async def test_a_refused_key_is_shown_to_no_other_model():
    other = Asked("b", chunk("other"))
    with pytest.raises(GeminiError):
        await heard(Asked("a", error(is_final=True)), other)
    assert not other.began.is_set()


async def test_silence_of_all_is_an_error():
    with pytest.raises(SilentError):
        await heard(Asked("a", chunk()), Asked("b", chunk("hm", thought=True)))
    never = asyncio.Event()
    with pytest.raises(TimeoutError):
        await heard(Asked("a", gate=never), Asked("b", gate=never), pause_secs=0.01, patience_secs=0.05)


async def test_a_guest_who_interrupts_leaves_no_request_behind():
    never = asyncio.Event()
    first, second = Asked("a", gate=never), Asked("a", gate=never)
    hearing = asyncio.create_task(heard(first, second, pause_secs=0.01))
    await second.began.wait()
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    assert first.is_over
    assert second.is_over


async def test_where_both_requests_call_a_tool_the_guest_has_one_drink_and_pays_once(cache_dir):
    with FakeGemini() as gemini:
        gemini.go_wrong("late")
        gemini.will_answer(call("add_to_order_with_balance", item_name="Martini"))
        gemini.will_answer(call("add_to_order_with_balance", item_name="Martini"))
        gemini.will_answer({"text": "I've added a Martini."})
        evening = Evening(cache_dir, [WrittenLine("a martini please")], brain=gemini, second_request_secs=0.1)
        await evening.hold(pay=True, settle=True)
    assert evening.moves("llm") == ["cloud"]
    (paid,) = evening.paid()
    assert [(line.item, line.quantity) for line in paid.lines] == [("Martini", 1)]


@pytest.mark.parametrize("fault", ["503", "day", "404"])
async def test_the_lighter_model_answers_where_the_first_does_not(cache_dir, fault):
    with FakeGemini() as gemini:
        gemini.go_wrong(fault)
        evening = Evening(cache_dir, [WrittenLine("a martini please")], brain=gemini, fallback_model=LITE)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    assert evening.said()[-1] == f"{MARK}Coming up: a Martini. Your tab is $13."
    assert gemini.models[:2] == ["gemini-3.6-flash", LITE]


async def test_where_neither_model_answers_the_house_does(cache_dir):
    with FakeGemini() as gemini:
        gemini.go_wrong("503", "503", "503")
        evening = Evening(cache_dir, [WrittenLine("a martini please")], brain=gemini, fallback_model=LITE)
        await evening.hold()
        await evening.floor.wait_until_free()
    assert evening.moves("llm")[:2] == ["cloud", "house"]
    assert evening.said()[-1] == "Coming up: a Martini. Your tab is $13."
    assert evening.services()[-1].reason == "the service is overloaded (503)"
