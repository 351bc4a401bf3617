"""How far a visit is: greeting, taking the order, small talk, and asking for another.

An order leads to small talk; after four turns of it Maya offers another drink; whoever wants none goes on talking.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kiosk.bartender.handlers.house import TITLES
from kiosk.menu import Menu
from kiosk.state import manager
from kiosk.state.sessions import AnyStore
from kiosk.understanding.acts import Act, Number, Raise, Say, Unclear, WhichOf
from kiosk.understanding.questions import AskAbout, AskExtreme
from kiosk.understanding.reader import understand

# So many turns of small talk, and Maya offers another.
TALK_BEFORE_ANOTHER = 4


class Phase(StrEnum):
    """How far a visit is."""

    GREETING = "greeting"
    ORDER_TAKING = "order_taking"
    SMALL_TALK = "small_talk"
    REORDER_PROMPT = "reorder_prompt"


@dataclass(frozen=True)
class Progress:
    """A visit's phase, and how many turns of small talk there were in it."""

    phase: Phase = Phase.GREETING
    small_talk: int = 0

    def after(self, *, order_placed: bool, is_talk: bool) -> "Progress":
        """The progress after one more turn of the guest's.

        Parameters:
            order_placed: something was put on the order in it.
            is_talk: nothing was done in it.
        """
        talked = 0 if order_placed else self.small_talk + (is_talk and self.phase is Phase.SMALL_TALK)
        phase = next_phase(self.phase, order_placed=order_placed, small_talk=talked)
        return Progress(phase, talked if phase is self.phase else 0)


def next_phase(phase: Phase, *, order_placed: bool, small_talk: int) -> Phase:
    """The phase after a turn in `phase`, with so many turns of small talk since it began."""
    if order_placed:
        return Phase.SMALL_TALK
    match phase:
        case Phase.GREETING:
            return Phase.ORDER_TAKING
        case Phase.SMALL_TALK if small_talk >= TALK_BEFORE_ANOTHER:
            return Phase.REORDER_PROMPT
        case Phase.REORDER_PROMPT:
            return Phase.SMALL_TALK
    return phase


def is_talk(acts: Sequence[Act]) -> bool:
    """Whether there is nothing to do about `acts` but to talk."""
    is_told = any(isinstance(act, AskAbout | Say | Unclear) for act in acts)
    # A number or a kind of drink among words that were not understood is no order.
    return is_told and all(isinstance(act, AskAbout | Say | Unclear | Number | WhichOf) for act in acts)


def is_told_of(act: Act) -> bool:
    """Whether it asks for what the owner may have written of."""
    return isinstance(act, AskExtreme) or (isinstance(act, Raise) and act.matter in TITLES)


class PhaseManager:
    """The phase of one visit, kept with it in the store.

    Parameters:
        clock: seconds since the epoch.
    """

    def __init__(self, session_id: str, store: AnyStore, menu: Menu, clock: Callable[[], float] = time.time) -> None:
        self._session_id = session_id
        self._store = store
        self._menu = menu
        self._clock = clock

    def get_current_phase(self) -> Phase:
        """The phase that the visit is in."""
        return Phase(self._state()["phase"])

    def increment_turn(self) -> None:
        """The guest has said something more."""
        self._update(turn_count=self._state()["turn_count"] + 1)

    def increment_small_talk(self) -> None:
        """And it was small talk."""
        self._update(small_talk_count=self._state()["small_talk_count"] + 1)

    def handle_order_placed(self) -> None:
        """Something was ordered: small talk counts anew."""
        self._update(small_talk_count=0, last_order_time=self._clock())

    def update_phase(self, order_placed: bool = False) -> Phase:
        """Go on to the phase that follows, and return it."""
        state = self._state()
        before = Phase(state["phase"])
        after = next_phase(before, order_placed=order_placed, small_talk=state["small_talk_count"])
        if after is not before:
            self._update(phase=after.value, small_talk_count=0)
        return after

    def reset_phase(self) -> None:
        """Begin the visit anew."""
        self._update(phase=Phase.GREETING.value, turn_count=0, small_talk_count=0, last_order_time=0)

    def turn_over(self, *, order_placed: bool, is_talk: bool) -> Phase:
        """A turn of the guest's was answered; returns the phase of the next."""
        state = self._state()
        after = Progress(Phase(state["phase"]), state["small_talk_count"]).after(
            order_placed=order_placed, is_talk=is_talk
        )
        news = {"phase": after.phase.value, "small_talk_count": after.small_talk, "turn_count": state["turn_count"] + 1}
        self._update(**news, **({"last_order_time": self._clock()} if order_placed else {}))
        return after.phase

    def should_use_rag(self, user_input: str) -> bool:
        """Whether knowledge helps: what the guest said is talk, or asks for what the owner may have written of."""
        acts = understand(user_input, self._menu).acts
        return is_talk(acts) or any(map(is_told_of, acts))

    def _state(self) -> dict:
        return manager.get_conversation_state(self._session_id, self._store)

    def _update(self, **news: object) -> None:
        manager.update_conversation_state(self._session_id, self._store, dict(news))
