"""Orders read from tags: which number, which ways of making and which wishes belong to which drink.

The reader walks from left to right and keeps a line open. It knows the menu: a modifier goes to the item that may
have it, a second one of a group begins the next line, and what two of a kind differ in makes two lines. Words that it
does not know between an article and a drink are kept with the drink; any other unknown word ends the order.
"""

from collections.abc import Sequence

from kiosk.menu import Item, Menu, SpokenModifier
from kiosk.understanding.acts import Add
from kiosk.understanding.ahead import ADJECTIVES, ARTICLES, FAR, MOST_UNKNOWN, STOPS, UPON, Ahead
from kiosk.understanding.lines import DEFINITE, Group, Line, Share
from kiosk.understanding.numbers import number_words
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.table import kind
from kiosk.understanding.words import canonical, plain_words

_JOINTS = kind("joints")
_LINKS = kind("links")

_PORTIONS = kind("portions")
_BEHIND_ALL = frozenset("of them with one in on a are".split())
_ALTERNATIVES = frozenset(["and", "or"])
_PLAIN = kind("plain")
_NEGATIONS = kind("negations")
_ALL = kind("all")
# "A mocha drink" is a mocha.
_VAGUE = kind("vague")
_KINDS = kind("drinks")
_BEHIND_A_WAY = kind("behind_a_way")
# Said before some of what was ordered are told apart: "two lattes. I want one of them with oat milk".
_BEFORE_A_SHARE = kind("before_a_share")
# A longer list is read as several orders, so that it costs no more than its length.
_MOST_LINES = 8


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
        self._ahead = Ahead(sentence, menu)
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
        is_its_name = canonical(self._tags[first.end - 1].said) == canonical(first.item.name.lower())
        if is_its_name or self._tags[first.end + 1].said in _JOINTS:
            # "Nine coffees, nine espressos", where there is a coffee; "two beers, and two ales".
            return lines
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
            if not self._said_of_it:
                # "My martini is too cold" is no order; with "is" it has to end in a way of making.
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
        if container := self._ahead.container_end(at):
            return container
        if not self._lines:
            return self._describing(at)
        if self._has_begun:
            return self._describing(at)
        if word in _NEGATIONS:
            if not self._ahead.leaves_out(at + 1):
                return None
            self._negated = True
            # "Hold the lime and a beer": the article begins no drink.
            return self._ahead.articles_end(at + 1)
        if (
            word == "instead"
            and self._tags[at + 1 : at + 2]
            and self._tags[at + 1].said == "of"
            and self._ahead.leaves_out(at + 2)
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
        if word == "for" and (person := self._ahead.person_end(at)):
            self._mark(person)
            return person
        if word == "times" and at + 1 < len(self._tags) and self._tags[at + 1].number:
            self._lines[-1].quantity = self._tags[at + 1].number or 1
            self._lines[-1].counted = True
            self._mark(at + 2)
            return at + 2
        if word in _JOINTS:
            self._joined, self._linked, self._said_of_it = True, False, False
            self._negated = self._negated and (word in _ALTERNATIVES or self._ahead.goes_on_as_alternative(at))
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
            if word in ("with", "but") or (word == "extra" and not self._follows_a_negation(at)):
                self._negated = False
            if word in _BEHIND_A_WAY and (self._lines[-1].modifiers or self._share) and self._lines[-1].end == at:
                self._mark(at + 1)
            return at + 1
        if word in ADJECTIVES and self._share is None:
            return at + 1
        if word in _PLAIN and self._share is not None:
            self._mark(at + 1)
            return at + 1
        return None

    def _everything_end(self, at: int) -> int:
        """Behind "everything", which is how it is made, or "everything but", which leaves something out."""
        following = self._tags[at + 1].said if at + 1 < len(self._tags) else ""
        self._mark(at + 1)
        if following in ("but", "except", "minus") and self._ahead.leaves_out(at + 2):
            self._negated, self._joined = True, False
            return at + 2
        return at + 1

    def _describing(self, at: int) -> int | None:
        """A word before the drink: nice, unknown, or the end of the order."""
        word = self._tags[at].said
        if word in _JOINTS and self._before and self._ahead.next_is(at + 1, modifier=True):
            return at + 1
        if word == "of":
            return at + 1 if self._has_begun and self._ahead.has_item(at + 1) else None
        if word in _VAGUE:
            return None
        if word in ADJECTIVES and self._has_begun:
            return at + 1
        if word in _NEGATIONS and self._has_begun and self._ahead.next_is(at + 1, modifier=True):
            self._negated = True
            return at + 1
        if word in _NEGATIONS and not self._has_begun and self._ahead.leaves_out_of_the_next(at + 1):
            self._begin_line(at)
            self._negated = True
            return self._ahead.articles_end(at + 1)
        if word in UPON and self._has_begun and self._ahead.is_before_a_drink(at):
            self._negated = False
            return at + 1
        if not self._has_begun or not self._tags[at].is_word or word in STOPS or len(self._unknown) >= MOST_UNKNOWN:
            return None
        if not self._ahead.next_drink(at + 1):
            return None
        self._unknown.append(word)
        return at + 1

    # -- Drinks ------------------------------------------------------------------------------------------

    def _is_wish(self, at: int) -> bool:
        """Whether a name that is a drink and a modifier is meant as a modifier of the drink before it."""
        tag = self._tags[at]
        following = self._tags[at + 1].item if at + 1 < len(self._tags) else None
        if tag.modifier and following and self._ahead.allows(following, tag.modifier):
            # "A pepperoni slice".
            return True
        if not (tag.modifier and self._lines) or self._quantity is not None or self._article in ("another", "the"):
            return False
        if not self._ahead.allows(self._lines[-1].item, tag.modifier):
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
        line = Line(
            item, quantity, self._begin, at + 1, self._article, self._quantity is not None,
            self._before, self._before_without, tuple(self._unknown), kind=self._tags[at].category,
        )  # fmt: skip
        return self._open(line)

    def _size_of_so_many(self, item: Item, number: int) -> SpokenModifier | None:
        """The size that has a number in its name: "six nuggets" are one portion of six."""
        for size in item.sizes:
            count, *unit = plain_words(size.name)
            if count in (str(number), number_words(number)) and _PORTIONS.intersection(unit):
                return self._menu.find_modifier(size.name)
        return None

    def _open(self, line: Line) -> int:
        """Go on behind a new line, of which nothing but what it holds was said."""
        self._lines.append(line)
        self._ahead.open_item = line.item
        self._share, self._to_all = None, False
        self._begin, self._quantity, self._article, self._has_begun = line.end, None, "", False
        self._before, self._before_without, self._unknown = [], [], []
        self._negated = self._joined = self._linked = self._said_of_it = self._has_ways = False
        return line.end

    # -- Ways of making ------------------------------------------------------------------------------------

    def _take_modifier(self, at: int) -> int | None:
        spoken = self._tags[at].modifier
        assert spoken
        if self._has_begun and not self._negated and (item := self._ahead.implied_at(at)):
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
        another = spoken.amount or spoken.modifier.counted or self._tags[at - 1].modifier
        if self._negated and another and not self._follows_a_negation(at):
            # "No rice extra guac", "no croutons italian dressing".
            self._negated = False
        if self._share is None and not any(self._ahead.allows(line.item, spoken) for line in lines):
            lines = [line]
        return self._attach(at, lines, spoken)

    def _follows_a_negation(self, at: int) -> bool:
        """Whether nothing stands between a "no" and what is named here: "without an extra shot"."""
        place = at - 1
        while place > 0 and (self._tags[place].said in ARTICLES or self._tags[place].said in ("any", "extra")):
            place -= 1
        return self._tags[place].said in _NEGATIONS

    def _attach(self, at: int, lines: Sequence[Line], spoken: SpokenModifier) -> int:
        for line in lines:
            made = self._share if self._share is not None and not self._to_all else line
            if self._negated:
                made.modifiers[:] = [known for known in made.modifiers if known.modifier is not spoken.modifier]
                made.without.append(spoken.modifier.name)
            elif spoken.modifier not in self._menu.allowed_modifiers(line.item) and self._ahead.allows(
                line.item, spoken
            ):
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

    def _names_it(self, item: Item, spoken: SpokenModifier) -> bool:
        return spoken.modifier.name in (item.modifiers or ())

    def _group_of(self, item: Item, spoken: SpokenModifier) -> bool:
        groups = {modifier.group for modifier in self._menu.allowed_modifiers(item) if modifier.group}
        return spoken.modifier.group in groups

    def _belongs_to_the_next(self, at: int) -> bool:
        """Whether the modifier here is said before the drink that it is for."""
        place = self._ahead.run_end(at + 1)
        tag = self._tags[place] if place < len(self._tags) else None
        unknown = 0
        while (
            tag
            and tag.is_word
            and tag.said not in STOPS
            and unknown < MOST_UNKNOWN
            and self._has_begun
            and self._ahead.has_item(place + 1)
        ):
            unknown += 1
            place += 1
            tag = self._tags[place]
        item = (tag.item or self._ahead.implied_at(place)) if tag else None
        if item is None:
            return self._ahead.container_leads(place)
        spoken = self._tags[at].modifier
        assert spoken
        if not self._lines:
            return True
        mine, its = self._ahead.allows(self._lines[-1].item, spoken), self._ahead.allows(item, spoken)
        if mine != its:
            return its
        if self._has_begun or self._joined:
            return True
        if self._linked:
            return False
        taken = {known.modifier.group for known in self._lines[-1].modifiers if known.modifier.group}
        return spoken.modifier.group in taken or not mine

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
        if for_somebody and (person := self._ahead.person_end(place)):
            self._lines[-1].quantity += number
            self._mark(person)
            self._joined = False
            return person
        if self._quantity is not None:
            return None
        if not self._ahead.next_drink(place):
            return None
        self._begin_line(at)
        self._quantity = number
        return place

    def _counts_a_way(self, place: int) -> bool:
        """Whether a number before this place counts a way of making the open line: "two extra shots"."""
        spoken = self._tags[place].modifier if place < len(self._tags) else None
        if spoken is None or not spoken.modifier.counted or self._lines[-1].quantity > 1:
            return False
        return self._ahead.allows(self._lines[-1].item, spoken) and self._ahead.is_way(place)

    def _share_at(self, at: int) -> int | None:
        """Where "one" or "the other", and what it is made with, begins to tell some of the open line apart."""
        line = self._lines[-1]
        number = self._tags[at].number if self._tags[at].said != "half" else line.quantity // 2
        place = self._share_words_end(at + 1)
        negated = place < len(self._tags) and (self._tags[place].said in _NEGATIONS or self._tags[place].said == "none")
        place = self._ahead.articles_end(place + 1) if negated else place
        if negated and line.shares and line.shares[-1].modifiers and not self._ahead.next_is(place, modifier=True):
            # "One with mushrooms, one without".
            rivals = [spoken.modifier.name for spoken in line.shares[-1].modifiers]
            line.shares.append(Share(number, without=rivals))
            self._mark(place)
            return place
        plain = self._is_plain(place)
        if plain and self._ahead.has_item(place + 1):
            return None
        if not plain and not (self._ahead.is_way(place)):
            return None
        if place == at + 1 and self._tags[place].item and self._tags[place].plural:
            # "Four espressos and two guacamoles": what is counted is a thing of its own.
            return None
        if line.quantity == 1 and not line.shares and self._joined and line.counted:
            # "One whiskey neat and one on the rocks".
            end = place + 1 if plain else place
            self._open(Line(line.item, number or 1, at, end, counted=True))
            self._negated = negated
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
        if not self._ahead.next_drink(at + 1):
            if self._lines and self._ahead.next_is(at + 1, modifier=True):
                return at + 1
            return at + 1 if self._lines and said in ("a", "some", "an") and self._ahead.amount_ahead(at + 1) else None
        self._begin_line(at)
        self._article = said
        if said == "another" and at + 1 < len(self._tags) and self._tags[at + 1].number is None:
            self._quantity = 1
        return at + 1

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
        if not plain and not (self._ahead.is_way(place)):
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
        while place < min(at + FAR, len(self._tags)) and self._ahead.next_is(place, modifier=True):
            place += 1
        ways = [spoken for tag in self._tags[at + 1 : place] if (spoken := tag.modifier)]
        item = self._lines[-1].item
        if not ways or place >= len(self._tags) or self._tags[place].said != "one":
            return None
        if not all(self._ahead.allows(item, spoken) for spoken in ways):
            return None
        return self._open(Line(item, 1, at, place + 1, self._tags[at].said, modifiers=ways))

    def _once_more_at(self, at: int) -> int | None:
        """ "A latte with oat milk and another with almond milk": another line of the same drink."""
        place = self._share_words_end(at + 1)
        if not self._ahead.is_way(place):
            return None
        self._open(Line(self._lines[-1].item, 1, at, at + 1, "another"))
        return place

    def _all_end(self, at: int) -> int | None:
        """Behind "both of them with", where what follows is how all are to be made."""
        place = at + 1
        while place < len(self._tags) and self._tags[place].said in _BEHIND_ALL:
            place += 1
        negated = place < len(self._tags) and self._tags[place].said in _NEGATIONS
        place = self._ahead.articles_end(place + 1) if negated else place
        if not self._ahead.is_way(place):
            return None
        self._to_all, self._share, self._negated = True, None, negated
        return place

    # -- Looking ahead -----------------------------------------------------------------------------------------

    def _begin_line(self, at: int) -> None:
        self._begin, self._has_begun = at, True
        self._negated = self._linked = False

    def _mark(self, end: int) -> None:
        self._lines[-1].end = end


_SHARE_WORDS = kind("share_words")
