"""All that guests may call what a menu has: names, synonyms, amounts and categories, with the usual slips.

A name may stand for several things at once: an item and a modifier (guacamole beside a burrito, guacamole in it), or an
item and its category ("beers"). Which one is meant is for the grammar to tell, not for the name.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz, process

from kiosk.menu import Item, Menu, Modifier, SpokenModifier
from kiosk.understanding.numbers import read_number
from kiosk.understanding.table import kind, spoken_words
from kiosk.understanding.words import canonical, plain_words

# A word that is no word of the menu but at least this like one (0 to 100) is that one misspelt; short words have too
# many neighbours.
MISSPELT = 85.0
SHORTEST_MISSPELT = 6
_SHOTS = {"single": "one", "double": "two", "triple": "three", "quadruple": "four"}
# "The ice on that one" is not "on ice".
_JOINING = kind("particles") | kind("links")
# A word with one of these endings is the same name: "light roasted", "a larger one", "ice coffee" for iced.
_ENDINGS = ("ed", "er", "d", "r")
_SHORTEST_STEM = 3
_SHORTEST_STEM_ALONE = 5
_SHORTEST_ALONE = 4

# The choice that the menu makes of the sizes of an item.
_SIZE = "size"

Words = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """What a name may stand for.

    Parameters:
        category: of which it is a name, too.
    """

    item: Item | None = None
    modifier: SpokenModifier | None = None
    category: str | None = None


class Lexicon:
    """The names of one menu."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        self._names: dict[Words, Meaning] = {}
        for item in menu.items:
            for name in _spellings(item.names):
                self._note(name, item=item)
        for modifier in menu.modifiers:
            for name in _spellings((modifier.name, *modifier.synonyms)):
                self._note(name, modifier=SpokenModifier(modifier))
        # Amounts as the menu spells them first: what is left out of one may be another ("a lot of", "lots of").
        for spellings in (lambda amount: [_key(amount)], _amounts):
            for modifier in menu.modifiers:
                for name in _spellings((modifier.name, *modifier.synonyms)):
                    for amount in modifier.amounts:
                        for spoken in spellings(amount):
                            self._note((*spoken, *name), modifier=SpokenModifier(modifier, amount))
        for category in menu.categories:
            self._note(_key(category), category=category)
        for content in menu.contents:
            for name in _spellings((content,)):
                self._note(name, modifier=SpokenModifier(Modifier(name=content)))
        for name, item in _heads(menu):
            if name not in self._names:
                self._note(name, item=item)
        for name, item in _of_their_kind(menu):
            # "A large pepperoni", among the pizzas; pepperoni is on others, too.
            known = self._names.get(name, Meaning())
            if known.item is None and known.category is None:
                self._note(name, item=item)
        for name, modifier in _heads_of_options(menu):
            if name not in self._names:
                self._note(name, modifier=SpokenModifier(modifier))
        for name, content in _heads_of_contents(menu):
            if name not in self._names:
                self._note(name, modifier=SpokenModifier(Modifier(name=content)))
        self._implied = _implied(menu)
        self._vocabulary = {word for words in self._names for word in words}
        self._stems = _stems(self._names)
        self._without_a_letter = _without_a_letter(self._vocabulary)
        self._out_of_order = _out_of_order(self._names)
        self._longest: dict[str, int] = {}
        for words in self._out_of_order:
            self._longest |= {word: max(len(words), self._longest.get(word, 0)) for word in words}
        self._by_first: dict[str, list[tuple[Words, Meaning]]] = {}
        for words, meaning in sorted(self._names.items(), key=lambda entry: -len(entry[0])):
            self._by_first.setdefault(words[0], []).append((words, meaning))

    def names(self) -> Iterator[tuple[Words, Meaning]]:
        """Every spelling that is known, with what it stands for."""
        yield from self._names.items()

    def implied(self, spoken: SpokenModifier) -> Item | None:
        """The only item that may be made so: "a bowl of tomato bisque" is a soup."""
        return self._implied.get(spoken.modifier.name)

    def knows(self, word: str) -> bool:
        """Whether a name of the menu has `word` in it, an amount included."""
        return canonical(word) in self._vocabulary

    def is_compound(self, first: str, second: str) -> bool:
        """Whether two words are a name of the menu that is written as one: "cheese burger"."""
        return first + second in self._vocabulary and first + second not in (first, second)

    def at(self, names: Sequence[str], start: int, before: int | None = None) -> tuple[Meaning, int] | None:
        """The longest name that begins at `start` of a sentence's canonical words, with its end.

        Parameters:
            before: the name has to end before this place.
        """
        exact = next(self._in_order(names, start, before), None)
        # The words of a name in another order, where these are the words of no other name: "lactose free 2 percent".
        longest = self._longest.get(names[start], 0)
        for length in range(longest, exact[1] - start if exact else 1, -1):
            end = start + length
            if end > len(names) or (before is not None and end >= before):
                continue
            meaning = self._out_of_order.get(_bag(names[start:end]))
            if meaning and not self._begins_another(names, start, end):
                return meaning, end
        return exact

    def _in_order(self, names: Sequence[str], start: int, before: int | None) -> Iterator[tuple[Meaning, int]]:
        for words, meaning in self._by_first.get(names[start], ()):
            end = start + len(words)
            if tuple(names[start:end]) == words and (before is None or end < before):
                yield meaning, end

    def _begins_another(self, names: Sequence[str], start: int, end: int) -> bool:
        """Whether a name in order begins between these places and goes on behind: "a mocha iced tea"."""
        return any(found[1] > end for at in range(start, end) if (found := next(self._in_order(names, at, None), None)))

    def mended(self, word: str) -> str:
        """`word` as the menu spells it, where it is a slip for a word of the menu; else as it is."""
        if word in self._vocabulary:
            return word
        if word in self._stems:
            return self._stems[word]
        if word in self._without_a_letter and word not in spoken_words():
            return self._without_a_letter[word]
        if len(word) < SHORTEST_MISSPELT or not word.isalpha():
            return word
        best = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=MISSPELT)
        return best[0] if best and best[0][0] == word[0] else word

    def _note(self, name: Words, **meant: Item | SpokenModifier | str) -> None:
        if not name:
            return
        known = self._names.get(name, Meaning())
        news = {kind: meaning for kind, meaning in meant.items() if getattr(known, kind) is None}
        self._names[name] = replace(known, **news)


