"""What a language model puts into a call, made into what a tool can work with, or refused.

Models send "2" for 2, 2.0 for 2, "15%" for 15, and one string for a list of one. These mean what
they say; everything that could mean something else is refused, with words that say what is possible.
"""

import re
import reprlib

from kiosk.menu import Item, Menu
from kiosk.menu.contents import left_out_in
from kiosk.plain_text import one_line
from kiosk.security.redaction import redacted
from kiosk.state.errors import InvalidQuantityError, NotOnOrderError
from kiosk.state.ledger import MOST_OF_A_LINE
from kiosk.state.schema import Session
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.tags import tagged

# Nothing that a guest could mean is longer: what a model makes up is not carried through log, store and answer.
LONGEST_NAME = 80
LONGEST_REASON = 120
# What a drink without modifiers is called beside one that has some.
PLAIN = frozenset({"plain", "normal", "regular"})


class UnknownItemError(NotOnOrderError):
    """No item, or more than one, can be meant."""


def whole_number(value: object) -> int | None:
    """`value` if it says a whole number, else None; true and false are not numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,9}(\.0+)?", value.strip()):
        return int(value.strip().partition(".")[0])
    return None


def quantity_of(value: object) -> int:
    """A quantity that can be ordered.

    Raises:
        InvalidQuantityError: not a whole number from 1 to 99.
    """
    quantity = whole_number(value)
    if quantity is None or not 1 <= quantity <= MOST_OF_A_LINE:
        raise InvalidQuantityError(f"A quantity is a whole number from 1 to {MOST_OF_A_LINE}, not {text_of(value)!r}.")
    return quantity


def percentage_of(value: object) -> object:
    """A tip percentage as the session takes it: "15%" is "15"."""
    return value.strip().removesuffix("%") if isinstance(value, str) else value


def item_of(menu: Menu, name: object) -> Item:
    """The item on the menu that is meant by `name`.

    Raises:
        UnknownItemError: none is near enough, or several are equally near.
    """
    name = _text(name)
    match = menu.find(name)
    if match.item:
        return match.item
    options = ", ".join(item.name for item in match.alternatives)
    if match.ambiguous:
        raise UnknownItemError(f"{name!r} could be any of these: {options}. Ask which.")
    raise UnknownItemError(f"{name!r} is not on the menu. Nearest: {options}.")


def ordered_item_of(menu: Menu, name: object, session: Session) -> str:
    """The item on the order that is meant by `name`; being on it decides between items equally near.

    Raises:
        UnknownItemError: it is not on the order, or several that are could be meant.
    """
    ordered = list(dict.fromkeys(line.item for line in session.order))
    name = _text(name)
    # "The dirty martini", or just "a martini".
    named = {tag.item.name for tag in tagged(name, lexicon(menu)) if tag.item}
    match = menu.find(named.pop() if len(named) == 1 else name)
    meant = [match.item] if match.item else list(match.alternatives if match.ambiguous else ())
    found = [item.name for item in meant if item.name in ordered]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownItemError(f"{name!r} could be any of these: {', '.join(found)}. Ask which.")
    raise UnknownItemError(f"{name!r} is not on the order. On it: {', '.join(ordered) or 'nothing'}.")


def description_in(menu: Menu, name: object) -> tuple[str, ...] | None:
    """The modifiers by which `name` tells a line of the order from others: "the dirty martini"; None: it does not.

    "The plain martini" is told from others by having none.
    """
    tags = tagged(_text(name), lexicon(menu))
    gone = left_out_of(menu, name)
    told = tuple(tag.modifier.text for tag in tags if tag.modifier and tag.modifier.modifier.name not in gone)
    return told if told or any(tag.said in PLAIN for tag in tags) else None


def left_out_of(menu: Menu, name: object) -> tuple[str, ...]:
    """What is left out of the line that `name` describes: "the lemonade without mint"."""
    return left_out_in(menu, _text(name))


def reason_of(value: object) -> str:
    """Why the staff are called, fit for a line that they read: bounded, and without card numbers and keys.

    What is no text is no reason.
    """
    said = one_line(redacted(one_line(value)), LONGEST_REASON) if isinstance(value, str) else ""
    return said or "needs help"


def text_of(value: object) -> str:
    """What is said by `value`, at most as long as any name on a menu."""
    if isinstance(value, str):
        return value[:LONGEST_NAME]
    try:
        return reprlib.repr(value)[:LONGEST_NAME]
    except ValueError:
        # Python writes no number of thousands of digits.
        return "a huge number"


def _text(value: object) -> str:
    return text_of(value) if isinstance(value, str) else ""
