"""What the {names} in the table of phrases read from a sentence."""

from collections.abc import Iterator, Sequence

from kiosk.menu import SIZE, Menu
from kiosk.understanding.acts import Which
from kiosk.understanding.ahead import ARTICLES
from kiosk.understanding.grouping import groups_at
from kiosk.understanding.patterns import Read, Reading, Slot
from kiosk.understanding.sentence import CONTAINERS, Sentence, name_at, word_at
from kiosk.understanding.table import kind

_THE = kind("definite")
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "latest": -1, "other": 0, "previous": -1}
_PLAIN = kind("plain")
_ALL = kind("all")
_POINTED = kind("pointed")
_PERSONS = ("his", "hers", "theirs")
_NO = ("without", "no", "not", "minus", "hold", "less", "skip", "drop", "lose", "avoid", "forget")
_WAY_LINKS = kind("way_links")
_PRONOUNS = kind("pronouns")
_TASTE_ENDS = kind("taste_ends") | kind("ends")
_MOST_TASTE = 4
# So many words at most are read as one thing, so that a place of a sentence costs the same however long it is.
_FAR = 8


def reading(sentence: Sentence, menu: Menu) -> Read:
    """What the slots read from a sentence at a bar; a slot gives every reading of a place, the preferred one first."""
    size = len(sentence)
    slots: dict[str, Slot] = {
        **_SLOTS,
        "groups": lambda sentence, at: [(group.end, group) for group in groups_at(sentence, at, menu)],
        "counted": lambda sentence, at: read("groups", at) if _is_counted(sentence, at) else (),
        # "Wait, another beer" is never instead of anything.
        "amount": lambda sentence, at: read("counted", at) if sentence.said[at] != "another" else (),
        "instead_of_it": lambda sentence, at: read("groups", at) if sentence.said[at] != "another" else (),
    }

    def read(slot: str, at: int) -> Sequence[Reading]:
        known = sentence.read[slot]
        if (found := known.get(at)) is None:
            found = known[at] = tuple(slots[slot](sentence, at)) if at < size or slot in _AT_THE_END else ()
        return found

    return read


def _is_counted(sentence: Sentence, at: int) -> bool:
    return sentence.tags[at].number is not None or sentence.said[at] in ("a", "an", "some", "another")


def _item(sentence: Sentence, at: int) -> list[Reading]:
    """One drink, with its article and with ways of making that are passed over."""
    place, last = at, min(at + _FAR, len(sentence))
    modifiers: list[str] = []
    while place < last and not sentence.tags[place].item:
        tag = sentence.tags[place]
        if tag.modifier:
            modifiers.append(tag.modifier.text)
        elif not (tag.said in ARTICLES or tag.number is not None or tag.said in ("glass", "pint", "bottle", "of")):
            return []
        place += 1
    if place >= last:
        return []
    return [(place + 1, (sentence.tags[place], tuple(modifiers)))]


def _bare(sentence: Sentence, at: int) -> list[Reading]:
    """One drink, named without an article."""
    if at < len(sentence) and (sentence.said[at] in ARTICLES or sentence.tags[at].number is not None):
        return []
    return _item(sentence, at)


def _items(sentence: Sentence, at: int) -> list[Reading]:
    """Drinks in a row: "a martini and a negroni"."""
    found: list = []
    readings: list[Reading] = []
    place = at
    while len(found) < _FAR and (named := _item(sentence, place)):
        place, told = named[0]
        while place < len(sentence) and sentence.tags[place].modifier:
            told = (told[0], (*told[1], sentence.tags[place].modifier.text))  # pyright: ignore[reportOptionalMemberAccess]
            place += 1
        found.append(told)
        readings.append((place, tuple(found)))
        while place < len(sentence) and sentence.said[place] in ("and", "or", ",", "any"):
            place += 1
    return readings[::-1]


def _category(sentence: Sentence, at: int) -> list[Reading]:
    if at < len(sentence) and sentence.tags[at].category and not sentence.tags[at].item:
        return [(at + 1, sentence.tags[at].category)]
    return []


def _kind(sentence: Sentence, at: int) -> list[Reading]:
    """A category, or a drink in the plural whose name is one, too: "what beers do you have"."""
    if at >= len(sentence):
        return []
    tag = sentence.tags[at]
    if tag.category and (tag.plural or not tag.item):
        return [(at + 1, tag.category)]
    return []


def _sort(sentence: Sentence, at: int) -> list[Reading]:
    """The same, with the drink."""
    if not _kind(sentence, at):
        return []
    tag = sentence.tags[at]
    return [(at + 1, (tag.item.name if tag.item else None, tag.category))]


def _portion(sentence: Sentence, at: int) -> list[Reading]:
    """What something is served in, which may be a size of it: "i'll take a bowl"."""
    tag = sentence.tags[at]
    return [(at + 1, (tag.modifier.text,) if tag.modifier else ())] if tag.said in CONTAINERS else []


