"""The lines of JSON that llm-guard's process says to the kiosk, and what they mean."""

import json
from dataclasses import dataclass

Scores = dict[str, float]

# An answer has some hundred characters; what is longer is none, and is not read to its end.
MOST_CHARS = 4000


class GarbledError(Exception):
    """A line that llm-guard's process does not say; it is not quoted, because guests' words may be in it."""


@dataclass(frozen=True)
class Ready:
    """The models are loaded."""


@dataclass(frozen=True)
class Unusable:
    """The models cannot be loaded, and will not be by another try."""

    why: str


@dataclass(frozen=True)
class Answer:
    """Each scanner's score of the text with this number, 0 to 1."""

    number: int
    scores: Scores


def read(line: str) -> Ready | Unusable | Answer:
    """What a line means.

    Raises:
        GarbledError: nothing that the process may say.
    """
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise GarbledError("its process says what is no JSON") from None
    match told:
        case {"ready": True}:
            return Ready()
        case {"error": str(why)}:
            return Unusable(why)
        case {"number": int(number), "scores": dict(scores)} if all(map(_is_score, scores.values())):
            return Answer(number, scores)
    raise GarbledError("its process says what is no answer")


def _is_score(value: object) -> bool:
    # A boolean is an int, too; NaN is not between any two numbers.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
