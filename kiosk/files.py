"""Files are written whole or not at all; and what the system says when it refuses one, in an operator's words."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kiosk.errors import OperatorError

# What an operator can put right, and how; anything else is as the system says it.
_IN_WORDS = {
    errno.ENOSPC: "the disk is full: make room on it",
    errno.EDQUOT: "this user's share of the disk is used up: make room in it",
    errno.EFBIG: "the file would be larger than this user may write: raise the limit (ulimit -f)",
    errno.EROFS: "the disk can only be read: mount it for writing, or choose another place",
    errno.EACCES: "permission denied: give it to this user, or choose another place",
    errno.EPERM: "not permitted: give it to this user, or choose another place",
    errno.EEXIST: "a file is in the way: choose another place",
    errno.ENOTDIR: "a file is in the way: choose another place",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOMEM: "out of memory: close other programs",
}


class FileError(OperatorError):
    """A file or a folder that the system refuses; the message is one line that begins with its path."""


def is_operators(error: OSError) -> bool:
    """Whether it is a refusal that an operator can put right, whichever part of the program met it."""
    return error.errno in _IN_WORDS


def in_words(error: OSError) -> str:
    """Why the system refused, and what to do about it."""
    return _IN_WORDS.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)


@contextmanager
def written(path: Path, advice: str = "") -> Iterator[None]:
    """What is done inside writes to `path`.

    Parameters:
        advice: what else can be done where it is refused.

    Raises:
        FileError: the system refuses it.
    """
    try:
        yield
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {in_words(error)}{advice}") from error


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` into `path`; a reader finds the old content or the new one, and nothing in between.

    Raises:
        FileError: the system refuses it; the old content stays.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    with written(path):
        try:
            unfinished.write_bytes(content)
            unfinished.replace(path)
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
