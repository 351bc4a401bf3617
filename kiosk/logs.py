"""Where messages go: one line each on stderr, from every library alike, without secrets; errors also to a file.

What guests and Maya say is in the debug messages of the libraries, which are left out unless the operator wants them.
Tracebacks are in the file only: a terminal, or a journal, is for a person.
"""

import logging
import sys
import threading
import traceback
from datetime import datetime
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from loguru import logger

from kiosk.files import in_words
from kiosk.security.redaction import redacted

if TYPE_CHECKING:
    from loguru import Message, Record

OURS = "kiosk"

_FORMAT = "{time:HH:mm:ss} {level} {name}: {message}"
_DATED = "{time:YYYY-MM-DD HH:mm:ss} {level} {name}: {message}\n{exception}"
# Of the file, and of the one before it, which is kept, too.
_MOST_BYTES = 1_000_000


def configure(level: str, *, transcripts: bool = False, kept: Path | None = None) -> None:
    """Send messages of `level` and above to stderr; messages of the standard library's logging too.

    Parameters:
        transcripts: whether what is said at the counter may be among them.
        kept: the file for errors, with their tracebacks. It is made with the first of them.
    """

    def is_wanted(record: "Record") -> bool:
        is_ours = (record["name"] or "").partition(".")[0] == OURS
        return transcripts or is_ours or record["level"].no >= logging.INFO

    def tell(message: "Message") -> None:
        sys.stderr.write(f"{redacted(_in_one_line(message))}\n")

    # `diagnose` would write the values of variables.
    add = partial(logger.add, filter=is_wanted, backtrace=False, diagnose=False, colorize=False)
    logger.remove()
    add(tell, level=level, format=lambda _: _FORMAT)
    if kept:
        # The method, not the handler: that one loguru would give the bare message, secrets and all.
        add(_Kept(kept).keep, level="ERROR", format=lambda _: _DATED)
    logging.basicConfig(handlers=[_ToLoguru()], level=level, force=True)
    # What Python itself would write to stderr, it would write as it is.
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failed: _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        logger.opt(exception=(kind, error, trace)).error("nobody has caught this")


class _ToLoguru(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except Exception:
            # A library's mistake; logging would show the arguments on stderr, and the library would get the error.
            message = f"{record.msg} {record.args}"
        logger.patch(lambda entry: entry.update(name=record.name)).opt(exception=record.exc_info).log(
            record.levelname if record.levelname in ("DEBUG", "INFO", "WARNING", "ERROR") else "ERROR", message
        )


def keep(error: BaseException, file: Path) -> bool:
    """Write the traceback of `error` to the file for errors; returns whether that could be done."""
    log = _Kept(file, complains=False)
    log.keep("".join([f"{datetime.now():%Y-%m-%d %H:%M:%S} the end\n", *traceback.format_exception(error)]))
    return not log.is_refused


def _in_one_line(message: "Message") -> str:
    lines = [line.strip() for line in message.splitlines()]
    error = message.record["exception"]
    if error and error.type:
        lines.append(f"({error.type.__name__}: {error.value})")
    return " ".join(" ".join(lines).split())


class _Kept(RotatingFileHandler):
    """The file for errors. Where it cannot be written, that is said once, and the kiosk goes on without it."""

    def __init__(self, path: Path, *, complains: bool = True) -> None:
        super().__init__(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", errors="replace", delay=True)
        self._complains = complains
        self.is_refused = False

    def keep(self, message: str) -> None:
        """Keep a message that is worded already."""
        self.emit(logging.makeLogRecord({"msg": redacted(message).rstrip("\n")}))
        # Errors are rare: the file is opened anew for each, and no process holds one that was put away.
        self.close()

    def _open(self) -> TextIO:  # pyright: ignore[reportIncompatibleMethodOverride]
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802
        """Note that the file cannot be written, and say so the first time."""
        error = sys.exc_info()[1]
        if self._complains and not self.is_refused:
            why = in_words(error) if isinstance(error, OSError) else error
            sys.stderr.write(f"{self.baseFilename}: errors cannot be kept there: {why}\n")
        self.is_refused = True
