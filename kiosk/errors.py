"""What every room's errors have in common where a person has to mend them."""

from kiosk.plain_text import one_line

# A line on a terminal, or in a journal, that still tells path, place and reason.
MOST_CHARACTERS = 500


class OperatorError(Exception):
    """Something that the operator can put right; the message is one line that says what and how.

    Commands print it and exit with status 2. What a file or a service has put into it can neither break the line nor
    the terminal.
    """

    def __str__(self) -> str:
        return one_line(super().__str__(), MOST_CHARACTERS)


class VoiceHungError(Exception):
    """The conversation does not move any more."""


class RestartError(OperatorError):
    """What is broken stays so in this process; a new one goes on with the visit that is in the store."""
