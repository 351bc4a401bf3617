"""A long utterance in pieces that Whisper can look at, cut where it is quietest."""

from collections.abc import Iterator

import numpy as np

from kiosk.voice.stt.log_mel import SAMPLE_RATE

_FRAME = SAMPLE_RATE // 10
# Each piece is cut in its last quarter, so that few are short.
_LEAST_SHARE = 0.75


def pieces(samples: np.ndarray, most_secs: float) -> Iterator[np.ndarray]:
    """`samples` (16 kHz) in order, none of them longer than `most_secs`; nothing is left out."""
    most = int(most_secs * SAMPLE_RATE)
    while len(samples) > most:
        begin = int(most * _LEAST_SHARE)
        tail = samples[begin:most]
        frames = tail[: len(tail) // _FRAME * _FRAME].reshape(-1, _FRAME)
        quietest = int((frames.astype(np.float64) ** 2).mean(axis=1).argmin())
        cut = begin + quietest * _FRAME + _FRAME // 2
        yield samples[:cut]
        samples = samples[cut:]
    yield samples
