"""Sound as Whisper sees it: a log-mel spectrogram, computed as in its training (OpenAI's whisper/audio.py)."""

from functools import lru_cache

import numpy as np

SAMPLE_RATE = 16000
_WINDOW, _HOP = 400, 160
# Of the loudest value, so many powers of ten below are kept.
_RANGE = 8.0


def log_mel(samples: np.ndarray, bands: int = 80) -> np.ndarray:
    """The spectrogram of `samples` (float32, 16 kHz, -1 to 1): (bands, frames), a frame each 10 ms."""
    padded = np.pad(samples.astype(np.float32), _WINDOW // 2, mode="reflect")
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][: len(samples) // _HOP]
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    logarithm = np.log10(np.maximum(_filters(bands) @ power.T.astype(np.float32), 1e-10))
    return ((np.maximum(logarithm, logarithm.max() - _RANGE) + 4.0) / 4.0).astype(np.float32)


@lru_cache(maxsize=2)
def _filters(bands: int) -> np.ndarray:
    """Triangles of equal area on Slaney's mel scale, from 0 Hz to half the sample rate: (bands, frequencies)."""
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE)
    edges = _hertz(np.linspace(0.0, _mel(SAMPLE_RATE / 2), bands + 2))
    rise = (frequencies[np.newaxis] - edges[:-2, np.newaxis]) / np.diff(edges)[:-1, np.newaxis]
    fall = (edges[2:, np.newaxis] - frequencies[np.newaxis]) / np.diff(edges)[1:, np.newaxis]
    area = 2.0 / (edges[2:] - edges[:-2])
    return (np.maximum(0.0, np.minimum(rise, fall)) * area[:, np.newaxis]).astype(np.float32)


# Slaney's scale is linear up to 1 kHz, and logarithmic above: 27 steps for each factor of 6.4.
_KNEE_HERTZ, _KNEE_MEL, _STEP = 1000.0, 15.0, np.log(6.4) / 27.0


def _mel(hertz: float) -> float:
    return _KNEE_MEL + float(np.log(hertz / _KNEE_HERTZ)) / _STEP


def _hertz(mels: np.ndarray) -> np.ndarray:
    return np.where(mels < _KNEE_MEL, mels * 200.0 / 3.0, _KNEE_HERTZ * np.exp(_STEP * (mels - _KNEE_MEL)))
