"""Orders read from tags: which number, which ways of making and which wishes belong to which drink.

The reader walks from left to right and keeps a line open. It knows the menu: a modifier goes to the item that may
have it, a second one of a group begins the next line, and what two of a kind differ in makes two lines. Words that it
does not know between an article and a drink are kept with the drink; any other unknown word ends the order.
"""

from collections.abc import Sequence

from kiosk.menu import Item, Menu, SpokenModifier
from kiosk.understanding.acts import Add
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.lines import DEFINITE, Group, Line, Share
from kiosk.understanding.numbers import number_words
from kiosk.understanding.sentence import CONTAINERS, Sentence
from kiosk.understanding.table import kind
from kiosk.understanding.words import plain_words

ARTICLES = kind("articles")
_JOINTS = kind("joints")
_LINKS = kind("links")

_ADJECTIVES = kind("adjectives")
_PORTIONS = kind("portions")
_UPON = frozenset(["on", "from"])
_BEHIND_ALL = frozenset("of them with one in on a are".split())
_ALTERNATIVES = frozenset(["and", "or"])
_PLAIN = kind("plain")
_NEGATIONS = kind("negations")
_PRONOUNS = kind("pronouns")
_ALL = kind("all")
# "A mocha drink" is a mocha.
_VAGUE = kind("vague")
_KINDS = kind("drinks")
_BEHIND_A_WAY = kind("behind_a_way")
# Said before some of what was ordered are told apart: "two lattes. I want one of them with oat milk".
_BEFORE_A_SHARE = kind("before_a_share")
# A longer list is read as several orders, so that it costs no more than its length.
_MOST_LINES = 8
# So many unknown words may stand between an article and the drink that they describe.
_MOST_UNKNOWN = 1


def groups_at(sentence: Sentence, at: int, menu: Menu) -> list[Group]:
    """The orders that begin at a place of a sentence, the longest first; none where none begins."""
    reader = _Reader(sentence, menu)
    reader.read(at)
    return reader.groups()


