"""The conversation as Gemini is shown it, held against what the service refuses."""

from typing import Any

import pytest
from pipecat.processors.aggregators.llm_context import LLMContext, LLMSpecificMessage

from kiosk.bartender.notices import Notice
from kiosk.bartender.tally import Call, made
from kiosk.voice.gemini import MOST_MESSAGES, recent
from kiosk.voice.gemini_history import GeminiHistory
from tests.fakes.gemini_rules import refusal, signature_of

OK = {"status": "ok", "result": {}}


def guest(words: str) -> dict[str, Any]:
    return {"role": "user", "content": words}


def signed(call_id: str, name: str = "add_to_order") -> LLMSpecificMessage:
    """What pipecat keeps of a signature of Gemini's."""
    note = {
        "type": "thought_signature",
        "signature": signature_of({"name": name}),
        "bookmark": {"function_call": call_id},
    }
    return LLMSpecificMessage(llm="google", message=note)


async def shown(*messages: Any) -> list[dict[str, Any]]:
    parameters = await GeminiHistory().get_llm_invocation_params(LLMContext(list(messages)))
    return [content.model_dump(mode="json", by_alias=True, exclude_none=True) for content in parameters["messages"]]


def told(contents: list[dict[str, Any]]) -> list[str]:
    """Each turn in a word: what is said, called or answered."""
    turns = []
    for content in contents:
        parts = [part.get("text") or next(iter(part.values())).get("name") for part in content["parts"]]
        turns.append(" ".join(parts))
    return turns


async def test_a_touch_stands_behind_its_notice_and_not_with_a_call_of_an_earlier_turn():
    ordered = [guest("a martini"), signed("1"), *made(Call("1", "add_to_order", {}, OK))]
    touched = [Notice.TOUCHED.message, *made(Call("touch_2", "set_tip", {"percentage": 15}, OK))]
    contents = await shown(*ordered, {"role": "assistant", "content": "Coming up."}, *touched)
    assert told(contents) == [
        "a martini", "add_to_order", "add_to_order", "Coming up.", Notice.TOUCHED, "set_tip", "set_tip",
    ]  # fmt: skip
    assert refusal(contents) == ""


async def test_a_call_that_is_noted_behind_the_words_of_its_answer_is_of_their_turn():
    said = {"role": "assistant", "content": "Let me see."}
    contents = await shown(guest("a martini"), said, signed("1"), *made(Call("1", "add_to_order", {}, OK)))
    assert told(contents) == ["a martini", "Let me see. add_to_order", "add_to_order"]
    assert refusal(contents) == ""


async def test_calls_that_were_made_at_once_stay_together():
    calls = [Call(str(number), name, {}, OK) for number, name in enumerate(("add_to_order", "get_menu"))]
    contents = await shown(guest("a martini, and the menu"), signed("0"), *made(calls[0]), *made(calls[1]))
    assert told(contents)[1:] == ["add_to_order get_menu", "add_to_order get_menu"]
    assert refusal(contents) == ""


@pytest.mark.parametrize("later", range(5))
def test_a_long_conversation_is_cut_where_a_turn_begins(later):
    broken_off = [guest("a martini"), Notice.BROKEN_OFF.message, *made(Call("house_1", "add_to_order", {}, OK))]
    turn = [*broken_off, {"role": "assistant", "content": "Coming up."}]
    turns = turn * (MOST_MESSAGES // len(turn) + 1)
    context = LLMContext([*turns, *([{"role": "assistant", "content": "Good evening."}] * later)])
    assert recent(context).messages[0] == guest("a martini")
    assert MOST_MESSAGES - len(turn) < len(recent(context).messages) <= MOST_MESSAGES
