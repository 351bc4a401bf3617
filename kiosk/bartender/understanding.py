"""What a guest meant: text in, acts out, for any menu. Pure; the conversation's memory is elsewhere.

A sentence is covered with the phrases that are known at a bar. Where words stay unexplained, or it sounds like talk,
the drinks in it are weighed by learned words: it is better to ask than to pour what nobody wanted.
"""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from kiosk.bartender.acts import (
    THAT,
    Act,
    Add,
    Clear,
    NotOnMenu,
    Number,
    Perhaps,
    Remove,
    Say,
    SetQuantity,
    Topic,
    Unclear,
    Understanding,
    Which,
)
from kiosk.bartender.cover import FILLERS, ORDERING, Cover, cover
from kiosk.bartender.grammar import LEAD, MODIFIER, PERSON, N, bounded
from kiosk.bartender.spotting import Spotted, lexicon
from kiosk.bartender.weighing import weighed
from kiosk.bartender.words import HESITATIONS, canonical
from kiosk.menu import Menu, normalise
from kiosk.security.card_numbers import may_go_on

# Words that turn an order into something else, wherever they stand.
_DOUBTFUL = frozenset("not never if no nobody said says told yesterday would could had was were without".split())
# Where more unexplained words than this share stand around an order, Maya asks.
_MOST_UNEXPLAINED = 0.5
_MUCH_UNEXPLAINED = 8
_RICH = 3
# More words than this in one breath, some five minutes of talk, are no order; a frame may reach to their end, so
# reading them takes the square of their number.
_MOST_WORDS = 1000
# A bare number that is larger is no answer to "how many?".
_MOST_AT_A_BAR = 999
# The likeness (0 to 100) from which a name that is not on the menu may have been meant for one that is.
_SOMEWHAT_ALIKE = 60.0
# More that is not on the menu is not repeated name by name.
_MOST_NAMED = 3
_MOST_OFFERED = 3

_NAME = r"(?!please|thanks|more|something|anything|drink|to |it$|that$|one$)[a-z]+(?: (?!please|thanks|instead|too|for|to|me|again)[a-z]+)?"
_ASKED = re.compile(
    rf"(?:(?:hello|hi|hey|okay|yes|and|then|maya|,|\.) )*(?:(?:{LEAD}|do you have|have you got|do you serve|can you make(?: me)?|got)(?: (?:any|an?|the|some|another|{N}))?"
    rf"|an?|another|{N}) (?:(?:glass|bottle|pint|cup|shot|can|jug|plate|bowl|basket|portion|side|bag|packet|slice|piece)(?:e?s)? of )?(?P<name>{_NAME})(?: please| thanks| ,| \.| \?)*"
)
_OPEN_ENDS = re.compile(
    r"(?:^| )(?:and|or|with|an?|the|some|of|plus|another|also|then|my|for|to|but|in|on|no|without|instead of|make (?:it|that)"
    r"|can|could|may|would|like|get|have|want|need|give me|get me|take|order|add|i|we|you|is|are|how|what|how much|of the|i am)$"
)
# "And for me" goes on; "three waters for the table" does not.
_FOR_SOMEBODY = re.compile(rf"(?<!^and)(?<!^)(?<! and) for {PERSON}$|(?:since|because|as|if) [^,.?]* you$")
_UNFINISHED_LEAD = re.compile(bounded(rf"(?:^|.* )(?:{LEAD})(?: (?:an?|the|some|another|\+\d+|one))*$"))
# "I'd like two", "a beer and two": a number that the drink has yet to follow.
_OPEN_QUANTITY = re.compile(bounded(rf"(?:^|.* )(?:{LEAD}|and|plus|with) {N}"))
# "I'd like a large dark roast": the drink is still to be named. "Make it a double" is whole.
_BEFORE_A_DRINK = re.compile(rf"(?<!it)(?<!that)(?<!with)(?:^| )(?:an?|the|{N}) {MODIFIER}(?: {MODIFIER})*$")
_ONLY_MODIFIERS = re.compile(rf"(?:an? |the |some |{N} )?{MODIFIER}(?: {MODIFIER})*")


