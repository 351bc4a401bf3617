"""What an owner should know of a menu that can be used: what nobody can have, and what is ambiguous."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from kiosk.menu.entries import SIZE, Choice, Item
from kiosk.menu.menu import Menu


class Weight(StrEnum):
    """How much it matters: WRONG is not as it can have been meant, a WARNING may cost some guests a second try."""

    WRONG = "wrong"
    WARNING = "warning"


@dataclass(frozen=True)
class Remark:
    """One thing to know.

    Parameters:
        where: the section, and the entry's name.
        text: what is the matter, and what to do about it.
    """

    weight: Weight
    where: str
    text: str


def remarks(menu: Menu) -> Iterator[Remark]:
    """What there is to say of `menu`, in the order of the file."""
    yield from _of_modifiers(menu)
    yield from _of_choices(menu)
    yield from _of_offers(menu)


def _of_modifiers(menu: Menu) -> Iterator[Remark]:
    had = {modifier.name for item in menu.items for modifier in menu.allowed_modifiers(item)}
    for modifier in menu.listed_modifiers:
        if modifier.name not in had:
            yield Remark(
                Weight.WRONG, f"modifiers, {modifier.name!r}",
                "nobody can have it: no item lists it, and no choice has it",
            )  # fmt: skip


def _of_choices(menu: Menu) -> Iterator[Remark]:
    for choice in menu.choices:
        where = f"choices, {choice.name!r}"
        yield from _ambiguous(menu, choice.of, f"{where}: of")
        if len(choice.options) == 1 and choice.has_to_be_asked:
            yield Remark(
                Weight.WARNING, f"{where}: from",
                f"{choice.options[0]!r} is all there is to choose: with `default` nobody is asked for it",
            )  # fmt: skip
    told: set[tuple[str, ...]] = set()
    for item in menu.items:
        choices = menu.choices_of(item)
        for pair in combinations(choices, 2):
            names = tuple(choice.name for choice in pair)
            if (why := _clash(menu, item, *pair)) and names not in told:
                told.add(names)
                yield Remark(
                    Weight.WRONG, f"choices, {names[0]!r} and {names[1]!r}",
                    f"nobody can meet both for {item.name!r}: {why}",
                )  # fmt: skip


def _clash(menu: Menu, item: Item, first: Choice, second: Choice) -> str:
    """Why no guest can have an option of each, where both have to be chosen; empty: he can."""
    if first.name == SIZE and (both := set(first.options) & set(second.options)):
        return f"{min(both)!r} is a size of it, and so no option of anything else"
    if not (first.required and second.required):
        return ""
    groups = {modifier.name: modifier.group for modifier in menu.allowed_modifiers(item)}
    possible = [(a, b) for a in first.options for b in second.options if a != b]
    if not possible:
        return "they have the same single option"
    if all(groups[a] is not None and groups[a] == groups[b] for a, b in possible):
        return f"all of their options are of the group {groups[possible[0][0]]!r}, of which one can be had"
    return ""


def _of_offers(menu: Menu) -> Iterator[Remark]:
    for offer in menu.offers:
        where = f"offers, {offer.name!r}"
        yield from _ambiguous(menu, offer.on, f"{where}: on")
        for item in menu.items:
            prices = [size.price for size in item.sizes] or [item.price]
            dearer = next((price for price in prices if offer.of(price) > price), None)
            if dearer is not None and (item.name in offer.on or item.category in offer.on):
                label = menu.bar.currency.label
                yield Remark(
                    Weight.WARNING, where,
                    f"{item.name!r} is dearer by it: {label(menu.bar.currency.amount(offer.of(dearer)))} instead of "
                    f"{label(dearer)}",
                )  # fmt: skip
                break


def _ambiguous(menu: Menu, names: tuple[str, ...], where: str) -> Iterator[Remark]:
    items = {item.name for item in menu.items}
    for name in names:
        if name in menu.categories and name in items:
            yield Remark(
                Weight.WARNING,
                where,
                f"{name!r} is an item and a category: it holds for the item and all of the category",
            )
