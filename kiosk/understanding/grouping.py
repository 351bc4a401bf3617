"""Orders read from tags: which number, which ways of making and which wishes belong to which drink.

The reader walks from left to right and keeps a line open. It knows the menu: a modifier goes to the item that may
have it, a second one of a group begins the next line, and what two of a kind differ in makes two lines. Words that it
does not know between an article and a drink are kept with the drink; any other unknown word ends the order.
"""

from collections.abc import Sequence

from kiosk.menu import Menu
from kiosk.understanding import beyond, drinks, shares, sizes, ways
from kiosk.understanding.acts import Add, Missed
from kiosk.understanding.ahead import ADJECTIVES, ARTICLES, MOST_UNKNOWN, NEGATIONS, STOPS, UPON
from kiosk.understanding.lines import Group, Line
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.table import kind
from kiosk.understanding.tags import Tag
from kiosk.understanding.walk import Walk

_JOINTS = kind("joints")
_LINKS = kind("links")
_WITH = frozenset("with in extra has using".split())
# These join a way of making to a drink and say nothing of the drink: "the beer should be" does.
_NO_VERBS = frozenset("with in extra of but on very served made added".split())
_IT = frozenset("it that them this".split())
_ALTERNATIVES = frozenset(["and", "or"])
# "A mocha drink" is a mocha.
_VAGUE = kind("vague")
_KINDS = kind("drinks")
_BEHIND_A_WAY = kind("behind_a_way")
# A longer list is read as several orders, so that it costs no more than its length.
_MOST_LINES = 6


def groups_at(sentence: Sentence, at: int, menu: Menu) -> list[Group]:
    """The orders that begin at a place of a sentence, the longest first; none where none begins."""
    found = []
    adds: tuple[Add, ...] = ()
    unknown: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()
    for line in _without_announcement(_lines_at(sentence, at, menu), sentence.tags):
        adds += line.adds
        unknown += line.unknown
        missed += tuple(Missed(words, line.item.name) for words in line.missed)
        found.append(Group(line.end, adds, unknown, missed))
    return found[::-1]


def _lines_at(sentence: Sentence, at: int, menu: Menu) -> Sequence[Line]:
    """The lines of the order that begins at a place.

    A long list was read from its second line on before, and is not read once more, so that it costs no more than its
    length. What may still be said of all its lines, or in view of the one before, is said of short ones.
    """
    walk = Walk(sentence, menu, at)
    following: int | None = at
    opened = None
    while following is not None and following < len(walk.tags) and len(walk.lines) <= _MOST_LINES:
        before = len(walk.lines)
        following = _step(walk, following)
        if len(walk.lines) == before:
            continue
        if opened is None:
            opened = walk.line.opening
        elif rest := sentence.lines_behind.get(walk.line.opening):
            walk.lines[-1:] = rest
            break
    lines = tuple(walk.lines[:_MOST_LINES])
    if opened and len(lines) == _MOST_LINES and not walk.is_said_of_all:
        sentence.lines_behind[opened] = lines
    return lines


def _without_announcement(lines: Sequence[Line], tags: Sequence[Tag]) -> Sequence[Line]:
    """The lines, without "three large pizzas" before ": a supreme and two hawaiians", which says only how many."""
    if len(lines) < 2 or lines[0].kind is None or lines[0].shares or not tags[lines[0].end].is_pause:
        return lines
    first, *rest = lines
    if tags[first.end + 1].said in _JOINTS:
        # "Two beers, and two ales".
        return lines
    of_it = [line for line in rest if line.item.category == first.kind]
    if first.quantity < 2 or sum(line.quantity for line in of_it) != first.quantity:
        return lines
    return [first.announces(line) if line in of_it else line for line in rest]


# -- One step: the place after what was taken, or None where the order ends -------------------------------


def _step(walk: Walk, at: int) -> int | None:
    tag = walk.tags[at]
    if tag.item and not drinks.is_way_of_making(walk, at):
        return drinks.named(walk, at, tag.item)
    if tag.modifier:
        return ways.named(walk, at, tag.modifier)
    if tag.number is not None:
        return _number(walk, at, tag.number)
    if tag.said in ARTICLES or tag.said == "another":
        return _article(walk, at)
    if tag.said == "more" and walk.coming.quantity is not None:
        return at + 1
    if walk.is_behind_a_line and (share := shares.behind_a_pause(walk, at)):
        return share
    soft = walk.sentence.after_soft(at)
    # "A water, actually two waters": what follows puts right what was said.
    if soft > at and walk.is_behind_a_line and tag.said != "actually":
        if not walk.said_of_it:
            # "My martini is too cold" is no order; with "is" it has to end in a way of making.
            walk.mark(soft)
        return soft
    if container := walk.ahead.container_end(at):
        return container
    return _behind_the_line(walk, at) if walk.is_behind_a_line else _before_the_drink(walk, at)


