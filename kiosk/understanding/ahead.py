"""What follows at a place of a sentence: a drink, a way of making one, somebody's name."""

from kiosk.menu import Item, Menu, SpokenModifier
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.lines import DEFINITE
from kiosk.understanding.sentence import CONTAINERS, Sentence
from kiosk.understanding.table import kind

ARTICLES = kind("articles")
ADJECTIVES = kind("adjectives")
STOPS = kind("stops")
NEGATIONS = kind("negations")
# "Cheese sauce on my fries".
UPON = frozenset(["on", "from"])
# So far is looked, that a place of a sentence costs the same however long the sentence is.
FAR = 9
# So many unknown words may stand between an article and the drink that they describe.
MOST_UNKNOWN = 1
_PRONOUNS = kind("pronouns")


class Ahead:
    """Looks ahead in one sentence.

    Attributes:
        open_item: that of the line of an order that is open; what follows may be said of it.
    """

    def __init__(self, sentence: Sentence, menu: Menu) -> None:
        self.open_item: Item | None = None
        self._tags = sentence.tags
        self._sentence = sentence
        self._menu = menu
        self._lexicon = lexicon(menu)

    def run_end(self, begin: int) -> int:
        """Where what may stand before a drink ends."""
        place = begin
        while place < min(begin + FAR, len(self._tags)) and self.is_before_a_drink(place):
            place += 1
        return place

    def is_before_a_drink(self, place: int) -> bool:
        """Whether what stands here may stand between an article and a drink."""
        tag = self._tags[place]
        if tag.item or self.implied_at(place):
            return False
        if tag.modifier:
            return True
        if tag.said in UPON and place + 1 < len(self._tags) and self._tags[place + 1].said in ARTICLES:
            # "Cheese sauce on my fries".
            return bool(place and self._tags[place - 1].modifier) and self.has_item(place + 2)
        if tag.said in ARTICLES and place and self._tags[place - 1].said in UPON:
            return self.has_item(place + 1)
        if tag.said == "of":
            return bool(place and self._tags[place - 1].modifier)
        joint = tag.said in ("and", ",", "with") and self.next_is(place + 1, modifier=True)
        return tag.said in ADJECTIVES or joint

    def next_drink(self, place: int) -> bool:
        """Whether a drink is named here, behind what may stand before one."""
        unknown = 0
        for at in range(place, min(place + FAR, len(self._tags))):
            tag = self._tags[at]
            if self.has_item(at):
                return True
            if tag.modifier or tag.number is not None or tag.said in ARTICLES:
                continue
            if (
                tag.said in ADJECTIVES
                or tag.said in ("and", "of", "no", "not", "without")
                or singular(tag.said) in CONTAINERS
            ):
                continue
            unknown += 1
            if unknown > MOST_UNKNOWN or tag.is_pause or tag.said in STOPS:
                return False
        return False

    def next_is(self, place: int, *, modifier: bool) -> bool:
        """Whether a way of making, or none, stands at a place, and no drink."""
        return place < len(self._tags) and bool(self._tags[place].modifier) is modifier and not self._tags[place].item

    def has_item(self, place: int) -> bool:
        """Whether a drink is named at a place."""
        return place < len(self._tags) and (self._tags[place].item is not None or self.implied_at(place) is not None)

    def implied_at(self, place: int) -> Item | None:
        """The item that only a way of making it names: "a bowl of tomato bisque"."""
        spoken = self._tags[place].modifier if place < len(self._tags) else None
        item = self._lexicon.implied(spoken) if spoken and not self._tags[place].item else None
        if spoken is None or item is None or self._sentence.stands_before_a_drink[place]:
            return None
        return None if self.open_item and self.allows(self.open_item, spoken) else item

    def is_way(self, place: int) -> bool:
        """Whether it is said here how the open line is made, and no other drink is named."""
        tag = self._tags[place] if place < len(self._tags) else None
        if tag is None or tag.modifier is None or self.implied_at(place):
            return False
        if tag.item and not (self.open_item and self.allows(self.open_item, tag.modifier)):
            return False
        return not self.has_item(self.run_end(place + 1))

    def container_end(self, at: int) -> int | None:
        """Behind "bottle of", where a drink follows."""
        if singular(self._tags[at].said) not in CONTAINERS or at + 1 >= len(self._tags):
            return None
        if self._tags[at + 1].said == "of" and self.next_drink(at + 2):
            return at + 2
        return None

    def container_leads(self, place: int) -> bool:
        """Whether "large order of fries" goes on from a container here."""
        if place + 2 >= len(self._tags) or singular(self._tags[place].said) not in CONTAINERS:
            return False
        return self._tags[place + 1].said == "of" and self.next_drink(place + 2)

    def person_end(self, at: int) -> int | None:
        """Behind "for my wife", "for the lads", "for anna"; None: it is not said for whom."""
        place = at + 1
        if place >= len(self._tags):
            return None
        if self._tags[place].said in _PRONOUNS:
            return place + 1
        if self._tags[place].said in DEFINITE:
            place += 1
            # "My best friend": where a phrase begins in the second word, that is no part of the name.
            ends = self._sentence.soft_end
            if self.may_be_a_name(place) and self.may_be_a_name(place + 1) and ends[place + 1] == place + 1:
                place += 1
        return place + 1 if self.may_be_a_name(place) else None

    def may_be_a_name(self, place: int) -> bool:
        """Whether a word here may be somebody's name."""
        return place < len(self._tags) and self._tags[place].is_word and self._tags[place].said not in STOPS

    def amount_ahead(self, at: int) -> bool:
        """Whether an article here is of a way of making: "a splash of milk"."""
        words = self._tags[at : at + 3]
        return any(tag.modifier for tag in words) and not any(tag.item for tag in words)

    def articles_end(self, place: int) -> int:
        """Behind the articles that stand here."""
        while place < len(self._tags) and self._tags[place].said in ARTICLES:
            place += 1
        return place

    def goes_on_as_alternative(self, at: int) -> bool:
        """Whether a comma here is one of "no ketchup, mustard or mayo"."""
        for place in range(at + 1, min(at + FAR, len(self._tags)), 2):
            if not self.next_is(place, modifier=True) or place + 1 >= len(self._tags):
                return False
            if self._tags[place + 1].said == "or":
                return True
            if self._tags[place + 1].said != ",":
                return False
        return False

    def leaves_out(self, place: int) -> bool:
        """Whether a way of making follows a "no", and no drink."""
        while place < len(self._tags) and self._tags[place].said in ("the", "any", "a", "an", "off", "out", "extra"):
            place += 1
        return self.is_way(place)

    def leaves_out_of_the_next(self, place: int) -> bool:
        """Whether "hold the mayo on a burger" goes on from the article here."""
        place = self.articles_end(place)
        return self.next_is(place, modifier=True) and self.has_item(self.run_end(place))

    def allows(self, item: Item, spoken: SpokenModifier) -> bool:
        """Whether an item may be made so, or has it in it."""
        return spoken.modifier in self._menu.allowed_modifiers(item) or spoken.modifier.name in item.contains


def singular(word: str) -> str:
    """A word of a container in the singular: "glasses", "bottles"."""
    return word if word.endswith("ss") else word.removesuffix("es" if word.endswith("sses") else "s")
