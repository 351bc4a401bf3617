"""Facts about the recorded guests that other tests rely on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from kiosk.menu import Menu
from tests.audio.sounds import SAMPLE_RATE, loudness, pink_noise, read, with_pink_noise

HERE = Path(__file__).parent
ASSETS = HERE.parents[1] / "assets"
ELSEWHERE = HERE / "not_for_the_bar"
MISHEARD = HERE / "misheard"


def listed(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "utterances.json").read_text(encoding="utf-8"))


FOLDERS = (HERE, ELSEWHERE, MISHEARD, ASSETS / "demo")
RECORDINGS = [folder / utterance["file"] for folder in FOLDERS for utterance in listed(folder)]


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_is_of_speech_at_a_steady_level_between_silences(path):
    samples = read(path)
    assert 1.0 < len(samples) / SAMPLE_RATE < 6.0
    assert np.abs(samples).max() < 0.95
    assert loudness(samples) == pytest.approx(-20, abs=1.5)
    for edge in (samples[: SAMPLE_RATE // 4], samples[-SAMPLE_RATE // 4 :]):
        # A room, never digital silence; 8 bits round it up.
        assert 0 < np.sqrt((edge**2).mean()) < 0.006


def test_every_recording_is_on_the_list():
    stored = {path for suffix in ("wav", "flac") for path in HERE.rglob(f"*.{suffix}")}
    assert stored == {path for path in RECORDINGS if ASSETS not in path.parents}


def test_three_voices_speak_at_least_ten_times_each():
    voices = [utterance["voice"] for utterance in listed(HERE)]
    assert all(voices.count(voice) >= 10 for voice in ("rms", "slt", "awb"))


def test_what_is_expected_is_on_the_menu():
    menu = Menu.load(ASSETS / "menu.toml")
    for utterance in listed(HERE):
        for line in utterance["order"]:
            item = menu.find(line["item"]).item
            assert item is not None
            resolved = menu.resolve_modifiers(item, line["modifiers"])
            assert [spoken.text for spoken in resolved] == line["modifiers"]


@pytest.mark.parametrize(
    ("file", "rate", "channels", "subtype"),
    [
        ("order_02.flac", 44100, 2, "PCM_16"),
        ("order_03.wav", 16000, 1, "PCM_U8"),
        ("order_06.flac", 16000, 1, "PCM_24"),
    ],
)
def test_some_recordings_have_other_forms(file, rate, channels, subtype):
    info = soundfile.info(HERE / file)
    assert (info.samplerate, info.channels, info.subtype) == (rate, channels, subtype)


def test_a_guest_pauses_in_the_middle_of_a_sentence():
    samples = read(HERE / "pause_01.flac")
    frame = SAMPLE_RATE // 50
    quiet = [np.abs(samples[at : at + frame]).max() < 0.01 for at in range(0, len(samples) - frame, frame)]
    longest = max(len(run) for run in "".join("-" if silent else " " for silent in quiet[30:-35]).split())
    assert longest * 0.02 == pytest.approx(1.2, abs=0.15)


@pytest.mark.parametrize("snr_db", [0.0, 10.0, 20.0])
def test_noise_is_mixed_in_at_the_level_asked_for(snr_db):
    speech = read(HERE / "order_01.flac")
    noise = with_pink_noise(speech, snr_db) - speech
    level = 10 * np.log10((noise**2).mean())
    assert level == pytest.approx(loudness(speech) - snr_db, abs=0.3)


def test_the_same_seed_makes_the_same_noise():
    assert np.array_equal(pink_noise(1000, seed=1), pink_noise(1000, seed=1))
    assert not np.array_equal(pink_noise(1000, seed=1), pink_noise(1000, seed=2))


def test_noise_has_as_much_power_in_each_octave():
    spectrum = np.abs(np.fft.rfft(pink_noise(SAMPLE_RATE * 10, seed=0))) ** 2
    octaves = [spectrum[low * 10 : low * 20].sum() for low in (100, 200, 400, 800, 1600, 3200)]
    assert max(octaves) / min(octaves) < 1.3