# Where something was asked for, a sentence that ends so is over: "Kev's just walked in", "we've still got some".
_WHOLE = re.compile(
    r"[a-z] (?<!and )(?<!or )(?<!with )(?<!plus )(?:in|on|some|no|i|you|we|is|are|would|could|can|have|get|want|like)$"
)

# What people say along while somebody speaks to them. A yes that is an answer comes as Maya finishes, and is heard then.
_ALONG = (Topic.YES, Topic.OKAY, Topic.THANKS, Topic.COMPLIMENT, Topic.STATEMENT, Topic.UNDECIDED)


class Completeness(Enum):
    """Whether what was heard so far is a whole request.

    COMPLETE: it can be acted on. INCOMPLETE: the guest is in the middle of it ("two martinis and").
    UNSURE: neither can be said from the words.
    """

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNSURE = "unsure"


def understand(text: str, menu: Menu) -> Understanding:
    """The acts of what a guest said or typed; words that were not understood are an `Unclear` among them."""
    return _understand(text, menu)


def completeness(text: str, menu: Menu) -> Completeness:
    """Whether a guest who pauses after `text` has said a whole request."""
    if may_go_on(text):
        # Who reads a number from a card pauses between its groups, and it is only hidden once it is whole.
        return Completeness.INCOMPLETE
    understood = understand(text, menu)
    if understood.dangling:
        return Completeness.INCOMPLETE
    words = lexicon(menu).spot(text).text
    if _OPEN_QUANTITY.fullmatch(words) or ("@" not in words and _BEFORE_A_DRINK.search(words)):
        return Completeness.INCOMPLETE
    unsure = (Unclear, Number, NotOnMenu, Perhaps)
    if not understood.acts or any(isinstance(act, unsure) for act in understood.acts):
        return Completeness.UNSURE
    if _ONLY_MODIFIERS.fullmatch(words):
        # "a large double shot": a drink may be about to be named.
        return Completeness.UNSURE
    return Completeness.COMPLETE


def wants_the_floor(text: str, menu: Menu) -> bool:
    """Whether somebody who says `text` while Maya speaks means to stop her, and does not just hum along."""
    # A recogniser takes a hum for a "no"; who means it says it twice, or says more.
    along = _ALONG if len(text.split()) > 1 else (*_ALONG, Topic.NO)
    return any(
        not isinstance(act, Unclear | Perhaps) and not (isinstance(act, Say) and act.topic in along)
        for act in understand(text, menu).acts
    )


# How a sentence is hooked onto what was said before, and how it trails off; neither means anything for the order.
_HOOKS = re.compile(
    r"^(?:(?:and|oh|well|so|okay|ha|haha|hm) )*(?:(?:anyways?|in that case|interesting|plus|good one|fair enough|got it"
    r"|on second thoughts?|by the way|sounds good|that went down well|i'm sure yours is better|all right then|alright then"
    r"|go on then|why not|no problem|no worries|never mind then|fine|too bad|pity|shame|no bother|no matter|phew|ugh|ooh|wow|lovely|grand"
    r"|(?:that's|that is|what) a (?:pity|shame)|steep but (?:alright|all right|okay|fine)"
    r"|(?:(?:they|it|that|those|this) (?:was|were|is|are)|that's|it's) (?:so |too |really |very )?(?:great|good|lovely|delicious"
    r"|nice|amazing|much|strong)(?: for me)?(?: i think)?)[ ,.!]+)+",
    re.IGNORECASE,
)
_TRAILS = re.compile(
    r"[ ,]+(?:to go with (?:that|it|them)|(?:for us )?to celebrate|would you|will you|if you would|if you don't mind"
    r"|when you can|when you get a chance|when you have a moment|while you're at it|for starters|to start(?: with)?"
    r"|this time|as well|too then|will do(?: nicely| me)?|quick(?:ly)?|asap"
    r"|if it's not too much trouble|if it doesn't cost (?:extra|more)|if that's (?:all right|alright|okay|ok|possible|no trouble)"
    r"|(?:he|she|they) (?:says?|said|told me)|bless (?:him|her|them)|of course (?:he|she) would|just don't tell \w+"
    r"|for yours truly|it's for my \w+|i promise|now that i think of it|'cause [^,.?]+|"
    r"(?:for me )?i'm driving|in (?:his|her|their) honou?r)[ .!?]*$",
    re.IGNORECASE,
)


