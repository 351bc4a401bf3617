"""The commands as an operator calls them: in a process of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def kiosk(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "run_kiosk.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def assert_one_clear_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", ["run", "demo", "replay", "doctor", "devices"])
def test_every_command_explains_itself_with_an_example(command):
    done = kiosk(command, "--help")
    assert done.returncode == 0
    assert "example: run_kiosk.py" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["fly"], "fly"),
        (["replay"], "--out"),
        (["replay", "a.wav", "--out", "o", "--size", "big"], "1920x1080"),
        (["replay", "a.wav", "--out", "o", "--size", "1x1"], "320"),
        (["--fly"], "--fly"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments, word):
    assert_one_clear_line(kiosk(*arguments), word, "--help")


def test_a_missing_recording_is_one_line_and_leaves_nothing(tmp_path):
    out = tmp_path / "out"
    assert_one_clear_line(kiosk("replay", tmp_path / "none.wav", "--out", out), "none.wav", "no such file")
    assert not out.exists()


def test_a_recording_that_is_no_sound_is_one_line_and_leaves_nothing(tmp_path):
    (tmp_path / "noise.wav").write_text("hello")
    out = tmp_path / "out"
    assert_one_clear_line(kiosk("replay", tmp_path / "noise.wav", "--out", out), "noise.wav", "not a sound file")
    assert not out.exists()


def test_a_wrong_menu_is_one_line_and_leaves_nothing(tmp_path):
    (tmp_path / "script.txt").write_text("a beer please")
    (tmp_path / "menu.toml").write_text("[[items]]\nname='A'\nprice='-3'\ncategory='C'")
    out = tmp_path / "out"
    done = kiosk("replay", tmp_path / "script.txt", "--menu", tmp_path / "menu.toml", "--out", out)
    assert_one_clear_line(done, "menu.toml", "'A'", "price", "negative")
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("menu.toml", b"a = " + b"[" * 3_000, "nested too deeply"),
        ("menu.toml", b"# beer\n" * 1_500_000, "larger than 256 KB"),
        ("menu.toml", b'[bar]\nname = "Blue\\u202e"', "has a character that cannot be seen"),
        ("knowledge/bar.md", b"\n## Gin\n\xff", "not a text in UTF-8"),
        ("script.txt", b"a beer please\n" * 80_000, "larger than 1024 KB"),
    ],
    ids=["deep", "large", "direction", "knowledge", "script"],
)
def test_hostile_files_are_one_line_and_leave_nothing(tmp_path, name, content, complaint):
    (tmp_path / "script.txt").write_text("a beer please")
    (tmp_path / "menu.toml").write_text("[[items]]\nname='Beer'\nprice='3'\ncategory='Beers'")
    (tmp_path / "knowledge").mkdir()
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out"
    done = kiosk("replay", tmp_path / "script.txt", "--menu", tmp_path / "menu.toml", "--out", out)
    assert_one_clear_line(done, str(tmp_path / name), complaint)
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "script.txt").write_text("a beer please")
    (tmp_path / "file").write_text("in the way")
    done = kiosk("replay", tmp_path / "script.txt", "--out", tmp_path / "file" / "out")
    assert_one_clear_line(done, "cannot be written")


def test_a_setting_that_cannot_be_is_one_line_that_names_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("KIOSK_LOG_LEVEL", "LOUD")
    assert_one_clear_line(kiosk("doctor"), "KIOSK_LOG_LEVEL")
