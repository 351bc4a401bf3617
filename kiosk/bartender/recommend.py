"""What to recommend to a guest who says what they are in the mood for."""

from rapidfuzz import fuzz

from kiosk.menu import LIKENESS, Item, Menu, normalise, singular

MOST = 3

# What guests say for the tags that menus use. An owner's own tags need no entry: they match by name.
_SAID_FOR = {
    "strong": ("stiff", "boozy", "powerful", "hard", "potent", "kick"),
    "fruity": ("fruit", "sweet", "refreshing", "fresh", "juicy", "light", "summery", "sour"),
    "classy": ("elegant", "sophisticated", "fancy", "classic", "smooth", "refined", "special"),
    "sobering": ("sober", "soft", "nonalcoholic", "alcohol", "virgin", "driving", "driver", "hydrating"),
    "burning": ("burn", "fiery", "hot", "warming", "spicy", "rough"),
}


def recommend(menu: Menu, preference: str) -> tuple[Item, ...]:
    """One to three items for `preference`, by tag, category or name; else a bit of everything."""
    words = [singular(word) for word in normalise(preference).split()]
    scores = [(sum(_answers(item, word) for word in words), item) for item in menu.items]
    ranked = [item for score, item in sorted(scores, key=lambda entry: -entry[0]) if score]
    return tuple((ranked or _sampler(menu))[:MOST])


def _answers(item: Item, word: str) -> bool:
    tags = [normalise(tag) for tag in item.tags]
    said = [synonym for tag in tags for synonym in _SAID_FOR.get(tag, ())]
    names = [singular(part) for name in (item.name, item.category) for part in normalise(name).split()]
    return any(fuzz.ratio(word, known) >= LIKENESS for known in (*tags, *said, *names))


def _sampler(menu: Menu) -> list[Item]:
    first_of = {item.category: item for item in reversed(menu.items)}
    return [first_of[category] for category in menu.categories]
