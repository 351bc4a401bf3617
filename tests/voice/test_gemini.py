"""Facts about the bartender in the cloud: the real client against a fake of its wire."""

import pytest

from kiosk.bartender.house_brain import HouseBartender
from kiosk.results import state_of
from kiosk.voice.gemini import MOST_MESSAGES, GeminiBartender
from kiosk.voice.recording import WrittenLine
from tests.evening import MENU, Evening
from tests.fakes.gemini import KEY, MARK, FakeGemini


async def test_a_guest_orders_tips_and_pays_with_gemini_behind_the_counter(cache_dir):
    with FakeGemini() as fake:
        evening = Evening(cache_dir, brain=fake)
        await evening.hold(pay=True, settle=True)
    assert state_of(evening.tools)["tab"] == "0.00"
    assert evening.moves("llm") == ["cloud"]
    assert all(said.startswith(MARK) for said in evening.said()[1:])
    assert "42.55" in " ".join(evening.said())
    prompt = fake.asked[0]["systemInstruction"]["parts"][0]["text"]
    assert "You are Maya" in prompt
    assert "Old Fashioned $12" in prompt
    declared = {tool["name"] for tool in fake.asked[0]["tools"][0]["functionDeclarations"]}
    assert {"add_to_order_with_balance", "set_tip", "create_stripe_payment"} <= declared


async def test_a_guest_pays_at_the_bar_with_gemini_behind_the_counter(cache_dir):
    said = ["a martini please", "i'd like to pay", "can i pay cash"]
    with FakeGemini() as fake:
        evening = Evening(cache_dir, [WrittenLine(line) for line in said], brain=fake)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    assert (state_of(evening.tools)["payment_status"], state_of(evening.tools)["tab"]) == ("at_bar", "13.00")
    assert evening.said()[-1].endswith("you pay $13 at the bar. Your tab stays open there. The code is void.")


@pytest.mark.slow
async def test_after_a_long_evening_only_the_end_of_it_is_sent_and_the_order_is_still_known(cache_dir):
    said = ["a martini please", *["what cocktails do you have"] * 30, "what's on my tab"]
    with FakeGemini() as fake:
        evening = Evening(cache_dir, [WrittenLine(line) for line in said], brain=fake)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    assert max(len(asked["contents"]) for asked in fake.asked) <= MOST_MESSAGES
    assert fake.asked[-1]["contents"][0]["role"] == "user"
    assert "$13" in evening.said()[-1]


async def test_it_is_asked_for_a_word_to_see_whether_it_is_back():
    with FakeGemini() as fake:
        bartender = GeminiBartender(KEY, "gemini-3.6-flash", "You are Maya.", HouseBartender(MENU), fake.url)
        assert await bartender.is_back()
        fake.go_wrong("429")
        with pytest.raises(Exception, match="as planned"):
            await bartender.is_back()
        await bartender.cleanup()


async def test_gemini_is_told_how_far_the_visit_is(cache_dir):
    said = [
        "hello",
        "a martini please",
        "how are you",
        "nice weather today",
        "tell me a joke",
        "who are you",
        "i am tired",
    ]
    with FakeGemini() as fake:
        evening = Evening(cache_dir, [WrittenLine(line) for line in said], brain=fake)
        await evening.hold()
        instructions = [asked["systemInstruction"]["parts"][0]["text"] for asked in fake.asked]
    manners = [instruction.rpartition("Now: ")[2] for instruction in instructions]
    assert "has just come" in manners[0]
    assert "taking the order" in manners[1]
    assert "chat, and offer no drink" in manners[3]
    assert "offer another" in manners[-1]
    assert evening.tools.phases.get_current_phase() == "small_talk"


async def test_gemini_is_told_what_is_known_of_what_was_asked_and_of_nothing_else(cache_dir):
    said = ["where does the negroni come from", "two beers please"]
    with FakeGemini() as fake:
        await Evening(cache_dir, [WrittenLine(line) for line in said], brain=fake).hold()
        asked, ordered, *_ = (body["systemInstruction"]["parts"][0]["text"] for body in fake.asked)
    assert "Count Camillo" in asked
    assert "Count Camillo" not in ordered
