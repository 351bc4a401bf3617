"""Beside an order nothing that was asked for is dropped: no drink that there is not, and not how one is to be made."""

import pytest

from kiosk.understanding.acts import Add, Missed, Modify, NotOnMenu, Unclear
from kiosk.understanding.questions import AskAbout
from kiosk.understanding.reader import understand
from tests.bartender.menus import BAR, COFFEE


@pytest.mark.parametrize(
    ("said", "menu", "ordered", "missing"),
    [
        ("a latte, hold the whole milk, and a mocha", COFFEE, ["Mocha"], "latte"),
        ("a latte with brown sugar and a mocha", COFFEE, ["Mocha"], "latte"),
        ("a mocha and a latte with whole milk", COFFEE, ["Mocha"], "latte"),
        ("a mojito, hold the lime, and a beer", BAR, ["Tap Beer"], "mojito"),
        ("a beer and a mojito without mint", BAR, ["Tap Beer"], "mojito"),
        ("two mojitos, a beer and a whatsit on the rocks", BAR, ["Tap Beer"], "mojitos or whatsit"),
    ],
)
def test_what_there_is_not_is_said_and_changes_nothing_else(said, menu, ordered, missing):
    acts = understand(said, menu).acts
    assert [act.item for act in acts if isinstance(act, Add)] == ordered
    assert [act.name for act in acts if isinstance(act, NotOnMenu)] == [missing]
    assert not any(isinstance(act, Modify) for act in acts)
    assert not any(act.modifiers or act.without for act in acts if isinstance(act, Add))


@pytest.mark.parametrize(
    ("said", "item", "wish"),
    [
        ("a gin with extra lime", "Gin", "extra lime"),
        ("i'd like a soda with no straw please", "Soda", "no straw"),
        ("a lemonade, sliced thin, and a beer", "Lemonade", "sliced thin"),
        ("two waters and a rum in a paper cup", "Rum", "in a paper cup"),
    ],
)
def test_how_it_is_to_be_made_is_kept_with_the_drink(said, item, wish):
    acts = understand(said, BAR).acts
    assert item in [act.item for act in acts if isinstance(act, Add)]
    assert [act for act in acts if isinstance(act, Missed)] == [Missed(wish, item)]


@pytest.mark.parametrize("said", ["is the gin extra", "is a soda in cups", "does the rum come in cups"])
def test_a_question_about_how_a_drink_is_made_orders_none(said):
    assert not understand(said, BAR).orders
    assert any(isinstance(act, Unclear | AskAbout | Missed) for act in understand(said, BAR).acts)


def test_what_is_told_beside_an_order_is_no_wish():
    acts = understand("two beers please the match starts in ten minutes", BAR).acts
    assert acts == (Add("Tap Beer", 2),)
