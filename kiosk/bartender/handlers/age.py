"""Who says that he is too young: nothing with alcohol for this visit, and somebody who looks after him."""

from collections.abc import Sequence

from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import TALK, pick
from kiosk.bartender.situation import Situation
from kiosk.menu import Menu
from kiosk.understanding.acts import Act, Add, Topic, UnderAge


def is_too_young(act: Act, menu: Menu) -> bool:
    """Whether who says this is too young for alcohol at this bar."""
    if not isinstance(act, UnderAge):
        return False
    limit = menu.bar.legal_age
    return act.age is None or (limit is not None and act.age < limit)


def fit_for_the_young(acts: Sequence[Act], menu: Menu) -> Sequence[Act]:
    """Of `acts` what is heeded of somebody who is too young: that, and what he orders without alcohol."""
    said = [act for act in acts if is_too_young(act, menu)]
    if not said:
        return acts
    free = {item.name for item in menu.items if not item.alcohol}
    return [said[0], *(act for act in acts if isinstance(act, Add) and act.item in free)]


def age_told(act: UnderAge, plan: Plan, asked: Situation) -> Plan:
    """Of who is too young: no alcohol from now on, and the staff are called."""
    if not is_too_young(act, asked.menu):
        return plan.talking(pick(TALK[Topic.STATEMENT], asked.turn))
    return plan.calling("serve_no_alcohol").calling("call_staff", reason="says to be under age")