def _number(sentence: Sentence, at: int) -> list[Reading]:
    if at < len(sentence) and (number := sentence.tags[at].number) is not None:
        return [(at + 1, number)]
    if at < len(sentence) and sentence.said[at] == "both":
        return [(at + 1, 2)]
    return []


def _odd(sentence: Sentence, at: int) -> list[Reading]:
    """A number that counts no drinks: 1.5, zero, minus two."""
    if at >= len(sentence):
        return []
    said, number = sentence.said[at], sentence.tags[at].number
    if number == 0 or ("." in said and said != "."):
        return [(at + 1, None)]
    if said in ("minus", "negative") and _number(sentence, at + 1):
        return [(at + 2, None)]
    return []


def _ways(sentence: Sentence, at: int) -> list[Reading]:
    """Ways of making a drink, none of which stands before another drink."""
    found: list[str] = []
    readings: list[Reading] = []
    for place in range(at, min(at + _FAR, len(sentence))):
        tag = sentence.tags[place]
        if tag.item and tag.plural and place and sentence.tags[place - 1].number is not None:
            # "Two guacamoles" are things of their own, also where there is guacamole in something.
            break
        if tag.modifier and tag.modifier.modifier.group == SIZE and _is_of_something_else(sentence, place):
            break
        if tag.modifier and not sentence.stands_before_a_drink[place]:
            found.append(tag.modifier.text)
            readings.append((place + 1, tuple(dict.fromkeys(found))))
        elif tag.said not in _WAY_LINKS and not (found and tag.said in ("and", ",")):
            break
    return readings[::-1]


def _is_of_something_else(sentence: Sentence, at: int) -> bool:
    """Whether what the menu does not have stands behind: "a large dr pepper"."""
    following = at + 2 if sentence.said[at + 1 : at + 2] == ["of"] else at + 1
    return sentence.is_strange(following)


def _no(sentence: Sentence, at: int) -> list[Reading]:
    if at >= len(sentence):
        return []
    end = at + 1 if sentence.said[at] in _NO else at
    if sentence.said[at : at + 2] in (["leave", "out"], ["leave", "off"]):
        end = at + 2
    if end == at:
        return []
    while end < min(at + _FAR, len(sentence)) and sentence.said[end] in ("the", "any", "a", "an"):
        end += 1
    return [(end, None)]


def _taste(sentence: Sentence, at: int) -> list[Reading]:
    if sentence.said[at : at + 1] == ["to"] and sentence.said[at + 1 : at + 2] not in (["eat"], ["drink"]):
        # "Something to sober up".
        at += 1
    end = at
    while end < min(at + _MOST_TASTE, len(sentence)) and sentence.said[end] not in _TASTE_ENDS:
        end += 1
    words = [word for word in sentence.said[at:end] if word not in ("a", "drink", "one", "nice", "that", "is")]
    return [(end, " ".join(words))] if words else []


def _refused(sentence: Sentence, at: int) -> list[Reading]:
    """The rest of a refusal, and the drink that is refused in it, if one is named."""
    end = sentence.clause_end(at)
    first = sentence.items_behind[at]
    return [(end, first[1] if first and first[0] < end else None)]


def _person(sentence: Sentence, at: int) -> list[Reading]:
    if at >= len(sentence):
        return []
    if sentence.said[at] in _PRONOUNS:
        return [(at + 1, None)]
    place = at + 1 if sentence.said[at] in _THE else at
    ends = [end for end in (place + 2, place + 1) if end <= len(sentence) and _are_words(sentence, place, end)]
    return [(end, None) for end in ends]


def _are_words(sentence: Sentence, begin: int, end: int) -> bool:
    plain = all(tag.is_word for tag in sentence.tags[begin:end])
    return plain and not {"and", "please", "with"}.intersection(sentence.said[begin:end])


def _third(sentence: Sentence, at: int) -> list[Reading]:
    """Somebody else, and that he wants something: "my brother wants"."""
    end = sentence.wish_end[at]
    return [(end, None)] if end > at and sentence.said[at] not in ("i", "we", "can", "could") else []


def _stop(sentence: Sentence, at: int) -> list[Reading]:
    """Takes no words: nothing follows that a number here could count."""
    place = sentence.after_soft(at)
    if place >= len(sentence) or sentence.tags[place].is_pause or sentence.said[place] in ("and", "but", "or"):
        return [(at, None)]
    if sentence.wish_end[place] > place or sentence.ask_end[place] > place:
        return [(at, None)]
    return [(at, None)] if sentence.said[place] in ("instead", "thanks", "thank", "because", "not", "i", "we") else []


# -- Which line of the order -----------------------------------------------------------------------------


def _everything(sentence: Sentence, at: int) -> list[Reading]:
    return [reading for reading in _which(sentence, at) if reading[1].everything]


def _pointed(sentence: Sentence, at: int) -> list[Reading]:
    if at >= len(sentence):
        return []
    if sentence.said[at] in _PERSONS:
        # "Take his off": one of what was ordered last.
        return [(at + 1, Which(quantity=1))]
    if sentence.said[at] in _POINTED:
        one = at + 1 < len(sentence) and sentence.said[at + 1] in ("one", "drink")
        return [(at + 2 if one else at + 1, Which())]
    return []


