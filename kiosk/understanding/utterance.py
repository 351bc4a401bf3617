"""A guest's words on their way from the ears to the bartender."""

from typing import Any

from kiosk.menu import Menu
from kiosk.understanding.acts import Understanding


class Utterance(str):
    """Words that are understood once: what they mean stays with them wherever they go.

    To whoever wants words alone, as a language model's service, it is plain text, and so is a copy.

    Attributes:
        known: the menu on which they were understood, and as what; None: nobody has asked yet.
    """

    known: tuple[Menu, Understanding] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)
