"""The staff are called: once for a reason, in clean words, in the session and on the screen."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.bartender.outcomes import outcomes
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.tally import Call
from kiosk.bartender.tool_arguments import LONGEST_REASON, reason_of
from kiosk.bartender.tools import BarTools
from kiosk.events import Notice, StaffCalled
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.watcher import PaymentWatcher
from kiosk.security.card_numbers import without_cards
from kiosk.settings import find_assets
from kiosk.state import care, ledger
from kiosk.state.news import whole_state
from kiosk.state.sessions import change, load
from kiosk.state.store import open_store
from tests.bartender.conversation import Conversation

MENU = Menu.load(find_assets() / "menu.toml")
GUEST = "bar-0123456789ab"
CARD = "4111 1111 1111 1111"
NOON = 1_795_953_600.0


class Visit:
    def __init__(self, store=None):
        self.store = {} if store is None else store
        self.now, self.events = NOON, []
        self.tools = BarTools(
            GUEST, self.store, MENU, SimulatedPayments(None), self.events.append, clock=lambda: self.now
        )

    async def call(self, reason="wants to speak to somebody"):
        return await self.tools.call_staff(reason)

    @property
    def calls(self):
        return [event for event in self.events if isinstance(event, StaffCalled)]

    @property
    def on_screen(self):
        notices = {event.code: event.text for event in self.events if isinstance(event, Notice)}
        return {code for code, text in notices.items() if text}


def said(answer):
    return " ".join(outcomes([Call("1", "call_staff", {}, answer)], Phrasebook(MENU)))


async def test_the_call_is_an_event_a_notice_and_part_of_the_session():
    visit = Visit()
    answer = await visit.call()
    assert answer["result"] == {"reason": "wants to speak to somebody", "is_called_already": False}
    assert said(answer) == "I've called the staff for you."
    assert visit.calls == [StaffCalled("wants to speak to somebody", "2026-11-29T12:00:00+00:00")]
    assert visit.on_screen == {"staff_called"}
    [call] = load(GUEST, visit.store).staff_calls
    assert (call.reason, call.at) == ("wants to speak to somebody", NOON)


async def test_the_same_reason_calls_once_within_a_short_time_and_maya_says_so():
    visit = Visit()
    await visit.call("needs a chair")
    visit.now += care.SAME_CALL_SECS - 1
    answer = await visit.call("Needs a chair")
    assert said(answer) == "The staff have been called already, and know why."
    assert len(visit.calls) == 1
    await visit.call("feels sick")
    visit.now += 1
    await visit.call("needs a chair")
    assert [call.reason for call in visit.calls] == ["needs a chair", "feels sick", "needs a chair"]


async def test_two_calls_at_the_same_moment_are_one():
    visit = Visit()
    await asyncio.gather(*(visit.call() for _ in range(5)))
    assert len(visit.calls) == len(load(GUEST, visit.store).staff_calls) == 1


async def test_a_reason_is_masked_bounded_and_fit_for_a_line():
    visit = Visit()
    await visit.call(f"card {CARD} was\ncharged\x1b[31m\u202e twice {'!' * 500}")
    [call] = visit.calls
    assert call.reason.startswith("card … was charged")
    assert len(call.reason) == LONGEST_REASON
    assert call.reason.isprintable()
    assert load(GUEST, visit.store).staff_calls[0].reason == call.reason


@given(st.text(max_size=300) | st.none() | st.integers() | st.lists(st.text()))
def test_whatever_a_model_gives_as_a_reason_can_be_kept_and_shown(given_reason):
    reason = reason_of(given_reason)
    assert 0 < len(reason) <= LONGEST_REASON
    assert reason == without_cards(reason)
    assert StaffCalled(reason, "").reason == reason
    assert reason_of(reason) == reason


@pytest.mark.parametrize("reason", [None, "", "  ", 7, [CARD], {"reason": CARD}, int(CARD.replace(" ", ""))])
async def test_without_a_reason_somebody_needs_help(reason):
    visit = Visit()
    await visit.call(reason)
    assert visit.calls[0].reason == "needs help"


async def test_a_visit_keeps_the_latest_calls_only():
    visit = Visit()
    for number in range(care.MOST_STAFF_CALLS + 5):
        await visit.call(f"reason {number}")
    kept = load(GUEST, visit.store).staff_calls
    assert [call.reason for call in kept][0::9] == ["reason 5", "reason 14"]


async def test_the_call_outlives_a_restart_and_its_notice_goes_when_the_staff_have_come(tmp_path):
    url = f"sqlite:///{tmp_path / 'tabs.db'}"
    with open_store(url) as store:
        visit = Visit(store)
        await visit.tools.add_to_order("Martini")
        await visit.call()
    with open_store(url) as store:
        shown = list(whole_state(load(GUEST, store), lambda link: None))
        assert [notice.code for notice in shown if isinstance(notice, Notice)] == ["staff_called"]
        assert not any(isinstance(event, StaffCalled) for event in shown), "nobody is called once more"
        visit = Visit(store)
        visit.events += shown
        watcher = PaymentWatcher(visit.tools.checkout, lambda outcome: asyncio.sleep(0))
        await watcher.look()
        change(GUEST, store, ledger.settled_by_staff, note="cash")
        await watcher.look()
        assert (visit.on_screen, load(GUEST, store).staff_calls) == (set(), ())


@pytest.mark.parametrize("wish", ["can i talk to the manager", "get me a human", "call security"])
async def test_the_house_calls_the_staff_for_who_asks_for_a_person(wish):
    conversation = Conversation(MENU)
    await conversation.say("a martini please")
    assert await conversation.say(wish) == "I've called the staff for you."
    assert [call.reason for call in load("guest", conversation.tools.store).staff_calls] == [
        "wants to speak to somebody"
    ]
    assert await conversation.tab() == 13.0
