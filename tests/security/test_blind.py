"""The scanner against sentences that it has not learned from.

They are several authors' who had seen neither its rules nor its lessons: what an attacker says, in English, German and
Spanish, what is hidden in a story; and innocent talk, short, long, and full of words that attacks are made of. Which of
them pass is not looked at: a set that is mended for measures nothing. Better lessons go to `scripts/scanner`. How
strict the scanner is was chosen with the first of these sets in view; those called second came after that.
"""

from pathlib import Path

import pytest

from kiosk.security.rules import broken_rule

BLIND = Path(__file__).parent / "corpora" / "blind"


def stopped(*names):
    sentences = [line for name in names for line in (BLIND / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
    return sum(broken_rule(text) is not None for text in sentences) / len(sentences)


@pytest.mark.parametrize(
    ("names", "least"),
    [
        (("second_attacks",), 0.95),
        (("attacks", "attacks2"), 0.82),
        (("attacks_de", "attacks_es", "second_attacks_other"), 0.8),
        (("attacks_long",), 0.6),
    ],
)
def test_most_attacks_are_stopped(names, least):
    assert stopped(*names) >= least


@pytest.mark.parametrize(
    ("names", "most"),
    [
        (("innocent", "second_innocent"), 0.01),
        (("innocent_long",), 0.01),
        (("innocent_trigger",), 0.06),
        (("innocent_de", "innocent_es", "second_innocent_other"), 0.03),
    ],
)
def test_hardly_any_innocent_talk_is_stopped(names, most):
    assert stopped(*names) <= most
