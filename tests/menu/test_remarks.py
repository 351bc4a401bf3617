"""What an owner is told of a menu that can be used, and that he cannot have meant so."""

import pytest

from kiosk.menu.remarks import Weight, remarks
from tests.menu.menus import menu_of

LATTE = "[[items]]\nname='Latte'\ncategory='Coffees'\nprice='4.00'\nmodifiers=[]\n"
SIZED = "[[items]]\nname='Tea'\ncategory='Teas'\nsizes=[{name='small', price=2}, {name='large', price=3}]\n"


def choice(name, options, fields="required=true", of="Latte"):
    return f"[[choices]]\nname='{name}'\nof=['{of}']\nfrom={options}\n{fields}\n"


def modifier(name, fields=""):
    return f"[[modifiers]]\nname='{name}'\n{fields}\n"


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (
            LATTE + modifier("on fire"),
            "modifiers, 'on fire'",
            "nobody can have it: no item lists it, and no choice has it",
        ),
        (
            LATTE + choice("milk", ["oat"]) + choice("foam", ["oat"]),
            "choices, 'milk' and 'foam'",
            "nobody can meet both for 'Latte': they have the same single option",
        ),
        (
            LATTE
            + modifier("oat", "group='white'")
            + modifier("soy", "group='white'")
            + choice("milk", ["oat"])
            + choice("foam", ["soy"]),
            "choices, 'milk' and 'foam'",
            "nobody can meet both for 'Latte': all of their options are of the group 'white', of which one can be had",
        ),
        (
            SIZED + choice("cup", ["large", "tall"], of="Teas"),
            "choices, 'size' and 'cup'",
            "nobody can meet both for 'Tea': 'large' is a size of it, and so no option of anything else",
        ),
    ],
)
def test_what_nobody_can_have_is_wrong(tmp_path, text, where, said):
    wrong = [remark for remark in remarks(menu_of(tmp_path, text)) if remark.weight is Weight.WRONG]
    assert [(remark.where, remark.text) for remark in wrong] == [(where, said)]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (LATTE + choice("milk", ["oat"]), "choices, 'milk': from", "'oat' is all there is to choose"),
        (
            LATTE.replace("Coffees", "Latte") + choice("milk", ["oat", "soy"]),
            "choices, 'milk': of",
            "'Latte' is an item and a category: it holds for the item and all of the category",
        ),
        (
            SIZED + "[[offers]]\nname='Happy hour'\non=['Teas']\nprice='2.50'\n",
            "offers, 'Happy hour'",
            "'Tea' is dearer by it: $2.50 instead of $2.00",
        ),
    ],
)
def test_what_may_be_meant_otherwise_is_a_warning(tmp_path, text, where, said):
    (remark,) = remarks(menu_of(tmp_path, text))
    assert (remark.weight, remark.where) == (Weight.WARNING, where)
    assert said in remark.text


@pytest.mark.parametrize(
    "text",
    [
        LATTE + choice("first topping", ["ham", "corn"]) + choice("second topping", ["ham", "corn"]),
        LATTE + choice("milk", ["oat"], "required=true\ndefault='oat'"),
        LATTE + choice("milk", ["oat", "soy"]) + choice("foam", ["oat"], "required=false"),
        SIZED + "[[offers]]\nname='Happy hour'\non=['Teas']\nprice='1.50'\n",
    ],
)
def test_what_can_be_meant_so_is_not_remarked(tmp_path, text):
    assert list(remarks(menu_of(tmp_path, text))) == []
