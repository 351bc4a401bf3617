"""Facts about what Whisper writes."""

import pytest

from kiosk.voice.stt.dictation import as_said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Can I have an iced coffee? Can I have an iced coffee?", "Can I have an iced coffee?"),
        ("with a lot of skim milk. With a lot of skim milk.", "with a lot of skim milk."),
        # Broken off in the third round.
        ("Two dry martinis please. Two dry martinis please. Two dry martinis", "Two dry martinis please."),
        ("I'd like a beer. I'd like a beer. I'd like a", "I'd like a beer."),
    ],
)
def test_what_the_decoder_repeats_was_said_once(written, said):
    assert as_said(written) == said


@pytest.mark.parametrize(
    "written",
    ["Yes yes", "two beers two beers", "a gin and a gin and tonic", "a beer for me and a beer for him", "", "no"],
)
def test_what_a_guest_may_say_twice_stays(written):
    assert as_said(written) == written


def test_commas_go_and_figures_keep_theirs():
    assert (
        as_said("Give me a small, light roast, Iced Mocha, please.") == "Give me a small light roast Iced Mocha please."
    )
    assert as_said("I have 1,000 dollars") == "I have 1,000 dollars"
