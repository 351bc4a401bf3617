"""Phrases that change what was ordered: which of it, and to what.

"Which" is told by name ("the martini"), by how it is made ("the dry one"), by place ("the first one"), by number
("one of them") or by pointing ("that"); "what" is a way of making it, a number, or another drink.
"""

import re
from dataclasses import replace

from kiosk.bartender.acts import THAT, Act, Add, Clear, Modify, Remove, Replace, SetQuantity, Which
from kiosk.bartender.grammar import GROUP, GROUPS, ITEM, LEAD, MODIFIER, QUANTITY, TAIL, N, read_groups
from kiosk.bartender.phrase import (
    ACTUALLY,
    CAN,
    PLEASE,
    Found,
    Phrase,
    count_in,
    counted_groups,
    means,
    modifiers_in,
    reads,
)
from kiosk.bartender.spotting import Spotted

_OFF = r"(?:scratch|remove|delete|drop|skip|lose|forget(?: about)?|never mind(?! (?:an?|one|\+\d+|some) )|cancel|get rid of|leave out|take (?:off|away|out|back)|leave off|void|strike|hold|undo|scrap|bin|ditch|nix|kill|knock off|cross (?:off|out))"
_THE = r"(?:(?:the|my|that|those|these|this|his|her|our|their|your)(?: (?:friend|wife|husband|mate|brother|sister|dad|mum|mom|mother|father|girlfriend|boyfriend)s?)?)"
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "latest": -1, "other": 0, "previous": -1}
_PLACE = rf"(?:{'|'.join(_PLACES)})"
_PLAIN = r"(?:plain|normal|regular|standard)"
_TOLD = rf"(?:(?:{MODIFIER}|{_PLAIN}|{_PLACE})(?: and(?= {MODIFIER}))? )*"
_SAID_OF = r"(?: (?:i|we|you|he|she) (?:just )?(?:ordered|asked for|had|said|got|wanted|have)| on (?:the|my|our) (?:order|tab|list|bill)| (?:from )?(?:before|earlier))?"
_NAMED = rf"(?:{N} of )?{_THE} (?:{N} )?{_TOLD}(?:{ITEM}|ones?(?! of )|drinks?|rounds?){_SAID_OF}"
_POINTED = rf"(?:(?:{N} of )?(?:them|those|these)|(?:that|this)(?: one| drink)?|it|mine)"
_ALL = rf"(?:both|all|each|every one|everything)(?: {N})?(?: (?:of )?(?:(?:{_THE} )?{_TOLD}(?:{ITEM}|ones|drinks)|them|those|these|it|that))?"
WHICH = rf"(?P<which>{_ALL}|{_NAMED}|{_POINTED})"

_LINK = r"(?:(?:with|an?|some|very|also|over|extra|served|made|in|as|of course|just|all) )*"
_WAYS = rf"{_LINK}{MODIFIER}(?:(?: ,)?(?: and)? {_LINK}{MODIFIER})*(?!(?: {MODIFIER})* {ITEM})"
_NO = r"(?:without|no|not|minus|hold|less|skip|drop|lose|leave out|leave off|forget)(?: the| any| an?)*"
_TO = r"(?:(?:to|into|as|be|to be|come|served|on|for|with|by) )*"
# A number of drinks may be followed by nothing that it could count instead.
_END = r"(?! (?!please|thanks|thank|instead|then|actually|now|maya|and|too|though|after)[a-z@#])"
_VERB = r"(?:make|have|do|change|switch|turn|get|put|take|serve|pour|want|need|like|keep|leave|give me|bring me|i will have|i will take|i would like|i want|i wanted|i need|i meant)"
_MODAL = r"(?:(?:should|can|could|must|will|would|is supposed to|are supposed to|was supposed to|were supposed to|needs? to|has to|have to|is meant to|was meant to|is to|are to|ought to|wants? to|had better)(?: (?:have been|be|come|have|get|go))?(?: better)?)"
_ONTO = r"(?: (?:from|off|on|of) (?:my|the|our) (?:order|tab|bill|list))?"


