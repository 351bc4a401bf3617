"""What some of a line are made with: "one dry, the other dirty", "half of them", "both", "another with oat milk"."""

from collections.abc import Iterable, Sequence

from kiosk.menu import SpokenModifier
from kiosk.understanding.ahead import FAR, NEGATIONS
from kiosk.understanding.lines import Line, Share
from kiosk.understanding.table import kind
from kiosk.understanding.walk import Walk

ALL = kind("all")
PLAIN = kind("plain")
# Between "both" and how they are made.
_BEHIND_ALL = frozenset("of them with one in on a are".split())
_SHARE_WORDS = kind("share_words")
_ORDINALS = frozenset("first second third fourth last".split())
_OTHERS = frozenset(["other", "others", "rest"])
_THEM = frozenset(["them", "those", "these"])
# They lead to how one is made.
_LINKS = frozenset("with in on has have having made".split())
# Before that which a way of making was said of: "no salsa on one of them".
_BEFORE_SOME = frozenset("on for in to with".split())
# Said before some of what was ordered are told apart: "two lattes. I want one of them with oat milk".
_BEFORE_A_SHARE = kind("before_a_share")


def behind_a_pause(walk: Walk, at: int) -> int | None:
    """Where some of the open line begin to be told apart, behind a pause: "two lattes. Make one decaf"."""
    if walk.line.quantity < 2 and not walk.line.shares:
        return None
    place = at
    while place < len(walk.tags):
        sentence = walk.sentence
        passed = max(sentence.soft_end[place], sentence.wish_end[place], sentence.ask_end[place])
        if passed > place:
            place = passed
        elif walk.said(place) in _BEFORE_A_SHARE and walk.number(place) is None:
            place += 1
        else:
            break
    if place == at or place >= len(walk.tags):
        return None
    if walk.number(place) is not None:
        return some(walk, place)
    return the_other(walk, max(place - 1, at)) or the_other(walk, place)


def some(walk: Walk, at: int) -> int | None:
    """Where "one" or "half of them", and what it is made with, begins to tell some of the open line apart."""
    line = walk.line
    number = walk.number(at) if walk.said(at) != "half" else line.quantity // 2
    place = _share_words_end(walk, at + 1, goes_on=_is_one_of_two(walk, at))
    if _is_of_its_kind(walk, place):
        # "Two pizzas, one of them a hawaiian".
        walk.begin(at)
        walk.coming.quantity = number
        return place
    negated = walk.said(place) in NEGATIONS or walk.said(place) == "none"
    place = walk.ahead.articles_end(place + 1) if negated else place
    is_bare = negated and not walk.ahead.next_is(place, modifier=True)
    if is_bare and line.shares and line.shares[-1].modifiers:
        # "One with mushrooms, one without".
        line.shares.append(Share(number, without=_names(line.shares[-1].modifiers)))
        return walk.mark(place)
    if is_bare and line.quantity == 1 and walk.joined and line.counted and line.said_behind:
        # "One taco with extra cilantro and one with none".
        return walk.open(_another(line, number or 1, at, place, without=_names(line.said_behind)))
    plain = _is_plain(walk, place)
    if plain and walk.ahead.has_item(place + 1):
        return None
    if not plain and not walk.ahead.is_way(place):
        return None
    if place == at + 1 and walk.item(place) and walk.tags[place].plural:
        # "Four espressos and two guacamoles": what is counted is a thing of its own.
        return None
    if line.quantity == 1 and not line.shares and walk.joined and line.counted:
        # "One whiskey neat and one on the rocks".
        end = place + 1 if plain else place
        walk.open(_another(line, number or 1, at, end, linked=walk.said(end - 1) in _LINKS))
        walk.negated = negated
        return end
    if line.quantity == 1 and not line.shares and number == 1 and not _comes_again(walk, place):
        return None
    return _begun(walk, Share(number), place, plain, negated)


