"""Facts about long utterances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.voice.stt.log_mel import SAMPLE_RATE
from kiosk.voice.stt.pieces import pieces


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, int(seconds * SAMPLE_RATE)).astype(np.float32)


def test_what_fits_stays_whole():
    sound = noise(24)
    (piece,) = pieces(sound, 24)
    assert piece is sound


def test_it_is_cut_where_it_is_quietest():
    sound = noise(40)
    sound[20 * SAMPLE_RATE : 20 * SAMPLE_RATE + SAMPLE_RATE // 5] = 0
    first, _ = pieces(sound, 24)
    assert len(first) / SAMPLE_RATE == pytest.approx(20.1, abs=0.1)


@given(secs=st.floats(0.0, 130.0))
@settings(max_examples=10)
def test_nothing_is_left_out_and_nothing_is_too_long(secs):
    sound = noise(secs)
    cut = list(pieces(sound, 24))
    assert np.array_equal(np.concatenate(cut), sound)
    assert all(len(piece) <= 24 * SAMPLE_RATE for piece in cut)
