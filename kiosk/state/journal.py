"""What happened to guests' money, one entry each, in the order in which it was stored; never changed afterwards.

The session document says how a visit stands. The journal says how it came to that, for the staff who
have to explain it to a guest or to the owner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kiosk.state.schema import Session

Kind = Literal["paid", "disputed", "settled", "dropped", "damaged"]


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    Parameters:
        kind: "paid", a tab by a link; "disputed", a payment that staff must look at; "settled", by the
            staff; "dropped", an open tab that began anew unpaid; "damaged", a document that could not be read
            and began anew.
        amount: the money it is about, with tip.
        payment_id: of the link, if one is meant.
        note: in the staff's words, or why it is disputed.
    """

    kind: Kind
    amount: Decimal
    payment_id: str | None = None
    note: str = ""


def entries_of(before: Session, after: Session, note: str | None) -> Iterator[Entry]:
    """What the change from `before` to `after` has to say; `note` is given where the staff made it."""
    if note is not None:
        disputed = sum((dispute.paid for dispute in before.disputed), start=before.payment.total)
        yield Entry("settled", disputed, note=note)
    else:
        for tab in after.history[len(before.history) :]:
            yield Entry("paid", after.arrived(tab), tab.payment_id)
    # Only a visit that begins anew has no version.
    if before.payment.total and not after.payment.version:
        yield Entry("dropped", before.payment.total)
    for dispute in after.disputed[len(before.disputed) :]:
        yield Entry("disputed", dispute.paid, dispute.payment_id, f"{dispute.reason}; asked {dispute.asked}")
