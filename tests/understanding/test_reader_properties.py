"""Sentences made from a menu's own names: understood exactly however they are written, and no order in a frame."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kiosk.menu import Menu
from kiosk.understanding.acts import Act, Add, Say
from kiosk.understanding.completeness import completeness
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.numbers import number_words
from kiosk.understanding.reader import understand
from kiosk.understanding.tags import MOST_WORDS
from kiosk.understanding.words import canonical, plain_words
from tests.bartender.menus import BAR, COFFEE
from tests.menu.menus import menu_of
from tests.understanding.test_reader import CHANGES, MONEY, ORDERS, QUESTIONS
from tests.understanding.test_reader_cost import MOST_STEPS_FOR_A_WORD, steps

with tempfile.TemporaryDirectory() as folder:
    RICH = menu_of(Path(folder))

LEADS = ("", "can i get", "i'd like", "i'll have", "could i have", "give me", "let me get", "we want")
ENDS = ("", "please", "thanks", "for me")
REFUSALS = ("i don't want", "i would not order", "please don't bring me", "i never order", "i can't drink")
REPORTS = ("he said he wanted", "she ordered", "i told him i wanted", "my friend had", "they asked for")
WHAT_IFS = ("if i ordered", "what if i had", "should i get", "i would have had", "imagine i drank")
MEMORIES = ("i had", "last night i had", "we used to drink", "yesterday i drank", "i already had")
JOINTS = (" and ", ", ", ". ", "; ", " plus ", ", and ", " and also ", " then ", "... ", " & ")
BEFORE = ("please", "hi", "hello maya", "excuse me", "hey there", "if you don't mind", "good evening")
BEHIND = ("please", "thanks", "thank you", "thank you very much", "if you please", "please thank you")
CASES = (str.upper, str.title, str.lower, str.capitalize, str.swapcase)
MARKS = ("", "?", "!", "...", "?!", "…", ";", ",", " 🍹", "\n", "”")
WITHOUT = ("without", "no", "with no", "hold the", "but no", "without any", "skip the", "minus the")
FIGURES = {number_words(number): str(number) for number in range(1, 10)}
# Of a whole drink, behind an order.
NO_DRINK = ("but no", "and no", "but not a", "but without any", "and hold the", "but i don't want any", "but skip the")
MENUS = st.sampled_from([BAR, COFFEE, RICH])
SENTENCES = st.sampled_from([*ORDERS, *CHANGES, *QUESTIONS, *MONEY])
# What else a guest wants, at any bar; {one} and {another} are names of its menu, {kind} is one of its categories.
ELSE = st.sampled_from(
    [
        "how much is a {one}", "what is in the {one}", "do you have {one}", "tell me about the {one}",
        "is the {one} good", "no {one} after all", "take off the {one}", "cancel the {one}", "scratch the {one}",
        "i don't want the {one}", "change the {one} to a {another}", "instead of the {one} a {another}",
        "make the {one} a {another}", "what {kind} do you have", "one of each of the {kind}",
        "what do you recommend", "same again", "make that three", "take two of those off", "what's on my tab",
        "can i pay", "fifteen percent", "no tip", "cancel my order", "did the payment go through",
        "can i pay in cash", "can we split the bill", "what's your cheapest drink",
    ]
)  # fmt: skip


def holds_for(*drawn: st.SearchStrategy, fast: int = 25) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """A property that is tried with `fast` examples in every run, and with many more in the slow ones."""

    def made(test: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("most", [fast, pytest.param(8 * fast, marks=pytest.mark.slow)])
        def run(most: int) -> None:
            settings(max_examples=most)(given(*drawn)(test))()

        return run

    return made


@dataclass(frozen=True)
class Line:
    """One drink of an order: as it is said, as it is meant, and what is left out of it."""

    said: str
    add: Add
    left_out: str | None = None


def several(line: st.SearchStrategy[Line]) -> st.SearchStrategy[list[Line]]:
    return st.lists(line, min_size=1, max_size=3)


@st.composite
def lines(draw, menu: Menu) -> Line:
    """An item with a quantity and a modifier."""
    item = draw(st.sampled_from(menu.items))
    # "Two espressos and one guacamole" may be one of the two with it.
    quantity = draw(st.integers(2 if menu.find_modifier(item.name) else 1, 9))
    modifier = draw(st.sampled_from([None, *menu.allowed_modifiers(item)]))
    name = (item.name if quantity == 1 else item.more_than_one).lower()
    count = draw(st.sampled_from(["a", "one"])) if quantity == 1 else number_words(quantity)
    if modifier is None:
        return Line(f"{count} {name}", Add(item.name, quantity))
    spoken = f"{draw(st.sampled_from(('', *modifier.amounts)))} {modifier.name}".strip()
    add = Add(item.name, quantity, (spoken,))
    if modifier.amounts:
        return Line(f"{count} {name} with {spoken}", add)
    behind = modifier.name.startswith(("on ", "with "))
    return Line(f"{count} {name} {spoken}" if behind else f"{count} {spoken} {name}", add)


@st.composite
def lines_without(draw, menu: Menu) -> Line:
    """An item with a quantity, and something that is left out of it."""
    item = draw(st.sampled_from(menu.items))
    quantity = draw(st.integers(1, 9))
    ways = [modifier.name for modifier in menu.allowed_modifiers(item)]
    ways = [*item.contains, *(way for way in ways if not way.startswith(("on ", "with ")))]
    name = (item.name if quantity == 1 else item.more_than_one).lower()
    said = f"{number_words(quantity)} {name}"
    if not ways:
        return Line(said, Add(item.name, quantity))
    way = draw(st.sampled_from(ways))
    return Line(f"{said} {draw(st.sampled_from(WITHOUT))} {way}", Add(item.name, quantity), way)


@st.composite
def wishes(draw, menu: Menu) -> str:
    """Something that is wanted beside an order."""
    one, another = draw(st.lists(st.sampled_from([item.name.lower() for item in menu.items]), min_size=2, max_size=2))
    kind = draw(st.sampled_from(menu.categories)).lower()
    return draw(ELSE).format(one=one, another=another, kind=kind)


def joined(told: list[Line], joint: str = " and ", lead: str = "") -> str:
    return f"{lead} {joint.join(line.said for line in told)}".strip()


def without_talk(acts: tuple[Act, ...]) -> list[Act]:
    return [act for act in acts if not isinstance(act, Say)]


# -- An order is what was said ------------------------------------------------------------------------


@holds_for(st.data(), MENUS, st.sampled_from(LEADS), st.sampled_from(JOINTS), st.sampled_from(ENDS))
def test_an_order_of_any_menu_is_understood_exactly_whatever_joins_its_lines(data, menu, lead, joint, end):
    told = data.draw(several(lines(menu)))
    assert understand(f"{joined(told, joint, lead)} {end}".strip(), menu).acts == tuple(line.add for line in told)


@holds_for(st.data(), MENUS, st.sampled_from(LEADS))
def test_lines_in_another_order_are_the_same_order(data, menu, lead):
    told = data.draw(several(lines(menu)))
    turned = data.draw(st.permutations(told))
    orders = understand(joined(told, lead=lead), menu).orders
    again = understand(joined(turned, lead=lead), menu).orders
    assert sorted(map(repr, again)) == sorted(map(repr, orders))


@holds_for(st.data(), MENUS, st.sampled_from(LEADS), st.sampled_from(JOINTS))
def test_a_negated_thing_is_never_on_the_order_and_the_sum_of_quantities_is_what_was_said(data, menu, lead, joint):
    told = data.draw(several(st.one_of(lines(menu), lines_without(menu))))
    orders = understand(joined(told, joint, lead), menu).orders
    assert [(add.item, add.quantity) for add in orders] == [(line.add.item, line.add.quantity) for line in told]
    for add, line in zip(orders, told, strict=True):
        assert line.left_out is None or line.left_out not in add.modifiers


@holds_for(st.data(), MENUS, st.sampled_from(LEADS), st.sampled_from(NO_DRINK), st.sampled_from(ENDS))
def test_a_drink_that_is_refused_behind_an_order_is_never_on_it(data, menu, lead, no, end):
    told = data.draw(several(lines(menu)))
    ordered = {line.add.item for line in told}
    refused = data.draw(st.sampled_from(menu.items).filter(lambda item: item.name not in ordered))
    orders = understand(f"{joined(told, lead=lead)} {no} {refused.name.lower()} {end}".strip(), menu).orders
    assert refused.name not in {add.item for add in orders}


# -- However it is written ------------------------------------------------------------------------------


@holds_for(st.data(), MENUS, st.sampled_from(MARKS))
def test_an_order_is_the_same_in_any_case_with_any_mark_behind_it_and_in_figures(data, menu, mark):
    told = joined(data.draw(several(lines(menu))), lead=data.draw(st.sampled_from(LEADS)))
    words = [FIGURES.get(word, word) for word in told.split()]
    written = " ".join(data.draw(st.sampled_from(CASES))(word) for word in words) + mark
    assert understand(written, menu).acts == understand(told, menu).acts


@holds_for(SENTENCES, st.sampled_from(CASES), st.sampled_from(MARKS))
def test_whatever_a_guest_wants_is_the_same_in_any_case_and_with_any_mark_behind_it(said, case, mark):
    assert understand(f"{case(said)}{mark}", BAR).acts == understand(said, BAR).acts


@holds_for(st.data(), MENUS, st.sampled_from(CASES), st.sampled_from(MARKS))
def test_what_a_guest_wants_of_any_menu_is_the_same_in_any_case_and_with_any_mark_behind_it(data, menu, case, mark):
    said: str = data.draw(wishes(menu))
    written = " ".join(FIGURES.get(word, word) for word in said.split())
    acts = understand(said, menu).acts
    assert acts
    assert understand(f"{case(written)}{mark}", menu).acts == acts


@holds_for(st.data(), MENUS, st.sampled_from([",", ".", "!", "…", "-", " —", '"']))
def test_a_mark_within_a_name_or_behind_an_article_or_a_number_changes_nothing(data, menu, mark):
    line = data.draw(lines(menu).filter(lambda line: line.add.quantity > 1 and not line.add.modifiers))
    words = line.said.split()
    place = data.draw(st.integers(1, len(words) - 1))
    names = {name for name, _ in lexicon(menu).names()}
    before = [canonical(word) for word in words[:place]]
    # "A lemon, cake" may be two things.
    assume(names.isdisjoint(tuple(before[begin:]) for begin in range(1, place)))
    written = f"i want {' '.join(words[:place])}{mark} {' '.join(words[place:])}"
    assert understand(written, menu).acts == (line.add,)


# -- Politeness ---------------------------------------------------------------------------------------------


@holds_for(st.data(), MENUS, st.sampled_from(BEFORE), st.sampled_from(BEHIND), st.sampled_from([" ", ", "]))
def test_politeness_before_and_behind_an_order_changes_nothing(data, menu, before, behind, joint):
    told = joined(data.draw(several(lines(menu))), lead=data.draw(st.sampled_from(LEADS)))
    polite = understand(joint.join([before, told, behind]), menu).acts
    assert without_talk(polite) == without_talk(understand(told, menu).acts)


@holds_for(st.data(), MENUS, st.sampled_from(BEFORE), st.sampled_from(BEHIND), st.sampled_from([" ", ", "]))
def test_politeness_before_and_behind_what_a_guest_wants_of_any_menu_changes_nothing(data, menu, before, behind, joint):
    said: str = data.draw(wishes(menu))
    polite = understand(joint.join([before, said, behind]), menu).acts
    assert without_talk(polite) == without_talk(understand(said, menu).acts)


@holds_for(SENTENCES, st.sampled_from(["", *BEFORE]), st.sampled_from(["", *BEHIND]), st.sampled_from([" ", ", "]))
def test_politeness_before_and_behind_whatever_a_guest_wants_changes_nothing(said, before, behind, joint):
    polite = understand(joint.join(part for part in (before, said, behind) if part), BAR).acts
    assert without_talk(polite) == without_talk(understand(said, BAR).acts)


# -- What is no order ----------------------------------------------------------------------------------------


@holds_for(st.data(), MENUS, st.sampled_from(REFUSALS + REPORTS + WHAT_IFS + MEMORIES), st.sampled_from(["", *BEHIND]))
def test_an_order_inside_a_frame_is_none(data, menu, frame, behind):
    said = joined(data.draw(several(lines(menu))))
    assert not understand(f"{frame} {said} {behind}".strip(), menu).orders


@holds_for(st.data(), MENUS)
def test_an_order_lost_in_other_talk_is_none(data, menu):
    said = data.draw(lines(menu)).said
    rest = "the neighbours were painting their garden fence purple while it rained"
    assert not understand(f"{rest} {said} {rest}", menu).orders


# -- Whatever is typed ------------------------------------------------------------------------------------------

ANYTHING = st.text(
    st.one_of(st.characters(), st.sampled_from("\0\u200b\u202e\u0301🍹👩‍👩‍👧 ,.'\"%$-0123456789xé")), max_size=60
)
WORDS = st.sampled_from(
    ["a", "beer", "no", "without", "dry", "two", "and", "the", "martini", "i'd", "like", "not", "of"]
)


@holds_for(st.one_of(ANYTHING, st.lists(st.one_of(ANYTHING, WORDS), max_size=12).map(" ".join)))
def test_any_text_is_read_without_an_error_and_in_bounded_steps(text):
    _reads(text)


@pytest.mark.parametrize("text", ["of$b", "of b", "of", "of of b"])
def test_an_of_that_a_sentence_begins_with_is_read(text):
    _reads(text)


@pytest.mark.parametrize(
    "text",
    ["\0", "\u202eبيرة من فضلك ", "a\u0301\u0301\u0301", "👩\u200d👩\u200d👧 ", "two\u2066 beers ", "ﷺ", "1,000,"],
)
def test_two_thousand_characters_of_any_script_are_read(text):
    _reads((text * 2000)[:2000])


def _reads(text: str) -> None:
    # What is made once is there.
    completeness("two beers and a word", BAR)
    words = min(len(plain_words(text)), MOST_WORDS)
    # What is put into plain words costs less than a step for a character.
    steps(lambda: completeness(text, BAR), most=40_000 + words * MOST_STEPS_FOR_A_WORD)
