"""The recogniser's grammar and the reader share their words: what is drawn from one is understood by the other."""

import random
import re
from collections.abc import Iterator

import pytest

from kiosk.menu import Menu
from kiosk.understanding.acts import (
    Act,
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    CancelPayment,
    Choose,
    Clear,
    Decline,
    Modify,
    Number,
    Pay,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Tip,
    TipUnsaid,
    Topic,
)
from kiosk.understanding.numbers import number_words
from kiosk.understanding.questions import (
    AskAbout,
    AskAvailable,
    AskBalance,
    AskMenu,
    AskOrder,
    AskPayment,
    AskPrice,
    AskRecommendation,
    AskTip,
)
from kiosk.understanding.reader import understand
from kiosk.understanding.table import told
from kiosk.voice.language_model import DICTIONARY, bar_grammar, unit_of
from kiosk.voice.phrase_grammar import PhraseGrammar
from kiosk.voice.pronunciation import Pronouncer
from tests.bartender.menus import BAR, COFFEE

MENUS = pytest.mark.parametrize("menu", [BAR, COFFEE], ids=["bar", "coffee"])
CHANGES = (Modify, Replace, Remove, SetQuantity, Decline)
# What a sentence of a rule may mean, as it stands alone: "make it a mocha" is an order where nothing was ordered
# before, "the damage" is asked for by who wants to pay.
MEANT: dict[str, tuple[type[Act] | Act, ...]] = {
    "order": (Add, Modify, Replace),
    "make": (*CHANGES, Add, AddMentioned, Choose, Say(Topic.COMPLIMENT)),
    "swap": (Replace,),
    "drop": (Remove, Decline),
    "again": (Again, Add, AddMentioned, AddOneOfEach, Choose),
    "price": (AskPrice,),
    "menu": (AskMenu, AskAbout, AskAvailable),
    "recommend": (AskRecommendation, Say(Topic.UNDECIDED)),
    "tab": (AskOrder, AskBalance, Pay),
    "tip": (Tip, AskTip, TipUnsaid, Number),
    "pay": (Pay,),
    "status": (AskPayment,),
    "cancel": (Clear, Remove, CancelPayment, Say(Topic.NO)),
}
# Of a hundred that are drawn so many are put together as nobody would: "make a espressos iced mocha".
NONSENSE = {"swap": 1}
ORDERS_NOTHING = [
    "pay", "price", "menu", "recommend", "tab", "status", "tip", "cancel", "drop", "no", "done_ordering", "chatter",
]  # fmt: skip
DRAWN = 200


def drawn(rule: str, menu: Menu) -> list[str]:
    grammar, chance = PhraseGrammar(bar_grammar(menu)), random.Random(16)
    said = [" ".join(grammar.draw(rule, chance)).replace("_", " ") for _ in range(DRAWN)]
    # Not every bar knows a double.
    return said if menu.find_modifier("double") else [words for words in said if not words.endswith("a double")]


def is_one_of(act: Act, meant: tuple[type[Act] | Act, ...]) -> bool:
    return any(isinstance(act, known) if isinstance(known, type) else act == known for known in meant)


@MENUS
@pytest.mark.parametrize("rule", MEANT)
def test_a_drawn_sentence_is_understood_as_what_it_was_drawn_for(rule, menu):
    read = {said: understand(said, menu).acts for said in drawn(rule, menu)}
    strange = {said: acts for said, acts in read.items() if not any(is_one_of(act, MEANT[rule]) for act in acts)}
    assert len(strange) <= NONSENSE.get(rule, 0) * DRAWN / 100, strange


@MENUS
def test_a_drawn_greeting_is_one(menu):
    assert all(understand(said, menu).acts == (Say(Topic.GREETING),) for said in drawn("hello", menu))


@MENUS
@pytest.mark.parametrize("rule", ORDERS_NOTHING)
def test_nothing_is_ordered_by_what_was_drawn_for_something_else(rule, menu):
    assert not [said for said in drawn(rule, menu) if understand(said, menu).orders]


# -- Every word can be heard ----------------------------------------------------------------------------


def _texts(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    else:
        assert isinstance(table, dict | list)
        for entry in table.values() if isinstance(table, dict) else table:
            yield from _texts(entry)


def words_of_the_reader() -> set[str]:
    """The words of the reader's tables, without the names of other rows and of what a sentence fills in."""
    texts = (re.sub(r"<\w+>|{\w+}", " ", text) for text in _texts(told()))
    return {word for text in texts for word in re.findall(r"[^\W\d_]+", text)}


def words_of_names(menu: Menu) -> set[str]:
    named = [*menu.items, *menu.modifiers]
    names = [name for entry in named for name in (entry.name, *entry.synonyms)]
    amounts = [amount for modifier in menu.modifiers for amount in modifier.amounts]
    return {word for name in (*names, *amounts, *menu.categories) for word in unit_of(name).split("_")}


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer(DICTIONARY)


@pytest.fixture(scope="module")
def phonemes() -> set[str]:
    """The sounds that the recogniser's acoustic model knows."""
    lines = DICTIONARY.read_text(encoding="utf-8").splitlines()
    return {sound for line in lines for sound in line.split()[1:]}


@pytest.mark.parametrize(
    "words",
    [
        words_of_the_reader(),
        {number_words(number) for number in range(101)},
        words_of_names(BAR),
        words_of_names(COFFEE),
    ],
    ids=["the reader's tables", "numbers", "the bar's names", "the coffee bar's names"],
)
def test_every_word_that_the_reader_knows_can_be_heard(words, pronouncer, phonemes):
    assert len(words) > 20
    sounds = {word: pronouncer.pronounce(unit_of(word)) for word in words}
    assert not {word: said for word, said in sounds.items() if not said or not set(" ".join(said).split()) <= phonemes}
