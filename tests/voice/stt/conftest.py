"""Whisper as the package has it, loaded once for all tests of a process."""

from pathlib import Path

import pytest

from kiosk.settings import Settings
from kiosk.voice.stt.whisper import Whisper
from kiosk.weights import WeightsError, usable


@pytest.fixture(scope="session")
def folder() -> Path:
    try:
        return usable(Settings(stt_model=None))
    except WeightsError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def whisper(folder) -> Whisper:
    return Whisper(folder)
