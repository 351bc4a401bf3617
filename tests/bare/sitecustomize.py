"""Python runs this when it starts with this folder on its PYTHONPATH: what two variables name cannot be found."""

import ctypes.util
import os
import sys
from importlib.machinery import PathFinder

# Both hold names with blanks between them.
HIDDEN_LIBRARIES = "TESTS_HIDDEN_LIBRARIES"
HIDDEN_MODULES = "TESTS_HIDDEN_MODULES"

_find_library = ctypes.util.find_library


def _find_other_library(name: str) -> str | None:
    return None if name in os.environ.get(HIDDEN_LIBRARIES, "").split() else _find_library(name)


class _OtherModules(PathFinder):
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return None if fullname in os.environ.get(HIDDEN_MODULES, "").split() else super().find_spec(fullname, path)


ctypes.util.find_library = _find_other_library
if PathFinder in sys.meta_path:  # it is not where this was loaded at the start and is now imported
    sys.meta_path[sys.meta_path.index(PathFinder)] = _OtherModules
