"""Remakes the recorded guests of the demo and the tests, with voices that are not Maya's.

Needs Debian's flite, festival, festvox-kallpc16k, festvox-kdlpc16k and festvox-us-slt-hts. What is said,
by which voice and in which form, is read from the list beside the recordings:

    uv run scripts/make_recordings.py assets/demo tests/audio tests/audio/misheard tests/audio/not_for_the_bar
    uv run scripts/make_recordings.py --noise 20 tests/audio/order_01.flac noisy.wav
"""

import argparse
import json
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from tests.audio.sounds import SAMPLE_RATE, loudness, pink_noise, read, with_pink_noise

LIST = "utterances.json"

FESTIVAL = {"slt_hts": "cmu_us_slt_arctic_hts", "kal": "kal_diphone", "ked": "ked_diphone"}

LEVEL_DBFS = -20.0
PEAK = 0.89
BEFORE_SECS, AFTER_SECS = 0.4, 0.6
# A room is never quite silent.
ROOM_DBFS = -66.0

# Forms that a recording may have other than 16-bit mono at 16 kHz.
FORMS = {
    "8-bit": (SAMPLE_RATE, 1, "PCM_U8"),
    "24-bit": (SAMPLE_RATE, 1, "PCM_24"),
    "stereo 44.1 kHz": (44100, 2, "PCM_16"),
}


def main() -> None:
    """Remake folders of recordings, or mix noise into one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, help="folders to remake, or with --noise IN OUT")
    parser.add_argument("--noise", type=float, metavar="DB", help="mix pink noise in, DB below the speech")
    parser.add_argument("--seed", type=int, default=0, help="of the noise")
    options = parser.parse_args()
    if options.noise is None:
        for folder in options.paths:
            remake(folder)
    elif len(options.paths) == 2:
        source, target = options.paths
        soundfile.write(target, with_pink_noise(read(source), options.noise, options.seed), SAMPLE_RATE)
    else:
        parser.error("--noise takes two files: IN OUT")


def remake(folder: Path) -> None:
    """Record everything on the folder's list."""
    for utterance in json.loads((folder / LIST).read_text(encoding="utf-8")):
        samples = record(utterance)
        rate, channels, subtype = FORMS.get(utterance.get("form"), (SAMPLE_RATE, 1, "PCM_16"))
        resampled = soxr.resample(samples, SAMPLE_RATE, rate)
        soundfile.write(folder / utterance["file"], np.column_stack([resampled] * channels), rate, subtype)


def record(utterance: dict[str, Any]) -> np.ndarray:
    """One utterance at its level, with the silence of a room before, after and where the guest pauses.

    Parameters:
        utterance: an entry of a list; "spoken", if there, is what the voice is given in place of "text",
            in parts where there is a pause of "pause_secs".
    """
    parts = utterance.get("spoken", utterance["text"])
    said = [speak(part, utterance["voice"]) for part in ([parts] if isinstance(parts, str) else parts)]
    pause = np.zeros(int(utterance.get("pause_secs", 0) * SAMPLE_RATE), dtype=np.float32)
    speech = said[0]
    for part in said[1:]:
        speech = np.concatenate([speech, pause, part])
    speech = speech * 10 ** ((LEVEL_DBFS - loudness(speech)) / 20)
    speech = speech * min(1.0, PEAK / np.abs(speech).max())
    samples = np.pad(speech, (int(BEFORE_SECS * SAMPLE_RATE), int(AFTER_SECS * SAMPLE_RATE)))
    room = pink_noise(len(samples), seed=zlib.crc32(utterance["file"].encode()))
    return samples + room * 10 ** (ROOM_DBFS / 20)


def speak(text: str, voice: str) -> np.ndarray:
    """`text` in one of the voices, without the silence around it."""
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "speech.wav"
        if voice in FESTIVAL:
            words = Path(folder) / "words.txt"
            words.write_text(text, encoding="ascii")
            command = ["text2wave", "-eval", f"(voice_{FESTIVAL[voice]})", "-o", sound, words]
        else:
            command = ["flite", "-voice", voice, "-t", text, "-o", sound]
        subprocess.run(command, check=True, capture_output=True)
        samples = read(sound)
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


if __name__ == "__main__":
    main()
