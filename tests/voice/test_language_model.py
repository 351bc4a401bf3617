import random
from pathlib import Path

import pytest

from kiosk.menu import Menu
from kiosk.settings import find_assets
from kiosk.voice import language_model
from kiosk.voice.phrase_grammar import GrammarError, PhraseGrammar
from kiosk.voice.pronunciation import Pronouncer
from kiosk.voice.trigrams import trigram_model

DRINKS = '[[items]]\nname = "{name}"\nprice = "5"\ncategory = "Cold"\n[[modifiers]]\nname = "12 ounce"\n'


def menu_with(tmp_path: Path, name: str) -> Menu:
    path = tmp_path / "menu.toml"
    path.write_text(DRINKS.format(name=name))
    return Menu.load(path)


def words_of(model: language_model.SpeechModel) -> dict[str, str]:
    lines = model.dictionary.read_text().splitlines()
    return {line.split()[0]: line.split(" ", 1)[1] for line in lines}


@pytest.mark.slow
def test_a_new_drink_is_known_with_a_pronunciation_though_no_dictionary_has_it(tmp_path):
    words = words_of(language_model.build(menu_with(tmp_path, "Zwetschgenspritz"), tmp_path))
    assert words["zwetschgenspritz"].split()[-3:] == ["IH", "T", "S"]
    assert words["twelve_ounce"].startswith("T W EH L V")


@pytest.mark.slow
def test_the_same_menu_is_built_once_and_a_changed_one_anew(tmp_path):
    first = language_model.build(menu_with(tmp_path, "Mango Lassi"), tmp_path)
    written = first.language_model.stat().st_mtime_ns
    again = language_model.build(menu_with(tmp_path, "Mango Lassi"), tmp_path)
    other = language_model.build(menu_with(tmp_path, "Papaya Lassi"), tmp_path)
    assert again == first
    assert again.language_model.stat().st_mtime_ns == written
    assert other.language_model != first.language_model


def test_the_default_menu_s_names_are_all_in_the_grammar():
    menu = Menu.load(find_assets() / "menu.toml")
    grammar = language_model.bar_grammar(menu)
    for name in ("old_fashioned", "long_island_iced_tea", "on_the_rocks", "with_a_chaser", "soft_drinks"):
        assert name in grammar


def test_more_than_one_of_a_drink_is_heard_as_guests_say_it(tmp_path):
    path = tmp_path / "menu.toml"
    path.write_text(
        DRINKS.format(name="Glass of Wine")
        + "[[items]]\nname='Ouzo'\nplural='Ouza'\nprice='4'\ncategory='Spirits'\nsynonyms=['Shot of Ouzo']"
    )
    (rule,) = [line for line in language_model.bar_grammar(Menu.load(path)).splitlines() if "<item> =" in line]
    names = {name for name in rule.rstrip(";").split() if "/" not in name}
    assert {"glass_of_wine", "glasses_of_wine", "ouzo", "ouza", "shot_of_ouzo", "shots_of_ouzo"} <= names
    assert not {"glass_of_wines", "ouzos"} & names


def test_the_tips_of_the_menu_are_what_guests_most_say(tmp_path):
    path = tmp_path / "menu.toml"
    path.write_text("[bar]\ntips = [18, 22]\n" + DRINKS.format(name="Tea"))
    (rule,) = [line for line in language_model.bar_grammar(Menu.load(path)).splitlines() if "<percent> =" in line]
    assert "/6/ eighteen" in rule
    assert "/6/ twenty_two" in rule
    assert "/1/ fifteen" in rule


def test_sentences_follow_the_grammar_and_its_weights():
    grammar = PhraseGrammar("<start> = <who> likes (/9/ tea | /1/ gin) <NULL>; <who> = she | he; <more> = very + ;")
    chance = random.Random(1)
    drawn = [grammar.draw("start", chance) for _ in range(1000)]
    assert {sentence[0] for sentence in drawn} == {"she", "he"}
    assert all(len(sentence) == 3 and sentence[1] == "likes" for sentence in drawn)
    assert 850 < sum(sentence[2] == "tea" for sentence in drawn) < 950
    assert set(grammar.draw("more", chance)) == {"very"}


@pytest.mark.parametrize("text", ["<a> = b", "<a> = (b ;", "<a> = <missing>;", "<a> b;"])
def test_a_broken_grammar_is_refused(text):
    with pytest.raises(GrammarError):
        PhraseGrammar(text)


def test_a_trigram_model_is_a_probability_and_prefers_what_it_has_seen():
    arpa = trigram_model({("a", "dry", "martini"): 6, ("a", "beer"): 3, ("the", "beer"): 1})
    values = {}
    for line in arpa.splitlines():
        parts = line.split()
        if len(parts) >= 2 and parts[0].lstrip("-").replace(".", "").isdigit():
            number = len(parts) - 1 if parts[-1][0].isalpha() or parts[-1][0] == "<" else len(parts) - 2
            values[tuple(parts[1 : 1 + number])] = 10 ** float(parts[0])
    assert values["a", "dry", "martini"] > 0.9
    for context in [("a",), ("<s>",)]:
        following = [p for gram, p in values.items() if len(gram) == 2 and gram[:1] == context]
        assert 0.5 < sum(following) <= 1.0001
    unigrams = [p for gram, p in values.items() if len(gram) == 1]
    assert sum(unigrams) == pytest.approx(1, abs=0.01)


def test_words_are_pronounced_from_the_dictionary_by_their_stem_or_by_rule():
    pronouncer = Pronouncer(language_model.DICTIONARY)
    assert pronouncer.pronounce("martini") == ["M AA R T IY N IY"]
    assert pronouncer.pronounce("martinis")[0].endswith("N IY Z")
    assert pronouncer.pronounce("on_ice")[0].endswith("AY S")
    assert pronouncer.pronounce("caipirinha")[0].split()[0] == "K"
