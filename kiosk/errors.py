"""What every room's errors have in common where a person has to mend them."""


class OperatorError(Exception):
    """Something that the operator can put right; the message is one line that says what and how.

    Commands print it and exit with status 2.
    """


class VoiceHungError(Exception):
    """The conversation does not move any more."""


class RestartError(OperatorError):
    """What is broken stays so in this process; a new one goes on with the visit that is in the store."""