def the_other(walk: Walk, at: int) -> int | None:
    """Where "the other one", "the second" or "the rest", and what it is made with, begins to be told of."""
    line = walk.line
    another = walk.said(at) == "another"
    which = "another" if another else walk.said(at + 1)
    if not another and (walk.said(at) != "the" or which not in _OTHERS | _ORDINALS):
        return None
    place = _share_words_end(walk, at + (1 if another else 2), goes_on=True)
    if _is_of_its_kind(walk, place):
        walk.begin(at)
        walk.coming.quantity = 1
        return place
    is_one_more = which == "other" and line.counted and walk.joined and bool(line.modifiers)
    if not line.shares and line.quantity < 2 and not is_one_more:
        return None
    negated = walk.said(place) in ("not", "no", "without")
    place = place + 1 if negated else place
    plain = walk.said(place) in PLAIN
    is_bare = negated and line.shares and not walk.ahead.next_is(place, modifier=True)
    if not plain and not is_bare and not walk.ahead.is_way(place):
        return None
    if is_one_more and not line.shares and line.quantity < 2:
        # "One latte with almond milk and the other with oat milk".
        walk.open(_another(line, 1, at, place))
        walk.negated = negated
        return place
    if is_bare:
        # "One decaf, the other not".
        without = _names(line.shares[-1].modifiers) if walk.said(place - 1) == "without" else []
        line.shares.append(Share(1, without=without))
        return walk.mark(place)
    rest = _left(line) if which in ("others", "rest") else 1
    return _begun(walk, Share(rest), place, plain, negated)


def named_behind(walk: Walk, at: int) -> Share | None:
    """The share that the ways of making which are listed here are said of: "no salsa and no corn on one of them"."""
    place = at + 1
    while place < min(at + FAR, len(walk.tags)) and (walk.ahead.next_is(place, modifier=True) or _lists(walk, place)):
        place += 1
    if not walk.is_behind_a_line or (found := _of_how_many(walk, place)) is None:
        return None
    share = Share(found[0])
    walk.line.shares.append(share)
    return share


def named_end(walk: Walk, at: int) -> int | None:
    """Behind "on one of them", of which something was said before."""
    found = _of_how_many(walk, at) if walk.share is not None and walk.line.end == at else None
    if found is None:
        return None
    walk.share, walk.negated, walk.joined, walk.linked = None, False, False, False
    return walk.mark(found[1])


def each(walk: Walk, at: int) -> int | None:
    """Behind "two of each", which is said of all that was named without a number."""
    place = at + 2 if walk.said(at + 1) == "of" else at + 1
    number = walk.number(at)
    if walk.said(place) != "each" or not number or walk.ahead.is_way(place + 1):
        return None
    if any(line.counted or line.shares for line in walk.lines):
        return None
    for line in walk.lines:
        line.quantity, line.counted = number, True
    walk.is_said_of_all = True
    return walk.mark(place + 1)


def _of_how_many(walk: Walk, at: int) -> tuple[int, int] | None:
    """Of how many of the open line something is said by "on one of them", "for the other one"; where that ends."""
    line = walk.line
    if walk.said(at) not in _BEFORE_SOME or (line.quantity < 2 and not line.shares):
        return None
    if walk.said(at + 1) == "the" and walk.said(at + 2) in _OTHERS | _ORDINALS:
        several = walk.said(at + 2) in ("others", "rest")
        return _left(line) if several else 1, at + (4 if walk.said(at + 3) in ("one", "ones") else 3)
    if walk.said(at + 2) != "of" or walk.said(at + 3) not in _THEM:
        return None
    number = line.quantity // 2 if walk.said(at + 1) == "half" else walk.number(at + 1)
    return (number, at + 4) if number else None


def _lists(walk: Walk, place: int) -> bool:
    if walk.said(place) == "," and walk.said(place + 1) in NEGATIONS:
        # "Two tacos with cheese, no salsa on one of them".
        return False
    return walk.said(place) in NEGATIONS or walk.said(place) in ("and", ",", "or", "extra")


