"""A visit as a whole: its guest leaves, or it is restarted."""

from kiosk.state import ledger
from kiosk.state.schema import Session


def left_by_its_guest(session: Session) -> Session:
    """The guest has gone: whoever comes to the kiosk next is somebody else."""
    if session.conversation.is_over:
        return session
    return session.model_copy(update={"conversation": session.conversation.model_copy(update={"is_over": True})})


def restarted(session: Session) -> Session:
    """A fresh visit under the same id and terms; what may still be paid from before is not forgotten."""
    gone = ledger.withdrawn(session)
    kept = ("withdrawn", "abandoned", "disputed", "last_attempt")
    return Session.opening(session.terms).model_copy(update={name: getattr(gone, name) for name in kept})
