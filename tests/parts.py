"""What some tests need and Python's packages do not bring, named once: how it is found, installed, and hidden.

A test that needs one says `@pytest.mark.needs("portaudio")`, and is skipped in words where it is missing. Hidden, the
parts cannot be found by the tests, by the kiosk or by any Python that either starts: as on a bare machine.
"""

import contextlib
import ctypes.util
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bare.sitecustomize import HIDDEN_LIBRARIES, HIDDEN_MODULES
from tests.state.postgres import find_programs

# A store on PostgreSQL, among the parameters of a test or a fixture.
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))

_DEBIAN = "scripts/install_system_packages.sh"
_FOLDER_OF_BARE = str(Path(__file__).parent / "bare")


@dataclass(frozen=True)
class Part:
    """Something to be installed beside Python's packages; it is here if all is here that it names.

    Attributes:
        name: what people call it.
        installer: the script that installs it.
        programs: on the PATH.
        libraries: shared ones, as a linker calls them.
        modules: of Python.
        files: patterns under the root; one match of one of them is enough.
    """

    name: str
    installer: str
    programs: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def is_here(self) -> bool:
        """Whether this machine has it."""
        return not is_hidden() and self._is_found()

    def _is_found(self) -> bool:
        return (
            all(shutil.which(program) for program in self.programs)
            and all(ctypes.util.find_library(library) for library in self.libraries)
            and all(importlib.util.find_spec(module) for module in self.modules)
            and (not self.files or any(match for pattern in self.files for match in Path("/").glob(pattern)))
        )


class _PostgreSQL(Part):
    def _is_found(self) -> bool:
        return find_programs() is not None


PARTS = {
    "imagemagick": Part("ImageMagick", _DEBIAN, programs=("import",)),
    "llm-guard": Part("llm-guard", "scripts/install_guard.sh", modules=("llm_guard", "torch")),
    "portaudio": Part("PortAudio", _DEBIAN, libraries=("portaudio",)),
    "postgresql": _PostgreSQL("PostgreSQL", _DEBIAN),
    "pulseaudio": Part(
        "PulseAudio",
        _DEBIAN,
        programs=("pulseaudio", "pactl", "paplay", "parec"),
        # PortAudio reaches it through this plug-in of ALSA's: where Debian, Fedora and Arch keep it.
        files=tuple(
            f"usr/{folder}/alsa-lib/libasound_module_pcm_pulse.so" for folder in ("lib/*-linux-*", "lib64", "lib")
        ),
    ),
    "x11": Part("Xvfb and xdotool", _DEBIAN, programs=("Xvfb", "xdotool")),
    "zbar": Part("zbar", _DEBIAN, programs=("zbarimg",)),
}


def missing(names: Iterable[str]) -> str:
    """Which of the parts `names` are not here and what installs them, in words; nothing if all are here."""
    away = [PARTS[name] for name in sorted(names) if not PARTS[name].is_here()]
    installers = " and ".join(sorted({part.installer for part in away}))
    return f"needs {', '.join(part.name for part in away)}: {installers}" if away else ""


def is_hidden() -> bool:
    """Whether they are hidden."""
    return HIDDEN_MODULES in os.environ


@contextlib.contextmanager
def hidden() -> Iterator[None]:
    """Meanwhile none of the parts can be found, here or by a process that is started from here."""
    as_it_was = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="bare-") as folder:
        _link_other_programs(Path(folder))
        os.environ |= {
            HIDDEN_LIBRARIES: " ".join(library for part in PARTS.values() for library in part.libraries),
            HIDDEN_MODULES: " ".join(module for part in PARTS.values() for module in part.modules),
            "PYTHONPATH": os.pathsep.join(filter(None, [_FOLDER_OF_BARE, os.environ.get("PYTHONPATH")])),
            "PATH": folder,
        }
        try:
            yield
        finally:
            os.environ.clear()
            os.environ |= as_it_was


def _link_other_programs(folder: Path) -> None:
    named = {program for part in PARTS.values() for program in part.programs}
    for place in os.get_exec_path():
        for program in Path(place).glob("*"):
            link = folder / program.name
            if program.name not in named and not link.is_symlink():
                link.symlink_to(program)
