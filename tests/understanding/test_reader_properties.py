"""Sentences made from a menu's own names: understood exactly, and never an order inside a frame."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.menu import Menu
from kiosk.understanding.acts import Add
from kiosk.understanding.numbers import number_words
from kiosk.understanding.reader import understand
from tests.bartender.menus import BAR, COFFEE

LEADS = ("", "can i get", "i'd like", "i'll have", "could i have", "give me", "let me get", "we want")
ENDS = ("", "please", "thanks", "for me")
REFUSALS = ("i don't want", "i would not order", "please don't bring me", "i never order", "i can't drink")
REPORTS = ("he said he wanted", "she ordered", "i told him i wanted", "my friend had", "they asked for")
WHAT_IFS = ("if i ordered", "what if i had", "should i get", "i would have had", "imagine i drank")
MEMORIES = ("i had", "last night i had", "we used to drink", "yesterday i drank", "i already had")


def plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"


@st.composite
def groups(draw, menu: Menu) -> tuple[str, Add]:
    """An item with a quantity and a modifier, as it is said and as it is meant."""
    item = draw(st.sampled_from(menu.items))
    quantity = draw(st.integers(1, 9))
    modifier = draw(st.one_of(st.none(), st.sampled_from(menu.allowed_modifiers(item))))
    name = item.name.lower() if quantity == 1 else plural(item.name.lower())
    count = draw(st.sampled_from(["a", "one"])) if quantity == 1 else number_words(quantity)
    if modifier is None:
        return f"{count} {name}", Add(item.name, quantity)
    amount = draw(st.sampled_from(("", *modifier.amounts)))
    spoken = f"{amount} {modifier.name}".strip()
    if modifier.amounts:
        said = f"{count} {name} with {spoken}"
    elif modifier.name.startswith(("on ", "with ")):
        said = f"{count} {name} {spoken}"
    else:
        said = f"{count} {spoken} {name}"
    return said, Add(item.name, quantity, (spoken,))


def orders(menu: Menu) -> st.SearchStrategy[tuple[str, tuple[Add, ...]]]:
    several = st.lists(groups(menu), min_size=1, max_size=3)
    return several.map(lambda told: (" and ".join(said for said, _ in told), tuple(add for _, add in told)))


MENUS = st.sampled_from([BAR, COFFEE])


@given(st.data(), MENUS, st.sampled_from(LEADS), st.sampled_from(ENDS))
def test_an_order_of_any_menu_is_understood_exactly(data, menu, lead, end):
    said, adds = data.draw(orders(menu))
    assert understand(f"{lead} {said} {end}".strip(), menu).acts == adds


@given(st.data(), MENUS, st.sampled_from(REFUSALS + REPORTS + WHAT_IFS + MEMORIES))
def test_an_order_inside_a_frame_is_none(data, menu, frame):
    said, _ = data.draw(orders(menu))
    assert not understand(f"{frame} {said}", menu).orders


@given(st.data(), MENUS)
def test_an_order_lost_in_other_talk_is_none(data, menu):
    said, _ = data.draw(groups(menu))
    rest = "the neighbours were painting their garden fence purple while it rained"
    assert not understand(f"{rest} {said} {rest}", menu).orders
