"""The grammar of an order: what a guest says around the drinks, as patterns over marked sentences.

See `spotting` for the markers. Every pattern matches whole tokens: it begins at one and is followed by
a space or the end.
"""

import re
from collections.abc import Iterator

from kiosk.bartender.acts import Add
from kiosk.bartender.spotting import Spotted

# How often a phrase repeats a part of it at most.
MOST_REPEATED = 12

N = r"(?:\+\d+|one)"
ITEM = r"@\d+"
MODIFIER = r"#\d+"
CATEGORY = r"&\d+"
ARTICLE = r"(?:an?|the|some|my|that|this|your|our|these|those|any)"

_SOFTENER = (
    r"(?:please|just|also|maybe|perhaps|probably|really|actually|kindly|then|simply|now|only|possibly|definitely)"
)
_SOFT = rf"(?: {_SOFTENER})*"
_KIN = r"(?:(?:my|our|his|her) (?:(?!and |please|with )\w+ )?(?!and |please|with )\w+|the (?!(?:tip|bill|tab|check|last|first|second|other|same)\b)\w+|everyone|everybody|all of us|the rest of us)"
PERSON = (
    rf"(?:me|us|him|her|them|myself|himself|herself|themselves|ourselves|each of us|all of us|both of us|you|{_KIN})"
)

QUANTITY = rf"(?:another(?: {N})?|{N} more|{N} of (?:the|those|these|your|them)|{N}|{ARTICLE}(?: {N})?)"
CONTAINER = r"(?:(?:ice cold |cold )?(?:glass|glasses|pint|pints|schooners?|half pints?|measures?|tots?|wee drams?|drams?|drops?|jars?|tumblers?|bottle|bottles|shots?|cups?|mugs?|rounds?|cans?|orders?|servings?|jugs?) of)"
_ADJECTIVE = (
    r"(?:nice|cold|ice|fresh|good|quick|lovely|delicious|tasty|regular|normal|plain|hot|proper|big|"
    r"more|extra|of|really|very|best|finest|usual|simple|standard|whole|full|single)"
)
# A modifier directly before a drink belongs to that one: it is no trailing modifier of the last.
_OWN = rf"{MODIFIER}(?!(?: {MODIFIER})* {ITEM})"
_AFTER = (
    rf"(?:(?: ,)?(?: and| with| in| but| served| made| plus)*(?: an?| the| some| extra| very)* {_OWN}"
    rf"|(?: ,)?(?: and| with| but)*(?: no| without| not| hold the) (?:an? )?{_OWN})"
)
_BEFORE = rf"(?:(?:{MODIFIER}|{_ADJECTIVE})(?: and(?= {MODIFIER})| ,(?= {MODIFIER}))?)"
FOR_WHOM = rf"(?: for {PERSON})"
# "A martini please, dirty": the ways of making it may follow the manners.
_LATE = rf"(?:(?: ,)?(?: please| thanks| cheers|{FOR_WHOM})+(?: ,)?(?: but)?(?: with| in| and make it| make it| served)*(?: an?)? {_OWN}(?! {N})(?! please {N}))"
DRINK = rf"(?:{CONTAINER} )?(?:an? )?(?:{_BEFORE} )*{ITEM}{_AFTER}*{_LATE}?{_AFTER}*"
_SHARE = rf"(?:{N}|the other(?: {N})?|an?other(?: {N})?|an?)(?: of (?:them|those))?(?: is| should be| will be| are)? (?:with )?{MODIFIER}(?: (?:and )?{MODIFIER}(?! {ITEM}))*"
# "two martinis, one dry and one dirty": the drinks of one group told apart.
SHARES = rf"(?:(?: ,| and| with)* {_SHARE}(?! {ITEM})(?:(?: ,| and)* {_SHARE}(?! {ITEM}))+)"
_ALL = rf"(?:(?: ,)?(?: and)? (?:both|all|each|all of them|both of them|each of them|every one)(?: of them)? (?:with )?{MODIFIER}(?: and {MODIFIER})*)"
_TIMES = rf"(?: times {N}| x {N})"
# "One beer for me, one for him and one for her."
_OTHERS = rf"(?:(?:(?: ,| and)* (?:another|{N}){FOR_WHOM})+)"
GROUP = rf"(?:{QUANTITY} )?{DRINK}(?:{SHARES}|{_ALL}|{_TIMES})?{FOR_WHOM}?{_OTHERS}?(?: please)?"
_COUNTED = rf"{QUANTITY} {DRINK}(?:{SHARES}|{_ALL}|{_TIMES})?{FOR_WHOM}?{_OTHERS}?(?: please)?"
_SEPARATOR = r"(?:(?: ,)? and(?: then| also| maybe| for (?:me|us|him|her|them|(?:my|the) \w+)| of course)?| ,| plus| with| as well as| along with| also| followed by)"
# Atomic: a list is read once, from left to right, whatever follows it.
GROUPS = rf"(?>{GROUP})(?>{_SEPARATOR} {GROUP}| {_COUNTED})*+"

