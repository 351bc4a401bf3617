"""Facts about what Whisper is told to expect."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.menu import Item, Menu
from kiosk.voice.stt.prompt import BAR_WORDS, prompt_of
from tests.evening import MENU


def words(text: str) -> int:
    return len(text.split())


def menu_of(names: list[str]) -> Menu:
    return Menu(MENU.bar, [Item(name=name, price=Decimal(1), category="Drinks") for name in names], [])


def test_it_holds_the_bars_words_and_the_whole_menu_where_there_is_room():
    prompt = prompt_of(MENU, words, 224)
    assert prompt.endswith(BAR_WORDS)
    assert all(item.name.lower() in prompt for item in MENU.items)
    assert all(modifier.name.lower() in prompt for modifier in MENU.modifiers)


def test_of_a_longer_menu_it_holds_what_sounds_like_what_the_first_ear_heard():
    menu = menu_of([f"Drink {chr(65 + number % 26)}{number}" for number in range(400)] + ["Negroni", "Daiquiri"])
    assert "negroni" not in prompt_of(menu, words, 60)
    assert prompt_of(menu, words, 60, heard="two negronis please").startswith("negroni")


NAME = st.from_regex(r"[a-h]{2,8}( [a-h]{2,8}){0,3}", fullmatch=True)


@settings(max_examples=25)
@given(names=st.lists(NAME, min_size=1, max_size=40, unique=True), room=st.integers(30, 70))
def test_it_never_takes_more_room_than_there_is(names, room):
    assert words(prompt_of(menu_of(names), words, room, heard="two abc")) <= room
