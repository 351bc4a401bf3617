"""What must not be lost of a document that cannot be read: under which links and attempts money may still arrive.

What was ordered is not guessed at. A link or an attempt that is named anywhere in what is left is followed to its end;
one of which nothing is payable costs a question to the provider.
"""

import re
from collections.abc import Container

from kiosk.money import USD
from kiosk.state.schema import Link, Payment, Session

# Far more than a visit has; what is left of a document may be anything.
MOST = 100

# Whole strings only: what an id that was cut off names is nothing that the provider knows.
_LINK = re.compile(r"""["']((?:plink|pi)_[A-Za-z0-9]{1,100})["']""")


def salvaged(remains: str, session_id: str, told: Container[str]) -> Session:
    """A fresh session that staff have to look at, with what may still be paid according to `remains`.

    Parameters:
        told: payments that the journal knows.
    """
    attempt = re.compile(rf"""["']{re.escape(session_id)}_([0-9]{{1,18}})["']""")
    moments = dict.fromkeys(int(moment) for moment in attempt.findall(remains))
    links = [payment_id for payment_id in dict.fromkeys(_LINK.findall(remains)) if payment_id not in told]
    return Session(
        payment=Payment(needs_reconciliation=True),
        withdrawn=tuple(
            Link(payment_id=payment_id, url="", amount=USD.zero, is_simulated=False) for payment_id in links[:MOST]
        ),
        abandoned=tuple(f"{session_id}_{moment}" for moment in list(moments)[:MOST]),
        last_attempt=max(moments, default=0),
    )
