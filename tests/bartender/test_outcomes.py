import pytest

from kiosk.bartender.outcomes import has_only_figures_of
from kiosk.bartender.tally import Call

RESULT = {"tip_percentage": 15, "tip_amount": 1.95, "tab": 13.0, "total": 1014.95}
TIP = Call("touch_1", "set_tip", {"percentage": 15}, {"status": "ok", "result": RESULT})


@pytest.mark.parametrize("words", ["Thank you!", "15% is $1.95, so $1,014.95.", "Fifteen per cent on $13.00, lovely."])
def test_words_that_name_the_figures_of_a_result_are_borne_out_by_it(words):
    assert has_only_figures_of(TIP, words)


@pytest.mark.parametrize("words", ["20%, thank you!", "That makes $14.96.", "You get 3 for free.", "$1014.950.01"])
def test_words_that_name_other_figures_are_not(words):
    assert not has_only_figures_of(TIP, words)
