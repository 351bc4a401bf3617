import pytest

from kiosk.understanding.numbers import read_number
from kiosk.understanding.words import canonical, plain_words


@pytest.mark.parametrize("figure", ["➎", "²", "٣", "𝟜"])
def test_figures_of_every_kind_are_words_or_numbers_and_no_error(figure):
    assert canonical(figure)
    assert read_number([figure, "beers"], 0) in (None, (3, 1), (4, 1))
    assert "beers" in plain_words(f"{figure} beers")
