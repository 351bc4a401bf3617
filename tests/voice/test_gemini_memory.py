"""A long evening of recorded guests in which Gemini goes and comes back: each guest's words keep their own calls."""

from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from kiosk.bartender.notices import Notice
from kiosk.events import TipTouched
from kiosk.voice.gemini import MOST_MESSAGES
from kiosk.voice.recording import read_turns
from tests.evening import Evening
from tests.fakes.gemini import FakeGemini

AUDIO = Path(__file__).parents[1] / "audio"
TURNS = 40
# In turn an order, a change, a question, talk: nobody pays, which would begin a new tab.
RECORDED = sorted(
    (
        path
        for path in AUDIO.iterdir()
        if path.suffix in (".flac", ".wav") and not path.stem.startswith(("pay", "pause"))
    ),
    key=lambda path: path.stem.rpartition("_")[::-1],
)
Exchange = tuple[str, list[tuple[str, dict[str, Any]]]]


def shown(contents: Sequence[dict[str, Any]]) -> list[Exchange]:
    """What Gemini is shown: the guest's words, each with the calls behind them; what buttons called is left out."""
    exchanges: list[Exchange] = []
    for content in contents:
        for part in content["parts"]:
            if content["role"] == "user" and "text" in part and part["text"] not in set(Notice):
                exchanges.append((part["text"], []))
            elif "functionCall" in part and not part["functionCall"]["id"].startswith("touch_"):
                called = part["functionCall"]
                exchanges[-1][1].append((called["name"], called.get("args") or {}))
    return exchanges


def is_part_of(told: Sequence[Exchange], truth: Sequence[Exchange]) -> bool:
    """Whether `told` is a stretch of `truth`; its last exchange may have some calls to come."""
    *past, (words, calls) = told
    for begin in range(len(truth) - len(past)):
        now_words, now_calls = truth[begin + len(past)]
        if past == truth[begin : begin + len(past)] and words == now_words and calls == now_calls[: len(calls)]:
            return True
    return False


@pytest.mark.slow
async def test_each_guests_words_are_followed_by_their_own_calls_however_often_gemini_goes(cache_dir):
    goes, comes = range(3, TURNS, 10), range(6, TURNS, 10)
    with FakeGemini() as gemini:

        async def before(turn: int) -> None:
            if turn in goes:
                gemini.go_away()
            elif turn - 1 in goes:
                # In the house's time.
                await evening.touch(TipTouched(20))
            elif turn in comes:
                gemini.come_back()
                await evening.all_back.wait()

        said = [turn for path in islice(cycle(RECORDED), TURNS) for turn in read_turns(path)]
        evening = Evening(cache_dir, said, brain=gemini, before_turn=before, probe_secs=0.05)
        await evening.hold()
    assert evening.moves("llm") == ["cloud", *["house", "cloud"] * len(comes)][: len(evening.moves("llm"))]
    touched = [{"percentage": 20}, {"percentage": None}]
    truth = [
        (turn.heard, [(made["name"], made["arguments"]) for made in turn.tools if made["arguments"] not in touched])
        for turn in evening.record.log.turns
        if turn.heard
    ]
    # One or two of the recordings are not understood.
    assert len(truth) >= TURNS - 2
    # Whether it is back is asked outside the conversation.
    conversed = [asked for asked in gemini.asked if "systemInstruction" in asked]
    for asked in conversed:
        contents = asked["contents"]
        assert contents[0]["role"] == "user"
        assert len(contents) <= MOST_MESSAGES + 1
        told = [(words, [call for call in calls if call[1] not in touched]) for words, calls in shown(contents)]
        assert is_part_of(told, truth), told
    # What the house did while Gemini was away is in what Gemini is shown afterwards.
    assert any(len(told) > comes[0] for told in (shown(asked["contents"]) for asked in conversed))
