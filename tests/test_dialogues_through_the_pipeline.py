"""Dialogues through the whole pipeline: as text, spoken by recorded guests, and with a bartender in the cloud."""

from operator import attrgetter

import pytest

from kiosk.bartender.phases import Phase
from kiosk.voice.recording import read_turns
from tests.bartender import dialogues
from tests.bartender.dialogues import Dialogue, first_wrong, held_through_the_pipeline, recordings_of
from tests.fakes.gemini import FakeGemini
from tests.sampling import sampled

WRITTEN = [dialogue for dialogue in dialogues.written() if dialogue.category != "traps"]
# A dialogue takes some seconds: benchmarks/dialogues.py plays all of them.
RECORDED = dialogues.recorded()[::2]
# What the recogniser mishears in these voices is told in BENCHMARKS.md.
LEAST_RIGHT = 0.88


@pytest.mark.parametrize("dialogue", sampled(WRITTEN[::4], every=8), ids=attrgetter("name"))
async def test_a_written_dialogue_goes_as_with_the_house_brain_alone(dialogue: Dialogue, cache_dir):
    stands = await held_through_the_pipeline(dialogue, cache_dir)
    assert not first_wrong(dialogue, stands, ("order", "tab", "tip", "phase"))


@pytest.mark.parametrize("dialogue", sampled(WRITTEN[::16], every=8), ids=attrgetter("name"))
async def test_a_dialogue_goes_the_same_with_a_bartender_in_the_cloud(dialogue: Dialogue, cache_dir):
    with FakeGemini() as fake:
        stands = await held_through_the_pipeline(dialogue, cache_dir, brain=fake)
    assert fake.asked
    assert not first_wrong(dialogue, stands)


@pytest.mark.slow
async def test_most_dialogues_go_right_when_they_are_spoken(cache_dir):
    assert len(RECORDED) == 20
    wrong = []
    for dialogue in RECORDED:
        spoken = [turn for file in recordings_of(dialogue) for turn in read_turns(file)]
        stands = await held_through_the_pipeline(dialogue, cache_dir, spoken)
        assert {after.phase for after in stands} <= set(Phase)
        if found := first_wrong(dialogue, stands):
            wrong.append(f"{dialogue.name}: {found}")
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(RECORDED), "\n".join(wrong)
    print(f"\n{len(RECORDED) - len(wrong)} of {len(RECORDED)} right", *wrong, sep="\n")
