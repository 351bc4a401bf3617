"""What the house owes a guest beside an exact tab: somebody who comes, and no alcohol for who is too young."""

from collections.abc import Callable

from kiosk.state import ledger
from kiosk.state.errors import NoAlcoholError
from kiosk.state.schema import Line, Session, StaffCall

# Within so many seconds the same reason is the same call; a visit keeps so many of the latest.
SAME_CALL_SECS = 120.0
MOST_STAFF_CALLS = 10


def staff_called(session: Session, reason: str, now: float) -> Session:
    """The staff called for `reason`; within a short time of the same call nothing changes."""

    def is_the_same(call: StaffCall) -> bool:
        return call.reason.casefold() == reason.casefold() and abs(now - call.at) < SAME_CALL_SECS

    if any(map(is_the_same, session.staff_calls)):
        return session
    calls = (*session.staff_calls, StaffCall(reason=reason, at=now))[-MOST_STAFF_CALLS:]
    return session.model_copy(update={"staff_calls": calls})


def served_no_alcohol(session: Session, has_alcohol: Callable[[Line], bool]) -> Session:
    """From now on no alcohol for this visit; what of it is on the open tab is taken off, and its price given back."""
    for item in dict.fromkeys(line.item for line in session.order if has_alcohol(line)):
        session = ledger.without_item(session, item)
    return session if session.alcohol_free else session.model_copy(update={"alcohol_free": True})


def refuse_alcohol(session: Session, line: Line, has_alcohol: Callable[[Line], bool]) -> None:
    """See that `line` may be poured for this guest.

    Raises:
        NoAlcoholError: it has alcohol in it, and the guest has said to be too young.
    """
    if session.alcohol_free and has_alcohol(line):
        raise NoAlcoholError("You said that you are under age, so there is no alcohol for you. Something without?")
