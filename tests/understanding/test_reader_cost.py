"""What it costs to understand a long sentence, in steps of the interpreter and not in seconds."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from kiosk.understanding.acts import Add, NotOnMenu, Unclear
from kiosk.understanding.completeness import completeness
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.reader import understand
from kiosk.understanding.whether import whether
from tests.bartender.menus import BAR

PLACES = ("lake", "house", "shop", "moon")
CLAUSES: dict[str, Callable[[int], str]] = {
    "a story": lambda n: f"then we went to the {PLACES[n % 4]} number {n} and drank",
    "strangers": lambda n: f"my cousin {PLACES[n % 4]} went to a {PLACES[n % 3]}",
    "things nobody has": lambda n: f"a {PLACES[n % 4]}",
    "things that some have": lambda n: ("a beer", "a salad", "two martinis", "a soup")[n % 4],
    "drinks": lambda n: ("a beer", "two martinis", "a lemonade please", "one gin")[n % 4],
    "ways of making one": lambda n: ("dry", "dirty", "on the rocks", "shaken")[n % 4],
    "manners": lambda n: ("no wait", "i think", "please", "actually")[n % 4],
    "beginnings": lambda n: ("i would like", "can you get me")[n % 2],
}
JOINTS = (" and ", " or ", " but ", ", ", " ", ". ")

# Calls for a word of the sentence, which is read twice where the phrases alone do not explain it.
MOST_STEPS_FOR_A_WORD = 1_000


class TooManyStepsError(Exception):
    pass


def steps(act: Callable[[], object], most: int) -> int:
    """How many calls of Python functions and built-ins `act` makes; given up when there are more than `most`."""
    made = 0

    def count(_frame: FrameType, kind: str, _argument: object) -> None:
        nonlocal made
        made += kind in ("call", "c_call")
        if made > most:
            raise TooManyStepsError

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return made


@pytest.fixture(autouse=True)
def _what_is_made_once_is_there():
    lexicon(BAR)
    whether()


@pytest.mark.parametrize(("joint", "number"), [(" and ", 16), (" and ", 200), *((joint, 40) for joint in JOINTS)])
@pytest.mark.parametrize("kind", CLAUSES)
def test_a_sentence_costs_no_more_than_its_length(kind, joint, number):
    said = joint.join(CLAUSES[kind](n) for n in range(number))
    words = len(said.replace(",", " ,").replace(".", " .").split())
    # What the phrases are made into when a sentence first walks them is there.
    understand(said, BAR)
    steps(lambda: understand(said, BAR), most=words * MOST_STEPS_FOR_A_WORD)


@pytest.mark.parametrize("said", ["a ", "in ", "dry ", "now ", "and ", "no wait ", "beer", ", ", "1 2 ", "x", "é"])
def test_two_thousand_characters_of_anything_are_read(said):
    text = (said * 2000)[:2000]
    completeness(text, BAR)
    steps(lambda: completeness(text, BAR), most=400_000)


def test_a_list_that_is_longer_than_a_phrase_is_read_whole():
    said = " and ".join(["a beer", "a martini"] * 30)
    assert [act.item for act in understand(said, BAR).acts if isinstance(act, Add)] == [
        "Tap Beer",
        "Martini",
    ] * 30


def test_a_speech_of_minutes_is_asked_again():
    assert isinstance(understand("a beer and then " * 400, BAR).acts[0], Unclear)


@pytest.mark.parametrize(
    ("said", "ordered", "missing"),
    [
        ("two lemonades and a pina colada", ["Lemonade"], "pina colada"),
        ("a pina colada and two lemonades", ["Lemonade"], "pina colada"),
        ("two lemonades and a pina colada and a beer", ["Lemonade", "Tap Beer"], "pina colada"),
        ("a salad and a beer and a soup", ["Tap Beer"], "salad or soup"),
        ("a salad and a soup and a beer and a curry and a pie", ["Tap Beer"], "all of that"),
    ],
)
def test_what_of_a_list_is_not_on_the_menu_is_said_wherever_it_stands(said, ordered, missing):
    acts = understand(said, BAR).acts
    assert [act.item for act in acts if isinstance(act, Add)] == ordered
    assert [act.name for act in acts if isinstance(act, NotOnMenu)] == [missing]
