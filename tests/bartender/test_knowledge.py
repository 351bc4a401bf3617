import re

import pytest

from kiosk.bartender.knowledge import Knowledge, Passage
from kiosk.documents import DocumentError
from kiosk.settings import find_assets
from tests.bartender.menus import BAR

KNOWN = Knowledge.beside(find_assets() / "menu.toml")
ALLERGENS = re.compile(r"\b(?:gluten|nuts?|dairy|lactose|eggs?|soy|vegan|allergen-free|halal|kosher)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("how long will it take", "Taking long"),
        ("tell me about the negroni", "Negroni"),
        ("who invented the daiquiri", "Daiquiri"),
        ("what is the difference between shaken and stirred", "Shaken or stirred"),
        ("which one is the strongest", "Strongest and mildest"),
        ("where does the word cocktail come from", "The word cocktail"),
        ("why is it called india pale ale", "IPA"),
        ("do you know any toasts", "Toasts"),
        ("how do i pay", "Paying"),
    ],
)
def test_a_question_finds_its_passage_first(question, title):
    assert KNOWN.search(question)[0].title == title


@pytest.mark.parametrize("question", ["", "what is it", "who are you", "?!", "'\"* OR AND(", "ⅷ"])
def test_a_question_of_which_no_word_says_what_it_is_about_finds_nothing(question):
    assert KNOWN.search(question) == []


def test_every_gist_can_be_said_in_one_breath():
    for passage in KNOWN.passages:
        assert len(passage.gist.split()) <= 22, passage.gist
        assert not re.search(r"[*_#<>\[\]]", passage.text), passage.title


def test_there_is_something_to_tell_of_nearly_every_drink():
    untold = [item.name for item in BAR.items if not KNOWN.about(item.name)]
    assert untold == ["Water", "Soda"]


def test_nothing_is_asserted_about_allergens():
    for passage in KNOWN.passages:
        assert not ALLERGENS.search(passage.text), passage.title


def test_a_bar_that_has_written_nothing_knows_nothing(tmp_path):
    knowledge = Knowledge.beside(tmp_path / "menu.toml")
    assert knowledge.search("tell me about the negroni") == []
    assert knowledge.about("Negroni") is None


def test_a_title_says_more_than_a_mention():
    knowledge = Knowledge([Passage("Gin", "A spirit."), Passage("Martini", "Gin, gin and more gin with vermouth.")])
    assert [passage.title for passage in knowledge.search("what is gin", most=1)] == ["Gin"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"# Bar\n## Gin\nM\xfcller", "not a text in UTF-8"),
        (b"## Gin\n" * 200_000, "larger than 256 KB"),
        (b"\n## Gin\nA spirit." * 1_001, "1001 sections; there may be 1000"),
        (b"\n## " + b"Gin " * 100, "section 'Gin Gin"),
        (b"\n## Gin\n" + b"A spirit. " * 1_000, "a title may have 80 characters and its text 8000"),
    ],
)
def test_knowledge_that_nobody_would_tell_is_refused_in_one_line(tmp_path, content, complaint):
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "bar.md").write_bytes(content)
    with pytest.raises(DocumentError, match=re.escape(complaint)) as refusal:
        Knowledge.beside(tmp_path / "menu.toml")
    assert str(refusal.value).startswith(str(tmp_path / "knowledge"))
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) <= 500


def test_what_cannot_be_seen_is_not_told(tmp_path):
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "bar.md").write_text("# Bar\n\n## G\u202ein\nA\0 spirit\u200b.\x1b\n", encoding="utf-8")
    assert Knowledge.beside(tmp_path / "menu.toml").about("Gin") == Passage("Gin", "A spirit.")