class _Reader:
    def __init__(self, sentence: Sentence, menu: Menu) -> None:
        self._tags = sentence.tags
        self._sentence = sentence
        self._menu = menu
        self._lexicon = lexicon(menu)
        self._lines: list[Line] = []
        # What was said for the drink that is to come.
        self._begin = 0
        self._quantity: int | None = None
        self._article = ""
        self._before: list[SpokenModifier] = []
        self._before_without: list[str] = []
        self._unknown: list[str] = []
        self._has_begun = False
        # What is said of the line that is open.
        self._share: Share | None = None
        self._to_all = False
        self._negated = False
        self._joined = False
        self._linked = False
        # "The beer should be an IPA": what follows is no further drink.
        self._said_of_it = False
        # How it is to be made is being listed behind the drink, and how often the next counted way is wanted.
        self._has_ways = False
        self._times = 1

    def groups(self) -> list[Group]:
        """What was read, and what was read before each further line."""
        found = []
        adds: tuple[Add, ...] = ()
        unknown: tuple[str, ...] = ()
        for line in self._without_announcement():
            adds += tuple(line.adds())
            unknown += line.unknown
            found.append(Group(line.end, adds, unknown))
        return found[::-1]

    def _without_announcement(self) -> list[Line]:
        """The lines, without "three large pizzas" before ": a supreme and two hawaiians", which says only how many."""
        lines = self._lines[:_MOST_LINES]
        if len(lines) < 2 or lines[0].kind is None or lines[0].shares or not self._tags[lines[0].end].is_pause:
            return lines
        first, *rest = lines
        of_it = [line for line in rest if line.item.category == first.kind]
        if first.quantity < 2 or sum(line.quantity for line in of_it) != first.quantity:
            return lines
        for line in of_it:
            line.modifiers[:0] = [spoken for spoken in first.modifiers if spoken not in line.modifiers]
            line.without += first.without
        return rest

    def read(self, at: int) -> None:
        """Walk on from `at` for as long as it is an order."""
        self._begin = at
        while at < len(self._tags) and len(self._lines) <= _MOST_LINES:
            following = self._step(at)
            if following is None:
                return
            at = following

    # -- One step: the place after what was taken, or None where the order ends --------------------------

    def _step(self, at: int) -> int | None:
        tag = self._tags[at]
        if tag.item and not self._is_wish(at):
            return self._take_item(at)
        if tag.modifier:
            return self._take_modifier(at)
        if tag.number is not None:
            return self._take_number(at)
        if tag.said in ARTICLES or tag.said == "another":
            return self._take_article(at)
        if tag.said == "more" and self._quantity is not None:
            return at + 1
        if self._lines and not self._has_begun and (share := self._share_ahead(at)):
            return share
        soft = self._sentence.after_soft(at)
        # "A water, actually two waters": what follows puts right what was said.
        if soft > at and self._lines and not self._has_begun and tag.said != "actually":
            self._mark(soft)
            return soft
        return self._take_word(at)

    def _share_ahead(self, at: int) -> int | None:
        """Where some of the open line begin to be told apart, behind a pause: "two lattes. Make one decaf"."""
        if self._lines[-1].quantity < 2 and not self._lines[-1].shares:
            return None
        place = at
        while place < len(self._tags):
            passed = max(self._sentence.soft_end[place], self._sentence.wish_end[place], self._sentence.ask_end[place])
            if passed > place:
                place = passed
            elif self._tags[place].said in _BEFORE_A_SHARE and self._tags[place].number is None:
                place += 1
            else:
                break
        if place == at or place >= len(self._tags):
            return None
        if self._tags[place].number is not None:
            return self._share_at(place)
        return self._other_at(max(place - 1, at)) or self._other_at(place)

    def _take_word(self, at: int) -> int | None:
        word = self._tags[at].said
        if word in ("the", "an", "a"):
            return at + 1
        if container := self._container_end(at):
            return container
        if not self._lines:
            return self._describing(at)
        if self._has_begun:
            return self._describing(at)
        if word in _NEGATIONS:
            if not self._leaves_out(at + 1):
                return None
            self._negated = True
            return at + 1
        if (
            word == "instead"
            and self._tags[at + 1 : at + 2]
            and self._tags[at + 1].said == "of"
            and self._leaves_out(at + 2)
        ):
            self._negated, self._joined = True, False
            return at + 2
        if word == "half" and self._lines[-1].quantity > 1 and (share := self._share_at(at)):
            return share
        if word == "everything":
            return self._everything_end(at)
        if word in _ALL and self._all_end(at):
            return self._all_end(at)
        if word in ("other", "rest") and self._share is not None:
            return at + 1
        if word == "for" and (person := self._person_end(at)):
            self._mark(person)
            return person
        if word == "times" and at + 1 < len(self._tags) and self._tags[at + 1].number:
            self._lines[-1].quantity = self._tags[at + 1].number or 1
            self._lines[-1].counted = True
            self._mark(at + 2)
            return at + 2
        if word in _JOINTS:
            self._joined, self._linked, self._said_of_it = True, False, False
            self._negated = self._negated and (word in _ALTERNATIVES or self._goes_on_as_alternative(at))
            return at + 1
        if word in _KINDS and self._lines[-1].end == at:
            self._mark(at + 1)
            return at + 1
        if word in _LINKS:
            self._linked = self._linked or word in ("with", "in", "extra", "has", "using")
            self._said_of_it = self._said_of_it or word not in (
                "with",
                "in",
                "extra",
                "of",
                "but",
                "on",
                "very",
                "served",
                "made",
                "added",
            )
            if word in ("with", "but", "extra"):
                self._negated = False
            if word in _BEHIND_A_WAY and (self._lines[-1].modifiers or self._share) and self._lines[-1].end == at:
                self._mark(at + 1)
            return at + 1
        if word in _ADJECTIVES and self._share is None:
            return at + 1
        if word in _PLAIN and self._share is not None:
            self._mark(at + 1)
            return at + 1
        return None

    def _everything_end(self, at: int) -> int:
        """Behind "everything", which is how it is made, or "everything but", which leaves something out."""
        following = self._tags[at + 1].said if at + 1 < len(self._tags) else ""
        self._mark(at + 1)
        if following in ("but", "except", "minus") and self._leaves_out(at + 2):
            self._negated, self._joined = True, False
            return at + 2
        return at + 1

    def _goes_on_as_alternative(self, at: int) -> bool:
        """Whether a comma here is one of "no ketchup, mustard or mayo"."""
        for place in range(at + 1, min(at + _FAR, len(self._tags)), 2):
            if not self._next_is(place, modifier=True) or place + 1 >= len(self._tags):
                return False
            if self._tags[place + 1].said == "or":
                return True
            if self._tags[place + 1].said != ",":
                return False
        return False

    def _leaves_out_of_the_next(self, place: int) -> bool:
        """Whether "hold the mayo on a burger" goes on from the article here."""
        place = self._articles_end(place)
        return self._next_is(place, modifier=True) and self._item_at(self._run_end(place))

    def _leaves_out(self, place: int) -> bool:
        """Whether a way of making follows a "no", and no drink."""
        while place < len(self._tags) and self._tags[place].said in ("the", "any", "a", "an", "off", "out", "extra"):
            place += 1
        return self._is_way(place)

    def _describing(self, at: int) -> int | None:
        """A word before the drink: nice, unknown, or the end of the order."""
        word = self._tags[at].said
        if word in _JOINTS and self._before and self._next_is(at + 1, modifier=True):
            return at + 1
        if word == "of":
            return at + 1 if self._has_begun and self._item_at(at + 1) else None
        if word in _VAGUE:
            return None
        if word in _ADJECTIVES and self._has_begun:
            return at + 1
        if word in _NEGATIONS and self._has_begun and self._next_is(at + 1, modifier=True):
            self._negated = True
            return at + 1
        if word in _NEGATIONS and not self._has_begun and self._leaves_out_of_the_next(at + 1):
            self._begin_line(at)
            self._negated = True
            return self._articles_end(at + 1)
        if word in _UPON and self._has_begun and self._is_before_a_drink(at):
            self._negated = False
            return at + 1
        if not self._has_begun or not self._tags[at].is_word or word in _STOPS or len(self._unknown) >= _MOST_UNKNOWN:
            return None
        if not self._next_drink(at + 1):
            return None
        self._unknown.append(word)
        return at + 1

    # -- Drinks ------------------------------------------------------------------------------------------

    def _is_wish(self, at: int) -> bool:
        """Whether a name that is a drink and a modifier is meant as a modifier of the drink before it."""
        tag = self._tags[at]
        following = self._tags[at + 1].item if at + 1 < len(self._tags) else None
        if tag.modifier and following and self._allows(following, tag.modifier):
            # "A pepperoni slice".
            return True
        if not (tag.modifier and self._lines) or self._quantity is not None or self._article in ("another", "the"):
            return False
        if not self._allows(self._lines[-1].item, tag.modifier):
            return False
        if self._linked or self._negated or self._share is not None:
            return True
        # "A large pizza, pepperoni, mushrooms", and no drink of its own as in "a pizza and a salad".
        return not self._article and (self._has_ways or self._tags[at - 1].said == ",")

    def _take_item(self, at: int) -> int | None:
        item = self._tags[at].item
        assert item
        if self._lines and self._said_of_it:
            return None
        if self._lines and not self._has_begun and not self._joined and self._lines[-1].item is item:
            # "Lemonade, lemonade": the same wish.
            self._mark(at + 1)
            return at + 1
        return self._take_drink(at, item)

    def _take_drink(self, at: int, item: Item) -> int:
        quantity = self._quantity if self._quantity is not None else 1
        if self._quantity is not None and (size := self._size_of_so_many(item, self._quantity)):
            quantity = 1
            self._before.append(size)
        self._lines.append(
            Line(
                item, quantity, self._begin, at + 1, self._article, self._quantity is not None,
                list(self._before), list(self._before_without), tuple(self._unknown),
            )
        )  # fmt: skip
        self._lines[-1].kind = self._tags[at].category
        self._forget(at + 1)
        self._share, self._to_all = None, False
        return at + 1

    def _size_of_so_many(self, item: Item, number: int) -> SpokenModifier | None:
        """The size that has a number in its name: "six nuggets" are one portion of six."""
        for size in item.sizes:
            count, *unit = plain_words(size.name)
            if count in (str(number), number_words(number)) and _PORTIONS.intersection(unit):
                return self._menu.find_modifier(size.name)
        return None

    def _forget(self, at: int) -> None:
        self._begin, self._quantity, self._article, self._has_begun = at, None, "", False
        self._before, self._before_without, self._unknown = [], [], []
        self._negated = self._joined = self._linked = self._said_of_it = self._has_ways = False

    # -- Ways of making ------------------------------------------------------------------------------------

    def _take_modifier(self, at: int) -> int | None:
        spoken = self._tags[at].modifier
        assert spoken
        if self._has_begun and not self._negated and (item := self._implied_at(at)):
            self._before.append(spoken)
            return self._take_drink(at, item)
        if self._belongs_to_the_next(at):
            if not self._has_begun:
                self._begin_line(at)
            if self._negated:
                self._before_without.append(spoken.modifier.name)
            else:
                self._before.append(spoken)
            return at + 1
        if not self._lines:
            return None
        if self._said_of_it and self._lines[-1].article in DEFINITE:
            # "The martini should be dirty" changes one that was ordered.
            return None
        if self._has_begun and self._share is None:
            # "With a chaser", "a splash of milk": the article was the modifier's.
            self._has_begun, self._article = False, ""
        line = self._lines[-1]
        lines = self._lines if self._to_all else [line]
        if self._negated and (spoken.amount or spoken.modifier.counted or self._tags[at - 1].modifier):
            # "No rice extra guac", "no croutons italian dressing".
            self._negated = False
        if self._share is None and not any(self._allows(line.item, spoken) for line in lines):
            lines = [line]
        return self._attach(at, lines, spoken)

    def _attach(self, at: int, lines: Sequence[Line], spoken: SpokenModifier) -> int:
        for line in lines:
            made = self._share if self._share is not None and not self._to_all else line
            if self._negated:
                made.modifiers[:] = [known for known in made.modifiers if known.modifier is not spoken.modifier]
                made.without.append(spoken.modifier.name)
            elif spoken.modifier not in self._menu.allowed_modifiers(line.item) and self._allows(line.item, spoken):
                # "With lettuce", where it has lettuce.
                pass
            elif not self._splits(line, spoken):
                made.modifiers += [spoken] * (self._times if spoken.modifier.counted else 1)
        self._joined = self._said_of_it = False
        self._has_ways, self._times = True, 1
        self._mark(at + 1)
        return at + 1

    def _splits(self, line: Line, spoken: SpokenModifier) -> bool:
        """Whether a second way of a group tells two of a kind apart: "two lattes, oat milk and almond milk"."""
        group = spoken.modifier.group
        if not (group and line.quantity == 2 and self._share is None and self._joined):
            return False
        rival = next((known for known in line.modifiers if known.modifier.group == group), None)
        if rival is None or rival.modifier is spoken.modifier:
            return False
        line.modifiers.remove(rival)
        line.shares += [Share(1, [rival]), Share(1, [spoken])]
        self._share = line.shares[-1]
        return True

    def _allows(self, item: Item, spoken: SpokenModifier) -> bool:
        return spoken.modifier in self._menu.allowed_modifiers(item) or spoken.modifier.name in item.contains

    def _names_it(self, item: Item, spoken: SpokenModifier) -> bool:
        return spoken.modifier.name in (item.modifiers or ())

    def _group_of(self, item: Item, spoken: SpokenModifier) -> bool:
        groups = {modifier.group for modifier in self._menu.allowed_modifiers(item) if modifier.group}
        return spoken.modifier.group in groups

    def _belongs_to_the_next(self, at: int) -> bool:
        """Whether the modifier here is said before the drink that it is for."""
        place = self._run_end(at + 1)
        tag = self._tags[place] if place < len(self._tags) else None
        unknown = 0
        while (
            tag
            and tag.is_word
            and tag.said not in _STOPS
            and unknown < _MOST_UNKNOWN
            and self._has_begun
            and self._item_at(place + 1)
        ):
            unknown += 1
            place += 1
            tag = self._tags[place]
        item = (tag.item or self._implied_at(place)) if tag else None
        if item is None:
            return self._container_leads(place)
        spoken = self._tags[at].modifier
        assert spoken
        if not self._lines:
            return True
        mine, its = self._allows(self._lines[-1].item, spoken), self._allows(item, spoken)
        if mine != its:
            return its
        if self._has_begun or self._joined:
            return True
        if self._linked:
            return False
        taken = {known.modifier.group for known in self._lines[-1].modifiers if known.modifier.group}
        return spoken.modifier.group in taken or not mine

    def _container_leads(self, place: int) -> bool:
        """Whether "large order of fries" goes on from a container here."""
        if place + 2 >= len(self._tags) or _singular(self._tags[place].said) not in CONTAINERS:
            return False
        return self._tags[place + 1].said == "of" and self._next_drink(place + 2)

    def _is_before_a_drink(self, place: int) -> bool:
        tag = self._tags[place]
        if tag.item or self._implied_at(place):
            return False
        if tag.modifier:
            return True
        if tag.said in _UPON and place + 1 < len(self._tags) and self._tags[place + 1].said in ARTICLES:
            # "Cheese sauce on my fries".
            return bool(place and self._tags[place - 1].modifier) and self._item_at(place + 2)
        if tag.said in ARTICLES and place and self._tags[place - 1].said in _UPON:
            return self._item_at(place + 1)
        if tag.said == "of":
            return bool(place and self._tags[place - 1].modifier)
        joint = tag.said in ("and", ",") and self._next_is(place + 1, modifier=True)
        return tag.said in _ADJECTIVES or joint

    # -- Numbers ---------------------------------------------------------------------------------------------

    def _take_number(self, at: int) -> int | None:
        tag = self._tags[at]
        number = tag.number or 0
        place = at + 1
        if place < len(self._tags) and self._tags[place].said in ("more", "times"):
            place += 1
        if self._lines and not self._has_begun and self._counts_a_way(place):
            self._times = number
            return place
        if self._lines and (share := self._share_at(at)):
            return share
        for_somebody = self._lines and place < len(self._tags) and self._tags[place].said == "for"
        if for_somebody and (person := self._person_end(place)):
            self._lines[-1].quantity += number
            self._mark(person)
            self._joined = False
            return person
        if self._quantity is not None:
            return None
        if not self._next_drink(place):
            return None
        self._begin_line(at)
        self._quantity = number
        return place

    def _counts_a_way(self, place: int) -> bool:
        """Whether a number before this place counts a way of making the open line: "two extra shots"."""
        spoken = self._tags[place].modifier if place < len(self._tags) else None
        if spoken is None or not spoken.modifier.counted or self._lines[-1].quantity > 1:
            return False
        return self._allows(self._lines[-1].item, spoken) and self._is_way(place)

    def _share_at(self, at: int) -> int | None:
        """Where "one" or "the other", and what it is made with, begins to tell some of the open line apart."""
        line = self._lines[-1]
        number = self._tags[at].number if self._tags[at].said != "half" else line.quantity // 2
        place = self._share_words_end(at + 1)
        negated = place < len(self._tags) and (self._tags[place].said in _NEGATIONS or self._tags[place].said == "none")
        place = self._articles_end(place + 1) if negated else place
        if negated and line.shares and line.shares[-1].modifiers and not self._next_is(place, modifier=True):
            # "One with mushrooms, one without".
            rivals = [spoken.modifier.name for spoken in line.shares[-1].modifiers]
            line.shares.append(Share(number, without=rivals))
            self._mark(place)
            return place
        plain = self._is_plain(place)
        if plain and self._item_at(place + 1):
            return None
        if not plain and not (self._is_way(place)):
            return None
        if line.quantity == 1 and not line.shares and self._joined and line.counted:
            # "One whiskey neat and one on the rocks".
            end = place + 1 if plain else place
            self._lines.append(Line(line.item, number or 1, at, end, counted=True))
            self._forget(end)
            self._share, self._negated = None, negated
            return end
        if line.quantity == 1 and not line.shares and number == 1 and not self._comes_again(place):
            return None
        self._share, self._to_all = Share(number), False
        line.shares.append(self._share)
        self._joined, self._negated = False, negated
        if plain:
            self._mark(place + 1)
            return place + 1
        return place

    def _is_plain(self, place: int) -> bool:
        return place < len(self._tags) and self._tags[place].said in _PLAIN and not self._tags[place].modifier

    def _articles_end(self, place: int) -> int:
        while place < len(self._tags) and self._tags[place].said in ARTICLES:
            place += 1
        return place

    def _share_words_end(self, place: int) -> int:
        """Behind "of them should be made with"."""
        while place < len(self._tags):
            wished = self._sentence.wish_end[place]
            if wished > place:
                place = wished
            elif self._tags[place].said in _SHARE_WORDS:
                place += 1
            else:
                break
        return place

    def _comes_again(self, place: int) -> bool:
        """Whether another share follows: "one dry and one dirty"."""
        return any(tag.number == 1 or tag.said == "other" for tag in self._tags[place + 1 : place + 6])

    # -- Articles and containers ---------------------------------------------------------------------------

    def _take_article(self, at: int) -> int | None:
        said = self._tags[at].said
        if self._lines and (end := self._other_at(at)):
            return end
        if self._lines and said == "another" and (end := self._once_more_at(at)):
            return end
        if self._lines and said in ("a", "an", "another") and (end := self._one_at(at)):
            return end
        if self._has_begun:
            return at + 1 if said in ARTICLES else None
        if not self._next_drink(at + 1):
            if self._lines and self._next_is(at + 1, modifier=True):
                return at + 1
            return at + 1 if self._lines and said in ("a", "some", "an") and self._amount_ahead(at + 1) else None
        self._begin_line(at)
        self._article = said
        if said == "another" and at + 1 < len(self._tags) and self._tags[at + 1].number is None:
            self._quantity = 1
        return at + 1

    def _amount_ahead(self, at: int) -> bool:
        words = self._tags[at : at + 3]
        return any(tag.modifier for tag in words) and not any(tag.item for tag in words)

    def _other_at(self, at: int) -> int | None:
        """ "The other one dirty": what is left of the open line."""
        line = self._lines[-1]
        said = [tag.said for tag in self._tags[at : at + 2]]
        another = said[:1] == ["another"]
        if not (said in (["the", "other"], ["the", "rest"]) or another) or (
            another and not line.shares and line.quantity < 2
        ):
            return None
        place = self._share_words_end(at + (1 if another else 2))
        negated = place < len(self._tags) and self._tags[place].said in ("not", "no", "without")
        if negated:
            place += 1
        plain = place < len(self._tags) and self._tags[place].said in _PLAIN
        if not plain and not (self._is_way(place)):
            return None
        taken = sum(share.quantity or 0 for share in line.shares)
        if not line.shares and line.quantity == 1:
            return None
        self._joined = False
        self._share = Share(max(line.quantity - taken, 1) if said == ["the", "rest"] else 1)
        line.shares.append(self._share)
        self._joined, self._negated = False, negated
        if plain:
            self._mark(place + 1)
            return place + 1
        return place

    def _one_at(self, at: int) -> int | None:
        """Behind "a dry one": another line of the same drink."""
        place = at + 1
        while place < min(at + _FAR, len(self._tags)) and self._next_is(place, modifier=True):
            place += 1
        ways = [spoken for tag in self._tags[at + 1 : place] if (spoken := tag.modifier)]
        item = self._lines[-1].item
        if not ways or place >= len(self._tags) or self._tags[place].said != "one":
            return None
        if not all(self._allows(item, spoken) for spoken in ways):
            return None
        self._lines.append(Line(item, 1, at, place + 1, self._tags[at].said, modifiers=ways))
        self._forget(place + 1)
        self._share, self._to_all = None, False
        return place + 1

    def _once_more_at(self, at: int) -> int | None:
        """ "A latte with oat milk and another with almond milk": another line of the same drink."""
        place = self._share_words_end(at + 1)
        if not self._is_way(place):
            return None
        item = self._lines[-1].item
        self._lines.append(Line(item, 1, at, at + 1, "another"))
        self._forget(at + 1)
        self._share, self._to_all = None, False
        return place

    def _all_end(self, at: int) -> int | None:
        """Behind "both of them with", where what follows is how all are to be made."""
        place = at + 1
        while place < len(self._tags) and self._tags[place].said in _BEHIND_ALL:
            place += 1
        negated = place < len(self._tags) and self._tags[place].said in _NEGATIONS
        place = self._articles_end(place + 1) if negated else place
        if not self._is_way(place):
            return None
        self._to_all, self._share, self._negated = True, None, negated
        return place

    def _container_end(self, at: int) -> int | None:
        if _singular(self._tags[at].said) not in CONTAINERS or at + 1 >= len(self._tags):
            return None
        if self._tags[at + 1].said == "of" and self._next_drink(at + 2):
            return at + 2
        return None

    def _person_end(self, at: int) -> int | None:
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
            if self._may_be_a_name(place) and self._may_be_a_name(place + 1) and ends[place + 1] == place + 1:
                place += 1
        return place + 1 if self._may_be_a_name(place) else None

    def _may_be_a_name(self, place: int) -> bool:
        return place < len(self._tags) and self._tags[place].is_word and self._tags[place].said not in _STOPS

    # -- Looking ahead -----------------------------------------------------------------------------------------

    def _begin_line(self, at: int) -> None:
        self._begin, self._has_begun = at, True
        self._negated = self._linked = False

    def _next_drink(self, place: int) -> bool:
        """Whether a drink is named here, behind what may stand before one."""
        unknown = 0
        for at in range(place, min(place + _FAR, len(self._tags))):
            tag = self._tags[at]
            if self._item_at(at):
                return True
            if tag.modifier or tag.number is not None or tag.said in ARTICLES:
                continue
            if (
                tag.said in _ADJECTIVES
                or tag.said in ("and", "of", "no", "not", "without")
                or _singular(tag.said) in CONTAINERS
            ):
                continue
            unknown += 1
            if unknown > _MOST_UNKNOWN or tag.is_pause or tag.said in _STOPS:
                return False
        return False

    def _next_is(self, place: int, *, modifier: bool) -> bool:
        return place < len(self._tags) and bool(self._tags[place].modifier) is modifier and not self._tags[place].item

    def _item_at(self, place: int) -> bool:
        return place < len(self._tags) and (self._tags[place].item is not None or self._implied_at(place) is not None)

    def _implied_at(self, place: int) -> Item | None:
        """The item that only a way of making it names: "a bowl of tomato bisque"."""
        spoken = self._tags[place].modifier if place < len(self._tags) else None
        item = self._lexicon.implied(spoken) if spoken and not self._tags[place].item else None
        if spoken is None or item is None or self._sentence.stands_before_a_drink[place]:
            return None
        return None if self._lines and self._allows(self._lines[-1].item, spoken) else item

    def _is_way(self, place: int) -> bool:
        """Whether it is said here how the open line is made, and no other drink is named."""
        tag = self._tags[place] if place < len(self._tags) else None
        if tag is None or tag.modifier is None or self._implied_at(place):
            return False
        if tag.item and not (self._lines and self._allows(self._lines[-1].item, tag.modifier)):
            return False
        return not self._item_at(self._run_end(place + 1))

    def _run_end(self, begin: int) -> int:
        """Where what may stand before a drink ends."""
        place = begin
        while place < min(begin + _FAR, len(self._tags)) and self._is_before_a_drink(place):
            place += 1
        return place

    def _mark(self, end: int) -> None:
        self._lines[-1].end = end


def _singular(word: str) -> str:
    return word if word.endswith("ss") else word.removesuffix("es" if word.endswith("sses") else "s")


_FAR = 9
_SHARE_WORDS = kind("share_words")
_STOPS = kind("stops")
