"""How Gemini's answers end, and what is held back of them: no guest hears of an order that nobody made."""

import pytest

from kiosk.events import TipTouched
from kiosk.results import state_of
from kiosk.state.sessions import load
from kiosk.voice.recording import WrittenLine
from tests.evening import Evening
from tests.fakes.gemini import ENDINGS, FakeGemini, call
from tests.sampling import sampled

ORDER = [WrittenLine("a martini please")]
HOUSE = "Coming up: a Martini. Your tab is $13."
MARTINI = [("Martini", 1, [])]


def words(*said: str) -> list[dict[str, str]]:
    return [{"text": text} for text in said]


@pytest.mark.parametrize("ending", sampled(ENDINGS, every=2))
async def test_an_answer_that_breaks_off_after_words_is_finished_by_the_house(cache_dir, ending):
    with FakeGemini() as gemini:
        gemini.go_wrong(ending)
        gemini.will_answer(*words("Let me see. ", "One ", "moment, ", "please."), call("clear_order"))
        evening = Evening(cache_dir, ORDER, brain=gemini)
        await evening.hold()
    assert evening.moves("llm")[:2] == ["cloud", "house"]
    assert evening.services()[-1].reason == f"it broke off ({ending})"
    assert evening.order() == MARTINI
    assert evening.said()[-1] == f"Let me see. {HOUSE}"


@pytest.mark.parametrize("ending", sampled([*ENDINGS, "STOP"], every=5))
async def test_no_sentence_stands_that_claims_an_order_which_no_tool_made(cache_dir, ending):
    with FakeGemini() as gemini:
        if ending != "STOP":
            gemini.go_wrong(ending)
        gemini.will_answer(
            *words("Sure! ", "Two Martinis are ", "coming right up. ", "Your tab ", "is $26. ", "Enjoy!")
        )
        evening = Evening(cache_dir, ORDER, brain=gemini)
        await evening.hold()
    assert evening.moves("llm")[:2] == ["cloud", "house"]
    assert evening.order() == MARTINI
    assert "Two Martinis" not in evening.said()[-1]
    assert evening.said()[-1].endswith(HOUSE)


async def test_no_sentence_stands_that_claims_a_call_for_the_staff_which_no_tool_made(cache_dir):
    with FakeGemini() as gemini:
        gemini.will_answer(*words("Of course! ", "I've called ", "the staff, ", "they're on their way."))
        evening = Evening(cache_dir, [WrittenLine("can i talk to the manager")], brain=gemini)
        await evening.hold()
    assert evening.moves("llm")[:2] == ["cloud", "house"]
    assert evening.said()[-1] == "Of course! I've called the staff for you."
    assert [call.reason for call in load("visit", evening.tools.store).staff_calls] == ["wants to speak to somebody"]


async def test_a_claim_before_its_call_is_held_back_until_the_tool_has_done_it(cache_dir):
    with FakeGemini() as gemini:
        gemini.will_answer(*words("A Martini, coming up!"), call("add_to_order_with_balance", item_name="Martini"))
        gemini.will_answer(*words("I've added a Martini. ", "Anything else?"))
        evening = Evening(cache_dir, ORDER, brain=gemini)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    assert evening.said()[-1] == "I've added a Martini. Anything else?"
    assert evening.order() == MARTINI


async def test_an_order_that_was_refused_is_not_said_to_be_on_its_way(cache_dir):
    with FakeGemini() as gemini:
        gemini.will_answer(call("add_to_order_with_balance", item_name="Martini", quantity=99))
        gemini.will_answer(*words("Ninety-nine Martinis, coming up!"))
        evening = Evening(cache_dir, [WrittenLine("ninety nine martinis")], brain=gemini)
        await evening.hold()
    assert evening.order() == []
    assert "coming up" not in evening.said()[-1].lower()


async def test_a_payment_that_nobody_saw_is_not_confirmed(cache_dir):
    with FakeGemini() as gemini:
        gemini.will_answer(*words("Your payment has arrived, thank you!"))
        evening = Evening(cache_dir, [WrittenLine("did my payment go through")], brain=gemini)
        await evening.hold()
    assert "arrived" not in evening.said()[-1]


async def test_what_a_touch_did_may_be_claimed_and_nothing_else(cache_dir):
    with FakeGemini() as gemini:
        evening = Evening(cache_dir, ORDER, brain=gemini)

        async def touching() -> None:
            gemini.will_answer(*words("I've added your 15% tip. Thank you!"))
            await evening.touch(TipTouched(15))
            gemini.will_answer(*words("Your payment has arrived. Cheers!"))
            await evening.touch(TipTouched(20))

        await evening.hold(then=touching)
    assert evening.moves("llm") == ["cloud"]
    said = " ".join(evening.said())
    assert "I've added your 15% tip. Thank you!" in said
    assert "arrived" not in said
    assert state_of(evening.tools)["tip_percentage"] == 20
