"""Where messages go: one line each on stderr, from every library alike."""

import logging
import sys

from loguru import logger


def configure(level: str) -> None:
    """Send messages of `level` and above to stderr; messages of the standard library's logging too."""
    logger.remove()
    logger.add(sys.stderr, level=level, format="{time:HH:mm:ss} {level} {name}: {message}", backtrace=False)
    logging.basicConfig(handlers=[_ToLoguru()], level=level, force=True)


class _ToLoguru(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        logger.patch(lambda entry: entry.update(name=record.name)).opt(exception=record.exc_info).log(
            record.levelname if record.levelname in ("DEBUG", "INFO", "WARNING", "ERROR") else "ERROR",
            record.getMessage(),
        )
