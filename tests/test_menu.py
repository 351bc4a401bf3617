from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.menu import Menu, MenuError, NotAllowedError, normalise
from kiosk.settings import find_assets

DEFAULT = Menu.load(find_assets() / "menu.toml")

COFFEE = """
[[items]]
name = "Latte"
price = "4.50"
category = "Coffee"
[[items]]
name = "Iced Mocha"
price = "5.00"
category = "Coffee"
[[items]]
name = "Iced Mochi"
price = "5.00"
category = "Coffee"
[[modifiers]]
name = "small"
group = "size"
[[modifiers]]
name = "large"
group = "size"
price = "0.50"
[[modifiers]]
name = "sugar"
amounts = ["a bit of", "lots of"]
"""


def menu_of(tmp_path: Path, text: str) -> Menu:
    path = tmp_path / "menu.toml"
    path.write_text(text)
    return Menu.load(path)


def test_the_default_bar_has_twenty_items_at_its_prices():
    prices = {item.name: item.price for item in DEFAULT.items}
    assert len(prices) == 20
    assert prices["Martini"] == 13
    assert prices["Soda"] == 3
    assert DEFAULT.categories == ("Cocktails", "Beers", "Spirits", "Soft drinks")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("old fashion", "Old Fashioned"),
        ("two", None),
        ("martinis", "Martini"),
        ("a Negroni", "Negroni"),
        ("whiskies", "Whiskey"),
        ("iced tee", "Iced Tea"),
        ("the cosmos", "Cosmopolitan"),
        ("mojito", None),
    ],
)
def test_an_item_is_found_by_what_a_guest_calls_it(said, meant):
    match = DEFAULT.find(said)
    assert (match.item.name if match.item else None) == meant


def test_two_items_that_are_equally_near_are_both_named(tmp_path):
    match = menu_of(tmp_path, COFFEE).find("iced moch")
    assert match.ambiguous
    assert {item.name for item in match.alternatives} == {"Iced Mocha", "Iced Mochi"}


def test_a_name_that_is_not_on_the_menu_comes_with_the_nearest():
    match = DEFAULT.find("marteeny")
    assert match.item is None or match.item.name == "Martini"
    assert not DEFAULT.find("caipirinha").ambiguous


@given(st.sampled_from(DEFAULT.items), st.sampled_from(["", "a ", "the "]), st.booleans())
def test_every_name_finds_its_own_item_in_any_case(item, article, shout):
    for name in (item.name, *item.synonyms):
        said = f"{article}{name}"
        assert DEFAULT.find(said.upper() if shout else said).item == item


@given(st.text(max_size=40))
def test_no_text_breaks_the_search(text):
    DEFAULT.find(text)
    DEFAULT.find_modifier(text)
    assert normalise(normalise(text)) == normalise(text)


def test_the_last_modifier_of_a_group_wins(tmp_path):
    menu = menu_of(tmp_path, COFFEE)
    latte = menu.items[0]
    chosen = menu.resolve_modifiers(latte, ["small", "a bit of sugar", "large"])
    assert [spoken.text for spoken in chosen] == ["a bit of sugar", "large"]
    assert menu.unit_price(latte, chosen) == Decimal("5.00")


def test_a_double_doubles_a_spirit():
    gin = DEFAULT.find("gin").item
    assert gin
    assert DEFAULT.unit_price(gin, DEFAULT.resolve_modifiers(gin, ["double", "neat"])) == 16


def test_a_modifier_that_an_item_does_not_take_is_refused_with_those_it_does():
    beer = DEFAULT.find("ipa").item
    assert beer
    with pytest.raises(NotAllowedError, match="with a chaser"):
        DEFAULT.resolve_modifiers(beer, ["dirty"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "items: the menu has no items"),
        ("items = 3", "items: write each entry as"),
        ("[[drinks]]", "unknown section 'drinks'"),
        ("[[items]]\nname='A'\nprice='1'", "items, 'A': category: field required"),
        ("[[items]]\nname='A'\nprice='-1'\ncategory='C'", "items, 'A': price: '-1' is negative"),
        ("[[items]]\nname='A'\nprice='cheap'\ncategory='C'", "items, 'A': price: 'cheap' is not an amount"),
        ("[[items]]\nprice='1'\ncategory='C'", "items, entry 1: name: field required"),
        ("[[items]]\nname='A'\nprice='1'\ncategory='C'\ncolour='red'", "items, 'A': colour: extra inputs"),
        ("[[items]]\nname='A'\nprice='1'\ncategory='C'\nmodifiers=['hot']", "'hot' is not one of the modifiers"),
        ("[[items]]\nname='A b'\nprice='1'\ncategory='C'\n" * 2, "items, 'A b': name: 'A b' is already taken"),
        ("name = ", "not a TOML file"),
    ],
)
def test_a_wrong_entry_is_one_line_that_names_file_entry_and_field(tmp_path, text, complaint):
    with pytest.raises(MenuError) as refusal:
        menu_of(tmp_path, text)
    message = str(refusal.value)
    assert complaint in message
    assert message.startswith(str(tmp_path / "menu.toml"))
    assert "\n" not in message


def test_a_missing_menu_is_one_line(tmp_path):
    with pytest.raises(MenuError, match="cannot be read: No such file"):
        Menu.load(tmp_path / "none.toml")
