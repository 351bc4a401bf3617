"""The commands as an operator calls them: in a process of their own once for each kind of end, else in this one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.cli import main
from tests.full_disk import no_file_beyond

ROOT = Path(__file__).parent.parent


INSTALLED = Path(sys.executable).with_name("maya-kiosk")

Ended = subprocess.CompletedProcess[str]


def kiosk(*arguments: object, program: Path | None = None, **environment: str) -> Ended:
    command = [program] if program else [sys.executable, ROOT / "run_kiosk.py"]
    return subprocess.run(
        [*command, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
def called(capsys) -> Callable[..., Ended]:
    """Calls a command in this process, which has loaded the voice already."""

    def call(*arguments: object) -> Ended:
        words = list(map(str, arguments))
        status = main(words)
        return Ended(words, status, *capsys.readouterr())

    return call


def assert_one_clear_line(done: Ended, *words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", ["run", "demo", "replay", "chat", "tabs", "keys", "models", "doctor", "devices"])
def test_every_command_explains_itself_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "example: run_kiosk.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["fly"], "fly"),
        (["replay"], "--out"),
        (["replay", "a.wav", "--out", "o", "--size", "big"], "1920x1080"),
        (["replay", "a.wav", "--out", "o", "--size", "1x1"], "320"),
        (["--fly"], "--fly"),
        (["fly\nfly"], "fly"),
        (["tabs", "fly"], "fly"),
        (["tabs", "settle", "bar-0123456789ab"], "--note"),
        (["tabs", "journal", "bar-\udcff"], "UTF-8"),
        (["keys", "fly"], "fly"),
        (["models", "fly"], "fly"),
        (["doctor", "fly"], "fly"),
        (["devices", "fly"], "fly"),
        (["demo", "fly"], "fly"),
        (["chat", "fly"], "fly"),
        (["run", "fly"], "fly"),
        (["replay", "a.wav", "--out", ""], "empty path"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments, word, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("run_kiosk.py")
    assert word in line
    assert "--help" in line


@pytest.mark.slow
def test_a_missing_recording_is_one_line_and_leaves_nothing(tmp_path):
    out = tmp_path / "out"
    assert_one_clear_line(kiosk("replay", tmp_path / "none.wav", "--out", out), "none.wav", "no such file")
    assert not out.exists()


def test_a_recording_that_is_no_sound_is_one_line_and_leaves_nothing(tmp_path, called):
    (tmp_path / "noise.wav").write_text("hello")
    out = tmp_path / "out"
    assert_one_clear_line(called("replay", tmp_path / "noise.wav", "--out", out), "noise.wav", "not a sound file")
    assert not out.exists()


def test_a_wrong_menu_is_one_line_and_leaves_nothing(tmp_path, called):
    (tmp_path / "script.txt").write_text("a beer please")
    (tmp_path / "menu.toml").write_text("[[items]]\nname='A'\nprice='-3'\ncategory='C'")
    out = tmp_path / "out"
    done = called("replay", tmp_path / "script.txt", "--menu", tmp_path / "menu.toml", "--out", out)
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
def test_hostile_files_are_one_line_and_leave_nothing(tmp_path, called, name, content, complaint):
    (tmp_path / "script.txt").write_text("a beer please")
    (tmp_path / "menu.toml").write_text("[[items]]\nname='Beer'\nprice='3'\ncategory='Beers'")
    (tmp_path / "knowledge").mkdir()
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out"
    done = called("replay", tmp_path / "script.txt", "--menu", tmp_path / "menu.toml", "--out", out)
    assert_one_clear_line(done, str(tmp_path / name), complaint)
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, called):
    (tmp_path / "script.txt").write_text("a beer please")
    (tmp_path / "file").write_text("in the way")
    done = called("replay", tmp_path / "script.txt", "--out", tmp_path / "file" / "out")
    assert_one_clear_line(done, "cannot be written")


def test_a_setting_that_cannot_be_is_one_line_that_names_the_variable(monkeypatch, called):
    monkeypatch.setenv("KIOSK_LOG_LEVEL", "LOUD")
    assert_one_clear_line(called("doctor"), "KIOSK_LOG_LEVEL")


def test_a_file_of_settings_that_is_no_text_is_one_line(tmp_path):
    (tmp_path / ".env").write_bytes(b"KIOSK_NAME=\xff")
    command = [sys.executable, ROOT / "run_kiosk.py", "tabs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert_one_clear_line(done, ".env", "UTF-8")


def test_the_installed_command_is_called_by_its_own_name(tmp_path):
    store = f"sqlite:///{tmp_path / 'tabs.db'}"
    done = kiosk("tabs", "settle", "bar-0123456789ab", "--note", "x", program=INSTALLED, KIOSK_STORE_URL=store)
    assert_one_clear_line(done, "maya-kiosk: ", "The open tabs: maya-kiosk tabs")
    assert "example: maya-kiosk tabs settle" in kiosk("tabs", "--help", program=INSTALLED).stdout
    assert_one_clear_line(kiosk("fly", program=INSTALLED), "maya-kiosk: ", "maya-kiosk --help")


def test_a_disk_without_room_for_tabs_is_called_that(tmp_path):
    with no_file_beyond(4096):
        done = kiosk("tabs", KIOSK_STORE_URL=f"sqlite:///{tmp_path / 'tabs.db'}")
    assert_one_clear_line(done, "tabs.db", "make room")


@pytest.mark.parametrize("command", [["replay", "script.txt"], ["demo", "--headless"]], ids=lambda words: words[0])
def test_a_disk_without_room_is_called_that_at_the_start(tmp_path, monkeypatch, called, command):
    monkeypatch.chdir(tmp_path)
    Path("script.txt").write_text("a beer please")
    with no_file_beyond(4096):
        done = called(*command, "--out", "out")
    assert_one_clear_line(done, "out", "cannot be written", "larger")
    assert list(Path("out").iterdir()) == []


@pytest.mark.slow
def test_a_disk_without_room_for_what_the_ears_need_is_told_by_the_doctor(tmp_path, monkeypatch, called):
    cache = tmp_path / "cache"
    monkeypatch.setenv("KIOSK_CACHE_DIR", str(cache))
    with no_file_beyond(4096):
        doctor = called("doctor")
    assert "Traceback" not in doctor.stderr
    (ears,) = [line for line in doctor.stdout.splitlines() if " ears " in line]
    assert all(words in ears for words in ("MISSING", str(cache), "cannot be written", "KIOSK_CACHE_DIR")), ears
    assert list(cache.iterdir()) == []


def test_output_that_nothing_takes_is_one_line():
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, ROOT / "run_kiosk.py", "tabs"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr == "run_kiosk.py: what this command writes: the disk is full: make room on it\n"
