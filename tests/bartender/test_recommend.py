from pathlib import Path

import pytest

from kiosk.bartender.recommend import recommend
from kiosk.menu import Menu

MENU = Menu.load(Path(__file__).parents[2] / "assets" / "menu.toml")


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("something strong", "strong"),
        ("Strong!", "strong"),
        ("a stiff drink", "strong"),
        ("sweet and refreshing", "fruity"),
        ("something classy please", "classy"),
        ("I have to drive", "sobering"),
        ("something without alcohol", "sobering"),
        ("a non-alcoholic drink", "sobering"),
        ("alcohol free", "sobering"),
        ("it should burn", "burning"),
    ],
)
def test_what_a_guest_asks_for_is_recommended(said, tag):
    items = recommend(MENU, said)
    assert 1 <= len(items) <= 3
    assert all(tag in item.tags for item in items)


@pytest.mark.parametrize("said", ["nothing strong", "not too strong", "something fruity, nothing strong"])
def test_what_a_guest_does_not_want_is_not_recommended(said):
    items = recommend(MENU, said)
    assert items
    assert not any("strong" in item.tags for item in items)


def test_a_category_or_a_name_is_a_preference_too():
    assert {item.category for item in recommend(MENU, "some beer")} == {"Beers"}
    assert recommend(MENU, "a negroni perhaps")[0].name == "Negroni"


def test_who_asks_for_both_gets_what_is_both_first():
    assert set(recommend(MENU, "strong and classy")[0].tags) >= {"strong", "classy"}


@pytest.mark.parametrize("said", ["", "surprise me", "?!", "whatever"])
def test_without_a_preference_there_is_a_bit_of_everything(said):
    items = recommend(MENU, said)
    assert len({item.category for item in items}) == 3
