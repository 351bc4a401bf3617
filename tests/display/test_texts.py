import re

import pytest

from kiosk.display.avatar import Mood
from kiosk.display.drawing import cut, fitting
from kiosk.display.scene import Scene
from kiosk.display.texts import Texts, TextsError
from kiosk.display.theme import Fonts
from kiosk.display.tip_buttons import POINTS, tip_words
from kiosk.documents import DocumentError
from kiosk.settings import Settings, find_assets

ASSETS = find_assets()
LANGUAGES = sorted(path.stem for path in (ASSETS / "texts").glob("*.toml"))
ENGLISH = vars(Texts.load(ASSETS))


def braces(text: str) -> list[str]:
    return re.findall(r"\{\w*\}", text)


def test_every_language_that_can_be_set_has_its_texts():
    assert {"en", "de", "es", "fr"} <= set(LANGUAGES)
    for language in LANGUAGES:
        assert Settings.model_validate({"language": language}).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_with_all_that_is_filled_in(language):
    texts = vars(Texts.load(ASSETS, language))
    assert texts["notices"].keys() == ENGLISH["notices"].keys()
    for name, text in texts.items():
        if name != "notices":
            assert text.strip(), name
            assert braces(text) == braces(ENGLISH[name]), name


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_another_language_is_another(language):
    texts = Texts.load(ASSETS, language)
    same = [name for name, text in vars(texts).items() if text == ENGLISH[name]]
    assert set(same) <= {"hello", "total"}
    assert texts.of(Mood.LISTENING) != ENGLISH["listening"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1024, 600)])
def test_every_button_holds_its_word(language, size):
    scene, texts = Scene(size, ASSETS, language=language), Texts.load(ASSETS, language)
    fonts, unit, layout = Fonts(ASSETS / "fonts"), scene.layout.unit, scene.layout
    start_over, pay = layout.action_buttons()
    for text, area, points in (
        (texts.start_over, start_over, 30),
        (texts.pay, pay, 42),
        (texts.cancel, layout.cancel_button(), 34),
    ):
        # A word that is too long is made smaller; by a third it can still be read from two metres.
        assert fonts.get(points * unit * 2 / 3, "SemiBold").size(text)[0] <= area.width, text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1024, 600), (800, 480)])
def test_however_many_tip_buttons_there_are_each_holds_its_words(language, size):
    scene, texts = Scene(size, ASSETS, language=language), Texts.load(ASSETS, language)
    fonts, unit = Fonts(ASSETS / "fonts"), scene.layout.unit
    for tips in ([18], [5, 10], [10, 15, 20], [10, 12, 18, 25], [5, 10, 15, 20, 25]):
        buttons = scene.layout.tip_buttons(len(tips))
        words = tip_words(fonts, buttons, unit, tips, texts)
        assert words == texts.tip_button or len(tips) > 1
        for tip, button in zip(tips, buttons, strict=True):
            text, width = words.format(percentage=tip), button.width - round(24 * unit)
            assert cut(fitting(fonts, text, width, POINTS * unit, "SemiBold"), text, width) == text


@pytest.mark.parametrize(
    ("shipped", "changed", "complaint"),
    [
        ('total = "Total"', "", "total: is missing"),
        ('total = "Total"', 'total = "Total"\ntoto = "?"', "toto: no screen shows it"),
        ('total = "Total"', "total = 3", "total: is not a text"),
        ('"Paid {amount}"', '"Paid {amount.__class__}"', "paid: has to have {amount} in it"),
        ('"Paid {amount}"', '"Paid {} {amount}"', "paid: has to have {amount} in it"),
        ('"Paid {amount}"', '"Paid {amount"', "paid: expected '}' before end of string"),
        ("[notices]", "[further]", "further: no screen shows it"),
    ],
)
def test_texts_that_cannot_be_shown_are_one_line_that_names_the_text(tmp_path, shipped, changed, complaint):
    english = (ASSETS / "texts" / "en.toml").read_text()
    assert shipped in english
    path = tmp_path / "texts" / "en.toml"
    path.parent.mkdir()
    path.write_text(english.replace(shipped, changed))
    with pytest.raises(TextsError) as refusal:
        Texts.load(tmp_path)
    assert str(refusal.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(refusal.value)


def test_texts_of_a_language_that_is_not_there_are_one_line(tmp_path):
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        Texts.load(tmp_path, "xx")
