"""How a line is made: sizes, choices, groups and what is counted."""

import pytest

from kiosk.menu import NotAllowedError
from tests.menu.menus import menu_of


@pytest.fixture
def menu(tmp_path):
    return menu_of(tmp_path)


def item_of(menu, name):
    item = menu.find(name).item
    assert item
    return item


def made(menu, name, *said):
    found = menu.made(item_of(menu, name), said)
    return [spoken.text for spoken in found.modifiers], [choice.name for choice in found.missing]


@pytest.mark.parametrize(
    ("item", "said", "modifiers", "missing"),
    [
        # Nobody has to name the usual size, and whoever names two means the last.
        ("Lemonade", [], ["large"], []),
        ("Lemonade", ["small"], ["small"], []),
        ("Lemonade", ["large", "small"], ["small"], []),
        # One without a usual size is asked about like any other choice.
        ("Fries", [], [], ["size"]),
        ("Fries", ["small"], ["small"], []),
        # A choice with a default is none that a guest has to make.
        ("Latte", [], [], ["milk"]),
        ("Latte", ["oat"], ["oat milk"], []),
        ("Latte", ["whole milk", "oat milk"], ["oat milk"], []),
        ("Espresso", ["single origin"], ["single origin"], []),
        # What is counted stays as often as it was said.
        ("Espresso", ["extra shot", "extra shot"], ["extra shot", "extra shot"], []),
        ("Espresso", ["2 extra shots"], ["extra shot", "extra shot"], []),
        ("Espresso", ["three extra shots"], ["extra shot"] * 3, []),
        ("Espresso", ["guacamole", "guacamole"], ["guacamole"], []),
    ],
)
def test_what_is_said_fills_choices_and_what_is_missing_is_named(menu, item, said, modifiers, missing):
    assert made(menu, item, *said) == (modifiers, missing)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("Lemonade", "medium"),
        ("Espresso", "extra hot"),
        ("Espresso", "oat milk"),
        ("Espresso", "large"),
        ("Pale Ale", "small"),
        ("Latte", "ice"),
    ],
)
def test_an_item_comes_in_its_own_sizes_and_options_only(menu, item, said):
    with pytest.raises(NotAllowedError, match=f"does not come '{said}'"):
        made(menu, item, said)


def test_no_cup_holds_any_number_of_shots(menu):
    assert len(made(menu, "Espresso", *["extra shot"] * 10)[0]) == 10
    with pytest.raises(NotAllowedError, match="No more than 10 extra shot"):
        made(menu, "Espresso", *["extra shot"] * 11)
    with pytest.raises(NotAllowedError, match="No more than 10 extra shot"):
        made(menu, "Espresso", "99 extra shots")


def test_two_choices_of_the_same_options_are_filled_one_after_the_other(tmp_path):
    menu = menu_of(
        tmp_path,
        "[[items]]\nname='Pizza'\nprice=9\ncategory='Food'\n"
        + "".join(
            f"[[choices]]\nname='{place} topping'\nof=['Pizza']\nfrom=['ham','corn','basil']\nrequired=true\n"
            for place in ("first", "second")
        ),
    )
    assert made(menu, "Pizza") == ([], ["first topping", "second topping"])
    assert made(menu, "Pizza", "corn") == (["corn"], ["second topping"])
    assert made(menu, "Pizza", "corn", "ham") == (["corn", "ham"], [])
    assert made(menu, "Pizza", "corn", "ham", "basil") == (["corn", "basil"], [])


def test_a_name_may_be_an_item_and_a_modifier(menu):
    assert item_of(menu, "guacamole").price == 2
    assert made(menu, "Espresso", "guacamole") == (["guacamole"], [])


def test_sizes_and_options_are_modifiers_for_whoever_listens_for_them(menu):
    assert [modifier.name for modifier in menu.modifiers] == [
        "extra shot", "oat milk", "guacamole", "small", "large", "whole milk", "house blend", "single origin",
    ]  # fmt: skip
    assert menu.contents == ("mint", "lime")
