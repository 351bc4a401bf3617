"""Facts about the spectrogram that Whisper was trained on."""

import numpy as np
import pytest

from kiosk.voice.stt.log_mel import SAMPLE_RATE, log_mel


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(np.float32)


def test_a_frame_is_ten_milliseconds():
    assert log_mel(tone(440)).shape == (80, 100)
    assert log_mel(tone(440), bands=128).shape == (128, 100)


# Centres of Slaney's bands: linear up to 1 kHz, logarithmic above.
@pytest.mark.parametrize(("hertz", "band"), [(200, 4), (1000, 26), (2000, 44), (4000, 62)])
def test_a_tone_is_in_its_band(hertz, band):
    loudest = log_mel(tone(hertz))[:, 10:-10].mean(axis=1).argmax()
    assert abs(int(loudest) - band) <= 1


def test_silence_is_flat_and_nothing_is_more_than_eight_powers_of_ten_below_the_loudest():
    assert np.ptp(log_mel(np.zeros(SAMPLE_RATE, np.float32))) == 0.0
    assert np.ptp(log_mel(tone(440))) == pytest.approx(2.0, abs=1e-5)
