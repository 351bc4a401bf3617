"""Ways of making a drink: which line one is for, what is left out, and what two of a kind differ in."""

from collections.abc import Sequence

from kiosk.menu import SIZE, SpokenModifier
from kiosk.understanding import drinks, shares
from kiosk.understanding.ahead import ARTICLES, MOST_UNKNOWN, NEGATIONS, STOPS
from kiosk.understanding.lines import DEFINITE, Line, Share
from kiosk.understanding.walk import Walk


def named(walk: Walk, at: int, spoken: SpokenModifier) -> int | None:
    """Behind a way of making; None: it is said of nothing in this order."""
    coming = walk.coming
    if coming.is_begun and not walk.negated and (item := walk.ahead.implied_at(at)):
        coming.modifiers.append(spoken)
        return drinks.taken(walk, at, item)
    if _belongs_to_the_next(walk, at, spoken):
        if not coming.is_begun:
            walk.begin(at)
        if walk.negated:
            coming.without.append(spoken.modifier.name)
        else:
            coming.modifiers.append(spoken)
        return at + 1
    if not walk.lines:
        return None
    if walk.said_of_it and walk.line.article in DEFINITE:
        # "The martini should be dirty" changes one that was ordered.
        return None
    if coming.is_begun and walk.share is None:
        # "With a chaser", "a splash of milk": the article was the modifier's.
        coming.is_begun, coming.article = False, ""
    if not walk.ahead.allows(walk.line.item, spoken) and _is_of_something_else(walk, at):
        return None
    if walk.share is None and not walk.to_all:
        walk.share = shares.named_behind(walk, at)
    lines = walk.lines if walk.to_all else [walk.line]
    another = spoken.amount or spoken.modifier.counted or walk.modifier(at - 1)
    if walk.negated and another and not follows_a_negation(walk, at):
        # "No rice extra guac", "no croutons italian dressing".
        walk.negated = False
    if walk.share is None and not any(walk.ahead.allows(line.item, spoken) for line in lines):
        lines = [walk.line]
    return _attached(walk, at, lines, spoken)


def _is_of_something_else(walk: Walk, at: int) -> bool:
    """Whether it is of what the menu does not have: "a large dr pepper", "a bowl of chowder"."""
    spoken = walk.modifier(at)
    is_size = spoken is not None and spoken.modifier.group == SIZE
    return is_size and walk.sentence.is_strange(at + 2 if walk.said(at + 1) == "of" else at + 1)


def follows_a_negation(walk: Walk, at: int) -> bool:
    """Whether nothing stands between a "no" and what is named here: "without an extra shot"."""
    place = at - 1
    while place > 0 and (walk.said(place) in ARTICLES or walk.said(place) in ("any", "extra")):
        place -= 1
    return walk.said(place) in NEGATIONS


def is_wanted_besides(walk: Walk, at: int) -> bool:
    """Whether what is named here is not in the drink, where what was left out before is: "no cheese and guacamole"."""
    made = walk.share or walk.line
    spoken, contains = walk.modifier(walk.ahead.articles_end(at)), walk.line.item.contains
    left_out_of_it = any(name in contains for name in made.without)
    return spoken is not None and left_out_of_it and spoken.modifier.name not in contains


def _attached(walk: Walk, at: int, lines: Sequence[Line], spoken: SpokenModifier) -> int:
    for line in lines:
        made = walk.share if walk.share is not None and not walk.to_all else line
        if walk.negated:
            made.modifiers[:] = [known for known in made.modifiers if known.modifier is not spoken.modifier]
            made.without.append(spoken.modifier.name)
        elif spoken.modifier not in walk.menu.allowed_modifiers(line.item) and walk.ahead.allows(line.item, spoken):
            # "With lettuce", where it has lettuce.
            pass
        elif not _tells_two_apart(walk, line, spoken):
            made.modifiers += [spoken] * (walk.times if spoken.modifier.counted else 1)
    walk.joined = walk.said_of_it = False
    walk.has_ways, walk.times = True, 1
    return walk.mark(at + 1)


def _tells_two_apart(walk: Walk, line: Line, spoken: SpokenModifier) -> bool:
    """Whether it is the second of a group, and a half of two is made so: "two lattes, oat milk and almond milk"."""
    group = spoken.modifier.group
    if not (group and line.quantity == 2 and walk.share is None and walk.joined):
        return False
    rival = next((known for known in line.modifiers if known.modifier.group == group), None)
    if rival is None or rival.modifier is spoken.modifier:
        return False
    line.modifiers.remove(rival)
    line.shares += [Share(1, [rival]), Share(1, [spoken])]
    walk.share = line.shares[-1]
    return True


def _belongs_to_the_next(walk: Walk, at: int, spoken: SpokenModifier) -> bool:
    """Whether a way of making is said before the drink that it is for."""
    ahead = walk.ahead
    place = ahead.run_end(at + 1)
    unknown = 0
    while (
        place < len(walk.tags)
        and walk.tags[place].is_word
        and walk.said(place) not in STOPS
        and unknown < MOST_UNKNOWN
        and walk.coming.is_begun
        and ahead.has_item(place + 1)
    ):
        unknown += 1
        place += 1
    item = walk.item(place) or ahead.implied_at(place)
    if item is None:
        return ahead.container_leads(place)
    if not walk.lines:
        return True
    mine, its = ahead.allows(walk.line.item, spoken), ahead.allows(item, spoken)
    if mine != its:
        return its
    if walk.coming.is_begun or walk.joined:
        return True
    if walk.linked:
        return False
    taken = {known.modifier.group for known in walk.line.modifiers if known.modifier.group}
    return spoken.modifier.group in taken or not mine
