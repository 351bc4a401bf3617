"""The menu: the owner's TOML file, validated when it is read, and looked up the way guests speak.

Everything that is particular to a bar is in that file: names, synonyms, prices, what may be done
to a drink. Recogniser, bartender and tools all read it from here.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from rapidfuzz import fuzz

from kiosk.documents import DocumentError, read_toml
from kiosk.errors import OperatorError
from kiosk.money import MOST, USD, Currency
from kiosk.plain_text import brief, one_line, unseen
from kiosk.plurals import plural
from kiosk.tips import DEFAULT as DEFAULT_TIPS
from kiosk.tips import MOST as MOST_TIPS
from kiosk.tips import Tips

# A name that is less like any on the menu than this (0 to 100, rapidfuzz's ratio) is not on it; two
# that are nearer to each other than `TIE` are equally near.
LIKENESS = 78.0
TIE = 3.0
# Other names of one thing, or words of one kind for it.
MOST_NAMES = 100
# What a modifier may make of a price, at most.
MOST_FACTOR = Decimal(1000)


class MenuError(OperatorError, ValueError):
    """A menu that cannot be used; the message is one line that names file, entry and field."""


class NotAllowedError(ValueError):
    """A modifier that the menu does not have, or not for this item; the message says which are."""


def _price(value: Any, info: ValidationInfo) -> Decimal:
    currency: Currency = info.context or USD
    return currency.amount(value)


def _factor(value: Any) -> Decimal:
    try:
        factor = Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise ValueError(f"{brief(value)} is not a number") from None
    if not factor.is_finite() or factor <= 0:
        raise ValueError(f"{brief(value)} is not a positive number")
    if factor > MOST_FACTOR:
        raise ValueError(f"{brief(value)} is more than {MOST_FACTOR}")
    return factor


def _readable(name: str) -> str:
    if hidden := unseen(name):
        raise ValueError(f"{name!r} has a character that cannot be seen, {hidden!r}")
    return one_line(name)


Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\w"), AfterValidator(_readable)]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _tips(value: Any) -> Any:
    whole = isinstance(value, list | tuple) and all(type(tip) is int and 1 <= tip <= 100 for tip in value)
    if not whole or not 1 <= len(set(value)) == len(value) <= MOST_TIPS:
        raise ValueError(f"write 1 to {MOST_TIPS} different whole percentages from 1 to 100, as [10, 15, 20]")
    return value


class Bar(_Entry):
    """The house.

    Parameters:
        currency: of all prices; its decimals, sign, spoken name and least charge follow from it.
        tips: the percentages that are offered, in this order.
        credit: what a guest may spend; where the menu does not say, about 1000 dollars, see `Currency.about`.
    """

    name: Name = "The bar"
    currency: Annotated[Currency, BeforeValidator(Currency.of)] = USD
    tips: Annotated[Tips, BeforeValidator(_tips)] = DEFAULT_TIPS
    credit: Decimal | None = None

    @field_validator("credit", mode="before")
    @classmethod
    def _some_credit(cls, value: Any, info: ValidationInfo) -> Decimal:
        credit = info.data.get("currency", USD).amount(value)
        if not credit:
            raise ValueError("with nothing to spend no guest can order")
        return credit

    @property
    def opening_credit(self) -> Decimal:
        """What a guest starts with."""
        return self.currency.about(1000) if self.credit is None else self.credit

    @property
    def large_order(self) -> Decimal:
        """What is confirmed first: a tenth of the credit, and where that is small, about 100 dollars."""
        return max(self.currency.amount(self.opening_credit / 10), self.currency.about(100))


class Modifier(_Entry):
    """Something done to a drink.

    Parameters:
        group: at most one modifier of a group stands on a line; the last one said wins.
        price: added to the item's price.
        multiply: the item's price times this, before `price` is added.
        amounts: words that may stand before the name and are kept as spoken ("a bit of sugar").
    """

    name: Name
    synonyms: Names = ()
    group: Name | None = None
    price: Annotated[Decimal, BeforeValidator(_price)] = Decimal(0)
    multiply: Annotated[Decimal, BeforeValidator(_factor)] = Decimal(1)
    amounts: Names = ()


class Item(_Entry):
    """Something a guest can order.

    Parameters:
        plural: what more than one of it are called, where English would say it otherwise.
        modifiers: what may be done to it; None: everything on the menu.
    """

    name: Name
    price: Annotated[Decimal, BeforeValidator(_price)]
    category: Name
    synonyms: Names = ()
    tags: Names = ()
    modifiers: Names | None = None
    plural: Name | None = None

    @property
    def more_than_one(self) -> str:
        """The plural of its name: the menu's, else the usual one."""
        return self.plural or plural(self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """All that guests may call it, its own name first."""
        return (self.name, *self.synonyms, *([self.plural] if self.plural else ()))


@dataclass(frozen=True)
class Match:
    """What a name was taken for.

    Parameters:
        item: the one that was meant; None when nothing is near enough or several are equally near.
        alternatives: those that are equally near, else the nearest few below the mark, best first.
        score: likeness of the best, 0 to 100.
    """

    item: Item | None
    alternatives: tuple[Item, ...]
    score: float

    @property
    def ambiguous(self) -> bool:
        """Two or more items are equally near: the guest has to say which."""
        return self.item is None and self.score >= LIKENESS


@dataclass(frozen=True)
class SpokenModifier:
    """A modifier with the amount that was said before it, if any; `text` is how it stands on the order."""

    modifier: Modifier
    amount: str = ""

    @property
    def text(self) -> str:
        """ "a bit of sugar", or the plain name."""
        return f"{self.amount} {self.modifier.name}".strip()


def normalise(text: str) -> str:
    """`text` for comparison: lower case, no accents, words of letters and digits, single spaces."""
    # Folded last: a mathematical A becomes a capital one first.
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("'", "")).casefold()
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", plain))


