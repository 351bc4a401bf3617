"""`menu check`, as an owner calls it."""

import pytest

from kiosk.cli import main
from kiosk.settings import find_assets
from tests.menu.menus import RICH

DRINK = "[[items]]\nname='{}'\nprice='4.00'\ncategory='Drinks'\n{}\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Calls it with a menu of the given text; returns the exit status and what was printed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def called(text):
        path = tmp_path / "bar.toml"
        path.write_text(text, encoding="utf-8")
        status = main(["menu", "check", str(path)])
        printed = capsys.readouterr()
        return status, printed.out.replace(str(path), "bar.toml").splitlines(), printed.err

    return called


def test_a_menu_of_which_nothing_is_wrong_ends_with_0(check):
    assert check((find_assets() / "menu.toml").read_text()) == (
        0,
        ["bar.toml: 20 items, 9 modifiers", "nothing wrong"],
        "",
    )
    assert check(RICH)[0] == 0


def test_names_that_sound_alike_are_named_with_where_they_stand(check):
    status, lines, _ = check(
        DRINK.format("Iced Mocha", "synonyms=['cold mocha']\nmodifiers=['jam']")
        + DRINK.format("Iced Mokka", "modifiers=[]")
        + "[[modifiers]]\nname='jam'\n"
    )
    alike = "they sound alike, and guests may get the other: rename one of them"
    assert (status, lines[1:]) == (1, [f"warning  items, 'Iced Mocha' and items, 'Iced Mokka': {alike}"])


def test_modifiers_that_no_drink_has_both_of_may_sound_alike(check):
    modifiers = "[[modifiers]]\nname='light roast'\n[[modifiers]]\nname='white roast'\n"
    apart = DRINK.format("Coffee", "modifiers=['light roast']") + DRINK.format("Almonds", "modifiers=['white roast']")
    assert check(apart + modifiers)[1][1:] == ["nothing wrong"]
    together = DRINK.format("Coffee", "modifiers=['light roast', 'white roast']")
    assert check(together + modifiers)[0] == 1


def test_a_name_may_be_an_item_and_a_modifier(check):
    assert check(DRINK.format("Guacamole", "") + "[[modifiers]]\nname='guacamole'\n")[0] == 0


def test_a_name_that_cannot_be_heard_is_a_warning(check):
    status, lines, _ = check(DRINK.format("日本酒", ""))
    assert status == 1
    assert "items, '日本酒': the ears know no sounds for it" in lines[1]


def test_what_nobody_can_meet_is_said_in_words(check):
    choices = "".join(f"[[choices]]\nname='{name}'\nof=['Tea']\nfrom=['oat']\nrequired=true\n" for name in ("a", "b"))
    status, lines, _ = check(DRINK.format("Tea", "") + choices)
    assert status == 1
    assert any(line.startswith("wrong    choices, 'a' and 'b': nobody can meet both for 'Tea'") for line in lines)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (DRINK.format("Tea", "sizes=[{name='small'}]"), "items, 'Tea': sizes.0.price: field required"),
        (DRINK.format("Tea", "") + "[[offers]]\nname='H'\non=['Beer']\nprice=1", "'Beer' is neither an item nor a cat"),
        ("[[items", "not a TOML file"),
    ],
)
def test_a_menu_that_cannot_be_used_ends_with_2_and_one_line(check, text, complaint):
    status, lines, complained = check(text)
    assert (status, lines) == (2, [])
    assert complaint in complained
    assert complained.count("\n") == 1


def test_without_a_file_it_is_the_kiosk_s_own_menu(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = tmp_path / "own.toml"
    path.write_text(DRINK.format("Tea", ""))
    monkeypatch.setenv("KIOSK_MENU", str(path))
    assert main(["menu", "check"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{path}: 1 items", "nothing wrong"]
