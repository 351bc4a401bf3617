"""Numbers of payment cards in what is said or written, which nothing that is kept may hold."""

import re
from itertools import accumulate

from kiosk.security.spoken_digits import Group, runs_of_digits

HIDDEN = "…"
# Of a card's number (ISO/IEC 7812-1).
FEWEST_DIGITS, MOST_DIGITS = 13, 19
# The card industry lets the first eight digits be kept.
MOST_OF_A_BEGINNING = 8
# How the numbers of each brand begin, and how many digits they have.
_BRANDS = (
    ("Visa", r"4", {13, 16, 19}),
    ("Mastercard", r"5[1-5]|2[2-7]", {16}),
    ("American Express", r"3[47]", {15}),
    ("Diners Club", r"3[0689]", {14, 16}),
    ("JCB", r"35", {16}),
    ("Discover, UnionPay, Maestro", r"6", {16, 17, 18, 19}),
)


def without_cards(text: str) -> str:
    """`text` without card numbers, and without what follows one in the same breath: when it expires, its code."""
    return _without(text, card_spans(text))


def without_long_numbers(text: str) -> str:
    """`text` without any number that may be the beginning of a card's, for words that are still being said."""
    runs = [run for run in runs_of_digits(text) if sum(len(group.digits) for group in run) > MOST_OF_A_BEGINNING]
    return _without(text, [(run[0].start, run[-1].end) for run in runs])


def card_spans(text: str) -> list[tuple[int, int]]:
    """Where in `text` card numbers are, in digits or in words."""
    starts = ((_first_of_card(run), run) for run in runs_of_digits(text))
    return [(first.start, run[-1].end) for first, run in starts if first]


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}{HIDDEN}{text[end:]}"
    return text


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
