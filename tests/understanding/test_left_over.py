"""Words that nothing at a bar explains."""

from kiosk.understanding.left_over import left_over
from tests.bartender.menus import BAR


def test_a_whole_order_leaves_nothing_over():
    assert not left_over("Two martinis, please, and I'd like to pay.", BAR).places


def test_what_no_name_and_no_phrase_explains_is_left_over_at_its_place():
    words, places = left_over("two old fashioned eggs on the rocks", BAR)
    assert [words[place] for place in places] == ["eggs"]


def test_of_a_story_everything_is_left_over():
    words, places = left_over("purple elephants " * 400, BAR)
    assert len(places) == len(words)
