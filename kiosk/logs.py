"""Where messages go: one line each on stderr, from every library alike, without secrets.

What guests and Maya say is in the debug messages of the libraries, which are left out unless the operator wants them.
"""

import logging
import sys
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


class _ToLoguru(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        logger.patch(lambda entry: entry.update(name=record.name)).opt(exception=record.exc_info).log(
            record.levelname if record.levelname in ("DEBUG", "INFO", "WARNING", "ERROR") else "ERROR",
            record.getMessage(),
        )
