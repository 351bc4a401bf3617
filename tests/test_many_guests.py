"""A short night of what `make soak` does with five hundred guests, and what a guest leaves to the next: nothing."""

import json

import pytest

from tests.fakes.gemini import FakeGemini
from tests.many_guests import VISITS, Clouds, Night, left_behind


@pytest.mark.slow
async def test_guest_after_guest_pays_what_was_ordered_and_leaves_nothing_behind(cache_dir, tmp_path):
    night = Night(cache_dir, f"sqlite:///{tmp_path}/kiosk.db")
    await night.serve(12, every=4)
    assert len(night.owed) == 12
    assert night.unpaid == 0
    _, middle, last = night.held
    assert left_behind(middle, last) == {}


@pytest.mark.slow
async def test_so_they_do_while_the_clouds_fail_at_random(cache_dir, tmp_path):
    clouds = Clouds(cache_dir, seed=7)
    with clouds.brain, clouds.speech, clouds.stripe:
        night = Night(cache_dir, f"sqlite:///{tmp_path}/kiosk.db", clouds)
        await night.serve(8, every=4)
        assert len(night.owed) == 8
        assert left_behind(*night.held) == {}


@pytest.mark.parametrize("guests", [len(VISITS)])
@pytest.mark.slow
async def test_gemini_is_told_nothing_of_earlier_guests(cache_dir, tmp_path, guests):
    class Listening(Clouds):
        def __init__(self) -> None:
            super().__init__(cache_dir, seed=1)
            self.asked_by_guest: list[str] = []

        def go_wrong(self) -> None:
            """Nothing does."""

        def forget(self) -> None:
            self.asked_by_guest.append(json.dumps([asked["contents"] for asked in self.brain.asked]))
            super().forget()

    clouds = Listening()
    with clouds.brain, clouds.speech, clouds.stripe:
        await Night(cache_dir, f"sqlite:///{tmp_path}/kiosk.db", clouds).serve(guests, every=guests)
    assert isinstance(clouds.brain, FakeGemini)
    assert len(clouds.asked_by_guest) == guests
    for number, asked in enumerate(clouds.asked_by_guest):
        # A guest's own first words are there, nobody else's are.
        said = [line for visit, _ in VISITS[:number] for line in visit]
        assert VISITS[number][0][-1] in asked
        assert not any(line in asked for line in said)
