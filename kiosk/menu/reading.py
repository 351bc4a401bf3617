"""The menu file: its entries read, and whether they fit each other."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rapidfuzz import fuzz, process

from kiosk.documents import DocumentError, read_toml
from kiosk.errors import OperatorError
from kiosk.menu.entries import SIZE, Bar, Choice, Item, Modifier
from kiosk.menu.fields import Entry
from kiosk.menu.names import LIKENESS, normalise
from kiosk.menu.offers import Offer
from kiosk.money import MOST, Currency

SECTIONS = ("bar", "items", "modifiers", "choices", "offers")
# What is compared with every item; a bar has a handful of either.
MOST_CHOICES = MOST_OFFERS = 100
# Of one counted modifier on a line.
MOST_COUNTED = 10


class MenuError(OperatorError, ValueError):
    """A menu that cannot be used; the message is one line that names file, entry and field."""


@dataclass(frozen=True)
class Entries:
    """All that stands in a menu file, each list in the order of the file."""

    bar: Bar
    items: Sequence[Item]
    modifiers: Sequence[Modifier]
    choices: Sequence[Choice]
    offers: Sequence[Offer]


def read(path: Path) -> Entries:
    """The entries of the menu file at `path`.

    Raises:
        MenuError: the file cannot be read, is not TOML, or has a wrong entry.
    """
    try:
        entries = _read(read_toml(path))
        _refuse_wrong(entries)
    except DocumentError as error:
        raise MenuError(str(error)) from None
    except MenuError as error:
        raise MenuError(f"{path}: {error}") from None
    return entries


def _read(document: dict[str, Any]) -> Entries:
    if unknown := set(document) - set(SECTIONS):
        raise MenuError(f"unknown section {sorted(unknown)[0][:60]!r}: expected {', '.join(SECTIONS)}")
    bar = _entry(Bar, document.get("bar", {}), "bar")

    def entries(model: type[Entry], section: str) -> list[Any]:
        return _entries(model, document.get(section, []), section, bar.currency)

    modifiers, items = entries(Modifier, "modifiers"), entries(Item, "items")
    if not items:
        raise MenuError("items: the menu has no items")
    read = Entries(bar, items, modifiers, entries(Choice, "choices"), entries(Offer, "offers"))
    return _spelled_alike(read)


def _entry(model: type[Entry], fields: Any, where: str, currency: Currency | None = None) -> Any:
    try:
        return model.model_validate(fields, context=currency)
    except ValidationError as error:
        first = error.errors()[0]
        # A default that is refused goes by the model's own name.
        written = {name: field.alias for name, field in model.model_fields.items() if field.alias}
        field = ".".join(str(written.get(str(part), part))[:60] for part in first["loc"]) or "entry"
        reason = first["msg"].removeprefix("Value error, ")
        raise MenuError(f"{where}: {field}: {reason[:1].lower()}{reason[1:]}") from None


def _entries(model: type[Entry], entries: Any, section: str, currency: Currency) -> list[Any]:
    if not isinstance(entries, list):
        raise MenuError(f"{section}: write each entry as [[{section}]]")
    return [
        _entry(model, fields, _place(section, number, fields), currency) for number, fields in enumerate(entries, 1)
    ]


def _place(section: str, number: int, fields: Any) -> str:
    name = fields.get("name") if isinstance(fields, dict) else None
    return f"{section}, {name[:60]!r}" if name and isinstance(name, str) else f"{section}, entry {number}"


def _spelled_alike(entries: Entries) -> Entries:
    """Sizes and options spelled as the modifier of that name is: "Oat milk" and "oat milk" are one thing."""
    spelled = {normalise(modifier.name): modifier.name for modifier in reversed(entries.modifiers)}

    def one(name: str) -> str:
        return spelled.setdefault(normalise(name), name)

    def of_item(item: Item) -> Item:
        sizes = tuple(size.model_copy(update={"name": one(size.name)}) for size in item.sizes)
        return item.model_copy(update={"sizes": sizes}) if sizes else item

    def of_choice(choice: Choice) -> Choice:
        options = tuple(dict.fromkeys(map(one, choice.options)))
        default = choice.default and one(choice.default)
        return choice.model_copy(update={"options": options, "default": default})

    items, choices = list(map(of_item, entries.items)), list(map(of_choice, entries.choices))
    return replace(entries, items=items, choices=choices)


def _refuse_wrong(entries: Entries) -> None:
    _refuse_duplicates(entries.items, "items")
    _refuse_duplicates(entries.modifiers, "modifiers")
    known = {modifier.name for modifier in entries.modifiers}
    for item in entries.items:
        for name in item.modifiers or ():
            if name not in known:
                raise MenuError(f"items, {item.name!r}: modifiers: {name!r} is not one of the modifiers")
    _refuse_too_many(entries.choices, MOST_CHOICES, "choices")
    _refuse_too_many(entries.offers, MOST_OFFERS, "offers")
    sold = {name for item in entries.items for name in (item.name, item.category)}
    for choice in entries.choices:
        _refuse_unknown(choice.of, sold, f"choices, {choice.name!r}: of")
        if choice.default and choice.default not in choice.options:
            raise MenuError(f"choices, {choice.name!r}: default: {choice.default!r} is not one of its options")
    for offer in entries.offers:
        _refuse_unknown(offer.on, sold, f"offers, {offer.name!r}: on")
    _refuse_two_choices_of_a_name(entries)
    _refuse_unpayable(entries)


def _refuse_duplicates(entries: Iterable[Item | Modifier], section: str) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        named = [("name", entry.name), *(("synonyms", synonym) for synonym in entry.synonyms)]
        if isinstance(entry, Item) and entry.plural:
            named.append(("plural", entry.plural))
        for field, name in named:
            key = normalise(name)
            if seen.get(key, entry.name) != entry.name or (field == "name" and key in seen):
                raise MenuError(f"{section}, {entry.name!r}: {field}: {name!r} is already taken by {seen[key]!r}")
            seen[key] = entry.name


def _refuse_too_many(entries: Sequence[Entry], most: int, section: str) -> None:
    if len(entries) > most:
        raise MenuError(f"{section}: {len(entries)} of them, and no more than {most} can be")


def _refuse_unknown(names: Iterable[str], sold: Iterable[str], where: str) -> None:
    known = set(sold)
    for name in names:
        if name not in known:
            near = process.extractOne(name, known, scorer=fuzz.ratio, processor=normalise, score_cutoff=LIKENESS)
            meant = f"; is it {near[0]!r}?" if near else ""
            raise MenuError(f"{where}: {name!r} is neither an item nor a category{meant}")


def _refuse_two_choices_of_a_name(entries: Entries) -> None:
    for item in entries.items:
        names = [choice.name for choice in _those_for(entries.choices, item)] + [SIZE] * bool(item.sizes)
        name, count = Counter(names).most_common(1)[0] if names else ("", 0)
        if count > 1:
            why = "sizes, which are one" if name == SIZE and item.sizes else "another choice of that name"
            raise MenuError(f"choices, {name!r}: of: {item.name!r} has {why}")


def _refuse_unpayable(entries: Entries) -> None:
    by_name = {modifier.name: modifier for modifier in entries.modifiers}
    of_all = _dearest(entries.modifiers)
    of_choice = {id(choice): _dearest(_found(choice.options, by_name)) for choice in entries.choices}
    for item in entries.items:
        factor, extra = of_all if item.modifiers is None else _dearest(_found(item.modifiers, by_name))
        for choice in _those_for(entries.choices, item):
            factor *= of_choice[id(choice)][0]
            extra += of_choice[id(choice)][1]
        if _dearest_own(item, entries.offers) * factor + extra > MOST:
            raise MenuError(f"items, {item.name!r}: price: with what is done to it, it can be more than {MOST}")


def _those_for(choices: Iterable[Choice], item: Item) -> Iterator[Choice]:
    return (choice for choice in choices if item.name in choice.of or item.category in choice.of)


def _found(names: Iterable[str], by_name: dict[str, Modifier]) -> Iterator[Modifier]:
    return (by_name[name] for name in names if name in by_name)


def _dearest_own(item: Item, offers: Iterable[Offer]) -> Decimal:
    """What one costs at most without modifiers."""
    prices = [item.price, *(size.price for size in item.sizes)]
    offered = [offer for offer in offers if item.name in offer.on or item.category in offer.on]
    return max([*prices, *(offer.of(price) for offer in offered for price in prices)])


def _dearest(modifiers: Iterable[Modifier]) -> tuple[Decimal, Decimal]:
    """How many times its price, and how much more, something costs at most with `modifiers`."""
    dearest: dict[str, tuple[Decimal, Decimal]] = {}
    for modifier in modifiers:
        key = modifier.group or f"={modifier.name}"
        factor, extra = dearest.get(key, (Decimal(1), Decimal(0)))
        price = modifier.price * (MOST_COUNTED if modifier.counted else 1)
        dearest[key] = max(factor, modifier.multiply), max(extra, price)
    return (
        math.prod((factor for factor, _ in dearest.values()), start=Decimal(1)),
        sum((extra for _, extra in dearest.values()), start=Decimal(0)),
    )
