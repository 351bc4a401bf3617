"""Sentences drawn at random from a weighted grammar: the part of JSGF that the phrases are written in.

Rules `<name> = a b | /3/ c;` with alternatives and their weights, groups `( )`, references
`<name>`, `<NULL>`, a trailing `+` for once or more, and `//` comments.
"""

import random
import re
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

TOKEN = re.compile(r"/[\d.]+/|<[^>]+>|[()|;=+]|[^\s()|;=+<>/]+")
# How often what is marked + comes once more.
MORE = 0.75


class GrammarError(ValueError):
    """The grammar is not written as it has to be; the message says where."""


@dataclass(frozen=True)
class Word:
    """A word, or a unit of words joined by "_"."""

    text: str


@dataclass(frozen=True)
class Rule:
    """A reference to the rule `name`."""

    name: str


@dataclass(frozen=True)
class Repeat:
    """Once or more."""

    part: "Part"


@dataclass(frozen=True)
class Choice:
    """One of several sequences; `bounds` are their cumulated weights."""

    bounds: tuple[float, ...]
    sequences: tuple[tuple["Part", ...], ...]


Part = Word | Rule | Repeat | Choice


class PhraseGrammar:
    """The rules of a grammar's text.

    Raises:
        GrammarError: the text is not such a grammar, or a rule that it refers to is missing.
    """

    def __init__(self, text: str) -> None:
        self._tokens = TOKEN.findall(re.sub(r"//.*|^#JSGF.*|^grammar .*", "", text, flags=re.MULTILINE))
        self._position = 0
        self._rules: dict[str, Choice] = {"NULL": Choice((1.0,), ((),))}
        while self._position < len(self._tokens):
            if self._tokens[self._position] == "public":
                self._position += 1
            name = self._take()[1:-1]
            self._expect("=")
            self._rules[name] = self._choice()
            self._expect(";")
        self._check_references(*self._rules.values())

    def draw(self, rule: str, chance: random.Random) -> tuple[str, ...]:
        """One sentence of `rule`."""
        words: list[str] = []
        self._draw(self._rules[rule], chance, words)
        return tuple(words)

    def _draw(self, part: Part, chance: random.Random, words: list[str]) -> None:
        match part:
            case Word(text):
                words.append(text)
            case Rule(name):
                self._draw(self._rules[name], chance, words)
            case Repeat(repeated):
                self._draw(repeated, chance, words)
                while chance.random() < MORE:
                    self._draw(repeated, chance, words)
            case Choice(bounds, sequences):
                for inner in sequences[bisect(bounds, chance.random() * bounds[-1])]:
                    self._draw(inner, chance, words)

    def _choice(self) -> Choice:
        weights: list[float] = []
        sequences: list[tuple[Part, ...]] = []
        while True:
            weight = self._take()[1:-1] if self._peek().startswith("/") else "1"
            weights.append(float(weight))
            sequences.append(self._sequence())
            if self._peek() != "|":
                return Choice(tuple(accumulate(weights)), tuple(sequences))
            self._take()

    def _sequence(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        while self._peek() not in ("|", ")", ";"):
            token = self._take()
            if token == "(":
                parts.append(self._choice())
                self._expect(")")
            elif token == "+":
                parts[-1] = Repeat(parts[-1])
            else:
                parts.append(Rule(token[1:-1]) if token.startswith("<") else Word(token))
        return tuple(parts)

    def _peek(self) -> str:
        if self._position >= len(self._tokens):
            raise GrammarError("the grammar ends in the middle of a rule")
        return self._tokens[self._position]

    def _take(self) -> str:
        token = self._peek()
        self._position += 1
        return token

    def _expect(self, token: str) -> None:
        around = " ".join(self._tokens[max(0, self._position - 5) : self._position + 5])
        if self._take() != token:
            raise GrammarError(f"{token!r} is missing near: {around}")

    def _check_references(self, *parts: Part) -> None:
        for part in parts:
            match part:
                case Rule(name) if name not in self._rules:
                    raise GrammarError(f"there is no rule <{name}>")
                case Repeat(repeated):
                    self._check_references(repeated)
                case Choice(_, sequences):
                    for sequence in sequences:
                        self._check_references(*sequence)
