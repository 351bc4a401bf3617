"""A little of what `make fuzz` does at length."""

import pytest

from tests.fuzz import KINDS, Fuzz

SHARE = 0.002


# Where an answer of Gemini's cannot be read, its client leaves the connection to the garbage collector, which says so.
@pytest.mark.filterwarnings("ignore:.*Connection.__del__:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:.*[Uu]nclosed:ResourceWarning")
@pytest.mark.parametrize("kind", KINDS)
async def test_nonsense_is_borne(cache_dir, tmp_path, kind):
    run, number = KINDS[kind]
    fuzz = Fuzz(seed=5, folder=cache_dir if kind in ("voice", "ears") else tmp_path)
    assert await run(fuzz, max(1, round(number * SHARE))) >= 1
