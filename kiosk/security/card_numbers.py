"""Numbers of payment cards in what is said or written, which nothing that is kept may hold."""

import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from kiosk.security.spoken_digits import Group, runs_of_digits

HIDDEN = "…"
# Of a card's number (ISO/IEC 7812-1).
FEWEST_DIGITS, MOST_DIGITS = 13, 19
# The card industry lets the first eight digits be kept.
MOST_OF_A_BEGINNING = 8
# Cards have their digits in groups, the shortest of which are of four.
_SHORTEST_GROUP = 4
# How the numbers of each brand begin, and how many digits they have.
_BRANDS = (
    ("Visa", r"4", {13, 16, 19}),
    ("Mastercard", r"5[1-5]|2[2-7]", {16}),
    ("American Express", r"3[47]", {15}),
    ("Diners Club", r"3[0689]", {14, 16}),
    ("JCB", r"35", {16}),
    ("Discover, UnionPay, Maestro", r"6", {16, 17, 18, 19}),
)


def without_cards(text: str, *, before: str = "") -> str:
    """`text` without card numbers, and without what follows one in the same breath: when it expires, its code.

    Parameters:
        before: what was said in front of `text`; a number that begins there is hidden as far as it is in `text`.
    """
    return _without(text, before, _first_of_card)


def without_cards_inside(value: Any) -> Any:
    """A JSON value of whose texts, names included, none holds a card number."""
    match value:
        case str():
            return without_cards(value)
        case dict():
            return {without_cards_inside(name): without_cards_inside(inner) for name, inner in value.items()}
        case list() | tuple():
            return [without_cards_inside(inner) for inner in value]
    return value


def without_long_numbers(text: str, *, before: str = "") -> str:
    """`text` without any number that may be the beginning of a card's, for words that are still being said."""
    return _without(text, before, lambda run: run[0] if _length(run) > MOST_OF_A_BEGINNING else None)


def may_go_on(text: str) -> bool:
    """Whether `text` ends in what may be the first groups of a card's number."""
    runs = list(runs_of_digits(text))
    if not runs or any(map(str.isalnum, text[runs[-1][-1].end :])):
        return False
    return _SHORTEST_GROUP <= _length(runs[-1]) < MOST_DIGITS


def _without(text: str, before: str, first_hidden: Callable[[list[Group]], Group | None]) -> str:
    said = f"{before} {text}" if before else text
    offset = len(said) - len(text)
    for run in reversed(list(runs_of_digits(said))):
        first, end = first_hidden(run), run[-1].end
        if first and end > offset:
            said = f"{said[: max(first.start, offset)]}{HIDDEN}{said[end:]}"
    return said[offset:]


def _length(run: list[Group]) -> int:
    return sum(len(group.digits) for group in run)


def _first_of_card(run: list[Group]) -> Group | None:
    """Where a card's number begins: the whole run is one, or a part of it has the form of a brand's."""
    whole = "".join(group.digits for group in run)
    for number, group in enumerate(run):
        for digits in accumulate(other.digits for other in run[number : number + MOST_DIGITS]):
            if _has_check_digit(digits) and (digits == whole or _is_of_a_brand(digits)):
                return group
    return None


def _is_of_a_brand(digits: str) -> bool:
    return any(len(digits) in lengths and re.match(begins, digits) for _, begins, lengths in _BRANDS)


def _has_check_digit(digits: str) -> bool:
    """Whether the length and the last digit are a card's; one other number in ten has such a digit, too."""
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return False
    doubled = [
        int(digit) if place % 2 == 0 else int(digit) * 2 - 9 * (int(digit) > 4)
        for place, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0
