"""Facts about the bartender in the cloud: the real client against a fake of its wire."""

import pytest

from kiosk.results import state_of
from kiosk.voice.gemini import MOST_MESSAGES, GeminiBartender
from kiosk.voice.recording import WrittenLine
from tests.evening import Evening
from tests.fakes.gemini import KEY, MARK, FakeGemini


async def test_a_guest_orders_tips_and_pays_with_gemini_behind_the_counter(tmp_path):
    with FakeGemini() as fake:
        evening = Evening(tmp_path, brain=fake)
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


async def test_after_a_long_evening_only_the_end_of_it_is_sent_and_the_order_is_still_known(tmp_path):
    said = ["a martini please", *["what cocktails do you have"] * 40, "what's on my tab"]
    with FakeGemini() as fake:
        evening = Evening(tmp_path, [WrittenLine(line) for line in said], brain=fake)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    assert max(len(asked["contents"]) for asked in fake.asked) <= MOST_MESSAGES
    assert fake.asked[-1]["contents"][0]["role"] == "user"
    assert "$13" in evening.said()[-1]


async def test_it_is_asked_for_a_word_to_see_whether_it_is_back():
    with FakeGemini() as fake:
        bartender = GeminiBartender(KEY, "gemini", "You are Maya.", fake.url)
        assert await bartender.is_back()
        fake.go_wrong("429")
        with pytest.raises(Exception, match="as planned"):
            await bartender.is_back()
        await bartender.cleanup()