def _which(text: str | None, spotted: Spotted) -> Which:
    words = (text or "").split()
    counted = re.match(rf"({N}) of ", text or "")
    items = [spotted.item(word) for word in words if word.startswith("@")]
    places = [_PLACES[word] for word in words if word in _PLACES]
    plain = ("plain",) if re.search(rf"\b{_PLAIN}\b", text or "") else ()
    everything = bool(words) and (
        words[0] in ("both", "all", "each", "every", "everything") or words[-1] in ("both", "all")
    )
    if (
        not everything
        and not counted
        and not items
        and (words[:1] in (["them"], ["those"], ["these"]) or "ones" in words)
    ):
        # "Make them doubles": of what was added last.
        places = places or [-1]
    return Which(
        items[0].item.name if items else None,
        modifiers_in(text or "", spotted) or plain,
        places[0] if places else None,
        count_in(counted[1], spotted) if counted else None,
        everything,
    )


def _modify(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    instead_of = modifiers_in(found.groupdict().get("instead") or "", spotted)
    return (Modify(modifiers_in(found["ways"], spotted), _of(found, spotted), instead_of=instead_of),)


def _leave_out(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return (Modify(modifiers_in(found["ways"], spotted), _of(found, spotted), without=True),)


def _single(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    ways = ("single",) if "single" in found["plain"] else ()
    return (Modify(ways, _of(found, spotted), without=True),)


def _count(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return (SetQuantity(count_in(found["count"], spotted) or 1, _of(found, spotted)),)


def _remove(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return (Remove(_of(found, spotted)),)


def _remove_some(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return (Remove(Which(quantity=count_in(found["count"], spotted))),)


def _of(found: Found, spotted: Spotted) -> Which:
    return _which(found.groupdict().get("which"), spotted)


def _remove_groups(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return tuple(
        Remove(Which(add.item, add.modifiers, quantity=add.quantity if counted else None))
        for add, counted in counted_groups(found["groups"], spotted)
    )


def _replace(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    old = Which(spotted.item(found["old"]).item.name) if found["old"] else THAT
    return (Replace(_first(found, spotted), old, is_choice=" but " in found.string),)


def _replace_which(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return (Replace(_first(found, spotted), _of(found, spotted)),)


def _replace_last(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    first, *rest = read_groups(found["groups"], spotted)
    return (Replace(first), *(replace(add, corrects=True) for add in rest))


def _first(found: Found, spotted: Spotted) -> Add:
    return next(read_groups(found["groups"], spotted))


_MAKE = rf"(?:(?:{CAN})(?:make|do|have|change|serve|switch|put)(?: me| us)? (?:that|it|this|them|those|the last one|mine)(?: all| both)?)"

CHANGES: tuple[Phrase, ...] = (
    # How many.
    reads(rf"{ACTUALLY}{_MAKE} (?:to |into )?(?P<count>{N})(?: of (?:them|those))?{PLEASE}", _count),
    reads(rf"{ACTUALLY}(?:(?:sorry |no )*i (?:said|mean|meant|want|wanted)|(?:only|just)|(?:it|that|they|there|we)(?: should| has to| have to| must| ought to| needs? to| is supposed to| was supposed to)(?: have)?(?: be| been)?|(?:i|we) only (?:want|need|wanted)) (?:only |just )?(?P<count>{N})(?: of (?:them|those))?{_END}{PLEASE}", _count),
    reads(rf"(?:actually|sorry|no|rather|wait|oops)(?: ,)?(?: just| only)? (?P<count>{N})(?: of (?:them|those))?{_END}{PLEASE}", _count),
    reads(rf"(?P<count>{N})(?: of (?:them|those))? (?:actually|instead|rather|in fact){PLEASE}", _count),
    reads(rf"{ACTUALLY}{CAN}(?:make|change) {WHICH} (?:to |into )?(?P<count>{N}){_END}{PLEASE}", _count),
    reads(rf"{ACTUALLY}(?:(?:let us )?go )?back to (?P<count>{N}){_END}{PLEASE}", _count),
    reads(rf"{ACTUALLY}{WHICH} {_MODAL} (?P<count>{N}){_END}{PLEASE}", _count),
    reads(rf"{ACTUALLY}(?:{LEAD} )?(?:just |only )?(?:the )?(?P<count>{N}) (?P<which>{ITEM}) not {N}{PLEASE}", _count),
    # In which way; "no ice" before "no, with ice".
    reads(rf"{ACTUALLY}(?:but )?{CAN}(?:{_VERB} )?{WHICH} (?:{_MODAL} )?{_NO} (?P<ways>{_WAYS}){PLEASE}", _leave_out),
    reads(rf"{ACTUALLY}(?:but )?{_NO} (?P<ways>{_WAYS})(?: (?:in|on|for|with) {WHICH})?{PLEASE}", _leave_out),
    reads(rf"{ACTUALLY}{CAN}take (?:the |any )?(?P<ways>{_WAYS}) (?:off|out of|out|away|from)(?: (?:of )?{WHICH})?{PLEASE}", _leave_out),
    reads(rf"{ACTUALLY}{CAN}(?:make|do|have|change|serve) (?P<which>(?:them|those|these) (?:both|all)) {_TO}(?P<ways>{_WAYS}){PLEASE}", _modify),
    reads(rf"{ACTUALLY}{_MAKE} {_TO}(?P<ways>{_WAYS}){PLEASE}", _modify),
    reads(rf"{ACTUALLY}{CAN}make (?P<which>{N} of (?:them|those|these)|{N}) {_TO}(?P<ways>{_WAYS})(?P<instead> (?:instead of|not|rather than) {MODIFIER})?{PLEASE}",
          lambda f, s: (Modify(modifiers_in(f["ways"], s), Which(quantity=count_in(f["which"], s)), instead_of=modifiers_in(f["instead"] or "", s)),)),
    reads(rf"{ACTUALLY}(?:{LEAD} )?(?P<which>{N}(?: of (?:them|those|these))?) (?:with )?(?P<ways>{_WAYS}){PLEASE}",
          lambda f, s: (Modify(modifiers_in(f["ways"], s), Which(quantity=count_in(f["which"], s))),)),
    reads(rf"{ACTUALLY}(?:but )?{CAN}(?:{_VERB} )?{WHICH} {_TO}(?P<ways>{_WAYS})(?P<instead> (?:instead of|not|rather than) {MODIFIER})?{PLEASE}", _modify),
    reads(rf"{ACTUALLY}{WHICH} {_MODAL} {_TO}(?P<ways>{_WAYS}){PLEASE}", _modify),
    reads(rf"{ACTUALLY}(?:{LEAD} |{CAN}(?:put|add|throw|stick) )?(?P<ways>{_WAYS}) (?:in|on|for|with|to|into|onto|beside) {WHICH}{PLEASE}", _modify),
    reads(rf"{ACTUALLY}(?:and |but )?(?:{LEAD} )?(?:with |and |an? |in |of course |add |put |some |extra |it )*(?P<ways>{_WAYS}){PLEASE}", _modify),
    reads(rf"{ACTUALLY}(?:(?:{CAN}(?:{_VERB} )?{WHICH} (?:{_MODAL} )?{_TO})|(?:make it |(?:{LEAD} )))?(?P<plain>(?:(?:an?|just|only) )*(?:single|{_PLAIN})(?: one)?)(?: (?:is|will be|would be) (?:fine|enough|okay|good))?{PLEASE}", _single),
    reads(rf"{ACTUALLY}(?P<ways>{_WAYS})(?: please)?(?: on| for)? (?P<which>{_ALL}|{_NAMED}|all of them|both of them){PLEASE}", _modify),
    reads(rf"{ACTUALLY}{WHICH}(?: ,)? {CAN}(?:make|do|have|serve) (?:that|it|this|them|those) {_TO}(?P<ways>{_WAYS}){PLEASE}", _modify),
    reads(rf"(?:no|not|actually|sorry|just|only)(?: ,)?(?: just| only)? (?:an? |the )?(?P<plain>{_PLAIN}) (?P<which>{ITEM}){PLEASE}", _single),
    # Another drink.
    reads(rf"{ACTUALLY}(?:{LEAD} )?instead of (?:(?:the|my|that|an?|{N}) )?(?:{MODIFIER} )*(?P<old>{ITEM})(?: ,)?(?: {LEAD})? (?P<groups>{GROUP}){TAIL}*", _replace),
    reads(rf"{ACTUALLY}(?:{LEAD} )?(?P<groups>{GROUP})(?: please)? (?:instead|rather than|rather|in place|not)(?: of)? (?:(?:the|my|that|an?|{N}) )?(?:{MODIFIER} )*(?P<old>{ITEM}){PLEASE}", _replace),
    reads(rf"{ACTUALLY}{CAN}(?:change|swap|replace|switch|exchange|turn|make|trade) (?:out )?(?:(?:the|my|that|an?|{N}) )?(?:{MODIFIER} )*(?P<old>{ITEM})(?: (?:to|for|with|into|by|in|out))* (?P<groups>{QUANTITY} {GROUP}|{GROUP}){TAIL}*", _replace),
    reads(rf"{ACTUALLY}{CAN}(?:change|swap|replace|switch|exchange|turn|make|trade) (?:out )?{WHICH} {_TO}(?P<groups>{QUANTITY} {GROUP}|{GROUP}){TAIL}*", _replace_which),
    reads(rf"{ACTUALLY}{WHICH} {_MODAL} (?P<groups>{QUANTITY} {GROUP}){TAIL}*", _replace_which),
    reads(rf"{ACTUALLY}(?:no |not )(?:the |an? )?(?P<old>{ITEM})(?: please)?(?: ,)?(?: but(?: rather)?| rather| just| instead| i (?:wanted|meant|said|mean)(?: to (?:say|have))?)? (?P<groups>{QUANTITY} {GROUP}|{GROUP}){TAIL}*", _replace),
    reads(rf"{ACTUALLY}{CAN}(?:change|swap|switch|exchange) (?:that|it|this)(?: (?:to|for|with|into|by))* (?P<groups>{GROUPS}){TAIL}*", _replace_last),
    reads(rf"{ACTUALLY}(?:{CAN}make|let us make) (?:that|it|this|them|mine) (?P<groups>{GROUPS}){TAIL}*(?: instead)?{TAIL}*", _replace_last),
    reads(rf"{ACTUALLY}(?:i (?:said|meant|mean|wanted(?: to say)?|asked for|ordered|was meant to say)|it should be|that should be) (?P<groups>{GROUPS}){TAIL}*(?: instead)?{TAIL}*", _replace_last),
    reads(rf"{ACTUALLY}(?:{LEAD} )?(?P<groups>{GROUPS})(?: please)? instead{TAIL}*", _replace_last),
    reads(rf"{ACTUALLY}{CAN}(?:scratch|forget|cancel|strike|undo|never mind|scrap) (?:that|it)(?: one)?(?: ,)?(?: and)?(?: make it| {LEAD})? (?P<groups>{GROUP}){TAIL}*", _replace_last),
    # Off.
    reads(rf"{ACTUALLY}{CAN}take (?P<count>{N}) (?:(?:of )?(?:those|them|these)|of the \w+ )? ?(?:off|away|out|back)(?: again)?{_ONTO}{PLEASE}", _remove_some),
    reads(rf"{ACTUALLY}{CAN}take (?:another |(?P<count>{N}) more )(?:of (?:those|them|these) )?(?:off|away|out|back){_ONTO}{PLEASE}", lambda f, s: (Remove(Which(quantity=count_in(f["count"], s) or 1)),)),
    reads(rf"{ACTUALLY}(?:and )?(?P<groups>{GROUPS}) (?:less|fewer){PLEASE}", _remove_groups),
    reads(rf"{ACTUALLY}(?:and )?(?P<count>{N}) (?:less|fewer)(?: of (?:those|them|these))?{PLEASE}", _remove_some),
    reads(rf"{ACTUALLY}{CAN}{_OFF} (?P<groups>{GROUPS}){_SAID_OF}{_ONTO}(?: off)?{PLEASE}", _remove_groups),
    reads(rf"{ACTUALLY}{CAN}take (?P<groups>{GROUPS}) (?:off|away|out|back){_ONTO}{PLEASE}", _remove_groups),
    reads(rf"{ACTUALLY}(?:no |not )(?P<groups>{GROUPS}) (?:after all|any ?more|actually|either){PLEASE}", _remove_groups),
    reads(rf"(?:actually|sorry|wait|second thoughts?)(?: ,)? no (?P<groups>{GROUPS}){PLEASE}", _remove_groups),
    reads(rf"{ACTUALLY}(?:i|we|he|she|my \w+) (?:do not|does not|would not|will not|no longer) (?:want|wants|need|needs|like|be having) (?P<groups>{GROUPS}) (?:after all|any ?more|now){PLEASE}", _remove_groups),
    reads(rf"{ACTUALLY}(?:i|we) (?:no longer want|have changed my mind about|changed my mind about|have changed my mind on) (?P<groups>{GROUPS}){PLEASE}", _remove_groups),
    reads(rf"{ACTUALLY}{CAN}{_OFF} {WHICH}{_ONTO}(?: off)?{PLEASE}", _remove),
    reads(rf"{ACTUALLY}{CAN}(?:take|knock|leave|cross|get) {WHICH} (?:off|away|out|back){_ONTO}{PLEASE}", _remove),
    reads(rf"{ACTUALLY}{WHICH} (?:can|should|has to|needs to|must|may|could) (?:go|come off|be (?:cancelled|canceled|removed|taken off))(?: again)?{_ONTO}{PLEASE}", _remove),
    reads(rf"{ACTUALLY}(?:i|we|he|she|my \w+) (?:do not|does not|would not|no longer) (?:want|wants|need|needs) {WHICH} (?:after all|any ?more|now){PLEASE}", _remove),
    reads(rf"{ACTUALLY}{CAN}{_OFF} (?P<count>{N})(?: of (?:them|those|these))?{_END}{PLEASE}", _remove_some),
    means(rf"{ACTUALLY}(?:i|we) (?:(?:have )?changed my mind|do not want (?:that|it|this)(?: any ?more| after all)?|did not (?:want|order|say|ask for) that|take (?:that|it) back){PLEASE}", Remove()),
    means(
        rf"{ACTUALLY}{CAN}(?:(?:cancel|clear|scrap|scratch|remove|delete|drop|forget|undo|empty|wipe|bin)(?: out)? (?:my|the|our|this|that)?(?: whole| entire| complete)? ?(?:order|tab|drinks|list)"
        rf"|(?:cancel|clear|scrap|scratch|remove|delete|drop|forget|undo|take off|never mind|bin)(?: about)? (?:it all|everything(?! but)|all(?: of (?:it|that|them))?(?! (?:the|my|those|these|of|@))|the whole thing|the lot|the whole lot)"
        rf"|(?:let us )?start (?:over|again|afresh|from scratch)|begin again|reset|i (?:do not|no longer) want (?:anything|any of (?:it|that|this))(?: any ?more| after all)?){PLEASE}",
        Clear(),
    ),
)  # fmt: skip
