"""Whatever is in a file that the owner gives, reading it ends soon and in one line."""

from pathlib import Path

import pytest

from kiosk.documents import MOST_BYTES, DocumentError, read_text, read_toml


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a = " + b"[" * 3_000, "nested too deeply"),
        (b"a = " + b"[\n" * 100_000, "nested too deeply"),
        (b"a = " + b"9" * 5_000, "line 1 is too long"),
        (b".".join([b"a"] * 8_000) + b" = 1", "line 1 is too long"),
        (b"a = 1\n" + b".".join([b"a"] * 100) + b" = 1", "line 2 is too long, or has too many dots"),
        (b"# nothing\n" * 1_000_000, "larger than 256 KB"),
        (b"name = 'M\xfcller'", "not a text in UTF-8: byte 10"),
        (b"name = 'a\0b'", "not a TOML file"),
        (b"name = ", "not a TOML file"),
        (b'name = "\\ud800"', "not a TOML file"),
    ],
)
def test_a_file_that_nobody_would_write_is_refused_in_one_line(tmp_path, content, complaint):
    path = tmp_path / "menu.toml"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as refusal:
        read_toml(path)
    message = str(refusal.value)
    assert message.startswith(str(path))
    assert complaint in message
    assert "\n" not in message
    assert len(message) <= 500


def test_a_file_without_end_is_not_read_to_its_end():
    with pytest.raises(DocumentError, match="larger than 256 KB"):
        read_text(Path("/dev/zero"))


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(DocumentError, match="Is a directory"):
        read_text(tmp_path)
    with pytest.raises(DocumentError, match="No such file"):
        read_text(tmp_path / "none.md")


def test_a_file_of_the_largest_size_is_read_and_its_mark_is_none_of_it(tmp_path):
    path = tmp_path / "bar.md"
    path.write_bytes(b"\xef\xbb\xbf" + b"x" * (MOST_BYTES - 3))
    assert read_text(path) == "x" * (MOST_BYTES - 3)
