"""Files that are written whole or not at all, and what is said where the system refuses one."""

import errno
import os

import pytest

from kiosk.files import FileError, in_words, is_operators, write_whole
from tests.full_disk import no_file_beyond


def test_what_cannot_be_written_whole_leaves_the_old_content_and_nothing_else(tmp_path):
    path = tmp_path / "state.json"
    write_whole(path, b"old")
    with no_file_beyond(100), pytest.raises(FileError, match=r"state\.json: cannot be written: .*larger"):
        write_whole(path, b"new" * 100)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_where_a_folder_should_be_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FileError, match="a file is in the way"):
        write_whole(tmp_path / "file" / "state.json", b"")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "used up"),
        (errno.EROFS, "can only be read"),
        (errno.EACCES, "permission denied"),
    ],
)
def test_what_an_operator_can_put_right_is_said_in_words_with_what_to_do(number, words):
    error = OSError(number, os.strerror(number))
    assert words in in_words(error)
    assert ": " in in_words(error)
    assert is_operators(error)


def test_anything_else_is_as_the_system_says_it():
    error = OSError(errno.ECONNREFUSED, "Connection refused")
    assert in_words(error) == "Connection refused"
    assert not is_operators(error)
    assert in_words(OSError("odd")) == "odd"
