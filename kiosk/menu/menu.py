"""What is looked up on a menu: the item that was meant, what may be done to it, what it costs now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from rapidfuzz import fuzz

from kiosk.menu import choosing
from kiosk.menu.choosing import Made
from kiosk.menu.entries import SIZE, Bar, Choice, Item, Modifier
from kiosk.menu.names import LIKENESS, TIE, bare, normalise, singulars
from kiosk.menu.offers import Offer
from kiosk.menu.reading import MOST_COUNTED, read
from kiosk.menu.spoken import NotAllowedError, Spellings, SpokenModifier

# In a message: nobody listens to more.
_MOST_NAMED = 12


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


class Menu:
    """The items and modifiers of one bar.

    Parameters:
        bar: what holds for all of it.
        items: in the order of the file.
        modifiers: in the order of the file.
        choices: in the order of the file.
        offers: in the order of the file.

    Attributes:
        listed_modifiers: those of the file.
        modifiers: all that may be said of an item: those of the file, then sizes and options that are none of them.
    """

    def __init__(
        self,
        bar: Bar,
        items: Iterable[Item],
        modifiers: Iterable[Modifier],
        choices: Iterable[Choice] = (),
        offers: Iterable[Offer] = (),
    ) -> None:
        self.bar = bar
        self.items = tuple(items)
        self.choices = tuple(choices)
        self.offers = tuple(offers)
        self.listed_modifiers = tuple(modifiers)
        self.modifiers = (*self.listed_modifiers, *self._implied())
        self._allowed: dict[str, tuple[Modifier, ...]] = {}

    @classmethod
    def load(cls, path: Path) -> "Menu":
        """Read and validate the menu file at `path`.

        Raises:
            MenuError: the file cannot be read, is not TOML, or has a wrong entry.
        """
        entries = read(path)
        return cls(entries.bar, entries.items, entries.modifiers, entries.choices, entries.offers)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order of their first item."""
        return tuple(dict.fromkeys(item.category for item in self.items))

    @cached_property
    def contents(self) -> tuple[str, ...]:
        """All that is said to be in some item."""
        return tuple(dict.fromkeys(name for item in self.items for name in item.contains))

    def find(self, name: str) -> Match:
        """The item that a guest or a recogniser meant by `name`, whatever its spelling or article."""
        wanted = bare(name)
        scores: dict[str, tuple[float, Item]] = {}
        for spelling, item in self._item_names:
            score = max(fuzz.ratio(wanted, spelling), fuzz.ratio(singulars(wanted), spelling))
            if score > scores.get(item.name, (-1.0, item))[0]:
                scores[item.name] = (score, item)
        ranked = sorted(scores.values(), key=lambda entry: -entry[0])
        best = ranked[0][0]
        if best < LIKENESS:
            return Match(None, tuple(item for _, item in ranked[:3]), best)
        near = [item for score, item in ranked if score == best or (best < 100 and score > best - TIE)]
        return Match(near[0], (), best) if len(near) == 1 else Match(None, tuple(near), best)

    def find_modifier(self, text: str) -> SpokenModifier | None:
        """The modifier that `text` names, with an amount in front if it takes that one, if there is one."""
        return self._spellings.find(text)

    def modifier_called(self, text: str) -> SpokenModifier | None:
        """The modifier that is called just `text`, with an amount in front if it takes that one, if there is one."""
        return self._spellings.called(text)

    def allowed_modifiers(self, item: Item) -> tuple[Modifier, ...]:
        """What may stand on a line of `item`: modifiers, its sizes, and the options of its choices."""
        if item.name not in self._allowed:
            own = (modifier.name for modifier in self.listed_modifiers) if item.modifiers is None else item.modifiers
            chosen = (option for choice in self.choices_of(item) for option in choice.options)
            names = {*own, *chosen}
            self._allowed[item.name] = tuple(modifier for modifier in self.modifiers if modifier.name in names)
        return self._allowed[item.name]

    def choices_of(self, item: Item) -> tuple[Choice, ...]:
        """What has to be, or may be, chosen for `item`; its size first, where there are several."""
        return (*_choice_of_size(item), *(choice for choice in self.choices if _is_for(choice.of, item)))

    def made(self, item: Item, names: Iterable[str]) -> Made:
        """`item` made as `names` say: known and allowed modifiers, without repeats, the last of each group.

        Where nothing is said of a size, the usual one is taken, if there is one.

        Raises:
            NotAllowedError: one is unknown or not for this item, or a counted one is wanted too often.
        """
        allowed = self.allowed_modifiers(item)
        spoken: list[SpokenModifier] = []
        for name in names:
            found = self._spellings.find_all(name)
            if not found or found[0].modifier not in allowed:
                options = [modifier.name for modifier in allowed[:_MOST_NAMED]] or ["none"]
                more = ["more"] if len(allowed) > _MOST_NAMED else []
                raise NotAllowedError(f"{item.name} does not come {name!r}; possible: {', '.join(options + more)}")
            spoken += found
            if found[0].modifier.counted and spoken.count(found[0]) > MOST_COUNTED:
                raise NotAllowedError(f"No more than {MOST_COUNTED} {found[0].text} fit in one {item.name}")
        if item.usual_size and not any(said.modifier.name in _sizes(item) for said in spoken):
            usual = next(modifier for modifier in allowed if modifier.name == item.usual_size.name)
            spoken.insert(0, SpokenModifier(usual))
        return choosing.made(spoken, self.choices_of(item))

    def resolve_modifiers(self, item: Item, names: Iterable[str]) -> tuple[SpokenModifier, ...]:
        """`names` as modifiers of `item`; see `made`.

        Raises:
            NotAllowedError: one is unknown or not for this item.
        """
        return self.made(item, names).modifiers

    def offers_of(self, item: Item, at: datetime) -> tuple[Offer, ...]:
        """The offers on `item` that hold at the moment `at`."""
        return tuple(offer for offer in self.offers if _is_for(offer.on, item) and offer.holds(at))

    def price_of(self, item: Item, at: datetime | None = None, size: str | None = None) -> Decimal:
        """The price of one `item` without modifiers, by the cheapest offer that holds.

        Parameters:
            at: the moment, by the bar's clock; None: whatever is on offer.
            size: None: the usual one.
        """
        price = _sizes(item)[size] if size else item.price
        offers = self.offers_of(item, at) if at else ()
        return self.bar.currency.amount(min((offer.of(price) for offer in offers), default=price))

    def unit_price(self, item: Item, modifiers: Iterable[SpokenModifier], at: datetime | None = None) -> Decimal:
        """The price of one `item` with `modifiers`: that of its size or offer multiplied first, then what is added.

        Parameters:
            at: the moment, by the bar's clock; None: whatever is on offer.
        """
        size, factor, extra = None, Decimal(1), Decimal(0)
        for spoken in modifiers:
            if spoken.modifier.name in _sizes(item):
                size = spoken.modifier.name
            else:
                factor *= spoken.modifier.multiply
                extra += spoken.modifier.price
        return self.bar.currency.amount(self.price_of(item, at, size) * factor + extra)

    def _implied(self) -> Iterable[Modifier]:
        """Sizes and options that the file does not list as modifiers."""
        groups: dict[str, set[str]] = {}
        for size in (size for item in self.items for size in item.sizes):
            groups.setdefault(size.name, set()).add(SIZE)
        for choice in self.choices:
            for option in choice.options:
                groups.setdefault(option, set()).add(choice.name)
        listed = {modifier.name for modifier in self.listed_modifiers}
        for name, of in groups.items():
            if name not in listed:
                # What may fill two choices of one item is no group of which only one can be had.
                yield Modifier(name=name, group=next(iter(of)) if len(of) == 1 else None)

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self.modifiers)

    @cached_property
    def _item_names(self) -> tuple[tuple[str, Item], ...]:
        return tuple(
            (spelling, item)
            for item in self.items
            for name in item.names
            for spelling in {normalise(name), singulars(normalise(name))}
        )


def _is_for(names: tuple[str, ...], item: Item) -> bool:
    """Whether what is told of `names`, items or categories, holds for `item`."""
    return item.name in names or item.category in names


def _sizes(item: Item) -> dict[str, Decimal]:
    return {size.name: size.price for size in item.sizes}


def _choice_of_size(item: Item) -> tuple[Choice, ...]:
    if not item.sizes:
        return ()
    usual = item.usual_size.name if item.usual_size else None
    options = tuple(size.name for size in item.sizes)
    fields = {"name": SIZE, "of": (item.name,), "from": options, "required": True, "default": usual}
    return (Choice.model_validate(fields),)
