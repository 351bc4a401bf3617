"""A row of the tables of phrases: a pattern over a marked sentence, and the acts that it means."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.bartender.acts import Act, Add
from kiosk.bartender.grammar import GROUP, ITEM, MODIFIER, N, bounded, read_groups
from kiosk.bartender.spotting import Spotted

Found = re.Match[str]
Builder = Callable[[Found, Spotted], tuple[Act, ...]]


@dataclass(frozen=True)
class Phrase:
    """A pattern and what it means."""

    pattern: re.Pattern[str]
    acts: Builder


def means(pattern: str, *acts: Act) -> Phrase:
    """A phrase that always means the same."""
    return Phrase(_compiled(pattern), lambda _found, _spotted: acts)


def reads(pattern: str, builder: Builder) -> Phrase:
    """A phrase whose meaning is read from what the pattern found."""
    return Phrase(_compiled(pattern), builder)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{bounded(pattern)})(?= |$)")


# -- Reading what a pattern found, by its named groups ---------------------------------------------


def item_in(found: Found, spotted: Spotted) -> str | None:
    """The one in "item"."""
    return spotted.item(found["item"]).item.name if found["item"] else None


def items_in(found: Found, spotted: Spotted) -> tuple[str, ...]:
    """All, wherever they stand."""
    names = [spotted.item(marker).item.name for marker in re.findall(ITEM, found.group())]
    return tuple(dict.fromkeys(names))


def modifiers_in(text: str, spotted: Spotted) -> tuple[str, ...]:
    """All in `text`."""
    return tuple(dict.fromkeys(spotted.modifier(marker).text for marker in re.findall(MODIFIER, text)))


def count_in(text: str | None, spotted: Spotted) -> int | None:
    """The first number in `text`."""
    for word in (text or "").split():
        if word.startswith("+") or word in ("one", "both"):
            return spotted.number(word)
    return None


def counted_groups(text: str, spotted: Spotted) -> list[tuple[Add, bool]]:
    """The drinks in `text`, each with whether it was counted."""
    pieces = re.findall(GROUP, text)
    return [(next(read_groups(piece, spotted)), re.match(rf"{N}(?: |$)", piece) is not None) for piece in pieces]


# -- Manners around a request ----------------------------------------------------------------------

# A run of manners is taken in one piece (`*+`): given back word by word, it would be tried again and again.
CAN = r"(?:(?:can|could|will|would) (?:you|we|i)(?: please)? |please |actually |(?:i|we) (?:would like|want|need) (?:you )?to |let us |let me |just |oh |sorry |go ahead and )*+"
PLEASE = r"(?:(?: ,)? (?:please|thanks|thank you|instead|then|after all|actually|now|for me|maya|too|as well|though|either|will do|again|love|mate|darling|sir))*"
ACTUALLY = r"(?:(?:actually|sorry|wait|oh|no|nah|nope|yes|well|okay|but|and|on second thoughts?|come to think of it|hold on|hang on|rather|oops|my mistake|my bad|please|you know what|do you know what|i tell you what|tell you what|i think|i meant?|excuse me)(?: ,)? )*"
