from pathlib import Path

import numpy as np
import pytest
import soundfile

from kiosk.voice.recording import RecordingError, Utterance, WrittenLine, read_named_turns, read_turns

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(44100) / 44100)


def loudness(pcm: bytes) -> float:
    return float(np.abs(np.frombuffer(pcm, dtype=np.int16) / 32767).max())


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [
        (8000, 1, "PCM_U8"),
        (16000, 1, "PCM_16"),
        (22050, 2, "PCM_16"),
        (44100, 2, "PCM_24"),
        (48000, 1, "PCM_32"),
        (48000, 2, "FLOAT"),
        (96000, 1, "DOUBLE"),
    ],
)
def test_a_wav_of_any_rate_width_and_number_of_channels_is_heard(tmp_path, rate, channels, subtype):
    samples = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    path = tmp_path / "tone.wav"
    soundfile.write(path, np.stack([samples] * channels, axis=1), rate, subtype=subtype)
    [turn] = read_turns(path)
    assert isinstance(turn, Utterance)
    assert len(turn.pcm) / 2 == pytest.approx(16000, abs=32)
    assert loudness(turn.pcm) == pytest.approx(0.5, abs=0.05)


def test_a_flac_is_heard_too(tmp_path):
    soundfile.write(tmp_path / "tone.flac", TONE, 44100)
    assert isinstance(read_turns(tmp_path / "tone.flac")[0], Utterance)


def test_samples_that_are_no_numbers_are_silence(tmp_path):
    soundfile.write(tmp_path / "odd.wav", np.full(1600, np.nan), 16000, subtype="FLOAT")
    [turn] = read_turns(tmp_path / "odd.wav")
    assert isinstance(turn, Utterance)
    assert loudness(turn.pcm) == 0


def test_a_script_is_a_turn_a_line(tmp_path):
    path = tmp_path / "script.txt"
    path.write_text("two martinis\n\n  pay please \n", encoding="utf-8-sig")
    assert read_turns(path) == [WrittenLine("two martinis"), WrittenLine("pay please")]
    assert [name for name, _ in read_named_turns(path)] == [f"{path}:1", f"{path}:3"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.wav", None),
        ("empty.wav", b""),
        ("text.wav", b"this is not sound"),
        ("truncated.wav", b"RIFF\x24\x00\x00\x00WAVEfmt "),
        ("empty.txt", b" \n\n"),
        ("binary.txt", b"\xff\xfe\xff\x00\xd8"),
        ("endless.txt", b"a martini please\n" * 70_000),
    ],
)
def test_what_cannot_be_played_is_one_line_that_names_the_file(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordingError) as refusal:
        read_turns(path)
    assert str(refusal.value).startswith(str(path))
    assert "\n" not in str(refusal.value)


def test_a_sound_file_without_sound_is_refused(tmp_path):
    soundfile.write(tmp_path / "none.wav", np.zeros(0), 16000)
    with pytest.raises(RecordingError, match="is empty"):
        read_turns(tmp_path / "none.wav")


def test_a_folder_is_not_a_recording(tmp_path):
    with pytest.raises(RecordingError, match="no such file"):
        read_turns(tmp_path)


def a_flac_that_says_to_have(samples: int, path: Path) -> None:
    soundfile.write(path, TONE, 44100)
    content = bytearray(path.read_bytes())
    # The last 36 bits before the checksum of the first block: how many samples there are.
    content[21] |= samples >> 32
    content[22:26] = (samples & 0xFFFFFFFF).to_bytes(4, "big")
    path.write_bytes(content)


def test_a_recording_that_says_to_last_for_weeks_takes_no_memory(tmp_path):
    a_flac_that_says_to_have(2**36 - 1, tmp_path / "weeks.flac")
    with pytest.raises(RecordingError, match=r"weeks\.flac: "):
        read_turns(tmp_path / "weeks.flac")


def test_a_recording_of_hours_is_no_turn(tmp_path):
    soundfile.write(tmp_path / "hours.wav", np.zeros(4_000), 1)
    with pytest.raises(RecordingError, match="longer than 600 seconds"):
        read_turns(tmp_path / "hours.wav")
