import json
from pathlib import Path

import pytest

from kiosk.menu import Menu
from kiosk.settings import find_assets
from kiosk.voice import language_model
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.recording import Utterance, read_turns

AUDIO = Path(__file__).parent.parent / "audio"
TEXTS = {case["file"]: case["text"] for case in json.loads((AUDIO / "utterances.json").read_text())}


@pytest.fixture(scope="module")
def recognizer(cache_dir) -> Recognizer:
    menu = Menu.load(find_assets() / "menu.toml")
    return Recognizer(language_model.build(menu, cache_dir))


def sound(name: str) -> bytes:
    [turn] = read_turns(AUDIO / name)
    assert isinstance(turn, Utterance)
    return turn.pcm


def recognise(recognizer: Recognizer, pcm: bytes, piece: int = 3200):
    recognizer.start()
    for start in range(0, len(pcm), piece):
        recognizer.feed(pcm[start : start + piece])
    return recognizer.finish()


@pytest.mark.parametrize("name", ["order_01.flac", "order_09.flac", "tip_02.flac", "question_03.flac", "pay_01.flac"])
def test_a_recorded_guest_is_recognised_word_for_word(recognizer, name):
    said = "".join(char for char in TEXTS[name].lower() if char.isalpha() or char in " '")
    heard = recognise(recognizer, sound(name))
    assert heard.text == said
    assert not heard.rejected
    assert heard.confidence > 0.5


def test_words_come_while_the_guest_speaks(recognizer):
    pcm = sound("order_01.flac")
    recognizer.start()
    partials = []
    for start in range(0, len(pcm), 3200):
        recognizer.feed(pcm[start : start + 3200])
        partials.append(recognizer.partial())
    final = recognizer.finish().text
    assert final.startswith("two old fashioneds")
    assert any(partial.startswith("two") for partial in partials[: len(partials) * 3 // 4])


def test_what_came_before_changes_nothing(recognizer):
    first = recognise(recognizer, sound("order_01.flac"))
    recognise(recognizer, sound("not_for_the_bar/other_03.flac"))
    recognizer.start()
    recognizer.feed(sound("tip_01.flac"))
    again = recognise(recognizer, sound("order_01.flac"))
    assert again.text == first.text
    assert again.confidence == pytest.approx(first.confidence, abs=0.01)


def test_of_another_room_nothing_is_left(cache_dir):
    model = language_model.build(Menu.load(find_assets() / "menu.toml"), cache_dir)
    alone = recognise(Recognizer(model), sound("order_09.flac"))
    recognizer = Recognizer(model)
    recognise(recognizer, sound("not_for_the_bar/other_03.flac"))
    recognizer.start()
    recognizer.feed(sound("tip_01.flac"))
    recognizer.forget_room()
    assert recognise(recognizer, sound("order_09.flac")) == alone


def test_nothing_is_rejected(recognizer):
    assert recognise(recognizer, b"").rejected
