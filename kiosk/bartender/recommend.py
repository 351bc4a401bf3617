"""What to recommend to a guest who says what they are in the mood for."""

import re

from rapidfuzz import fuzz

from kiosk.menu import LIKENESS, Item, Menu, normalise, singular

MOST = 3

# What guests say for the tags that menus use. An owner's own tags need no entry: they match by name.
_SAID_FOR = {
    "strong": ("stiff", "boozy", "powerful", "hard", "potent", "kick"),
    "fruity": ("fruit", "sweet", "refreshing", "fresh", "juicy", "light", "summery", "sour"),
    "classy": ("elegant", "sophisticated", "fancy", "classic", "smooth", "refined", "special"),
    "sobering": ("sober", "soft", "virgin", "driving", "driver", "hydrating"),
    "burning": ("burn", "fiery", "hot", "warming", "spicy", "rough"),
}

_NEGATION = re.compile(r"\b(?:no|non|not|nothing|without|less)(?: too| so| very| any| that)? (\w+)")


def recommend(menu: Menu, preference: str, *, alcohol_free: bool = False) -> tuple[Item, ...]:
    """One to three items for `preference`, by tag, category or name; else a bit of everything.

    Parameters:
        alcohol_free: nothing else, whatever is preferred; nothing, if there is none.
    """
    wanted, unwanted = _wishes(preference)
    served = [item for item in menu.items if not (alcohol_free and item.alcohol)]
    possible = [item for item in served if not any(_answers(item, word) for word in unwanted)]
    scores = [(sum(_answers(item, word) for word in wanted), item) for item in possible]
    ranked = [item for score, item in sorted(scores, key=lambda entry: -entry[0]) if score]
    return tuple((ranked or _sampler(possible or served))[:MOST])


def _wishes(preference: str) -> tuple[list[str], list[str]]:
    said = re.sub(r"\b(\w+) free\b", r"no \1", normalise(preference))
    # Whoever wants no alcohol wants something else, rather than everything but that.
    said = re.sub(r"\b(no|non|not|nothing|without)( any)? alcohol(ic)?\b", "sobering", said)
    unwanted = _NEGATION.findall(said)
    return [singular(word) for word in _NEGATION.sub("", said).split()], [singular(word) for word in unwanted]


def _answers(item: Item, word: str) -> bool:
    tags = [normalise(tag) for tag in item.tags]
    said = [synonym for tag in tags for synonym in _SAID_FOR.get(tag, ())]
    names = [singular(part) for name in (item.name, item.category) for part in normalise(name).split()]
    return any(fuzz.ratio(word, known) >= LIKENESS for known in (*tags, *said, *names))


def _sampler(items: list[Item]) -> list[Item]:
    first_of: dict[str, Item] = {}
    for item in items:
        first_of.setdefault(item.category, item)
    return list(first_of.values())
