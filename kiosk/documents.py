"""The owner's files, read within bounds: whatever is in them, reading ends soon, and what is wrong is one line."""

import tomllib
from pathlib import Path
from typing import Any

from kiosk.errors import OperatorError
from kiosk.files import in_words

# tomllib takes time with the square of a key's parts, and with the nesting of a value the interpreter's stack: with
# these bounds the worst file takes it half a second, and a menu of a thousand drinks has room.
MOST_BYTES = 256 * 1024
LONGEST_LINE, MOST_DOTS = 4_000, 40


class DocumentError(OperatorError, ValueError):
    """A file that cannot be used; the message is one line that begins with its path."""


def read_text(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """The text in `path`, UTF-8, a byte order mark left out.

    Raises:
        DocumentError: it cannot be read, has more than `most_bytes` or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {in_words(error)}") from None
    if len(content) > most_bytes:
        raise DocumentError(f"{path}: larger than {most_bytes // 1024} KB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not a text in UTF-8: byte {error.start + 1} is none of it") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The TOML document in `path`.

    Raises:
        DocumentError: it cannot be read, is not TOML, or is none that a person would write.
    """
    text = read_text(path)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE or line.count(".") > MOST_DOTS:
            raise DocumentError(f"{path}: line {number} is too long, or has too many dots")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise DocumentError(f"{path}: not a TOML file: nested too deeply") from None
    except ValueError as error:
        # Not only a TOMLDecodeError: a number may have too many digits for Python.
        raise DocumentError(f"{path}: not a TOML file: {error}") from None
