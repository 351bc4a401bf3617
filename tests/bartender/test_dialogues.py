"""The dialogues of tests/dialogues, held as text with the house brain and the real tools."""

import itertools

import pytest

from kiosk.bartender.prompts import confidential
from kiosk.security.outgoing import Confidential, trouble_in
from kiosk.security.scanner import Scanner
from tests.bartender import dialogues
from tests.bartender.dialogues import Dialogue, first_wrong, held_as_text
from tests.bartender.menus import BAR

FIELDS = {"guest", "order", "tab", "tip", "says", "never", "long", "phase"}
MOST_WORDS = 25
SECRETS = Confidential(confidential(BAR))
WRITTEN = [pytest.param(dialogue, id=dialogue.name) for dialogue in dialogues.written()]


@pytest.mark.parametrize("dialogue", WRITTEN)
async def test_the_dialogue_goes_as_written(dialogue: Dialogue):
    stands = await held_as_text(dialogue)
    assert not first_wrong(dialogue, stands, ("order", "tab", "tip", "phase"))
    for turn, after in zip(dialogue.turns, stands, strict=True):
        assert set(turn) <= FIELDS
        # An unquoted yes or no is not text in YAML.
        assert isinstance(turn["guest"], str)
        about = f"{turn['guest']!r} -> {after.answer!r}"
        for text in turn.get("says", []):
            assert text.lower() in after.answer.lower(), about
        for text in turn.get("never", []):
            assert text.lower() not in after.answer.lower(), about
        assert after.answer, about
        assert turn.get("long") or len(after.answer.split()) <= MOST_WORDS, about


@pytest.mark.parametrize("dialogue", WRITTEN)
async def test_nothing_that_maya_says_is_taken_for_what_she_must_not_say(dialogue: Dialogue):
    answers = [after.answer for after in await held_as_text(dialogue)]
    assert not [answer for answer in answers if trouble_in(answer, "", SECRETS)]


def test_nothing_that_a_guest_says_at_the_bar_is_taken_for_an_attack():
    scanner = Scanner(None, "")
    said = [
        turn["guest"] for dialogue in dialogues.written() for turn in dialogue.turns if "traps" not in dialogue.name
    ]
    assert not [words for words in said if not scanner.scan_input(words).is_valid]


@pytest.mark.parametrize("dialogue", WRITTEN)
async def test_maya_never_says_the_same_three_times_running(dialogue: Dialogue):
    answers = [after.answer for after in await held_as_text(dialogue)]
    assert not [said for said, *others in zip(answers, answers[1:], answers[2:], strict=False) if {said} == set(others)]


async def test_a_guest_who_is_not_understood_hears_something_else_each_time():
    mumbling = Dialogue("mumbling", [{"guest": words} for words in ("grumble hum", "blah blah", "mumble", "hrmpf")])
    answers = [after.answer for after in await held_as_text(mumbling)]
    assert all(first != second for first, second in itertools.pairwise(answers))
