import pytest

from kiosk.bartender.outcomes import has_only_figures_of, outcomes
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.tally import Call
from tests.menu.menus import menu_of

RESULT = {"tip_percentage": 15, "tip_amount": 1.95, "tab": 13.0, "total": 1014.95}
LINK = {"url": "https://buy.stripe.com/test_3.33", "payment_id": "plink_3.33", "amount": 13.0}
TIP = Call("touch_1", "set_tip", {"percentage": 15}, {"status": "ok", "result": RESULT})


@pytest.mark.parametrize(
    "words",
    ["Thank you!", "15% is $1.95, so $1,014.95.", "Fifteen per cent on $13.00.", "15 %: 1.014,95 €."],
)
def test_words_that_name_the_figures_of_a_result_are_borne_out_by_it(words):
    assert has_only_figures_of(TIP, words)


@pytest.mark.parametrize("words", ["20%, thank you!", "That makes $14.96.", "You get 3 for free.", "$1014.950.01"])
def test_words_that_name_other_figures_are_not(words):
    assert not has_only_figures_of(TIP, words)


@pytest.mark.parametrize("call", [None, Call("touch_1", "create_stripe_payment", {}, {"status": "ok", "result": LINK})])
def test_there_are_no_figures_in_what_is_told_without_a_result_nor_in_an_address(call):
    assert has_only_figures_of(call, "Thank you!")
    assert not has_only_figures_of(call, "That makes $3.33.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"modifiers": ["large"], "without": ["mint", "lime"]}, "a large Lemonade without mint and lime"),
        ({"modifiers": ["extra shot", "extra shot"]}, "a Lemonade with 2 extra shots"),
        ({"modifiers": [], "note": "in a cold glass"}, "a Lemonade with the wish “in a cold glass”"),
        ({"modifiers": ["small"], "quantity": 2, "without": ["mint"]}, "two small Glasses of Lemonade without mint"),
    ],
)
def test_what_is_counted_left_out_or_wished_is_said_back(tmp_path, line, said):
    values = {"item": "Lemonade", "quantity": 1, "new_tab": 3.0, "lines": [], **line}
    book = Phrasebook(menu_of(tmp_path))
    added = Call("call_1", "add_to_order_with_balance", {}, {"status": "ok", "result": values})
    assert outcomes([added], book) == [f"Coming up: {said}. Your tab is $3."]
    told = {"lines": [values], "tab": 3.0}
    order = Call("call_2", "get_order", {}, {"status": "ok", "result": told})
    assert outcomes([order], book) == [f"You have {said}: $3 in all."]
