from hypothesis import given
from hypothesis import strategies as st

from kiosk.bartender.phases import TALK_BEFORE_ANOTHER, Phase, PhaseManager, Progress
from kiosk.state import manager
from tests.bartender.menus import BAR

TURNS = st.lists(st.sampled_from(["order", "talk", "tool"]), max_size=30)


def a_manager():
    store = {}
    manager.initialize_state("guest", store)
    return PhaseManager("guest", store, BAR, clock=lambda: 1763700000.0), store


def test_a_visit_begins_with_a_greeting_and_goes_on_to_the_order():
    phases, _ = a_manager()
    assert phases.get_current_phase() == "greeting"
    assert phases.update_phase() == "order_taking"
    assert phases.update_phase() == "order_taking"


def test_an_order_leads_to_small_talk_and_four_turns_of_it_to_another():
    phases, store = a_manager()
    phases.handle_order_placed()
    assert phases.update_phase(order_placed=True) == "small_talk"
    assert manager.get_conversation_state("guest", store)["last_order_time"] == 1763700000.0
    for number in range(TALK_BEFORE_ANOTHER):
        assert phases.update_phase() == "small_talk", number
        phases.increment_small_talk()
    assert phases.update_phase() == "reorder_prompt"
    assert phases.update_phase(order_placed=True) == "small_talk"


def test_turns_are_counted_and_a_reset_begins_anew():
    phases, store = a_manager()
    phases.increment_turn()
    phases.increment_turn()
    phases.increment_small_talk()
    phases.update_phase()
    assert manager.get_conversation_state("guest", store)["turn_count"] == 2
    phases.reset_phase()
    assert manager.get_conversation_state("guest", store) == {
        "phase": "greeting",
        "turn_count": 0,
        "small_talk_count": 0,
        "last_order_time": 0,
    }


def test_knowledge_helps_with_talk_and_with_questions_and_not_with_orders():
    phases, _ = a_manager()
    for said in ("tell me about the negroni", "how are you", "where does the name cocktail come from"):
        assert phases.should_use_rag(said), said
    for said in ("do you take cards", "is it happy hour", "what happens with my data", "can i have a receipt"):
        assert phases.should_use_rag(said), said
    for said in ("two beers please", "what's on my tab", "i'd like to pay", "take the gin off", ""):
        assert not phases.should_use_rag(said), said


@given(TURNS)
def test_what_is_kept_follows_from_the_turns_alone(turns):
    phases, store = a_manager()
    progress = Progress()
    for turn in turns:
        happened = {"order_placed": turn == "order", "is_talk": turn == "talk"}
        progress = progress.after(**happened)
        assert phases.turn_over(**happened) is progress.phase
    kept = manager.get_conversation_state("guest", store)
    assert (kept["phase"], kept["small_talk_count"], kept["turn_count"]) == (
        progress.phase,
        progress.small_talk,
        len(turns),
    )


@given(TURNS)
def test_another_is_offered_only_after_so_much_talk_since_the_last_order(turns):
    progress, talk = Progress(), None
    for turn in turns:
        progress = progress.after(order_placed=turn == "order", is_talk=turn == "talk")
        if turn == "order":
            talk = 0
        elif turn == "talk" and talk is not None:
            talk += 1
        if progress.phase is Phase.REORDER_PROMPT:
            assert talk is not None
            assert talk >= TALK_BEFORE_ANOTHER