def _is_of_its_kind(walk: Walk, place: int) -> bool:
    """Whether another drink of the kind that the open line is called by is named here: "three pizzas"."""
    item, first = walk.item(place), walk.lines[0]
    if item is None or item is first.item or walk.said(place - 1) in _LINKS:
        return False
    return item.category == first.kind and first.quantity > 1


def _is_one_of_two(walk: Walk, at: int) -> bool:
    """Whether "two mochas, one mocha with oat milk" goes on with "the other"."""
    others = any(tag.said == "other" for tag in walk.tags[at : at + FAR])
    return others and walk.line.quantity > 1 and walk.tags[at - 1].is_pause


def _left(line: Line) -> int:
    """How many of a line nothing was said of."""
    return max(line.quantity - sum(share.quantity or 0 for share in line.shares), 1)


def _another(
    line: Line, quantity: int, begin: int, end: int, *, linked: bool = True, without: Sequence[str] = ()
) -> Line:
    """Another line of the same drink.

    Parameters:
        linked: a "with" leads to how it is made, so that what was said before its name holds for both: "one large
            pizza with ham and one with salami"; but not "one dirty martini and one dry".
    """
    made = line.said_before if linked else []
    return Line(line.item, quantity, begin, end, counted=True, modifiers=made, without=[*without])


def _names(spoken: Iterable[SpokenModifier]) -> list[str]:
    return [way.modifier.name for way in spoken]


def like_it(walk: Walk, at: int) -> int | None:
    """Behind "a dry one": another line of the same drink."""
    place = at + 1
    while place < min(at + FAR, len(walk.tags)) and walk.ahead.next_is(place, modifier=True):
        place += 1
    ways = [spoken for tag in walk.tags[at + 1 : place] if (spoken := tag.modifier)]
    item = walk.line.item
    if not ways or walk.said(place) != "one" or not all(walk.ahead.allows(item, spoken) for spoken in ways):
        return None
    return walk.open(Line(item, 1, at, place + 1, walk.said(at), modifiers=ways))


def once_more(walk: Walk, at: int) -> int | None:
    """ "A latte with oat milk and another with almond milk": another line of the same drink."""
    place = _share_words_end(walk, at + 1)
    if not walk.ahead.is_way(place):
        return None
    made = walk.line.said_before if walk.said(place - 1) in _LINKS else []
    walk.open(Line(walk.line.item, 1, at, at + 1, "another", modifiers=made))
    return place


def all_of_them(walk: Walk, at: int) -> int | None:
    """Behind "both of them with", where what follows is how all are to be made."""
    place = at + 1
    while walk.said(place) in _BEHIND_ALL:
        place += 1
    negated = walk.said(place) in NEGATIONS
    place = walk.ahead.articles_end(place + 1) if negated else place
    if not walk.ahead.is_way(place):
        return None
    walk.to_all, walk.share, walk.negated = True, None, negated
    walk.is_said_of_all = True
    return place


def _begun(walk: Walk, share: Share, place: int, plain: bool, negated: bool) -> int:
    """Behind the beginning of a share: how it is made is what follows, or it is plain."""
    walk.share, walk.to_all = share, False
    walk.line.shares.append(share)
    walk.joined, walk.negated = False, negated
    return walk.mark(place + 1) if plain else place


def _is_plain(walk: Walk, place: int) -> bool:
    return walk.said(place) in PLAIN and not walk.modifier(place)


def _share_words_end(walk: Walk, place: int, *, goes_on: bool = False) -> int:
    """Behind "of them should be made with".

    Parameters:
        goes_on: the name of the open line says no more than that it is spoken of: "one mocha with …".
    """
    while place < len(walk.tags):
        wished = walk.sentence.wish_end[place]
        if wished > place:
            place = wished
        elif walk.said(place) in _SHARE_WORDS or (goes_on and walk.item(place) is walk.line.item):
            place += 1
        else:
            break
    return place


def _comes_again(walk: Walk, place: int) -> bool:
    """Whether another share follows: "one dry and one dirty"."""
    return any(tag.number == 1 or tag.said == "other" for tag in walk.tags[place + 1 : place + 6])
