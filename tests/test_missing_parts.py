"""Parts that a machine may lack: tests that need them say so in words, and they can be hidden where they are."""

import importlib.util
import subprocess
import sys

import pytest

from tests.parts import PARTS, hidden, missing

A_TEST_OF_SOUND = "tests/voice/test_sound_devices.py::test_a_voice_that_is_hushed_is_not_heard_to_its_end"
LOOK = "import ctypes.util, shutil; print(ctypes.util.find_library('portaudio'), shutil.which('pactl'))"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=120, check=False)


def a_run_of_tests(parts: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "pytest", "-n0", "-p", "no:cacheprovider", "-m", "", "--parts", parts, A_TEST_OF_SOUND)


def test_hidden_parts_are_found_neither_here_nor_by_a_process_that_is_started_here():
    with hidden():
        assert not any(part.is_here() for part in PARTS.values())
        assert importlib.util.find_spec("llm_guard") is None
        assert run("-c", LOOK).stdout == "None None\n"


def test_what_is_missing_is_said_once_with_what_installs_it():
    with hidden():
        assert missing({"zbar", "postgresql"}) == "needs PostgreSQL, zbar: scripts/install_system_packages.sh"
    assert missing([]) == ""


@pytest.mark.parametrize(("parts", "verdict"), [("hidden", "1 skipped"), ("required", "1 error")])
@pytest.mark.slow
def test_a_test_whose_parts_are_missing_is_skipped_or_fails_where_they_are_required(parts, verdict):
    with hidden():
        told = a_run_of_tests(parts).stdout
    assert verdict in told
    assert "needs PortAudio, PulseAudio: scripts/install_system_packages.sh" in told