def _number(walk: Walk, at: int, number: int) -> int | None:
    place = at + 1
    if walk.said(place) in ("more", "times"):
        place += 1
    if walk.is_behind_a_line and _counts_a_way(walk, place):
        walk.times = number
        return place
    if walk.is_behind_a_line and (end := shares.each(walk, at)):
        return end
    if walk.lines and (share := shares.some(walk, at)):
        return share
    if walk.is_behind_a_line and (end := _count_behind_the_name(walk, at, number)):
        return end
    for_somebody = walk.lines and walk.said(place) == "for"
    if for_somebody and (person := walk.ahead.person_end(place)):
        walk.line.quantity += number
        walk.joined = False
        return walk.mark(person)
    if walk.coming.quantity is not None or not walk.ahead.next_drink(place):
        return None
    walk.begin(at)
    walk.coming.quantity = number
    return place


def _count_behind_the_name(walk: Walk, at: int, number: int) -> int | None:
    """Behind a number that counts the drink before it: "beers, two", "wings, twelve, garlic"."""
    line = walk.line
    is_next = line.end == at or (line.end == at - 1 and walk.tags[at - 1].is_pause)
    if not is_next or line.counted or line.article or line.modifiers or line.unknown:
        return None
    of_them = walk.said(at + 1) == "of" and walk.said(at + 2) in ("those", "them")
    end = at + 3 if of_them else at + 1
    if end < len(walk.tags) and not walk.tags[end].is_pause and walk.sentence.soft_end[end] == end:
        return None
    drinks.count(walk, line, number)
    return walk.mark(end)


def _counts_a_way(walk: Walk, place: int) -> bool:
    """Whether a number before this place counts a way of making the open line: "two extra shots"."""
    spoken = walk.modifier(place)
    if spoken is None or not spoken.modifier.counted or walk.line.quantity > 1:
        return False
    return walk.ahead.allows(walk.line.item, spoken) and walk.ahead.is_way(place)


def _article(walk: Walk, at: int) -> int | None:
    said, ahead = walk.said(at), walk.ahead
    if walk.lines and (end := shares.the_other(walk, at)):
        return end
    if walk.lines and said == "another" and (end := shares.once_more(walk, at)):
        return end
    if walk.lines and said in ("a", "an", "another") and (end := shares.like_it(walk, at)):
        return end
    if walk.coming.is_begun:
        return at + 1 if said in ARTICLES else None
    if not ahead.next_drink(at + 1):
        if walk.lines and ahead.next_is(at + 1, modifier=True):
            return at + 1
        return at + 1 if walk.lines and said in ("a", "some", "an") and ahead.amount_ahead(at + 1) else None
    walk.begin(at)
    walk.coming.article = said
    if said == "another" and at + 1 < len(walk.tags) and walk.number(at + 1) is None:
        walk.coming.quantity = 1
    return at + 1


def _before_the_drink(walk: Walk, at: int) -> int | None:
    """A word before the drink: nice, unknown, or the end of the order."""
    word, ahead, coming = walk.said(at), walk.ahead, walk.coming
    if word in _JOINTS and coming.modifiers and ahead.next_is(at + 1, modifier=True):
        return at + 1
    if word == "of":
        return at + 1 if coming.is_begun and ahead.has_item(at + 1) else None
    if word in _VAGUE:
        return None
    if word in sizes.RANKED and coming.is_begun:
        coming.ranked = word
        return at + 1
    if word in ADJECTIVES and coming.is_begun:
        return at + 1
    if word in NEGATIONS and coming.is_begun and ahead.next_is(at + 1, modifier=True):
        walk.negated = True
        return at + 1
    if word in NEGATIONS and not coming.is_begun and ahead.leaves_out_of_the_next(at + 1):
        walk.begin(at)
        walk.negated = True
        return ahead.articles_end(at + 1)
    if word in UPON and coming.is_begun and ahead.is_before_a_drink(at):
        walk.negated = False
        return at + 1
    may_describe = coming.is_begun and walk.tags[at].is_word and word not in STOPS
    if not may_describe or len(coming.unknown) >= MOST_UNKNOWN or not ahead.next_drink(at + 1):
        return None
    coming.unknown.append(word)
    return at + 1


