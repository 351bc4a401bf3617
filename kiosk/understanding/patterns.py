"""The notation of the tables of phrases, and the automaton that finds all of them in a sentence at once.

    how much (is|are) [the] {items} [cost]

A word stands for itself, (a|b c) for either, [a] for a or nothing, <name> for an entry of the table's `words`, {name}
for what a `Slot` reads at that place: an order, a number, the rest of the clause. Manners ("please", "for me") may
stand between any two words and need not be written.

All phrases are one automaton, made deterministic as far as sentences walk it, so that a place of a sentence costs a few
steps however many phrases there are.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# What is read at a place of a sentence: where it ends, and what it is. None is no value: the slot only takes words.
Reading = tuple[int, Any]
Slot = Callable[[Any, int], Sequence[Reading]]
Read = Callable[[str, int], Sequence[Reading]]
Values = tuple[tuple[str, Any], ...]
# The number of a phrase, where it ends, and what its slots read.
Match = tuple[int, int, Values]

_TOKEN = re.compile(r"\{\w+\}|<\w+>|[()|\[\]]|[^\s()|\[\]{}<>]+")


class PatternError(ValueError):
    """A phrase of the table that cannot be read; the message says which."""


@dataclass(frozen=True)
class _Word:
    word: str


@dataclass(frozen=True)
class _Filled:
    name: str


@dataclass(frozen=True)
class _Sequence:
    parts: tuple["Pattern", ...]


@dataclass(frozen=True)
class _Either:
    options: tuple["Pattern", ...]


Pattern = _Word | _Filled | _Sequence | _Either


def parsed(text: str, words: Mapping[str, Pattern]) -> Pattern:
    """The pattern that `text` is written as; `words` are the entries that <name> may stand for.

    Raises:
        PatternError: a bracket has no partner, or a <name> is not there.
    """
    tokens = _TOKEN.findall(text)
    pattern, end = _either(tokens, 0, words, text)
    if end < len(tokens):
        raise PatternError(f"{text!r}: {tokens[end]!r} has no partner")
    return pattern


def _either(tokens: Sequence[str], at: int, words: Mapping[str, Pattern], text: str) -> tuple[Pattern, int]:
    options: list[Pattern] = []
    parts: list[Pattern] = []
    while at < len(tokens) and tokens[at] not in ")]":
        token = tokens[at]
        at += 1
        if token == "|":
            options.append(_Sequence(tuple(parts)))
            parts = []
        elif token in "([":
            inner, at = _either(tokens, at, words, text)
            closing = ")" if token == "(" else "]"
            if at >= len(tokens) or tokens[at] != closing:
                raise PatternError(f"{text!r}: {token!r} has no partner")
            at += 1
            parts.append(inner if token == "(" else _Either((inner, _Sequence(()))))
        elif token.startswith("<"):
            if token[1:-1] not in words:
                raise PatternError(f"{text!r}: there are no words {token}")
            parts.append(words[token[1:-1]])
        else:
            parts.append(_Filled(token[1:-1]) if token.startswith("{") else _Word(token))
    options.append(_Sequence(tuple(parts)))
    return (options[0] if len(options) == 1 else _Either(tuple(options))), at


@dataclass
class _Node:
    """A place in the phrases that are being read.

    Parameters:
        words, slots: the places behind a word and behind what a slot reads.
        free: the places that are reached without a word.
        phrase: the number of the phrase that ends here.
    """

    words: dict[str, list[int]] = field(default_factory=dict)
    slots: dict[str, list[int]] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    phrase: int | None = None


class _State:
    """Several places of phrases at once; what follows is worked out when a sentence first asks for it."""

    def __init__(self, automaton: "Automaton", nodes: frozenset[int]) -> None:
        self._automaton = automaton
        self._nodes = [automaton.nodes[number] for number in nodes]
        self.phrases = tuple(sorted(node.phrase for node in self._nodes if node.phrase is not None))
        self.slots = tuple(dict.fromkeys(slot for node in self._nodes for slot in node.slots))
        self._after_word: dict[str, _State | None] = {word: None for node in self._nodes for word in node.words}
        self._after_slot: dict[str, _State] = {}

    def after(self, word: str) -> "_State | None":
        """The state behind `word`, or None where no phrase goes on with it."""
        if word not in self._after_word:
            return None
        if (state := self._after_word[word]) is None:
            state = self._automaton.state(number for node in self._nodes for number in node.words.get(word, ()))
            self._after_word[word] = state
        return state

    def filled(self, slot: str) -> "_State":
        """The state behind what one of `slots` read."""
        if slot not in self._after_slot:
            self._after_slot[slot] = self._automaton.state(
                number for node in self._nodes for number in node.slots.get(slot, ())
            )
        return self._after_slot[slot]


class Automaton:
    """Many phrases as one.

    Parameters:
        patterns: the phrases; they are told apart by their numbers.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.nodes: list[_Node] = [_Node()]
        self._states: dict[frozenset[int], _State] = {}
        for number, pattern in enumerate(patterns):
            self.nodes[self._written(pattern, 0)].phrase = number
        self._start = self.state([0])

    def state(self, numbers: Iterable[int]) -> _State:
        """The state of these nodes and of all that is reached from them without a word."""
        reached: set[int] = set()
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number not in reached:
                reached.add(number)
                waiting += self.nodes[number].free
        key = frozenset(reached)
        if key not in self._states:
            self._states[key] = _State(self, key)
        return self._states[key]

    def matches(self, said: Sequence[str], at: int, read: Read, soft_end: Sequence[int]) -> list[Match]:
        """Every way in which a phrase is found at a place of a sentence, by the order of the phrases.

        Parameters:
            read: what a slot reads.
            soft_end: for each place where the manners that stand there end; the place itself where there are none.
        """
        found: list[Match] = []
        waiting: list[tuple[_State, int, Values]] = [(self._start, at, ())]
        while waiting:
            state, place, values = waiting.pop()
            for phrase in state.phrases:
                found.append((phrase, place, values))
            following: list[tuple[_State, int, Values]] = []
            for start in (place, soft_end[place]) if soft_end[place] > place else (place,):
                if start < len(said) and (behind := state.after(said[start])):
                    following.append((behind, start + 1, values))
                for slot in state.slots:
                    for end, value in read(slot, start):
                        following.append((state.filled(slot), end, (*values, (slot, value))))
            # What a slot reads first is preferred, and manners are passed over where nothing else fits.
            waiting += reversed(following)
        return sorted(found, key=_by_phrase)

    def _written(self, pattern: Pattern, begin: int) -> int:
        """The node behind `pattern`, which is written down from the node `begin` on."""
        match pattern:
            case _Word(word):
                end = self._new()
                self.nodes[begin].words.setdefault(word, []).append(end)
                return end
            case _Filled(name):
                end = self._new()
                self.nodes[begin].slots.setdefault(name, []).append(end)
                return end
            case _Either(options):
                end = self._new()
                for option in options:
                    self.nodes[self._written(option, begin)].free.append(end)
                return end
            case _Sequence(parts):
                # A node of its own, so that what ends here is not what began here.
                place = self._new()
                self.nodes[begin].free.append(place)
                for part in parts:
                    place = self._written(part, place)
                return place

    def _new(self) -> int:
        self.nodes.append(_Node())
        return len(self.nodes) - 1


def _by_phrase(match: Match) -> int:
    return match[0]
