"""What is written to stderr, and what is not."""

import logging
import sys

import pytest
from loguru import logger

from kiosk import logs

KEY = "AIzaSECRETabcdefghijklmnop0123456789"


@pytest.fixture
def configured(capsys):
    """Configures the log and returns what was written since."""

    def configure(level="DEBUG", **options):
        logs.configure(level, **options)
        return lambda: capsys.readouterr().err

    before = logging.root.handlers[:], logging.root.level
    yield configure
    logging.root.handlers[:], logging.root.level = before
    logger.remove()
    logger.add(sys.stderr)


def say(name, level, message):
    logger.patch(lambda record: record.update(name=name)).log(level, message)


def test_a_message_of_any_library_is_one_line_without_secrets(configured):
    written = configured()
    say("kiosk.voice", "WARNING", f"refused: {KEY}")
    say("pipecat.services", "ERROR", f"refused: {KEY}")
    logging.getLogger("httpx").warning("GET https://example.com/?key=%s", KEY)
    lines = written().splitlines()
    assert len(lines) == 3
    assert all("AIza…" in line and "SECRET" not in line for line in lines)


def test_a_traceback_shows_neither_a_secret_nor_the_values_of_variables(configured):
    written = configured()
    guest_said = "my name is Ana"
    try:
        raise ValueError(f"no such key: {KEY}, {len(guest_said)}")
    except ValueError:
        logger.patch(lambda record: record.update(name="kiosk.voice")).exception("broken")
    text = written()
    assert "ValueError: no such key: AIza…" in text
    assert "Ana" not in text.replace('guest_said = "my name is Ana"', "")
    assert "SECRET" not in text


def test_what_libraries_say_of_the_talk_is_left_out_unless_the_operator_wants_it(configured):
    written = configured()
    say("pipecat.services.tts_service", "DEBUG", "Generating TTS [Here you are, Ana.]")
    say("kiosk.voice.failover", "DEBUG", "stt is still away")
    text = written()
    assert "Ana" not in text
    assert "still away" in text
    written = configured(transcripts=True)
    say("pipecat.services.tts_service", "DEBUG", "Generating TTS [Here you are, Ana.]")
    assert "Ana" in written()


def test_the_level_is_the_least_that_is_written(configured):
    written = configured("WARNING")
    say("kiosk.app", "INFO", "the guest has gone")
    assert written() == ""
