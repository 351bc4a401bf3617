"""The recogniser's grammar and the reader share their words: what is drawn from one is understood by the other."""

import random

import pytest

from kiosk.understanding.acts import AskPayment, Pay, Say, Topic
from kiosk.understanding.reader import understand
from kiosk.voice.language_model import bar_grammar
from kiosk.voice.phrase_grammar import PhraseGrammar
from tests.bartender.menus import BAR, COFFEE

MEANT = {"pay": Pay, "status": AskPayment}
DRAWN = 200


def drawn(rule: str, menu) -> list[str]:
    grammar, chance = PhraseGrammar(bar_grammar(menu)), random.Random(16)
    return [" ".join(grammar.draw(rule, chance)).replace("_", " ") for _ in range(DRAWN)]


@pytest.mark.parametrize("menu", [BAR, COFFEE], ids=["bar", "coffee"])
@pytest.mark.parametrize("rule", MEANT)
def test_a_drawn_sentence_is_understood_as_what_it_was_drawn_for(rule, menu):
    strange = [
        said
        for said in drawn(rule, menu)
        if not any(isinstance(act, MEANT[rule]) for act in understand(said, menu).acts)
    ]
    assert not strange


@pytest.mark.parametrize("menu", [BAR, COFFEE], ids=["bar", "coffee"])
def test_a_drawn_greeting_is_one(menu):
    assert all(understand(said, menu).acts == (Say(Topic.GREETING),) for said in drawn("hello", menu))


@pytest.mark.parametrize("menu", [BAR, COFFEE], ids=["bar", "coffee"])
@pytest.mark.parametrize(
    "rule", ["pay", "price", "menu", "tab", "status", "tip", "cancel", "no", "done_ordering", "chatter"]
)
def test_nothing_is_ordered_by_what_was_drawn_for_something_else(rule, menu):
    assert not [said for said in drawn(rule, menu) if understand(said, menu).orders]
