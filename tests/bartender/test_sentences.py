"""What Maya says in fixed words, in every language that can be set."""

from decimal import Decimal

import pytest

from kiosk.bartender.sentences import Sentences
from kiosk.catalogue import TextsError, languages
from kiosk.settings import find_assets
from kiosk.state.schema import Session
from tests.bartender.menus import BAR, COFFEE

ASSETS = find_assets()


def owing(amount: str) -> Session:
    session = Session()
    payment = session.payment.model_copy(update={"tab_total": Decimal(amount)})
    return session.model_copy(update={"payment": payment})


@pytest.mark.parametrize("language", languages(ASSETS))
def test_the_greeting_names_the_bar(language):
    sentences = Sentences.load(ASSETS, language)
    assert BAR.bar.name in sentences.to_one_who_comes(BAR)
    assert COFFEE.bar.name in sentences.to_one_who_comes(COFFEE)


@pytest.mark.parametrize("language", [language for language in languages(ASSETS) if language != "en"])
def test_another_language_says_each_sentence_in_its_own_words(language):
    english, other = vars(Sentences.load(ASSETS)), vars(Sentences.load(ASSETS, language))
    assert not [name for name, sentence in other.items() if sentence == english[name]]


@pytest.mark.parametrize(
    ("shipped", "changed", "complaint"),
    [
        ("goodbye =", "goodby =", "spoken: goodby: is never said"),
        ('"Welcome to {bar}!', '"Welcome to {bar.name}!', "spoken: greeting: has to have {bar} in it"),
        ("[spoken]", "[said]", "spoken: write what Maya says below [spoken]"),
    ],
)
def test_sentences_that_cannot_be_said_are_one_line_that_names_them(tmp_path, shipped, changed, complaint):
    path = tmp_path / "texts" / "en.toml"
    path.parent.mkdir()
    path.write_text((ASSETS / "texts" / "en.toml").read_text().replace(shipped, changed))
    with pytest.raises(TextsError) as refusal:
        Sentences.load(tmp_path)
    assert str(refusal.value).startswith(f"{path}: {complaint}")


def test_an_open_tab_is_named_as_the_language_writes_amounts():
    english, german = Sentences.load(ASSETS), Sentences.load(ASSETS, "de")
    assert "$12.50" in english.to_one_who_went(BAR, owing("12.50"))
    assert "12,50" in german.to_one_who_went(BAR, owing("12.50"))
    assert "12,50" in german.to_one_who_waited(BAR, owing("12.50"))
    assert german.to_one_who_went(BAR, Session()) == german.goodbye