# Drinks are named in it, and none is ordered.
_DIFFERENCE = re.compile(r"\bdifference between\b|\bwhich (?:one )?is (?:better|stronger|cheaper)\b", re.IGNORECASE)
# Not the way of making a Manhattan.
_APPROVAL = re.compile(
    r"(?:(?:oh|okay|ok|great|yes|that's|that is|just|all)[ ,]+)*perfect(?:[ ,]+(?:thanks?(?: you)?|maya|great|then))*[ .!]*",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:oh |well |uh |um )*(?:ye[sap]|yeah|yup|sure|okay|ok|right|correct|exactly|of course|please)\b", re.IGNORECASE
)
_EXCEPT = re.compile(r"\b(?:except|apart from|other than|all but|everything but|besides)\b", re.IGNORECASE)
# "We met ten years ago", "see you in five minutes": no number of drinks.
_COUNTS_SOMETHING = re.compile(
    r"\+\d+ (?!(?:please|thanks|thank|more|then|instead|actually|now|in|altogether|total|of|and|or|for|percent|is|it)\b)[a-z]"
)


@lru_cache(maxsize=64)
def _understand(text: str, menu: Menu) -> Understanding:
    spotted = lexicon(menu).spot(_TRAILS.sub("", _HOOKS.sub("", text)))
    if len(spotted.text.split()) > _MOST_WORDS:
        return Understanding((Unclear(text),), dangling=False)
    covered = cover(spotted)
    dangling = _dangles(text, spotted, covered)
    acts: list[Act] = list(covered.acts)
    named = tuple(dict.fromkeys(found.item.name for found in spotted.items))
    words = [word for word in spotted.text.split() if word not in ",.?"]
    unexplained = [word for word in covered.unexplained if word not in HESITATIONS]
    if _DIFFERENCE.search(text):
        return Understanding((Unclear(text),), dangling)
    if _APPROVAL.fullmatch(text):
        return Understanding((Say(Topic.COMPLIMENT),), dangling)
    if any(_empties(act) for act in acts) and (unexplained or _EXCEPT.search(text)):
        # "Forget everything, write a poem": whoever empties an order says nothing else that is not understood.
        return Understanding((Unclear(text),), dangling)
    if unexplained and not _YES.match(text):
        # "That's a vacation right there" answers no question.
        acts = [act for act in acts if act != Say(Topic.YES)]
    if unexplained and (both := _partly_on_menu(spotted, menu)):
        return Understanding(both, dangling)
    if len(unexplained) == 1 and _is_rich(acts) and not _DOUBTFUL.intersection(unexplained):
        return Understanding(tuple(acts), dangling, named)
    if (unexplained or _is_doubtful(acts)) and (meant := weighed(spotted, covered)):
        if len(unexplained) > max(_MUCH_UNEXPLAINED, _MOST_UNEXPLAINED * len(words)):
            meant = tuple(_asked_about(list(meant)))
        return Understanding(meant, dangling and not _WHOLE.search(spotted.text))
    if unexplained or _COUNTS_SOMETHING.search(spotted.text) or _is_read_out(acts):
        # Only a number that is all that was said, or nearly, is one of drinks.
        acts = [act for act in acts if not isinstance(act, Number) and not _is_bare_quantity(act)]
    if unexplained:
        acts = [act for act in acts if not isinstance(act, ORDERING)]
        not_there = _unexplained(spotted, menu)
        if isinstance(not_there, NotOnMenu):
            acts = [not_there]
        else:
            acts = [*(act for act in acts if not isinstance(act, Perhaps)), not_there]
    if Say(Topic.STATEMENT) in acts and not re.search(r"[,.?]", spotted.text):
        # "Give us the bourbon last night": told in one breath, so it may all be a story.
        acts = _asked_about(acts)
    return Understanding(tuple(acts), dangling, named)