def _which(sentence: Sentence, at: int) -> list[Reading]:
    """A line of the order as a guest tells it from others."""
    return [*_told_of_all(sentence, at), *_named(sentence, at), *_some(sentence, at), *_pointed(sentence, at)]


def _some(sentence: Sentence, at: int) -> Iterator[Reading]:
    """ "One of them", "those": of what was added last."""
    if at >= len(sentence):
        return
    number = sentence.tags[at].number
    if number is not None and at + 2 < len(sentence) and sentence.said[at + 1] == "of":
        if sentence.said[at + 2] in ("them", "those", "these"):
            yield at + 3, Which(quantity=number)
    elif sentence.said[at] in ("them", "those", "these"):
        yield at + 1, Which(position=-1)


def _told_of_all(sentence: Sentence, at: int) -> Iterator[Reading]:
    begin = at
    said = sentence.said[at : at + 2]
    if not said or (
        said[0] not in _ALL
        and said != ["every", "one"]
        and said not in (["them", "both"], ["them", "all"], ["those", "both"])
    ):
        return
    place = at + (2 if said[0] in ("every", "them", "those") else 1)
    if place < len(sentence) and sentence.tags[place].number is not None:
        place += 1
    plain = place
    if place < len(sentence) and sentence.said[place] == "of":
        place += 1
    if place < len(sentence) and sentence.said[place] in ("them", "those", "these", "it", "that"):
        yield place + 1, Which(everything=True)
        return
    named = list(_described(sentence, place))
    for end, which in named:
        yield end, Which(which.item, which.modifiers, everything=True)
    if plain > begin:
        yield plain, Which(everything=True)


def _named(sentence: Sentence, at: int) -> Iterator[Reading]:
    """ "The dry one", "one of the martinis", "my beer"."""
    place, quantity = at, None
    if place + 1 < len(sentence) and sentence.tags[place].number is not None and sentence.said[place + 1] == "of":
        quantity = sentence.tags[place].number
        place += 2
    if place >= len(sentence) or sentence.said[place] not in _THE:
        return
    for end, which in _described(sentence, place):
        yield end, Which(which.item, which.modifiers, which.position, quantity)


def _described(sentence: Sentence, at: int) -> Iterator[Reading]:
    place = at
    if place < len(sentence) and sentence.said[place] in _THE:
        place += 1
    if place < len(sentence) and sentence.tags[place].number is not None and sentence.said[place] != "one":
        place += 1
    modifiers: list[str] = []
    position: int | None = None
    while place < min(at + _FAR, len(sentence)):
        tag = sentence.tags[place]
        if tag.item or tag.said in ("one", "ones", "drink", "drinks", "round"):
            if tag.said == "ones" and position is None:
                position = -1
            end = _behind(sentence, place + 1)
            yield end, Which(tag.item.name if tag.item else None, tuple(modifiers), position)
            return
        if tag.modifier:
            modifiers.append(tag.modifier.text)
        elif tag.said in _PLAIN:
            modifiers.append("plain")
        elif tag.said in _PLACES:
            position = _PLACES[tag.said]
        elif tag.said not in ("and", *_KIN):
            return
        place += 1


_KIN = kind("kin")


def _behind(sentence: Sentence, at: int) -> int:
    """Behind "that i just ordered", "on my tab"."""
    said = sentence.said
    if said[at : at + 1] and said[at] in ("i", "we", "you") and at + 1 < len(said):
        place = at + 2 if said[at + 1] == "just" else at + 1
        if said[place : place + 1] and said[place] in ("ordered", "had", "said", "got", "wanted", "have", "asked"):
            return place + (2 if said[place] == "asked" else 1)
    return at


# These may take no words.
_AT_THE_END = ("rest", "refused", "stop")
_SLOTS: dict[str, Slot] = {
    "item": _item,
    "old": _item,
    "bare": _bare,
    "items": _items,
    "item_or_that": lambda sentence, at: [*_item(sentence, at), *_pointed(sentence, at)],
    "category": _category,
    "kind": _kind,
    "sort": _sort,
    "portion": _portion,
    "number": _number,
    "other": _number,
    "odd": _odd,
    "ways": _ways,
    "instead": _ways,
    "which": _which,
    "all": _everything,
    "named": lambda sentence, at: list(_named(sentence, at)),
    "one": lambda sentence, at: [reading for reading in _named(sentence, at) if reading[1].item is None],
    "no": _no,
    "word": word_at,
    "name": name_at,
    "taste": _taste,
    "rest": lambda sentence, at: [(sentence.clause_end(at), None)],
    "refused": _refused,
    "person": _person,
    "third": _third,
    "wish": lambda sentence, at: [(end, None)] if (end := sentence.wish_end[at]) > at else [],
    "stop": _stop,
}
