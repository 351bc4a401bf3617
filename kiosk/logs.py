"""Where messages go: one line each on stderr, from every library alike, without secrets.

What guests and Maya say is in the debug messages of the libraries, which are left out unless the operator wants them.
"""

import logging
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from loguru import logger

from kiosk.security.redaction import redacted

if TYPE_CHECKING:
    from loguru import Record

OURS = "kiosk"


def configure(level: str, *, transcripts: bool = False) -> None:
    """Send messages of `level` and above to stderr; messages of the standard library's logging too.

    Parameters:
        transcripts: whether what is said at the counter may be among them.
    """

    def is_wanted(record: "Record") -> bool:
        is_ours = (record["name"] or "").partition(".")[0] == OURS
        return transcripts or is_ours or record["level"].no >= logging.INFO

    def write(message: str) -> None:
        sys.stderr.write(redacted(message))

    logger.remove()
    logger.add(
        write,
        level=level,
        format="{time:HH:mm:ss} {level} {name}: {message}",
        filter=is_wanted,
        backtrace=False,
        # It would write the values of variables.
        diagnose=False,
        colorize=False,
    )
    logging.basicConfig(handlers=[_ToLoguru()], level=level, force=True)
    # What Python itself would write to stderr, it would write as it is.
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failed: _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        logger.opt(exception=(kind, error, traceback)).error("nobody has caught this")


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
