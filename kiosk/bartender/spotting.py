"""The menu's names found in a sentence: "two dry martinis" becomes "+0 #0 @0", and grammar is written over that.

The longest name wins ("long island iced tea" is not an iced tea). A marker is an index into what was
found: `@` items, `#` modifiers, `&` categories, `+` numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz, process

from kiosk.bartender.words import canonical, plain_words, read_number
from kiosk.menu import Item, Menu, SpokenModifier, singular
from kiosk.plurals import head_word

# A word that is no English word we know but at least this like a name on the menu is that name
# misspelt; short words have too many neighbours.
MISSPELT = 86.0
SHORTEST_MISSPELT = 6

# Words before which "to" and "for" cannot be anything but a quantity when a plural drink follows.
_BEFORE_A_QUANTITY = frozenset(
    [
        "get",
        "have",
        "me",
        "us",
        "like",
        "take",
        "want",
        "order",
        "and",
        ",",
        ".",
        "?",
        "please",
        "bring",
        "give",
        "pour",
        "then",
        "also",
        "add",
        "need",
        "hello",
        "hi",
    ]
)
_NUMBER_SLIPS = {"to": 2, "too": 2, "for": 4, "fore": 4}
# After these it may be what it is: "change the beer to lemonades".
_BEFORE_TO = frozenset(["change", "switch", "turn", "swap", "make", "from"])
_SHOTS = {"single": "one", "double": "two", "triple": "three", "quadruple": "four"}


@dataclass(frozen=True)
class NamedItem:
    """An item as it was named.

    Parameters:
        item: the menu's.
        words: what was said for it.
        plural: it was said in the plural.
        category: the category that the same word could mean ("beers"), if any.
    """

    item: Item
    words: str
    plural: bool
    category: str | None


@dataclass
class Spotted:
    """A sentence with its menu names and numbers replaced by markers."""

    text: str = ""
    items: list[NamedItem] = field(default_factory=list)
    modifiers: list[SpokenModifier] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    def item(self, marker: str) -> NamedItem:
        """The item that an `@` marker stands for."""
        return self.items[int(marker[1:])]

    def modifier(self, marker: str) -> SpokenModifier:
        """The modifier that a `#` marker stands for."""
        return self.modifiers[int(marker[1:])]

    def number(self, marker: str) -> int:
        """The number that a `+` marker, or a word, stands for."""
        if marker.startswith("+"):
            return self.numbers[int(marker[1:])]
        return {"both": 2}.get(marker, 1)

    def words(self, text: str) -> str:
        """`text` with its markers as they were said."""
        return " ".join(self.said.get(token, token) for token in text.split())


class Lexicon:
    """All that a menu's guests may call its items, modifiers and categories."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        self._phrases: dict[str, list[tuple[tuple[str, ...], Item | SpokenModifier | str]]] = {}
        self._category_names = {_key(category): category for category in menu.categories}
        names: dict[tuple[str, ...], Item | SpokenModifier | str] = {}
        for item in menu.items:
            for spelling in _spellings(item.names):
                names.setdefault(spelling, item)
        for modifier in menu.modifiers:
            for name in _spellings((modifier.name, *modifier.synonyms)):
                names.setdefault(name, SpokenModifier(modifier))
        # Amounts as the menu spells them first: what is left out of one may be another ("a lot of", "lots of").
        for spellings in (lambda amount: [_key(amount)], _amounts):
            for modifier in menu.modifiers:
                for name in _spellings((modifier.name, *modifier.synonyms)):
                    for amount in modifier.amounts:
                        for spoken in spellings(amount):
                            names.setdefault((*spoken, *name), SpokenModifier(modifier, amount))
        for category in menu.categories:
            names.setdefault(_key(category), category)
        for words, meaning in names.items():
            self._phrases.setdefault(words[0], []).append((words, meaning))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        self._vocabulary = {word for words in names for word in words}
        self._item_spellings = {
            " ".join(words): meaning for words, meaning in names.items() if isinstance(meaning, Item)
        }

    def spot(self, text: str) -> Spotted:
        """`text` with markers for what the menu names."""
        words = plain_words(text)
        names = [canonical(word) for word in words]
        spotted = Spotted()
        tokens: list[str] = []
        at = 0
        while at < len(words):
            token, end = self._token(words, names, at, spotted)
            if token[0] in "@#&+":
                spotted.said[token] = " ".join(words[at:end])
            tokens.append(token)
            at = end
        self._mend_quantities(tokens, spotted)
        spotted.text = " ".join(tokens)
        return spotted

    def _token(self, words: list[str], names: list[str], at: int, spotted: Spotted) -> tuple[str, int]:
        for phrase, meaning in self._phrases.get(names[at], ()):
            end = at + len(phrase)
            if tuple(names[at:end]) == phrase:
                return self._mark(meaning, words[at:end], spotted), end
        if number := read_number(words, at):
            spotted.numbers.append(number[0])
            return f"+{len(spotted.numbers) - 1}", number[1]
        if item := self._misspelt(words[at]):
            return self._mark(item, words[at : at + 1], spotted), at + 1
        return words[at], at + 1

    def _mark(self, meaning: Item | SpokenModifier | str, words: list[str], spotted: Spotted) -> str:
        if isinstance(meaning, Item):
            key = tuple(canonical(word) for word in words)
            head = head_word(words)
            plural = head != singular(head)
            spotted.items.append(NamedItem(meaning, " ".join(words), plural, self._category_names.get(key)))
            return f"@{len(spotted.items) - 1}"
        if isinstance(meaning, SpokenModifier):
            spotted.modifiers.append(meaning)
            return f"#{len(spotted.modifiers) - 1}"
        spotted.categories.append(meaning)
        return f"&{len(spotted.categories) - 1}"

    def _misspelt(self, word: str) -> Item | None:
        if len(word) < SHORTEST_MISSPELT or not word.isalpha() or word in self._vocabulary:
            return None
        best = process.extractOne(canonical(word), self._item_spellings.keys(), scorer=fuzz.ratio)
        if best is None or best[1] < MISSPELT or best[0][0] != word[0]:
            return None
        return self._item_spellings[best[0]]

    def _mend_quantities(self, tokens: list[str], spotted: Spotted) -> None:
        # Recognisers and hasty typists write "to martinis" and "for beers".
        for at, word in enumerate(tokens):
            listed = at and tokens[at - 1][0] == "@" and word != "for" and not _BEFORE_TO.intersection(tokens)
            if word not in _NUMBER_SLIPS or (at and not listed and tokens[at - 1] not in _BEFORE_A_QUANTITY):
                continue
            follows = at + 1
            while follows < len(tokens) and tokens[follows].startswith("#"):
                follows += 1
            if follows < len(tokens) and tokens[follows].startswith("@") and spotted.item(tokens[follows]).plural:
                spotted.numbers.append(_NUMBER_SLIPS[word])
                tokens[at] = f"+{len(spotted.numbers) - 1}"
                spotted.said[tokens[at]] = word