def singular(word: str) -> str:
    """The usual English singular of a menu word: martinis, whiskies, glasses."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and re.search(r"(ch|sh|ss|x)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


class Menu:
    """The items and modifiers of one bar.

    Parameters:
        bar: what holds for all of it.
        items: in the order of the file.
        modifiers: in the order of the file.
    """

    def __init__(self, bar: Bar, items: Iterable[Item], modifiers: Iterable[Modifier]) -> None:
        self.bar = bar
        self.items = tuple(items)
        self.modifiers = tuple(modifiers)

    @classmethod
    def load(cls, path: Path) -> "Menu":
        """Read and validate the menu file at `path`.

        Raises:
            MenuError: the file cannot be read, is not TOML, or has a wrong entry.
        """
        try:
            return cls._from_document(read_toml(path))
        except DocumentError as error:
            raise MenuError(str(error)) from None
        except MenuError as error:
            raise MenuError(f"{path}: {error}") from None

    @classmethod
    def _from_document(cls, document: dict[str, Any]) -> "Menu":
        if unknown := set(document) - {"bar", "items", "modifiers"}:
            raise MenuError(f"unknown section {sorted(unknown)[0][:60]!r}: expected bar, items, modifiers")
        bar = _entry(Bar, document.get("bar", {}), "bar")
        modifiers = _entries(Modifier, document.get("modifiers", []), "modifiers", bar.currency)
        items = _entries(Item, document.get("items", []), "items", bar.currency)
        if not items:
            raise MenuError("items: the menu has no items")
        _refuse_duplicates(items, "items")
        _refuse_duplicates(modifiers, "modifiers")
        known = {modifier.name for modifier in modifiers}
        for item in items:
            for name in item.modifiers or ():
                if name not in known:
                    raise MenuError(f"items, {item.name!r}: modifiers: {name!r} is not one of the modifiers")
        menu = cls(bar, items, modifiers)
        menu._refuse_unpayable()
        return menu

    def _refuse_unpayable(self) -> None:
        of_all, by_name = _dearest(self.modifiers), {modifier.name: modifier for modifier in self.modifiers}
        for item in self.items:
            names = item.modifiers
            factor, extra = of_all if names is None else _dearest(by_name[name] for name in names)
            if item.price * factor + extra > MOST:
                raise MenuError(f"items, {item.name!r}: price: with what is done to it, it can be more than {MOST}")

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order of their first item."""
        return tuple(dict.fromkeys(item.category for item in self.items))

    @cached_property
    def _item_names(self) -> tuple[tuple[str, Item], ...]:
        return tuple(
            (spelling, item)
            for item in self.items
            for name in item.names
            for spelling in {normalise(name), _singulars(normalise(name))}
        )

    def find(self, name: str) -> Match:
        """The item that a guest or a recogniser meant by `name`, whatever its spelling or article."""
        wanted = _bare(name)
        scores: dict[str, tuple[float, Item]] = {}
        for spelling, item in self._item_names:
            score = max(fuzz.ratio(wanted, spelling), fuzz.ratio(_singulars(wanted), spelling))
            if score > scores.get(item.name, (-1.0, item))[0]:
                scores[item.name] = (score, item)
        ranked = sorted(scores.values(), key=lambda entry: -entry[0])
        best = ranked[0][0]
        if best < LIKENESS:
            return Match(None, tuple(item for _, item in ranked[:3]), best)
        near = [item for score, item in ranked if score == best or (best < 100 and score > best - TIE)]
        return Match(near[0], (), best) if len(near) == 1 else Match(None, tuple(near), best)

    def allowed_modifiers(self, item: Item) -> tuple[Modifier, ...]:
        """The modifiers that may stand on a line of `item`."""
        if item.modifiers is None:
            return self.modifiers
        return tuple(modifier for modifier in self.modifiers if modifier.name in item.modifiers)

    def find_modifier(self, text: str) -> SpokenModifier | None:
        """The modifier that `text` names, with an amount in front if it takes that one, if there is one."""
        wanted = normalise(text)
        best: tuple[float, SpokenModifier] | None = None
        for modifier in self.modifiers:
            for amount in ("", *modifier.amounts):
                for name in (modifier.name, *modifier.synonyms):
                    score = fuzz.ratio(wanted, normalise(f"{amount} {name}"))
                    if score >= LIKENESS and (best is None or score > best[0]):
                        best = (score, SpokenModifier(modifier, amount))
        return best[1] if best else None

    def resolve_modifiers(self, item: Item, names: Iterable[str]) -> tuple[SpokenModifier, ...]:
        """`names` as modifiers of `item`: known, allowed, without repeats, the last of each group.

        Raises:
            NotAllowedError: one is unknown or not for this item.
        """
        allowed = self.allowed_modifiers(item)
        chosen: dict[str, SpokenModifier] = {}
        for name in names:
            spoken = self.find_modifier(name)
            if spoken is None or spoken.modifier not in allowed:
                options = ", ".join(modifier.name for modifier in allowed) or "none"
                raise NotAllowedError(f"{item.name} does not come {name!r}; possible: {options}")
            key = spoken.modifier.group or f"={spoken.modifier.name}"
            chosen.pop(key, None)
            chosen[key] = spoken
        return tuple(chosen.values())

    def unit_price(self, item: Item, modifiers: Iterable[SpokenModifier]) -> Decimal:
        """The price of one `item` with `modifiers`: multiplied first, then what is added."""
        factor, extra = Decimal(1), Decimal(0)
        for spoken in modifiers:
            factor *= spoken.modifier.multiply
            extra += spoken.modifier.price
        return self.bar.currency.amount(item.price * factor + extra)


