"""Whether a guest who pauses has said a whole request, and whether who speaks over Maya means to stop her."""

from enum import Enum

from kiosk.menu import Menu
from kiosk.understanding.acts import Modify, NotOnMenu, Number, Perhaps, Say, Topic, Unclear
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.reader import understand
from kiosk.understanding.tags import tagged

# What people say along while somebody speaks to them. A yes that is an answer comes as Maya finishes, and is heard
# then.
_ALONG = (Topic.YES, Topic.OKAY, Topic.THANKS, Topic.COMPLIMENT, Topic.STATEMENT, Topic.UNDECIDED)
_UNSURE = (Unclear, Number, NotOnMenu, Perhaps)


class Completeness(Enum):
    """Whether what was heard so far is a whole request.

    COMPLETE: it can be acted on. INCOMPLETE: the guest is in the middle of it ("two martinis and").
    UNSURE: neither can be said from the words.
    """

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNSURE = "unsure"


def completeness(text: str, menu: Menu) -> Completeness:
    """Whether a guest who pauses after `text` has said a whole request."""
    understood = understand(text, menu)
    if understood.dangling:
        return Completeness.INCOMPLETE
    if _ends_in_a_number(text, menu):
        return Completeness.INCOMPLETE
    if not understood.acts or any(isinstance(act, _UNSURE) for act in understood.acts):
        return Completeness.UNSURE
    if all(isinstance(act, Modify) for act in understood.acts) and _is_only_modifiers(text, menu):
        # "A large double shot": a drink may be about to be named.
        return Completeness.INCOMPLETE if text.split()[0] in ("a", "an") else Completeness.UNSURE
    return Completeness.COMPLETE


def _ends_in_a_number(text: str, menu: Menu) -> bool:
    """ "I'd like two", "a beer and two": a number that the drink has yet to follow."""
    tags = tagged(text, lexicon(menu))
    if len(tags) < 2 or tags[-1].number is None:
        return False
    return tags[-2].said in ("like", "get", "have", "want", "take", "and", "plus", "with", "me", "us", "order")


def _is_only_modifiers(text: str, menu: Menu) -> bool:
    tags = tagged(text, lexicon(menu))
    return all(tag.modifier or tag.said in ("a", "an", "the", "some", "one") for tag in tags)


def wants_the_floor(text: str, menu: Menu) -> bool:
    """Whether somebody who says `text` while Maya speaks means to stop her, and does not just hum along."""
    # A recogniser takes a hum for a "no"; who means it says it twice, or says more.
    along = _ALONG if len(text.split()) > 1 else (*_ALONG, Topic.NO)
    return any(
        not isinstance(act, Unclear | Perhaps) and not (isinstance(act, Say) and act.topic in along)
        for act in understand(text, menu).acts
    )