def _behind_the_line(walk: Walk, at: int) -> int | None:
    """A word behind a drink: it leads to a way of making it or to the next drink, or ends the order."""
    word, line = walk.said(at), walk.line
    if end := shares.named_end(walk, at):
        return end
    if walk.tags[at].is_pause and word != "," and _is_all_that_follows(walk, at + 1):
        # "Five rums! On the rocks."
        return at + 1
    if end := beyond.amount(walk, at):
        return end
    if word in sizes.RANKED and line.end in (at, at - 1) and (size := sizes.by_rank(walk.menu, line.item, word)):
        line.modifiers.append(size)
        return walk.mark(at + 1)
    if word in NEGATIONS:
        if not walk.ahead.leaves_out(at + 1):
            return _like_the_one_before(walk, at) or beyond.left_out(walk, at)
        walk.negated = True
        # "Hold the lime and a beer": the article begins no drink.
        return walk.ahead.articles_end(at + 1)
    if word == "instead" and walk.said(at + 1) == "of" and walk.ahead.leaves_out(at + 2):
        walk.negated, walk.joined = True, False
        return at + 2
    if word == "half" and line.quantity > 1 and (share := shares.some(walk, at)):
        return share
    if word == "everything":
        return _everything(walk, at)
    if word in shares.ALL and (end := shares.all_of_them(walk, at)):
        return end
    if word in ("other", "rest") and walk.share is not None:
        return at + 1
    if word == "for" and (person := walk.ahead.person_end(at)):
        return walk.mark(person)
    if word == "times" and (number := walk.number(at + 1)):
        line.quantity, line.counted = number, True
        return walk.mark(at + 2)
    if word in _JOINTS:
        walk.joined, walk.linked, walk.said_of_it = True, False, False
        goes_on = word in _ALTERNATIVES and not (word == "and" and ways.is_wanted_besides(walk, at + 1))
        walk.negated = walk.negated and (goes_on or walk.ahead.goes_on_as_alternative(at))
        return at + 1
    if word in _KINDS and line.end == at:
        return walk.mark(at + 1)
    if word in _LINKS:
        return _link(walk, at)
    if word in ADJECTIVES and walk.share is None:
        return at + 1
    if word in shares.PLAIN and walk.share is not None:
        return walk.mark(at + 1)
    return None


def _is_all_that_follows(walk: Walk, at: int) -> bool:
    """Whether one way of making the open line is all that is said between two pauses."""
    if not walk.ahead.is_way(at):
        return False
    end = walk.sentence.after_soft(at + 1) if at + 1 < len(walk.tags) else at + 1
    return end >= len(walk.tags) or walk.tags[end].is_pause


def _like_the_one_before(walk: Walk, at: int) -> int | None:
    """Behind a "without" that names nothing: "a pizza with onions and a pizza without"."""
    if len(walk.lines) < 2 or walk.said(at) not in ("without", "not") or walk.line.said_behind:
        return None
    before = walk.lines[-2]
    ends = at + 1 >= len(walk.tags) or walk.tags[at + 1].is_pause or walk.sentence.soft_end[at + 1] > at + 1
    if before.item is not walk.line.item or not before.said_behind or not (ends or walk.said(at + 1) in _JOINTS):
        return None
    walk.line.without += [spoken.modifier.name for spoken in before.said_behind]
    return walk.mark(at + 1)


def _link(walk: Walk, at: int) -> int:
    word = walk.said(at)
    if word in UPON and walk.said(at + 1) in _IT and walk.line.end == at and walk.line.modifiers:
        # "A pizza with onions on it".
        return walk.mark(at + 2)
    walk.linked = walk.linked or word in _WITH
    walk.said_of_it = walk.said_of_it or word not in _NO_VERBS
    if word in ("with", "but") or (word == "extra" and not ways.follows_a_negation(walk, at)):
        walk.negated = False
    if word in _BEHIND_A_WAY and (walk.line.modifiers or walk.share) and walk.line.end == at:
        walk.mark(at + 1)
    return at + 1


def _everything(walk: Walk, at: int) -> int:
    """Behind "everything", which is how it is made, or "everything but", which leaves something out."""
    walk.mark(at + 1)
    if walk.said(at + 1) in ("but", "except", "minus") and walk.ahead.leaves_out(at + 2):
        walk.negated, walk.joined = True, False
        return at + 2
    return at + 1
