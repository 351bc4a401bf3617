"""How a command ends that fails: a line on stderr that says what and what next, an exit status, the rest in the log."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kiosk.errors import OperatorError
from kiosk.files import in_words, is_operators
from kiosk.logs import keep
from kiosk.plain_text import one_line
from kiosk.program import program
from kiosk.security.redaction import redacted

UNEXPECTED = 1
USAGE_ERROR = 2
# As a shell counts them: 128 and the number of the signal.
INTERRUPTED = 130
NOBODY_READS = 141

MOST_CHARACTERS = 300


def end(error: BaseException, log: Path) -> int:
    """Say in one line why the command ends with `error`; returns the exit status.

    Parameters:
        log: where the traceback of what nobody expected is kept.
    """
    cause = cause_of(error)
    match cause:
        case KeyboardInterrupt():
            return INTERRUPTED
        case SystemExit():
            return cause.code if isinstance(cause.code, int) else UNEXPECTED
        case BrokenPipeError():
            # Whoever read the output has seen enough.
            _give_up_stdout()
            return NOBODY_READS
        case OperatorError():
            _say(str(cause))
            return USAGE_ERROR
        case OSError() if is_operators(cause):
            _give_up_stdout()
            _say(f"{cause.filename or 'what this command writes'}: {in_words(cause)}")
            keep(error, log)
            return USAGE_ERROR
        case _:
            where = f"what led to it is in {log}: please report it with that"
            _say(f"unexpected {named(cause)}; {where if keep(error, log) else f'{log} could not be written'}")
            return UNEXPECTED


def cause_of(error: BaseException) -> BaseException:
    """What a person should hear of, of all that went wrong together."""
    leaves = list(_leaves(error))
    for kind in (KeyboardInterrupt, SystemExit, OperatorError):
        for leaf in leaves:
            if isinstance(leaf, kind):
                return leaf
    return leaves[0]


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _leaves(part)
    else:
        yield error


def named(error: BaseException) -> str:
    """What kind of error it is and what it says, in one line without secrets."""
    told = one_line(redacted(str(error)), MOST_CHARACTERS)
    return f"{type(error).__name__}: {told}" if told else type(error).__name__


def _say(line: str) -> None:
    with suppress(OSError):
        print(f"{program()}: {line}", file=sys.stderr, flush=True)


def _give_up_stdout() -> None:
    """Leave nothing behind that the interpreter would try to write once more at its end, and complain of."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
