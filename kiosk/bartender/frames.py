"""What is said about drinks without asking for one: refusals, reports, memories, what-ifs.

A frame takes in the whole clause that it opens, so that nothing inside it is read as an order.
"""

import re

from kiosk.bartender.acts import Act, Decline, Say, Topic
from kiosk.bartender.grammar import GROUP, ITEM, LEAD
from kiosk.bartender.spotting import Spotted

_KIN = r"(?:my|our|his|her|the|this|that|a|your) (?:\w+ )?(?:friend|wife|husband|brother|sister|boss|girlfriend|boyfriend|mother|father|dad|mom|mum|guy|man|woman|lady|doctor|colleague|buddy|mate|uncle|aunt|son|daughter|neighbor|bartender|waiter|cousin|roommate|partner)s?(?: over there| here| next to me)?"
_OTHERS = rf"(?:he|she|they|someone|somebody|everyone|everybody|people|nobody|no one|{_KIN})"
_SAID = r"(?:said|says|say|told|tells|asked|asks|thinks|think|thought|claims|mentioned|swears|wanted|ordered|orders|had|drank|drinks|drink|likes|like|loves|love|hates|was|were|is|are|has|spilled|got|gets|bought|tried|prefers|recommended|recommends|would have|used to|does|did|makes|made)"
_NOT = r"(?:not|never|no longer)"
# A frame reaches to the end of the sentence, or to a request that is set against it ("but I'd like").
_REQUEST = rf"(?:{LEAD}) (?:an?|the|some|another|one|\+\d+|#\d+|@\d+)(?= |$)"
# What is asked for in so many words ends it, too, unless it is what is thought or said ("I don't think I'll have one").
_ASKS = r"(?<!think)(?<!believe)(?<!suppose)(?<!guess)(?<!say)(?<!said)(?<!says)(?<!told)(?<!that)(?<!mean)(?<!if)(?<!and)(?<!me) (?:(?:i|we) (?:would like|will have|will take)|(?:can|could|may) (?:i|we) (?:get|have)|let me (?:get|have)|give (?:me|us)|(?:so )?only|make it|make that) (?:please )?(?:an?|some|another|one|\+\d+|@\d+)(?= )"
_REST = rf"(?:(?!(?: ,)? (?:but|so) {_REQUEST}|{_ASKS})[^.?])*"
_REFUSED = rf"(?:(?!{_ASKS}| (?:it should be|make it|make that|let us make|just make)|(?: ,)? (?:but|so) {_REQUEST}|(?: ,)+ {_REQUEST}|(?: ,)? (?:but|just|rather)(?: rather| just)? {GROUP})[^.?])*"

