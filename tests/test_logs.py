"""What is written to stderr, and what is not."""

import logging
import sys
import threading
import warnings

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

    yield configure
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


NAMED = "HIDEMEabcdef0123456789"


def test_a_secret_is_hidden_however_it_came_into_the_message(configured):
    written = configured()
    library = logging.getLogger("some.library")
    library.info("%s=%s", "GEMINI_API_KEY", NAMED)
    library.info("%(client_secret)s %(name)s", {"client_secret": f"client_secret: {NAMED}", "name": "maya"})
    library.info("headers %s", [(b"x-goog-api-key", NAMED.encode())])
    library.info("argv %r", ["kiosk", "--api-key", NAMED])
    logger.info("{} {}", "MAYA_MASTER_KEY", NAMED)
    logger.info("settings {settings}", settings={"gemini_key": NAMED})
    logger.bind(access_token=NAMED).info("bound")
    lines = written().splitlines()
    assert len(lines) == 7
    assert "HIDEME" not in "".join(lines)


def test_a_secret_is_hidden_in_an_error_its_causes_its_notes_and_its_group(configured, tmp_path):
    written = configured(kept=tmp_path / "errors.log")
    try:
        try:
            raise KeyError("MAYA_MASTER_KEY", NAMED)
        except KeyError as cause:
            error = ValueError(f"client_secret: {NAMED}")
            error.add_note(f"access_token={NAMED}")
            raise ExceptionGroup("both", [error, RuntimeError({"gemini_key": NAMED})]) from cause
    except ExceptionGroup:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
    kept = (tmp_path / "errors.log").read_text()
    # Lines of this file are in the traceback, too.
    assert kept.count("…") >= 4
    assert "HIDEME" not in kept + written()


def test_a_record_whose_arguments_do_not_fit_is_written_without_secrets_and_harms_nobody(configured):
    written = configured()
    logging.getLogger("some.library").warning("%d tries with %s", "password=", f"password={NAMED}")
    text = written()
    assert "%d tries with %s" in text
    assert "HIDEME" not in text
    assert "Traceback" not in text


@pytest.mark.filterwarnings("default")
def test_what_python_says_itself_is_without_secrets_too(configured):
    written = configured()
    warnings.warn(f"api_key={NAMED} is deprecated", stacklevel=1)
    try:
        raise ValueError(f"api_key={NAMED}")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
        threading.excepthook(threading.ExceptHookArgs((ValueError, error, error.__traceback__, None)))
    text = written()
    assert text.count("api_key=…") >= 3
    assert "HIDEME" not in text.replace('NAMED = "HIDEME', "")


def test_a_spoken_card_number_is_in_no_message(configured):
    written = configured(transcripts=True)
    say("pipecat.services.stt", "DEBUG", f"Transcription: [my card is four{' two four' * 7} two]")
    assert "Transcription: [my card is …]" in written()


def test_a_traceback_is_in_the_file_and_one_line_of_it_on_stderr(configured, tmp_path):
    kept = tmp_path / "state" / "errors.log"
    written = configured("WARNING", kept=kept)
    say("kiosk.voice", "WARNING", "only a warning")
    assert not kept.exists()
    try:
        raise ValueError(f"no such key:\n{KEY}")
    except ValueError:
        logger.patch(lambda record: record.update(name="kiosk.voice")).exception("broken")
    warning, error = written().splitlines()
    assert "only a warning" in warning
    assert error.endswith("broken (ValueError: no such key: AIza…)")
    assert "Traceback" in kept.read_text()
    assert "SECRET" not in kept.read_text()


def test_a_file_that_cannot_be_written_is_said_once(configured, tmp_path):
    (tmp_path / "file").write_text("in the way")
    written = configured(kept=tmp_path / "file" / "errors.log")
    say("kiosk.voice", "ERROR", "first")
    say("kiosk.voice", "ERROR", "second")
    assert [line for line in written().splitlines() if "cannot be kept" in line] == [
        f"{tmp_path / 'file' / 'errors.log'}: errors cannot be kept there: a file is in the way: choose another place"
    ]