@lru_cache(maxsize=4)
def lexicon(menu: Menu) -> Lexicon:
    """The lexicon of `menu`, built once."""
    return Lexicon(menu)


def _key(name: str) -> Words:
    return tuple(canonical(word) for word in plain_words(name))


def _stems(names: Iterable[Words]) -> dict[str, str]:
    """Words that differ from a menu's word only in their ending, with that word."""
    vocabulary = {word: len(words) for words in names for word in words}
    alone = {words[0] for words in names if len(words) == 1}
    stems: dict[str, str] = {}
    for word in vocabulary:
        shortest = _SHORTEST_STEM_ALONE if word in alone and not word.endswith("ed") else _SHORTEST_STEM
        bare = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
        others = [
            other
            for other in (*bare, *(word + ending for ending in ("ed", "d", "er", "r", "est", "st")))
            if other != word
        ]
        for other in others:
            if min(len(other), len(word)) >= shortest and other not in vocabulary:
                stems.setdefault(other, word)
    return stems


def _without_a_letter(vocabulary: Iterable[str]) -> dict[str, str]:
    """Words that lack one letter of just one word of the menu, and not its first: "larg", "chese"."""
    meant: dict[str, set[str]] = {}
    for word in vocabulary:
        if len(word) > _SHORTEST_ALONE and word.isalpha():
            for at in range(1, len(word)):
                meant.setdefault(word[:at] + word[at + 1 :], set()).add(word)
    return {slip: next(iter(words)) for slip, words in meant.items() if len(words) == 1}


def _bag(words: Iterable[str]) -> Words:
    return tuple(sorted(words))


def _out_of_order(names: Mapping[Words, Meaning]) -> dict[Words, Meaning]:
    """The words of names that may be said in any order: each word once, and those of one meaning only."""
    meant: dict[Words, set[Meaning]] = {}
    for words, meaning in names.items():
        meant.setdefault(_bag(words), set()).add(meaning)
    return {bag: next(iter(found)) for bag, found in meant.items() if len(found) == 1 and _may_be_shuffled(bag, *found)}


