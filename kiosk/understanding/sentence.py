"""A sentence with its tags, and where manners and the ways of asking for something stand in it."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kiosk.understanding.lines import Line
from kiosk.understanding.patterns import Automaton, Reading
from kiosk.understanding.table import kind, spoken_words
from kiosk.understanding.tags import Tag

# Words that mean nothing by themselves between two phrases, and of these the ones that no phrase consists of.
# "A glass of".
CONTAINERS = kind("containers")
PARTICLES = kind("particles")
FILLERS = PARTICLES | kind("fillers")


@dataclass(frozen=True)
class Manners:
    """Ways of being polite, of asking for an action, and of asking for a thing.

    Parameters:
        kinds: for each phrase of the automaton which of the three it is: "soft", "ask" or "wish".
    """

    phrases: Automaton
    kinds: Sequence[str]


_IMPERATIVES = kind("imperatives")
_OBJECTS = kind("objects")
_SHORT = kind("brief")
_BEFORE_A_VERB = kind("before_a_verb")


# "thank_you" are two words; the longest first.
_COURTESIES = sorted((tuple(words.split("_")) for words in kind("courtesies")), key=len, reverse=True)


class Sentence:
    """What was said, tagged.

    Parameters:
        manners: the tables of what surrounds a request.

    Attributes:
        read: what each slot reads at its places, as far as it was asked; see `slots.reading`.
        lines_behind: the lines of an order from one on, by what that one was opened with; see `grouping`.
    """

    def __init__(self, tags: Sequence[Tag], manners: Manners) -> None:
        self.tags = tags
        self.read: defaultdict[str, dict[int, Sequence[Reading]]] = defaultdict(dict)
        self.lines_behind: dict[Hashable, Sequence[Line]] = {}
        self.said = [tag.said for tag in tags]
        self._manners = manners

    def __len__(self) -> int:
        return len(self.tags)

    @cached_property
    def soft_end(self) -> Sequence[int]:
        """For each place where the manners that begin there end."""
        return self._run(self._ends["soft"])

    @property
    def wish_end(self) -> Sequence[int]:
        """For each place where a wish that begins there ends ("i would like"); the place itself: none does."""
        return self._ends["wish"]

    @property
    def ask_end(self) -> Sequence[int]:
        """Likewise for asking that something be done ("can you")."""
        return self._ends["ask"]

    @cached_property
    def wishes_before(self) -> Sequence[Sequence[int]]:
        """For each place where the wishes begin that end there: "can i get" before "a beer"."""
        begins: list[list[int]] = [[] for _ in range(len(self.tags) + 1)]
        for at, end in enumerate(self.wish_end):
            if end > at:
                begins[end].append(at)
        return begins

    @cached_property
    def items_behind(self) -> Sequence[tuple[int, str] | None]:
        """For each place where the first drink from there on is named, and which."""
        behind: list[tuple[int, str] | None] = [None] * (len(self.tags) + 1)
        for at in reversed(range(len(self.tags))):
            item = self.tags[at].item
            behind[at] = (at, item.name) if item else behind[at + 1]
        return behind

    @cached_property
    def stands_before_a_drink(self) -> Sequence[bool]:
        """For each place whether a drink is named there, or behind the ways of making one that stand there."""
        before = [False] * (len(self.tags) + 1)
        for at in reversed(range(len(self.tags))):
            tag = self.tags[at]
            if tag.modifier:
                before[at] = before[at + 1]
            else:
                before[at] = tag.item is not None
        return before

    @cached_property
    def words_end(self) -> int:
        """Behind the last word; only pauses follow it."""
        end = len(self.tags)
        while end and self.tags[end - 1].is_pause:
            end -= 1
        return end

    def is_strange(self, at: int) -> bool:
        """Whether a word stands here that neither the menu nor any phrase knows."""
        return (
            at < len(self.tags)
            and self.tags[at].is_word
            and self.said[at].isalpha()
            and (self.said[at] not in spoken_words())
        )

    def after_soft(self, at: int) -> int:
        """`at`, or behind the manners that stand there."""
        return self.soft_end[at]

    def clause_end(self, at: int) -> int:
        """Where the clause of a report or a refusal ends: at a pause, or where something is asked for after all."""
        if at < len(self.said) and (self.said[at] in ".?" or at >= self._courtesy):
            return at
        return self._clause_ends[at + 1] if at < len(self.said) else at

    @cached_property
    def _clause_ends(self) -> Sequence[int]:
        """For each place the first at or behind it where a clause ends."""
        ends = [len(self.tags)] * (len(self.tags) + 1)
        for place in reversed(range(len(self.tags))):
            is_end = place == self._courtesy or self.said[place] in ".?" or self._asks_after_all(place)
            ends[place] = place if is_end else ends[place + 1]
        return ends

    @cached_property
    def _courtesy(self) -> int:
        """Where the "please" and "thank you" begin that the sentence ends in: they belong to no clause."""
        begin = len(self.said)
        while begin:
            if self.said[begin - 1] == ",":
                begin -= 1
                continue
            words = next((words for words in _COURTESIES if tuple(self.said[:begin][-len(words) :]) == words), ())
            if not words:
                break
            begin -= len(words)
        return begin

    def _asks_after_all(self, place: int) -> bool:
        """Whether a request begins here that is set against what was told: "but i'd like a beer", ", make it a gin"."""
        if self._changes_something(place):
            return True
        set_against = self.said[place] in ("but", "so", ",")
        begin = place
        while begin < len(self.tags) and self.said[begin] in ("but", "so", ","):
            begin += 1
        begin = self.soft_end[begin] if begin < len(self.tags) else begin
        end = self.wish_end[begin] if begin < len(self.tags) else begin
        if end == begin or end >= len(self.tags):
            return False
        first = self.said[begin]
        plain = first in ("i", "we", "can", "could", "may", "give", "let", "make") and self._is_free(place)
        return self._leads_to_an_order(end) and (set_against or plain)

    def _changes_something(self, place: int) -> bool:
        """Whether it is said here what is to be done: "make it a single", "take his off", "it should be six"."""
        if self.said[place : place + 3] == ["it", "should", "be"]:
            return True
        if self.said[place] in ("so", "anyway") and self.said[place + 1 : place + 2] and self.said[place + 1] in _SHORT:
            return True
        if self.said[place] == "," and self.said[place + 1 : place + 2] in (["just"], ["only"]):
            return self._leads_to_an_order(place + 2)
        before = self.said[place - 1] if place else ""
        imperative = self.said[place] in _IMPERATIVES and before not in _BEFORE_A_VERB
        return imperative and self.said[place + 1 : place + 2] != [] and self.said[place + 1] in _OBJECTS

    def _is_free(self, place: int) -> bool:
        """Whether what begins here is no part of what somebody thinks or says: "i don't think i'll have one"."""
        before = self.said[place - 1] if place else ""
        told = (
            "think believe suppose guess say said says told that mean if and me when because since he she they".split()
        )
        return before not in told

    def _leads_to_an_order(self, place: int) -> bool:
        place = self.soft_end[place] if place < len(self.tags) else place
        if place >= len(self.tags):
            return False
        tag = self.tags[place]
        return tag.is_name or tag.number is not None or tag.said in ("a", "an", "the", "some", "another", "my")

    @cached_property
    def _ends(self) -> Mapping[str, Sequence[int]]:
        size = len(self.tags)
        ends = {kind: list(range(size + 1)) for kind in ("soft", "ask", "wish")}
        nothing = range(size + 1)
        for at in range(size):
            for phrase, end, _ in self._manners.phrases.matches(self.said, at, self._word, nothing):
                kind = ends[self._manners.kinds[phrase]]
                kind[at] = max(kind[at], end)
        return ends

    def _word(self, slot: str, at: int) -> Sequence[Reading]:
        return word_at(self, at) if slot == "word" else name_at(self, at)

    def _run(self, ends: Sequence[int]) -> list[int]:
        """`ends` where several follow one another."""
        run = list(ends)
        for at in reversed(range(len(ends))):
            if ends[at] > at:
                run[at] = run[ends[at]] if ends[at] < len(run) else ends[at]
        return run


def word_at(sentence: Sentence, at: int) -> list[tuple[int, str]]:
    """Any one word that the menu does not name."""
    if at < len(sentence) and sentence.tags[at].is_word:
        return [(at + 1, sentence.said[at])]
    return []


def name_at(sentence: Sentence, at: int) -> list[tuple[int, str]]:
    """A word that may be somebody's name, or say who he is: no word that only joins others."""
    return [found for found in word_at(sentence, at) if found[1] not in _NO_NAMES]


_NO_NAMES = FILLERS | kind("no_names")
