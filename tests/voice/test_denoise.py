import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kiosk.voice.denoise import denoise
from tests.audio.sounds import pink_noise


def tone_between_silences() -> np.ndarray:
    tone = 8000 * np.sin(2 * np.pi * 500 * np.arange(16000) / 16000)
    return np.concatenate([np.zeros(8000), tone, np.zeros(8000)])


def power(samples: np.ndarray) -> float:
    return float(np.mean(samples.astype(np.float64) ** 2))


def test_steady_noise_goes_and_the_voice_stays():
    noisy = (tone_between_silences() + 300 * pink_noise(32000, 1)).astype(np.int16)
    cleaned = np.frombuffer(denoise(noisy.tobytes()), dtype=np.int16)
    assert power(cleaned[:6000]) < 0.6 * power(noisy[:6000])
    assert 0.8 < power(cleaned[10000:22000]) / power(noisy[10000:22000]) < 1.2


def test_a_quiet_room_is_left_as_it_is():
    clean = tone_between_silences().astype(np.int16)
    cleaned = np.frombuffer(denoise(clean.tobytes()), dtype=np.int16)
    assert np.abs(cleaned[9000:23000].astype(int) - clean[9000:23000]).max() < 200


@given(st.binary(max_size=6000).filter(lambda pcm: len(pcm) % 2 == 0))
def test_any_sound_keeps_its_length(pcm):
    assert len(denoise(pcm)) == len(pcm)
