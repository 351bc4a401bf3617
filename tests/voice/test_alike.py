import pytest

from kiosk.voice.alike import Sounds


@pytest.fixture(scope="module")
def sounds():
    return Sounds()


@pytest.mark.parametrize(
    "names",
    [
        ("Iced Mocha", "Iced Mokka"),
        ("Gin", "Jim"),
        ("light roast", "white roast"),
        ("Pale Ale", "Pail Ail"),
        ("Old Fashioned", "old fashion"),
    ],
)
def test_names_that_differ_by_a_sound_or_by_ones_that_are_taken_for_another_are_alike(sounds, names):
    assert list(sounds.alike(names)) == [names]


@pytest.mark.parametrize(
    "names",
    [
        ("Rum", "Gin"),
        ("whole milk", "oat milk"),
        ("Merlot", "Malbec"),
        # A long name that two have in common does not make them alike.
        ("single shot of espresso", "double shot of espresso"),
        ("medium", "medium roast"),
        ("Martini", "Martini"),
    ],
)
def test_names_that_differ_by_more_are_not(sounds, names):
    assert list(sounds.alike(names)) == []


def test_each_pair_is_named_once_in_the_order_of_the_names(sounds):
    names = ["Jim", "Water", "Gin", "Rum", "Room"]
    assert list(sounds.alike(names)) == [("Jim", "Gin"), ("Rum", "Room")]
    assert list(sounds.alike([])) == []


def test_what_is_not_written_in_latin_letters_has_no_sound(sounds):
    assert sounds.of("🍹") == sounds.of("日本酒") == []
    assert sounds.of("Gin")