def _dearest(modifiers: Iterable[Modifier]) -> tuple[Decimal, Decimal]:
    """How many times its price, and how much more, something costs at most with `modifiers`."""
    dearest: dict[str, tuple[Decimal, Decimal]] = {}
    for modifier in modifiers:
        key = modifier.group or f"={modifier.name}"
        factor, extra = dearest.get(key, (Decimal(1), Decimal(0)))
        dearest[key] = max(factor, modifier.multiply), max(extra, modifier.price)
    return (
        math.prod((factor for factor, _ in dearest.values()), start=Decimal(1)),
        sum((extra for _, extra in dearest.values()), start=Decimal(0)),
    )


def _bare(name: str) -> str:
    return re.sub(r"^(a|an|the|some|one) (?=\w)", "", normalise(name))


def _singulars(name: str) -> str:
    return " ".join(singular(word) for word in name.split())


def _entry(model: type[_Entry], fields: Any, where: str, currency: Currency | None = None) -> Any:
    try:
        return model.model_validate(fields, context=currency)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part)[:60] for part in first["loc"]) or "entry"
        reason = first["msg"].removeprefix("Value error, ")
        raise MenuError(f"{where}: {field}: {reason[:1].lower()}{reason[1:]}") from None


def _entries(model: type[_Entry], entries: Any, section: str, currency: Currency) -> list[Any]:
    if not isinstance(entries, list):
        raise MenuError(f"{section}: write each entry as [[{section}]]")
    return [
        _entry(model, fields, _place(section, number, fields), currency) for number, fields in enumerate(entries, 1)
    ]


def _place(section: str, number: int, fields: Any) -> str:
    name = fields.get("name") if isinstance(fields, dict) else None
    return f"{section}, {name[:60]!r}" if name and isinstance(name, str) else f"{section}, entry {number}"


def _refuse_duplicates(entries: list[Any], section: str) -> None:
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
