"""Facts about the bartender in the cloud: the real client against a fake of its wire."""

import pytest

from kiosk.results import state_of
from kiosk.voice.gemini import GeminiBartender
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


async def test_it_is_asked_for_a_word_to_see_whether_it_is_back():
    with FakeGemini() as fake:
        bartender = GeminiBartender(KEY, "gemini", "You are Maya.", fake.url)
        assert await bartender.is_back()
        fake.go_wrong("429")
        with pytest.raises(Exception, match="as planned"):
            await bartender.is_back()
        await bartender.cleanup()
