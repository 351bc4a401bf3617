"""Sound for tests: read a recording, mix noise into it, make noise alone."""

from pathlib import Path

import numpy as np
import soundfile
import soxr

SAMPLE_RATE = 16000


def read(path: Path) -> np.ndarray:
    """The recording at `path` as mono float samples at `SAMPLE_RATE`."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE)


def loudness(samples: np.ndarray) -> float:
    """The level of the speech in `samples` in dBFS: pauses do not count."""
    frame = SAMPLE_RATE // 50
    frames = np.pad(samples, (0, -len(samples) % frame)).reshape(-1, frame)
    power = (frames**2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() / 1000].mean()))


def pink_noise(samples: int, seed: int) -> np.ndarray:
    """Noise with equal power in every octave, of root mean square 1; the same for the same seed."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    frequencies = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    spectrum[1:] /= np.sqrt(frequencies[1:])
    # Below 50 Hz there is power that no microphone picks up.
    spectrum[frequencies < 50] = 0
    noise = np.fft.irfft(spectrum, samples)
    return (noise / np.sqrt((noise**2).mean())).astype(np.float32)


def with_pink_noise(samples: np.ndarray, snr_db: float, seed: int = 0) -> np.ndarray:
    """`samples` in a room whose noise is `snr_db` below the speech."""
    noise = pink_noise(len(samples), seed) * 10 ** ((loudness(samples) - snr_db) / 20)
    return np.clip(samples + noise, -1, 1).astype(np.float32)
