"""What is wished of a drink and is not on the menu: taken note of, or said not to be understood; never asked about."""

from kiosk.understanding.ahead import ADJECTIVES, ARTICLES, singular
from kiosk.understanding.sentence import CONTAINERS
from kiosk.understanding.table import kind
from kiosk.understanding.walk import Walk

# "Light ice": no amount that the menu knows.
_AMOUNTS = kind("slight")
_BEHIND_AN_AMOUNT = frozenset(["on", "the", "with", "of"])
_LONGEST_NAME = 2


def amount(walk: Walk, at: int) -> int | None:
    """Behind "light on the onions": neither more of them nor none."""
    place = at + 1
    while walk.said(place) in _BEHIND_AN_AMOUNT:
        place += 1
    if walk.said(at) not in _AMOUNTS or not walk.ahead.is_way(place):
        return None
    return _missed(walk, at, place + 1)


def left_out(walk: Walk, at: int) -> int | None:
    """Behind "no meat", where nothing is known of meat."""
    begin = end = walk.ahead.articles_end(at + 1)
    # "Not a crime", "without spilling".
    if walk.said(at) == "not" or walk.said(begin).endswith("ing"):
        return None
    while end < len(walk.tags) and walk.sentence.is_strange(end) and end < begin + _LONGEST_NAME:
        end += 1
    if end == begin or not _ends_at(walk, end):
        return None
    return _missed(walk, at, end)


def extra(walk: Walk, at: int) -> int | None:
    """Behind "with an extra shot of espresso", where an espresso is a drink and no way of making one."""
    begin, is_extra = at, False
    while begin and (walk.said(begin - 1) in ARTICLES | ADJECTIVES | {"of"} or _is_container(walk, begin - 1)):
        begin -= 1
        is_extra = is_extra or walk.said(begin) == "extra"
    if not is_extra or not walk.lines or walk.said(begin - 1) != "with":
        return None
    walk.forget_what_comes(at + 1)
    return _missed(walk, begin, at + 1)


def _is_container(walk: Walk, at: int) -> bool:
    return singular(walk.said(at)) in CONTAINERS


def _ends_at(walk: Walk, end: int) -> bool:
    if end >= len(walk.tags) or walk.tags[end].is_pause or walk.sentence.soft_end[end] > end:
        return True
    return walk.said(end) in ("and", "with", "but", "or")


def _missed(walk: Walk, begin: int, end: int) -> int:
    walk.line.missed.append(" ".join(walk.sentence.said[begin:end]))
    return walk.mark(end)
