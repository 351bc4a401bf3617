"""What Maya does about what a guest meant: the calls to make, or what to say when there are none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kiosk.bartender.handlers import handled
from kiosk.bartender.handlers.age import fit_for_the_young
from kiosk.bartender.handlers.ordering import large_orders_confirmed
from kiosk.bartender.handlers.references import accepted
from kiosk.bartender.plan import Plan, adding
from kiosk.bartender.replies import SORRY, pick
from kiosk.bartender.sense import leaving_the_bill, parting, settled
from kiosk.bartender.situation import Situation
from kiosk.understanding.acts import (
    Act,
    Add,
    AddMentioned,
    Choose,
    Matter,
    Modify,
    Number,
    Pay,
    Raise,
    Remove,
    Say,
    SetQuantity,
    Topic,
    Unclear,
)

# An answer that is longer is not listened to; the menu is.
MOST_WORDS = 25

# Talk that is only the manner of a request when there is one.
_MANNERS = frozenset(Topic) - {Topic.STATEMENT, Topic.ALLERGY, Topic.STAFF}
_TALK = _MANNERS - {Topic.BYE}
_YES = frozenset({Topic.YES, Topic.OKAY})
# What says itself how many of what was offered.
_PICKS = (AddMentioned, Choose, Number, SetQuantity)
# After these the question that Maya asked still stands.
_NO_ANSWER = frozenset({Topic.WAIT, Topic.REPEAT, Topic.UNDECIDED})


def decide(acts: Iterable[Act], asked: Situation) -> Plan:
    """The plan for `acts`, in their order; the bill comes last, and talk only where nothing else is."""
    told = list(settled(acts))
    # "No thanks, just the lemonade": nothing more than that.
    asked = replace(asked, wants_no_more=any(_is_talk(act, {Topic.NO, Topic.DONE}) for act in told))
    told = list(fit_for_the_young(leaving_the_bill(parting(told)), asked.menu))
    manners = [act for act in told if _is_talk(act, _MANNERS)]
    answers = [act for act in told if _is_talk(act, _YES)]
    plan = Plan()
    if answers and not _says_itself_what(told, asked.before):
        plan = accepted(plan, asked)
    for act in sorted((act for act in told if act not in manners), key=_is_about_paying):
        plan = handled(act, plan, asked)
    if not plan.calls and not plan.say:
        for act in [act for act in manners if act not in answers] or manners:
            plan = handled(act, plan, asked)
    plan = replace(large_orders_confirmed(plan, asked), changed=_one_change(told))
    if told and all(isinstance(act, Unclear) or _is_talk(act, _NO_ANSWER) for act in told):
        plan = plan.with_question_of(asked.before)
    if plan.calls or plan.say or plan.asks_choice:
        return plan
    return _only_talking(plan, told, asked)


def _one_change(acts: Sequence[Act]) -> Modify | Remove | None:
    changes = [act for act in acts if isinstance(act, Modify | Remove)]
    return changes[0] if len(changes) == 1 else None


def _is_talk(act: Act, topics: Iterable[Topic]) -> bool:
    return isinstance(act, Say) and act.topic in topics


def _is_about_paying(act: Act) -> bool:
    return isinstance(act, Pay) or act == Raise(Matter.AT_BAR)


def _says_itself_what(acts: Sequence[Act], before: Plan) -> bool:
    """Whether a yes among `acts` only repeats, or is only the manner of, what else is said."""
    if any(isinstance(act, _PICKS) for act in acts) and (before.asked_for or before.options):
        # "Yes, two of those" is not one more.
        return True
    named = {act.item for act in acts if isinstance(act, Add)}
    offered = {arguments.get("item_name") for _, arguments in before.on_yes} | set(before.options)
    others = [act for act in acts if not isinstance(act, Say)]
    return bool(others) and (Say(Topic.YES) not in acts or bool(named & offered))


def _only_talking(plan: Plan, told: Sequence[Act], asked: Situation) -> Plan:
    talk = list(dict.fromkeys(plan.talk))[-2:]
    if len(" ".join(talk).split()) > MOST_WORDS:
        talk = talk[-1:]
    if not talk:
        return plan.saying(pick(SORRY, asked.turn))
    if asked.offers_another and asked.tally.batch and all(_is_talk(act, _TALK) for act in told):
        return _another_offered(plan, asked)
    return plan.saying(*talk)


def _another_offered(plan: Plan, asked: Situation) -> Plan:
    line = asked.tally.batch[-1]
    # One question at a time.
    sentences = re.split(r"(?<=[.!?]) ", plan.talk[-1])
    told = " ".join(sentence for sentence in sentences if not sentence.endswith("?"))
    another = adding(line.item, 1, line.modifiers, line.without, line.note)
    return plan.asking(f"{told} Would you like another {line.item}?".lstrip(), another)