_OFFERS = (
    rf"(?:here you (?:go|are)|there you (?:go|are)|here is (?:your|the|my|his|her|an?)|here are|coming (?:right )?up)\b{_REST}",
    rf"(?:i|we|let me|let us) (?:will |would |can |could |am going to |shall |would like to |want to )*(?:get|buy|make|pour|bring|fix|give|mix|offer|stand|treat) (?:you|her|maya)(?: to)?\b{_REST}",
    rf"(?:do|would|did|will|are) you (?:ever |even |also |really |yourself )*(?:fancy|want|like|care for|drink|drinking)\b{_REST}",
)
_MEMORIES = (
    rf"(?:i|we) (?:just |already |have already |have |had |have just )*had\b{_REST}",
    rf"(?:what )?if (?:i|we|you|he|she|they) (?:had|ordered|drank|got|were|would|wanted)\b{_REST}",
    rf"(?:i|we|he|she|they|{_KIN}) (?:said|says|told \w+|asked|thought|heard)(?: that)? (?:i|we|he|she|they) (?:wanted|ordered|had|drank|liked)\b{_REST}",
    rf"(?:he|she|they|somebody|someone|everyone|everybody|people|{_KIN}(?: \w+){{0,3}}?) (?:ordered|had|drank|spilled|bought|tried|recommended|recommends|prefers?|hates?|used to|asked for)\b{_REST}",
    rf"(?:should|shall|must) (?:i|we) (?:get|have|order|try|take|drink)\b{_REST}",
    rf"(?:imagine|suppose|what if|wish|i wish|only if|unless)\b{_REST}",
    rf"(?:i|we) (?:drank|used to|tried|remember|heard|saw|spilled|always (?:drink|order|have)|would have (?:had|ordered|liked|wanted)|could have|should have)\b{_REST}",
    rf"(?:the |my |that |this |your |our )?(?:last |first )?{ITEM}(?: (?:i|we|you|he|she|they) \w+)? (?:(?:was|were)(?! (?:supposed|meant))|tastes?|tasted|smells?|looks?)\b{_REST}",
)
_REFUSALS = (
    rf"(?:please )?(?:do|did|would|could|can|will|should) not (?:give|get|bring|make|pour|add|put|order|serve|charge)\b{_REFUSED}",
    rf"(?:i|we)(?: really| just| honestly| actually)* (?:do|did|would|could|can|will|should|am|are|was|were|have|had|shall) {_NOT}\b{_REFUSED}",
    rf"(?:i|we) (?:never|hate|dislike|can not stand|have had enough)\b{_REFUSED}",
    rf"(?:please )?(?:never(?! mind)|nobody wants|no one wants) {_REFUSED}",
    rf"(?:i|we) (?:would|had) (?:rather|better|sooner) not\b{_REFUSED}",
    rf"(?:i|we) (?:want|need|would like|will have|will take) (?:no|none)\b{_REFUSED}",
    rf"let (?:us|me) not\b{_REFUSED}",
    rf"(?:definitely |absolutely |please )?(?:no|not)(?: more| another| the| any| my)* {ITEM}{_REFUSED}",
    rf"(?:definitely |absolutely |please )?not an? {ITEM}{_REFUSED}",
    rf"(?:anything|something|everything) (?:but|except) {_REFUSED}",
    rf"(?:it is|that is) not {_REFUSED}",
)
_STATEMENTS = (
    rf"(?:and |but )?(?:if|unless|imagine|suppose|what if|wish|i wish|only if|when)\b{_REST}",
    rf"(?:and |but |so )?{_OTHERS} {_SAID}\b(?! (?:have|take|like|having|taking|getting|after|going)){_REST}",
    rf"(?:i|we) (?:had|drank|ordered|used to|have had|was|were|told|said that|tried|thought|remember|heard|saw|bought|spilled|already had|always (?:drink|order|have)|would have (?:had|ordered|liked|wanted)|could have|should have|might (?:have|get|want|order|try)|may (?:have|get|order) .*later|just had|wanted to (?:try|have) .*(?:yesterday|once))\b{_REST}",
    rf"(?:last|yesterday|once|years ago|back (?:home|then)|the other day|that time|in \w+ they)\b{_REST}",
    rf"(?:should|shall|must) (?:i|we) (?:get|have|order|try|take|drink)\b{_REST}",
    rf"(?:the |my |that |this |your |our |a |last |these |those )*(?:last |first )?{ITEM} (?:is|was|are|were|tastes?|looks?|smells?|goes|comes|has|had|makes|costs)\b{_REST}",
    rf"(?:i|we) (?:like|love|prefer|adore|enjoy|know|miss|hate)(?: the| your| my)? {ITEM}{_REST}",
    rf"(?:this|it|here|there|these|those)(?: is| was| are| were| looks like| tastes like)[^.?]*{ITEM}{_REST}",
    rf"(?:is|was|are|were) (?:that|this|it|there|these|those)\b[^.?]*{ITEM}{_REST}",
    rf"let (?:me|us) (?:tell|show|explain)\b{_REST}",
    rf"(?:the |my |that |this |your |our )(?:last |first )?{ITEM} (?:i|we|you|he|she|they) {_REST}",
    rf"(?:the |my |that |this |your |our )?{ITEM} (?:here|there) (?:is|was|are|were)\b{_REST}",
    rf"(?:i|we) (?:live|work|come from|am from|are from) {_REST}",
    rf"(?:you|he|she|they|it) (?:looks?|sounds?|smells?|tastes?) like\b{_REST}",
    r"(?:maybe|perhaps) [^.?]* (?:later|tomorrow|next time)",
    rf"(?:maybe|perhaps|possibly) (?:later|next time|tomorrow){_REST}",
    rf"(?:do|does|did) (?:people|he|she|they|many people|you) (?:like|drink|order|have a favourite)\b{_REST}",
)

_REFUSAL = re.compile("|".join(f"(?:{pattern})" for pattern in _REFUSALS))
_UNWANTED = re.compile(
    rf"(?:i|we)(?: really| actually)* (?:do|did|would|will) not(?: really| actually)* (?:want|need|fancy|have|be having|be needing) (?:the|my|that|those) {ITEM}"
)
_FIRM = re.compile("|".join(f"(?:{pattern})" for pattern in (*_OFFERS, *_MEMORIES)))
_STATEMENT = re.compile("|".join(f"(?:{pattern})" for pattern in _STATEMENTS))


def frame_at(spotted: Spotted, position: int, *, firm: bool = False) -> tuple[int, tuple[Act, ...]] | None:
    """The end and the meaning of a frame that opens at `position` of the marked text, if one does.

    Parameters:
        firm: only one that leaves no doubt.
    """
    if found := _REFUSAL.match(spotted.text, position):
        items = [spotted.item(marker).item.name for marker in re.findall(ITEM, found.group())]
        return found.end(), (Decline(items[0] if items else None, definite=bool(_UNWANTED.match(found.group()))),)
    if found := _FIRM.match(spotted.text, position):
        return found.end(), (Say(Topic.STATEMENT),)
    if not firm and (found := _STATEMENT.match(spotted.text, position)):
        return found.end(), (Say(Topic.STATEMENT),)
    return None
