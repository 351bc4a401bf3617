"""The line of an order that a call means: what is made, what it costs at this moment, and what the bar has to heed."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.bartender.tool_arguments import item_of, quantity_of, text_of
from kiosk.menu import Choice, Item, Made, Menu, NotAllowedError
from kiosk.menu.contents import left_out, possible
from kiosk.menu.reading import MOST_COUNTED
from kiosk.plain_text import one_line
from kiosk.security.redaction import redacted
from kiosk.state.errors import StateError
from kiosk.state.schema import Line

# What a barkeeper reads while the glass is in his hand.
LONGEST_NOTE = 120
# Of that what is read before it is cut, so that no card number is cut in two.
_LONGEST_WISH = 500
# What a guest is told of what is possible; more is not listened to.
_MOST_OPTIONS = 12


class NotMadeSoError(StateError):
    """The item does not come so."""

    code = "NOT_ALLOWED"


class ChoiceRequiredError(StateError):
    """Something has to be chosen for the item and was not; the message asks for it."""

    code = "CHOICE_REQUIRED"


@dataclass
class _Wishes:
    """How a guest wants it, sorted by who understands it.

    Parameters:
        modifiers: what the menu can do.
        without: what it can leave out.
        notes: what only the bar understands.
    """

    modifiers: list[str]
    without: list[str]
    notes: list[str]


def line_of(
    menu: Menu,
    item_name: object,
    modifiers: object = None,
    quantity: object = 1,
    without: object = None,
    note: object = None,
    at: datetime | None = None,
) -> Line:
    """The order line that is meant, at the menu's price.

    Parameters:
        at: the moment, for offers; None: whatever is on offer.

    Raises:
        InvalidQuantityError: the quantity cannot be ordered.
        UnknownItemError: no such item.
        NotMadeSoError: it is not made with these modifiers, or without these things, or the bar takes no notes.
        ChoiceRequiredError: something is to be chosen first.
    """
    number = quantity_of(quantity)
    item = item_of(menu, item_name)
    wishes = _sorted(menu, item, _names(menu, item, modifiers), _names(menu, item, without), _note(note))
    try:
        made = menu.made(item, wishes.modifiers)
    except NotAllowedError as error:
        raise NotMadeSoError(f"{error}.") from None
    if choice := _open_choice(made, wishes.without):
        raise ChoiceRequiredError(question(choice))
    return Line(
        item=item.name,
        unit_price=menu.unit_price(item, made.modifiers, at),
        quantity=number,
        modifiers=tuple(spoken.text for spoken in made.modifiers),
        without=tuple(wishes.without),
        note=one_line(redacted("; ".join(dict.fromkeys(wishes.notes))), LONGEST_NOTE) or None,
    )


def missing_choice(menu: Menu, arguments: Mapping[str, Any]) -> Choice | None:
    """What a guest has to be asked before the line can be made that a call with `arguments` means.

    None: nothing, or the call means no line that can be made.
    """
    try:
        item = item_of(menu, arguments["item_name"])
        modifiers, without = (_names(menu, item, arguments.get(kind)) for kind in ("modifiers", "without"))
        wishes = _sorted(menu, item, modifiers, without, "")
        return _open_choice(menu.made(item, wishes.modifiers), wishes.without)
    except (StateError, NotAllowedError):
        return None


def _open_choice(made: Made, without: Container[str]) -> Choice | None:
    # Who wants no milk at all has chosen.
    return next((choice for choice in made.missing if choice.name not in without), None)


def question(choice: Choice, item: str = "") -> str:
    """ "Which milk: whole milk or oat milk?", or "Which milk for the Latte: …?" """
    *first, last = choice.options
    which = f"{choice.name} for the {item}" if item else choice.name
    return f"Which {which}: {', '.join(first)} or {last}?" if first else f"With {last}?"


def _sorted(menu: Menu, item: Item, modifiers: Iterable[str], without: Iterable[str], note: str) -> _Wishes:
    wishes = _Wishes([], [], [note] if note else [])
    for name in without:
        # "Without ice" may be a way of making it.
        way = menu.modifier_called(f"without {name}") or menu.modifier_called(f"no {name}")
        known = left_out(menu, item, name)
        if way and way.modifier in menu.allowed_modifiers(item):
            wishes.modifiers.append(way.text)
        elif known:
            wishes.without.append(known)
        elif menu.bar.notes:
            wishes.notes.append(f"no {name}")
        else:
            raise NotMadeSoError(_cannot_leave_out(menu, item, name))
    wishes.without[:] = dict.fromkeys(wishes.without)
    for name in modifiers:
        spoken = menu.find_modifier(name)
        if spoken and spoken.modifier.name in wishes.without:
            continue
        (wishes.notes if spoken is None and menu.bar.notes else wishes.modifiers).append(name)
    if wishes.notes and not menu.bar.notes:
        raise NotMadeSoError("This bar takes no wishes that its menu does not know. Please ask the staff.")
    return wishes


def _cannot_leave_out(menu: Menu, item: Item, name: str) -> str:
    options = possible(menu, item)[:_MOST_OPTIONS]
    known = f"what can be left out: {', '.join(options)}" if options else "please ask the staff what is in it"
    return f"The menu does not say whether there is {name!r} in {item.name}; {known}."


def _names(menu: Menu, item: Item, value: object) -> list[str]:
    """What a model sends for a list of names; no more than the menu could mean by it."""
    most = len(menu.allowed_modifiers(item)) + len(item.contains) + MOST_COUNTED
    if value is None:
        return []
    if isinstance(value, str):
        names = [name.strip() for name in value.split(",") if name.strip()]
    elif isinstance(value, list | tuple):
        names = [text_of(name) for name in value[: most + 1] if text_of(name).strip()]
    else:
        names = [text_of(value)]
    if len(names) > most:
        raise NotMadeSoError(f"{item.name} is not made in more than {most} ways at once.")
    return names


def _note(value: object) -> str:
    if value is None:
        return ""
    return one_line(value if isinstance(value, str) else text_of(value), _LONGEST_WISH)