def _may_be_shuffled(bag: Words, meaning: Meaning) -> bool:
    if len(set(bag)) < len(bag) or len(bag) < 2 or _JOINING.intersection(bag):
        return False
    # "Is the guacamole extra?"; "an extra shot, two lattes": the number is rather of what follows.
    has_amount = meaning.modifier is not None and meaning.modifier.amount
    return not has_amount and (len(bag) > 2 or not any(read_number([word], 0) for word in bag))


def _spellings(names: Iterable[str]) -> Iterator[Words]:
    for name in names:
        yield _key(name)
        if "-" in name:
            yield _key(name.replace("-", ""))
    for name in names:
        yield from _slips(_key(name))


def _slips(words: Words) -> Iterator[Words]:
    """Other ways of saying a name of several words: "old fashion", "ice coffee", "two shots" for a double shot."""
    if len(words) < 2:
        return
    choices = []
    for word in words:
        others = [word]
        if word.endswith("ed") and len(word) > _SHORTEST_STEM:
            others.append(word[:-1] if word.endswith("ced") else word[:-2])
        if word == "non":
            others.append("no")
        if word in _SHOTS and words[-1] == "shot":
            others.append(_SHOTS[word])
        choices.append(others)
    yield from (spelling for spelling in product(*choices) if spelling != words)
    if words[0] == "non":
        yield (words[0] + words[1], *words[2:])


def _heads(menu: Menu) -> Iterator[tuple[Words, Item]]:
    """The last words of names, where no other name has them: "the tea", where there is one tea; "an earl grey"."""
    names = [(item, _key(item.name)) for item in menu.items]
    found = Counter(word for _, words in names for word in set(words))
    yield from ((words[-1:], item) for item, words in names if words and found[words[-1]] == 1)
    tails = [(words[at:], item) for item, words in names for at in range(1, len(words) - 1)]
    several = Counter(tail for tail, _ in tails)
    yield from ((tail, item) for tail, item in tails if several[tail] == 1)


def _heads_of_options(menu: Menu) -> Iterator[tuple[Words, Modifier]]:
    """ "The chowder", where there is one among all that can be named."""
    named = [_key(name) for item in menu.items for name in item.names]
    named += [_key(name) for modifier in menu.modifiers for name in (modifier.name, *modifier.synonyms)]
    found = Counter(word for words in [*named, *map(_key, menu.contents)] for word in set(words))
    options = {option for choice in menu.choices if choice.required for option in choice.options}
    for modifier in menu.modifiers:
        words = _key(modifier.name)
        if modifier.name in options and len(words) > 1 and found[words[-1]] == 1:
            yield words[-1:], modifier


def _heads_of_contents(menu: Menu) -> Iterator[tuple[Words, str]]:
    """ "No sauce", where there is one sauce in anything."""
    names = [(content, _key(content)) for content in menu.contents]
    found = Counter(words[-1] for _, words in names)
    yield from ((words[-1:], content) for content, words in names if found[words[-1]] == 1)


def _of_their_kind(menu: Menu) -> Iterator[tuple[Words, Item]]:
    """Names without the word that says what they all are: "the turkey", among the subs."""
    for item in menu.items:
        words, kind = _key(item.name), set(_key(item.category))
        rest = tuple(word for word in words if word not in kind)
        if words[-1:] != rest[-1:] and len("".join(rest)) >= _SHORTEST_ALONE:
            yield rest, item


def _implied(menu: Menu) -> dict[str, Item]:
    """Options of a choice that only one item has."""
    having: dict[str, list[Item]] = {}
    for item in menu.items:
        for choice in menu.choices_of(item):
            if choice.name != _SIZE:
                for option in choice.options:
                    having.setdefault(option, []).append(item)
    return {option: items[0] for option, items in having.items() if len(items) == 1}


def _amounts(amount: str) -> Iterator[Words]:
    words = _key(amount)
    yield words
    if words[:1] == ("a",) and len(words) > 1:
        yield words[1:]
    if words[-1:] == ("of",) and len(words) > 2:
        yield words[:-1]
        if words[1:-1] == ("little", "bit"):
            yield ("a", "little")
            yield ("little",)