_VERB = r"(?:get|have|order|grab|try|take|buy|do|ask (?:you )?for|trouble you for|request|drink|start with|stick (?:to|with)|settle (?:for|on)|go (?:for|with)|add)"
_BRING = (
    r"(?:get|give|bring|pour|hand|order|add|pass|grab|send|fix|put|start|sort|serve|make|mix|do|prepare|shake|whip up)"
)
_BENEFIT = r"(?: (?:me|us|him|her|them))"
_TO = r"(?: to (?:have|get|order|try|drink|add|buy|start with|request))?"
_THINK = r"(?:(?:and )?(?:i think|i guess|i suppose|i believe|i reckon|maybe|perhaps|please|then|also|now|today|for now|first|actually) )*+"
LEAD = (
    rf"(?:{_THINK}(?:"
    rf"(?:can|could|may|might) (?:i|we){_SOFT} {_VERB}{_BENEFIT}?"
    rf"|(?:can|could|will|would) you{_SOFT} {_BRING}{_BENEFIT}"
    rf"|(?:can|could|will|would) you{_SOFT} (?:get|bring|pour|add|order|put)"
    rf"|(?:i|we){_SOFT} will{_SOFT} (?:{_VERB}|need|want|be having)"
    rf"|(?:i|we){_SOFT} (?:would|should){_SOFT} (?:like|love|take|try|want|order|fancy|prefer|rather have|appreciate|go for|go with|kill for){_TO}"
    rf"|(?:i|we){_SOFT} (?:want|need|require|fancy|take){_TO}"
    rf"|(?:i|we) could (?:go for|use|do with)"
    rf"|(?:i am|we are){_SOFT} (?:going to (?:{_VERB}|need|want)|having|getting|ordering|after|taking|going (?:for|with)|looking for)"
    rf"|let (?:me|us){_SOFT} {_VERB}"
    rf"|(?:give|get|bring|make|pour|hand|fix|mix|serve|grab|pass|send|prepare|do){_BENEFIT}"
    rf"|(?:add|order|get|bring|pour|serve|mix|put)(?: on| in)?"
    rf"|(?:is it|would it be) (?:possible|okay|all right) (?:to|if i|if we|for me to|for us to)(?: can| could)? {_VERB}"
    rf"|(?:would|do) you mind (?:getting|giving|making|bringing|pouring|fixing|mixing){_BENEFIT}?"
    rf"|(?:i am|i was|we were|just) (?:wondering|hoping)(?: if)? (?:i|we) (?:can|could|may|might) {_VERB}"
    rf"|i was hoping (?:to {_VERB}|for)"
    rf"|(?:is there )?any chance (?:of|for|(?:i|we) (?:can|could) {_VERB})"
    rf"|how about(?= (?:an?|another|some|{N}) )"
    rf"|(?:he|she|they|everyone|everybody|{_KIN}(?: here| over there)?) (?:will|would|is going to)(?: just| also)? (?:have|take|like|love|get|do|drink|go for|go with|want)"
    rf"|(?:he|she|they|everyone|everybody|{_KIN}(?: here| over there)?)(?: just| also)? (?:wants?|needs?|takes?|fancies|fancy|is having|are having|is after|is going with|is on)"
    rf"|make mine|mine is|(?:and )?for (?:me|us|him|her|them|my \w+|the \w+)(?: ,| is| it is| it will be| make it)?"
    rf"))"
)
TAIL = (
    rf"(?:(?: ,)?(?: and)?(?: please| thanks| thank you(?: very much| so much)?| cheers)"
    rf"|{FOR_WHOM}| to go| to start(?: with| off)?| to begin with| first| for now| now| right (?:now|away)| too| as well| also"
    rf"| then| today| tonight| here| over here|(?: ,)? maya| mate| buddy| man| sir| madam| miss| love| darling| dear| bartender"
    rf"| if (?:i|you) (?:can|could|may|do not mind|would|please)(?: please)?| if possible"
    rf"| when(?:ever)? you (?:can|get a (?:chance|moment|minute|second)|have a (?:chance|moment|minute|second)|are ready)"
    rf"| (?:on|to) (?:my|the|our) (?:tab|order|bill|list)"
    rf"| (?:would|will) (?:be (?:great|nice|lovely|good|perfect|fine|awesome|amazing|wonderful)|do(?: nicely)?)"
    rf"| today| this time| i (?:guess|think|suppose|reckon))"
)