def _is_doubtful(acts: Sequence[Act]) -> bool:
    """Whether there may be an order where the grammar sees none, or more than it sees."""
    only_talks = bool(acts) and all(isinstance(act, Say) for act in acts)
    return only_talks or Say(Topic.STATEMENT) in acts or any(isinstance(act, Perhaps) for act in acts)


def _is_read_out(acts: Sequence[Act]) -> bool:
    """Whether the numbers are figures of a telephone or a card, and no amount; "two, two please" says one twice."""
    numbers = [act.value for act in acts if isinstance(act, Number)]
    return len(numbers) > 2 or len(set(numbers)) > 1 or any(number > _MOST_AT_A_BAR for number in numbers)


def _asked_about(acts: list[Act]) -> list[Act]:
    adds = tuple(act for act in acts if isinstance(act, Add))
    kept = [act for act in acts if not isinstance(act, ORDERING)]
    return [*kept, Perhaps(adds)] if adds else kept


def _is_rich(acts: list[Act]) -> bool:
    """Whether an order says so much of how it is to be made that a stray word does not make it doubtful."""
    return any(isinstance(act, Add) and len(act.modifiers) >= _RICH for act in acts)


def _empties(act: Act) -> bool:
    """Whether nothing would be left of the order."""
    return act == Clear() or (isinstance(act, Remove) and act.which == Which(everything=True))


def _is_bare_quantity(act: Act) -> bool:
    return isinstance(act, SetQuantity) and act.which == THAT


def _partly_on_menu(spotted: Spotted, menu: Menu) -> tuple[Act, ...]:
    """The acts of a list of which something is not on the menu: "two lemonades and a piña colada".

    Each clause is read by itself once, and what is left without those once more.
    """
    clauses = [spotted.words(clause) for clause in spotted.text.split(" and ")]
    if len(clauses) == 1:
        return ()
    missing = {place: act for place, clause in enumerate(clauses) if (act := _not_on_menu(clause, menu))}
    if len(missing) in (0, len(clauses)):
        # Where nothing is missing the reading ends, also that of what is left below.
        return ()
    known = understand(" and ".join(clause for place, clause in enumerate(clauses) if place not in missing), menu).acts
    if not known or not all(isinstance(act, Add) for act in known):
        return ()
    names = " or ".join(act.name for act in missing.values()) if len(missing) <= _MOST_NAMED else "all of that"
    offers = dict.fromkeys(offer for act in missing.values() for offer in act.offers)
    return (*known, NotOnMenu(names, tuple(offers)[:_MOST_OFFERED]))


def _not_on_menu(clause: str, menu: Menu) -> NotOnMenu | None:
    """What a clause asks for that the menu does not have, if that is all that it says."""
    # "Nachos" alone may be anything; beside an order it is one.
    match understand(clause if len(clause.split()) > 1 else f"some {clause}", menu).acts:
        case (NotOnMenu() as act,):
            return act
    return None


def _unexplained(spotted: Spotted, menu: Menu) -> Act:
    if found := _ASKED.fullmatch(spotted.text):
        name = found["name"]
        match = menu.find(name)
        if match.item is None and not set(name.split()) & (FILLERS | _DOUBTFUL):
            return NotOnMenu(name, _offers(name, menu))
    return Unclear(spotted.words(spotted.text))


def _offers(name: str, menu: Menu) -> tuple[str, ...]:
    """The items that share a word with `name`, else those that sound a little like it."""
    wanted = {canonical(word) for word in name.split()}
    related = [item.name for item in menu.items if wanted & {canonical(w) for w in normalise(item.name).split()}]
    match = menu.find(name)
    near = [item.name for item in match.alternatives] if match.score >= _SOMEWHAT_ALIKE else []
    return tuple(related or near)[:_MOST_OFFERED]


def _dangles(text: str, spotted: Spotted, covered: Cover) -> bool:
    words = re.findall(r"[^\W_']+", text.casefold())
    if words and words[-1] in HESITATIONS:
        return True
    plain = spotted.text.rstrip(" ,.?")
    if _FOR_SOMEBODY.search(plain):
        return False
    return covered.loose_end and bool(_OPEN_ENDS.search(plain) or _UNFINISHED_LEAD.fullmatch(plain))
