"""What some of a line are made with: "one dry, the other dirty", "half of them", "both", "another with oat milk"."""

from kiosk.understanding.ahead import FAR
from kiosk.understanding.lines import Line, Share
from kiosk.understanding.table import kind
from kiosk.understanding.walk import Walk
from kiosk.understanding.ways import NEGATIONS

ALL = kind("all")
PLAIN = kind("plain")
# Between "both" and how they are made.
_BEHIND_ALL = frozenset("of them with one in on a are".split())
_SHARE_WORDS = kind("share_words")
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
    place = _share_words_end(walk, at + 1)
    negated = walk.said(place) in NEGATIONS or walk.said(place) == "none"
    place = walk.ahead.articles_end(place + 1) if negated else place
    if negated and line.shares and line.shares[-1].modifiers and not walk.ahead.next_is(place, modifier=True):
        # "One with mushrooms, one without".
        rivals = [spoken.modifier.name for spoken in line.shares[-1].modifiers]
        line.shares.append(Share(number, without=rivals))
        return walk.mark(place)
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
        walk.open(Line(line.item, number or 1, at, end, counted=True))
        walk.negated = negated
        return end
    if line.quantity == 1 and not line.shares and number == 1 and not _comes_again(walk, place):
        return None
    return _begun(walk, Share(number), place, plain, negated)


def the_other(walk: Walk, at: int) -> int | None:
    """Where "the other one" or "the rest", and what it is made with, begins to be told of."""
    line = walk.line
    said = [walk.said(at), walk.said(at + 1)]
    another = said[0] == "another"
    if not another and said not in (["the", "other"], ["the", "rest"]):
        return None
    if not line.shares and (line.quantity == 1 or (another and line.quantity < 2)):
        return None
    place = _share_words_end(walk, at + (1 if another else 2))
    negated = walk.said(place) in ("not", "no", "without")
    place = place + 1 if negated else place
    plain = walk.said(place) in PLAIN
    if not plain and not walk.ahead.is_way(place):
        return None
    taken = sum(share.quantity or 0 for share in line.shares)
    rest = max(line.quantity - taken, 1) if said == ["the", "rest"] else 1
    return _begun(walk, Share(rest), place, plain, negated)


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
    walk.open(Line(walk.line.item, 1, at, at + 1, "another"))
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


def _share_words_end(walk: Walk, place: int) -> int:
    """Behind "of them should be made with"."""
    while place < len(walk.tags):
        wished = walk.sentence.wish_end[place]
        if wished > place:
            place = wished
        elif walk.said(place) in _SHARE_WORDS:
            place += 1
        else:
            break
    return place


def _comes_again(walk: Walk, place: int) -> bool:
    """Whether another share follows: "one dry and one dirty"."""
    return any(tag.number == 1 or tag.said == "other" for tag in walk.tags[place + 1 : place + 6])
