"""A disk that is nearly full: the system refuses what is too much for it in the middle of writing."""

import contextlib
import resource
import sys
from collections.abc import Iterator

import pytest


@contextlib.contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Meanwhile no file can grow beyond `size` bytes, neither of this process nor of one that it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as here:
        # Python 3.11 takes half a file of bytecode for a whole one, and nobody could load that module any more.
        here.setattr(sys, "dont_write_bytecode", True)
        here.setenv("PYTHONDONTWRITEBYTECODE", "1")
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