@lru_cache(maxsize=4)
def lexicon(menu: Menu) -> Lexicon:
    """The lexicon of `menu`, built once."""
    return Lexicon(menu)


def _key(name: str) -> tuple[str, ...]:
    return tuple(canonical(word) for word in plain_words(name))


def _spellings(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for name in names:
        words = _key(name)
        if words:
            yield words
    for name in names:
        yield from _slips(_key(name))


def _slips(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Other ways of saying a name of several words: "old fashion", "ice coffee", "two shots"."""
    if len(words) < 2:
        return
    choices = []
    for word in words:
        others = [word]
        if len(word) > 4 and word.endswith("ed"):
            others.append(word[:-2])
        if word.endswith("ced"):
            others.append(word[:-1])
        if word in _SHOTS and words[-1] == "shot":
            others.append(_SHOTS[word])
        choices.append(others)
    for spelling in product(*choices):
        if spelling != words:
            yield spelling


def _amounts(amount: str) -> Iterator[tuple[str, ...]]:
    words = _key(amount)
    yield words
    if words[:1] == ("a",) and len(words) > 1:
        yield words[1:]
    if words[-1:] == ("of",) and len(words) > 2:
        yield words[:-1]
        if words[1:-1] == ("little", "bit"):
            yield ("a", "little")
            yield ("little",)