_GROUP = re.compile(
    rf"(?:(?P<quantity>{QUANTITY}) )?(?P<drink>{DRINK})(?P<shares>{SHARES})?(?P<all>{_ALL})?(?P<times>{_TIMES})?{FOR_WHOM}?(?P<others>{_OTHERS})?"
)
_REPEATED = re.compile(r"(?<!\\)\)([*+])")
_DEFINITE = re.compile(r"(?:the|that|those|these|this|my|his|her|our|their)(?: |$)")
_SHARE_OF = re.compile(_SHARE)
_NEGATED = re.compile(rf"(?: no| without| not| hold the) (?:an? )?{MODIFIER}")


def bounded(pattern: str) -> str:
    """`pattern` with an end to each part that it repeats; a longer list is read in pieces.

    Any word may open any phrase, so what a phrase takes in before it fails has to be short: without an end a
    sentence costs at least the square of its length, and a thousand times "a" took seventeen seconds.
    """
    return _REPEATED.sub(lambda found: f"){{{int(found[1] == '+')},{MOST_REPEATED}}}", pattern)


def read_groups(text: str, spotted: Spotted) -> Iterator[Add]:
    """The orders in `text`, which matches `GROUPS`; a quantity of 0 stands for one that makes no sense."""
    for group in _GROUP.finditer(text):
        drink = group["drink"]
        item = spotted.item(re.findall(ITEM, drink)[0]).item.name
        modifiers = _modifiers(drink, spotted)
        quantity = _quantity(group["quantity"] or "", spotted)
        if group["times"]:
            quantity = spotted.number(group["times"].split()[-1])
        for other in re.findall(rf"(another|{N}){FOR_WHOM}", group["others"] or ""):
            quantity += _quantity(other, spotted)
        if group["all"]:
            modifiers += _modifiers(group["all"], spotted)
        if group["shares"]:
            yield from _told_apart(item, quantity, modifiers, group["shares"], spotted)
        else:
            # "My martini" may be a new one, and "the martini" is more often that which was ordered.
            said = group["quantity"] or ""
            yield Add(item, quantity, modifiers, uncounted=not said, definite=bool(_DEFINITE.match(said)))


def _told_apart(item: str, quantity: int, modifiers: tuple[str, ...], shares: str, spotted: Spotted) -> Iterator[Add]:
    rest = quantity
    for share in _SHARE_OF.findall(shares):
        count = _quantity(share.split(" #")[0], spotted)
        rest -= count
        yield Add(item, count, modifiers + _modifiers(share, spotted))
    if rest > 0:
        yield Add(item, rest, modifiers)


def _quantity(text: str, spotted: Spotted) -> int:
    numbers = re.findall(r"\+\d+", text)
    return spotted.number(numbers[0]) if numbers else 1


def _modifiers(text: str, spotted: Spotted) -> tuple[str, ...]:
    wanted = _NEGATED.sub("", f" {text}")
    return tuple(dict.fromkeys(spotted.modifier(marker).text for marker in re.findall(MODIFIER, wanted)))
