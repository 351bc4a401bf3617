"""The benchmark of orders that people typed: what it reads, and what it counts as right, asked and wrong in silence."""

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.orders import Case, Lines, Outcome, failure, row, sets_in, understood
from benchmarks.speech_to_intent import DataError
from tests.bartender.menus import COFFEE

MENU = Path(__file__).parents[1] / "bartender" / "coffee.toml"
LATTE = {"item": "Latte", "quantity": 1, "modifiers": ["Oat Milk"]}


def lines(**quantities: int) -> Lines:
    return Counter({(item, frozenset()): quantity for item, quantity in quantities.items()})


def write_orders(path: Path, *said: dict) -> None:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in said))


def test_each_file_of_orders_is_read_with_the_menu_that_its_name_begins_with(tmp_path):
    for name in ("a_menu.toml", "a_b_menu.toml"):
        shutil.copy(MENU, tmp_path / name)
    write_orders(tmp_path / "a.jsonl", {"said": "hi", "order": []})
    write_orders(tmp_path / "a_b_2.jsonl", {"said": "an oat latte, and one more", "order": [LATTE, LATTE]})
    first, second = sets_in(tmp_path)
    assert (first.name, first.cases) == ("a", [Case("hi", Counter())])
    wanted = Counter({("latte", frozenset({"oat milk"})): 2})
    assert (second.name, second.cases) == ("a_b_2", [Case("an oat latte, and one more", wanted)])


@pytest.mark.parametrize("line", ["{", '{"said": "hi"}', '{"said": "hi", "order": [{"item": "Latte"}]}', "[]"])
def test_a_line_that_is_no_order_is_named(tmp_path, line):
    shutil.copy(MENU, tmp_path / "a_menu.toml")
    (tmp_path / "a.jsonl").write_text(f'{{"said": "hi", "order": []}}\n{line}\n')
    with pytest.raises(DataError, match=r"a\.jsonl: line 2"):
        sets_in(tmp_path)


def test_orders_without_a_menu_are_refused(tmp_path):
    write_orders(tmp_path / "a.jsonl", {"said": "hi", "order": []})
    with pytest.raises(DataError, match=r"a_menu\.toml"):
        sets_in(tmp_path)


def test_of_a_labelled_recording_a_sentence_is_made(tmp_path):
    shutil.copy(MENU, tmp_path / "menu.toml")
    soundfile.write(tmp_path / "one.flac", np.zeros(160, dtype=np.int16), 16000)
    slots = {"coffeeDrink": "americano", "milkAmount": "a bit of milk", "sugarAmount": "brown sugar", "size": "small"}
    (tmp_path / "labels.json").write_text(json.dumps({"one.flac": slots}))
    [orders] = sets_in(tmp_path)
    [case] = orders.cases
    assert case.said == "can i get a small americano with a bit of milk and brown sugar please"
    assert case.wanted == Counter({("americano", frozenset({"small", "a bit of milk", "brown sugar"})): 1})


async def test_a_sentence_is_said_to_a_bartender_who_puts_it_on_a_tab():
    order = Case("two small americanos please", Counter({("americano", frozenset({"small"})): 2}))
    assert (await understood(order, COFFEE)).is_right
    talk = await understood(Case("what a lovely day", Counter()), COFFEE)
    assert talk.is_right
    assert talk.order == Counter()


async def test_words_that_the_reader_could_not_explain_are_left_over():
    wish = await understood(Case("can i get a mocha with a frobnicated zorp on top", lines(mocha=1)), COFFEE)
    assert any("zorp" in words for words in wish.left_over)
    nonsense = await understood(Case("glorp the flurb", lines()), COFFEE)
    assert any("flurb" in words for words in nonsense.left_over)


@pytest.mark.parametrize(
    ("order", "answer", "left_over", "asked", "silent", "more"),
    [
        (lines(latte=1), "Coming up: a Latte.", (), False, False, False),
        (lines(), "Did you want a Latte?", (), True, False, False),
        (lines(), "I did not get the frappé.", ("frappé",), False, False, False),
        (lines(), "Hello.", ("frappé",), False, True, False),
        (lines(latte=2), "Coming up: two Lattes.", (), False, True, True),
        (lines(latte=1, mocha=1), "A Latte and a Mocha. Right?", (), True, False, True),
        (lines(mocha=1), "Coming up: a Mocha.", (), False, True, True),
    ],
)
def test_what_is_wrong_is_asked_told_or_silent(order, answer, left_over, asked, silent, more):
    outcome = Outcome(Case("a latte", lines(latte=1)), order, answer, left_over)
    assert (outcome.is_asked, outcome.is_silently_wrong, outcome.has_more) == (asked, silent, more)


def test_the_table_has_shares_of_orders_and_of_talk():
    wanted = Case("a latte", lines(latte=1))
    outcomes = [
        Outcome(wanted, lines(latte=1), "Coming up: a Latte.", ()),
        Outcome(wanted, lines(mocha=1), "Coming up: a Mocha.", ()),
        Outcome(Case("hi", lines()), lines(), "Hello!", ()),
    ]
    assert row("bar", outcomes).split() == ["bar", "2", "0.500", "0.000", "0.000", "0.500", "1", "1", "1.000"]
    assert row("bar", outcomes[:1]).split()[-2:] == ["0", "-"]
    assert failure(outcomes[1]).splitlines()[:3] == [
        "  ! s a latte",
        "      order:  1 mocha",
        "      wanted: 1 latte",
    ]
