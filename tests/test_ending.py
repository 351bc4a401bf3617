"""How a command that fails ends: a line on stderr, an exit status, and the traceback in the log."""

import asyncio
import errno
from collections import UserDict

import pytest

from kiosk import program
from kiosk.ending import INTERRUPTED, UNEXPECTED, USAGE_ERROR, end
from kiosk.errors import OperatorError
from kiosk.files import FileError
from kiosk.replay import Show, play
from kiosk.voice.recording import WrittenLine
from tests.bartender.menus import BAR

SECRET = "rk_test_51SECRETabcdef"


@pytest.fixture
def log(tmp_path):
    return tmp_path / "state" / "errors.log"


def grouped(*errors: BaseException) -> BaseException:
    """What comes out of a task group whose tasks end so, inside another task group."""

    async def fail(error: BaseException) -> None:
        raise error

    async def inner() -> None:
        async with asyncio.TaskGroup() as tasks:
            for error in errors:
                tasks.create_task(fail(error))

    async def outer() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(inner())

    with pytest.raises(BaseExceptionGroup) as caught:
        asyncio.run(outer())
    return caught.value


@pytest.mark.parametrize(
    "error",
    [OperatorError("the menu is gone"), grouped(ValueError("x"), OperatorError("the menu is gone"), KeyError("y"))],
    ids=["alone", "among others in task groups"],
)
def test_what_an_operator_can_put_right_is_one_line(error, log, capsys):
    assert end(error, log) == USAGE_ERROR
    assert capsys.readouterr().err == "run_kiosk.py: the menu is gone\n"


@pytest.mark.parametrize("wrapped", [False, True])
def test_what_nobody_expected_is_one_line_with_its_kind_and_where_the_rest_is(wrapped, log, capsys):
    error = LookupError(f"no such key\n{SECRET}")
    assert end(grouped(error) if wrapped else error, log) == UNEXPECTED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("run_kiosk.py: unexpected LookupError: ")
    assert str(log) in line
    assert "SECRET" not in line
    kept = log.read_text()
    assert "LookupError" in kept
    assert "SECRET" not in kept
    assert ("Traceback" in kept) == wrapped


def test_where_even_the_log_cannot_be_written_it_is_still_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert end(ZeroDivisionError(), tmp_path / "file" / "errors.log") == UNEXPECTED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("run_kiosk.py: unexpected ZeroDivisionError; ")
    assert "could not be written" in line


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/bar/kiosk.db"), "/bar/kiosk.db: the disk is full"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (grouped(OSError(errno.EROFS, "Read-only file system", "/bar")), "/bar: the disk can only be read"),
        (PermissionError(errno.EACCES, "Permission denied", "/bar"), "/bar: permission denied"),
    ],
)
def test_a_disk_that_takes_nothing_is_called_that_wherever_it_was_met(error, said, log, capsys):
    assert end(error, log) == USAGE_ERROR
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_command_that_is_interrupted_says_nothing(log, capsys):
    assert end(KeyboardInterrupt(), log) == INTERRUPTED
    assert end(BaseExceptionGroup("both", [ValueError(), KeyboardInterrupt()]), log) == INTERRUPTED
    assert capsys.readouterr().err == ""


class BrokenStore(UserDict):
    """A store that fails at its first document."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def __getitem__(self, key: str) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (FileError("kiosk.db: the disk is full"), USAGE_ERROR, "run_kiosk.py: kiosk.db: the disk is full"),
        (ZeroDivisionError("by chance"), UNEXPECTED, "run_kiosk.py: unexpected ZeroDivisionError: by chance; "),
    ],
)
def test_an_error_in_the_middle_of_a_replay_is_one_line(error, status, said, cache_dir, log, capsys):
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - of whatever kind it comes out
        play([WrittenLine("a beer")], BAR, BrokenStore(error), cache_dir, Show())
    capsys.readouterr()
    assert end(caught.value, log) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("started", "name"),
    [("/usr/local/bin/maya-kiosk", "maya-kiosk"), ("run_kiosk.py", "run_kiosk.py"), ("-c", "run_kiosk.py")],
)
def test_the_program_is_called_by_the_name_that_it_was_started_with(started, name):
    assert program.program(started) == name
