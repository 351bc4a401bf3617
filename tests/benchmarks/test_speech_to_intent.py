"""The benchmark of real people's orders reads recordings and labels as they are published."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.speech_to_intent import DRINK, DataError, Noise, _in_noise, read_cases
from kiosk.settings import find_assets
from kiosk.voice.recording import Utterance

ROOT = Path(__file__).parents[2]
PUBLISHED = {
    "0075d273.wav": {"intent": "orderDrink", "slots": {DRINK: "Latte ", "size": " large", "milkAmount": "some  Milk"}},
    "00e09cf0.wav": {"intent": "orderDrink", "slots": {DRINK: "iced coffee", "numberOfShots": "Triple shot"}},
}


def write_labels(path: Path, labels: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(labels))


def record(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros(160, dtype=np.int16), 16000)
    return path


def slots_by_name(data: Path, speech: Path | None = None) -> dict[str, dict[str, str]]:
    return {case.recording.stem: dict(case.slots) for case in read_cases(data, speech or data)}


def test_the_public_benchmark_is_read_as_it_is(tmp_path):
    write_labels(tmp_path / "data" / "label" / "label.json", PUBLISHED)
    for name in PUBLISHED:
        record(tmp_path / "data" / "speech" / "clean" / name)
    record(tmp_path / "data" / "noise" / "kitchen.wav")
    assert slots_by_name(tmp_path) == {
        "0075d273": {DRINK: "latte", "size": "large", "milkAmount": "some milk"},
        "00e09cf0": {DRINK: "iced coffee", "numberOfShots": "triple shot"},
    }


@pytest.mark.parametrize("labels", ["label.json", "labels.json"])
def test_recordings_of_any_form_may_lie_beside_their_labels(tmp_path, labels):
    write_labels(tmp_path / labels, PUBLISHED)
    record(tmp_path / "00e09cf0.flac")
    assert slots_by_name(tmp_path) == {"00e09cf0": {DRINK: "iced coffee", "numberOfShots": "triple shot"}}


def test_labels_may_be_the_slots_alone(tmp_path):
    write_labels(tmp_path / "labels.json", {"a.flac": {DRINK: "mocha"}})
    record(tmp_path / "a.flac")
    assert slots_by_name(tmp_path) == {"a": {DRINK: "mocha"}}


def test_the_same_recordings_with_and_without_noise_are_told_apart_by_their_folder(tmp_path):
    write_labels(tmp_path / "label" / "label.json", PUBLISHED)
    record(tmp_path / "speech" / "clean" / "0075d273.wav")
    noisy = record(tmp_path / "speech" / "kitchen_6db" / "0075d273.wav")
    with pytest.raises(DataError, match="--speech"):
        read_cases(tmp_path, tmp_path)
    (case,) = read_cases(tmp_path, noisy.parent)
    assert case.recording == noisy


@pytest.mark.parametrize(
    ("labels", "trouble"),
    [
        ([{"path": "a.wav", "slots": {}}], "not an object"),
        ({"a.wav": ["latte"]}, "not an object"),
        ({"b.wav": {"slots": {DRINK: "latte"}}}, "labels none of the 1 recordings"),
        (None, "0 files called label.json"),
    ],
)
def test_labels_that_cannot_be_used_are_named_in_one_line(tmp_path, labels, trouble):
    record(tmp_path / "a.wav")
    if labels is not None:
        write_labels(tmp_path / "label.json", labels)
    with pytest.raises(DataError, match=trouble):
        read_cases(tmp_path, tmp_path)


def test_a_rooms_noise_is_laid_over_the_speech_at_the_level_asked_for(tmp_path):
    soundfile.write(tmp_path / "room.wav", np.full(40_000, 0.25, np.float32), 16000)
    speech = np.zeros(32_000, np.int16)
    speech[9_600:24_000] = 10_000
    mixed = _in_noise(Utterance(speech.tobytes()), Noise(tmp_path / "room.wav", 20.0), "a")
    assert isinstance(mixed, Utterance)
    # Silence has no part in how loud the speech is.
    assert np.frombuffer(mixed.pcm, np.int16)[0] == pytest.approx(1_000, abs=2)


@pytest.mark.slow
def test_an_order_is_judged_by_what_it_was_labelled_with(tmp_path):
    slots = {DRINK: " Whiskey", "how": "Neat "}
    write_labels(tmp_path / "label" / "label.json", {"one.wav": {"intent": "orderDrink", "slots": slots}})
    (tmp_path / "speech").mkdir()
    shutil.copy(ROOT / "tests" / "audio" / "order_03.wav", tmp_path / "speech" / "one.wav")
    command = [
        sys.executable,
        "benchmarks/speech_to_intent.py",
        "--data",
        str(tmp_path),
        "--jobs",
        "1",
        "--stt",
        "sphinx",
    ]
    done = subprocess.run(
        [*command, "--menu", str(find_assets() / "menu.toml")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "orders exactly right  1.000  (1 of 1)" in done.stdout, done.stderr
