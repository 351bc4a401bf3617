"""Changes of an order, act by act: each makes another plan, and what cannot be had leaves all as it was."""

from copy import deepcopy
from datetime import datetime

import pytest

from kiosk.bartender.handlers import handled
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import OrderedLine, Tally
from kiosk.understanding.acts import (
    THAT,
    Add,
    Again,
    Clear,
    Modify,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Tip,
    Topic,
    Which,
)
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR

NOON = datetime(2026, 11, 27, 12)
ORDERED = [OrderedLine("Martini", 2, ("dry",)), OrderedLine("IPA", 1, ())]
ACTS = [
    Add("Whiskey", 2, ("neat",)), Modify(("dirty",)), Modify(("dry",), Which("Martini"), without=True),
    Replace(Add("Gin"), Which("IPA")), Remove(THAT), SetQuantity(3, Which("Martini")), Again(), Clear(), Tip(15),
    Say(Topic.THANKS),
]  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("first", ACTS)
def test_a_handler_makes_another_plan_and_leaves_the_one_that_it_is_given(first, act):
    tally = Tally(lines=list(ORDERED), batch=list(ORDERED))
    asked = Situation(BAR, Phrasebook(BAR, NOON), tally, Plan(), 0, Knowledge([]), NOON)
    plan = handled(first, Plan(), asked)
    before = deepcopy(plan)
    handled(act, plan, asked)
    assert plan == before
    assert tally.lines == ORDERED


@pytest.mark.parametrize(
    "act", [Add("Lemonade", 2, ("dirty",), corrects=True), Replace(Add("Water", 1, ("dirty",)), Which("Lemonade"))]
)
async def test_a_change_that_cannot_be_had_takes_nothing_off(act):
    guest = Conversation(BAR)
    await guest.mean(Add("Lemonade"))
    answer = await guest.mean(act)
    assert "I can't make" in answer
    assert await guest.order() == ["1 Lemonade"]
