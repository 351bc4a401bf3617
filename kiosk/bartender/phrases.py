"""Phrases at a bar that mean one thing: a table of patterns over marked sentences, each with its act.

Order, change and removal first, then questions, money, and talk; where several patterns fit, the one
that explains most words wins, then the first.
"""

import re
from dataclasses import replace

from kiosk.bartender.acts import (
    Act,
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    AskAbout,
    AskAvailable,
    AskBalance,
    AskMenu,
    AskOrder,
    AskPayment,
    AskPrice,
    AskRecommendation,
    AskTip,
    CancelPayment,
    Choose,
    Number,
    OddQuantity,
    Pay,
    Perhaps,
    SetQuantity,
    Tip,
    TipUnsaid,
    WhichOf,
)
from kiosk.bartender.grammar import (
    ARTICLE,
    CATEGORY,
    DRINK,
    GROUP,
    GROUPS,
    ITEM,
    LEAD,
    MODIFIER,
    PERSON,
    QUANTITY,
    TAIL,
    N,
    read_groups,
)
from kiosk.bartender.phrase import ACTUALLY, CAN, PLEASE, Found, count_in, item_in, items_in, means, modifiers_in, reads
from kiosk.bartender.spotting import Spotted

# -- Reading what a pattern found -----------------------------------------------------------------


def _adds(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    adds = tuple(read_groups(found["groups"], spotted))
    if all(add.quantity == 0 for add in adds):
        return (OddQuantity(adds[0].item),)
    adds = tuple(add for add in adds if add.quantity)
    said = found.groupdict()
    asked, corrects = bool(said.get("lead")), bool(_CORRECTING.search(said.get("opening") or ""))
    # "Can I have my negroni on the rocks" is about the one that was ordered.
    asked = asked and not re.match(r"my |mine ", found["groups"]) and not _HANDLING.search(said["lead"] or "")
    return tuple(replace(add, definite=add.definite and not asked, corrects=corrects) for add in adds)


def _perhaps(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    adds = tuple(add for add in _adds(found, spotted) if isinstance(add, Add))
    return (Perhaps(adds),) if adds else (OddQuantity(),)


def _round(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    add = next(read_groups(found["groups"], spotted))
    return (replace(add, quantity=count_in(found["count"], spotted) or 1),)


def _count(found: Found, spotted: Spotted, default: int | None = None) -> int | None:
    found_count = count_in(found["count"], spotted)
    return default if found_count is None else found_count


def _again(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    return (Again(_count(found, spotted)),)


def _menu_of(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    category = _category(found, spotted)
    if category is None and re.search(ITEM, found.group()):
        return tuple(AskAvailable(item) for item in items_in(found, spotted))
    return (AskMenu(category),)


def _category(found: Found, spotted: Spotted) -> str | None:
    if markers := re.findall(CATEGORY, found.group()):
        return spotted.categories[int(markers[0][1:])]
    for marker in re.findall(ITEM, found.group()):
        if spotted.item(marker).plural and spotted.item(marker).category:
            return spotted.item(marker).category
    return None


def _which_of(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    category = spotted.categories[int(re.findall(CATEGORY, found.group())[0][1:])]
    return (WhichOf(category, (), _count(found, spotted, 1) or 1),)


def _tip(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    tip = Tip(_count(found, spotted))
    return (tip, Pay()) if re.search(r"(?:^| )pay(?: |$)", found.group()) else (tip,)


def _each(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    items = [spotted.item(marker) for marker in re.findall(ITEM, found.group())]
    return (AddOneOfEach(next((item.category for item in items), None) or _category(found, spotted)),)


# -- The table ------------------------------------------------------------------------------------

# "No, a martini" corrects; "no martini" refuses.
_OPENING = r"(?P<opening>(?:(?:actually|sorry|wait|oh|well|okay|on second thoughts?|rather|or rather|hang on|hold on|just|only|(?:love|mate|darling|maya|man|sir)(?= )|no(?= (?:,|an?|one|\+\d+|i|can|could|make|give|just|only|sorry|wait|actually)(?: |$)))(?: ,)? )*)"
# "Put the gin on ice": no new one.
_HANDLING = re.compile(r"\b(?:put|serve|make|pour|mix)\b")
_CORRECTING = re.compile(r"actually|sorry|wait|second thought|rather|hang on|hold on|(?:^| )no(?: |$)")
_THIRD = rf"(?:he|she|{PERSON}(?: here| over there)?) (?:wants?|takes?|needs?|will (?:have|take|do)|would (?:like|love)|is having|gets|has)"
_ONE = rf"(?:that|it|this|those|them|that one|this one|that drink)(?: {N})?"

ORDERS = (
    reads(rf"{_OPENING}(?P<lead>{LEAD} )?(?P<groups>{GROUPS})(?P<tail>{TAIL}*)", _adds),
    reads(rf"{_OPENING}(?:{LEAD} )?(?:(?:an?|another|one|the) )?(?:big |quick |whole )?rounds? of (?P<groups>{DRINK}) for (?:the |all )?(?P<count>{N})(?: of us| people| persons| guests)?{TAIL}*", _round),
    # Told as a wish or a thought: likely an order, worth a question.
    reads(
        rf"(?:(?:i|we) (?:feel like|would have|have|like|might have|may have|am thirsty for|will see)"
        rf"|time for|what about|maybe|perhaps|(?:i am|i was) thinking(?: of| about)?(?: having)?) (?P<groups>{QUANTITY} {GROUPS})",
        _perhaps,
    ),
    reads(rf"(?:i am|we are) (?:in the mood|thirsty|dying|up) for (?P<groups>{GROUPS})", lambda f, s: tuple(replace(act, otherwise=True) if isinstance(act, Perhaps) else act for act in _perhaps(f, s))),
    reads(rf"(?P<groups>{QUANTITY} {GROUPS}) (?:sounds?|looks?) (?:good|great|nice|lovely|perfect|tempting|delicious)", _perhaps),
    reads(
        rf"(?:{LEAD} )?(?:half (?:an? |of an? )?|(?:an? )?(?:few|bunch of|load of|lot of|lots of|several|many|loads of|ton of) )(?:{MODIFIER} )*(?P<item>{ITEM}){TAIL}*",
        lambda found, spotted: (OddQuantity(item_in(found, spotted)),),
    ),
    # "a frozen daiquiri": a drink that is there, told apart by a word that is not known.
    reads(
        rf"(?:{LEAD} )?(?P<groups>{QUANTITY}) (?!not\b|of\b|and\b|or\b|in\b|to\b|for\b|the\b|is\b|was\b|sorry\b|and\b)[a-z]+ (?P<known>(?!{QUANTITY} ){GROUP}){TAIL}*",
        lambda f, s: (Perhaps(tuple(read_groups(f"{f['groups']} {f['known']}", s)), otherwise=True),),
    ),
    reads(
        rf"(?:{LEAD} )?(?:\d+\.\d+|minus (?:{N})|zero|negative (?:{N})) (?:{MODIFIER} )*(?P<item>{ITEM}){TAIL}*",
        lambda found, spotted: (OddQuantity(item_in(found, spotted)),),
    ),
    reads(
        rf"(?:{LEAD} )?(?P<count>{QUANTITY}|something from the)? ?(?:good |nice )?{CATEGORY}{TAIL}*", _which_of
    ),
    reads(rf"(?:{LEAD} )?one of each(?: (?:of )?(?:the |your |those |these )?(?:{CATEGORY}|{ITEM}))?(?: of (?:those|them))?{TAIL}*", _each),
    reads(rf"(?:{LEAD} )?(?P<count>{N}) of (?:those|them|these|that){TAIL}*", lambda f, s: (AddMentioned(_count(f, s)),)),
    reads(rf"{LEAD} (?P<count>{N})(?: of (?:those|them|these))?{TAIL}*", lambda f, s: (AddMentioned(_count(f, s)),)),
    means(rf"(?:(?:okay|yes|yeah|then) )?{LEAD} (?:{_ONE}|the same one|your suggestion|your recommendation){TAIL}*", AddMentioned()),
    means(rf"(?:that one|this one|that sounds (?:good|great|perfect|nice|lovely)|sounds (?:good|great|perfect|lovely|nice)|i am in|why not){TAIL}*", AddMentioned()),
    means(rf"(?:{LEAD} )?the (?:cheap(?:er|est)|least expensive|less expensive)(?: one| of (?:the two|them|those))?{TAIL}*", Choose(1, by_price=True)),
    means(rf"(?:{LEAD} )?the (?:(?:more|most) expensive|priciest|pricier)(?: one| of (?:the two|them|those))?{TAIL}*", Choose(-1, by_price=True)),
    means(rf"(?:{LEAD} )?(?:no )?the first(?: one| of (?:them|those))?{TAIL}*", Choose(1)),
    means(rf"(?:{LEAD} )?(?:no )?the second(?: one| of (?:them|those))?{TAIL}*", Choose(2)),
    means(rf"(?:{LEAD} )?(?:no )?the third(?: one| of (?:them|those))?{TAIL}*", Choose(3)),
    means(rf"(?:{LEAD} )?(?:no )?the (?:last|latter)(?: one| of (?:them|those))?{TAIL}*", Choose(-1)),
    means(rf"(?:{LEAD} )?(?:no |not that one )?(?:, )?the other one{TAIL}*", Choose(0)),
)  # fmt: skip

_LIKE_IT = r"(?: (?:just |exactly )?(?:like|the same as|same as) (?:that|this|the last|the first|before|mine|his|hers|theirs)(?: one)?)"

AGAIN = (
    reads(rf"(?:{LEAD} )?(?P<count>another(?: one)?|{N} more|{N}) of (?:the|my|that|those|them|these|your) (?P<item>{ITEM})(?: again)?{TAIL}*",
          lambda f, s: (Again(_count(f, s, 1), item_in(f, s)),)),
    reads(rf"(?:{LEAD} )?(?P<count>another|{N} more|{N}|an?|the same) (?P<item>{ITEM}){_LIKE_IT}{TAIL}*",
          lambda f, s: (Again(_count(f, s, 1), item_in(f, s)),)),
    means(rf"(?:and )?(?:{LEAD} )?(?:exactly |just |precisely )?(?:the )?same(?: thing| drink| one)?(?: again)? for (?:{PERSON}){TAIL}*", Again(1)),
    reads(rf"(?:and |plus )?(?P<count>{N}|another(?: one)?) for {PERSON}{TAIL}*", lambda f, s: (Again(_count(f, s, 1)),)),
    reads(rf"(?:{LEAD} )?(?P<count>the same) (?P<item>{ITEM}) as {PERSON}{TAIL}*", lambda f, s: (Again(1, item_in(f, s)),)),
    means(rf"(?:{LEAD} )?(?:another|one more) of each(?: of (?:those|them))?{TAIL}*", AddOneOfEach(again=True)),
    means(rf"(?:and )?for {PERSON}(?: also| too)? (?:the )?same(?: again| too)?{TAIL}*", Again(1)),
    means(rf"(?:and )?{_THIRD} (?:exactly |just |precisely )?(?:the )?same(?: thing| drink| one| as (?:me|mine|him|her|his|hers))?(?: again)?{TAIL}*", Again(1)),
    means(
        rf"(?:{LEAD} )?(?:(?:the )?same(?: thing| drinks?| order)?(?: again| as before| once more| for me)?|another round(?: of (?:that|those|the same|drinks))?|one more round|another round"
        rf"|a second round|the usual|(?:repeat|order) (?:that|my order|the (?:last )?order|that again)|(?:hit|do) me again|again please|once more|do that again|more of the same|(?:and )?again){TAIL}*",
        Again(),
    ),
    reads(rf"(?:{LEAD} )?(?P<count>another(?: one)?|{N} more)(?: of (?:those|them|these|that|the same))?{TAIL}*",
           lambda f, s: (Again(_count(f, s, 1)),)),
    reads(rf"(?:{LEAD} )?another (?P<count>{N})(?: of (?:those|them|these|that))?{TAIL}*", _again),
    means(rf"(?:make|do) (?:it|that) (?:another|again){TAIL}*", Again(1)),
)  # fmt: skip

_MANY = r"(?:what|which)(?: (?:kinds?|sorts?|types?|other|else|all))?(?: of)?"
_SERVE = r"(?: (?:do you|you|have you|can you|are|is|would you))?(?: (?:have|got|serve|sell|offer|do|make|there|guys have|guys|on tap|on the menu|on offer|available|recommend))*(?: today| tonight| here| for me| in the house| on)*"
_NAMED = rf"(?:(?:{ARTICLE}|{N}) )?(?:(?:{MODIFIER}|glass of|pint of|bottle of) )*(?P<item>{ITEM})(?: {MODIFIER})*"

_UNNAMED = re.sub(r"\?P<\w+>", "?:", _NAMED)

QUESTIONS = (
    means(rf"(?:{LEAD} |{CAN})?(?:see |show (?:me |us )?|have |look at |read (?:me )?|tell me )?(?:the |your |a |what is on the |what is on your )(?:drinks? )?(?:menu|list|card|drinks menu|selection)(?: again)?{PLEASE}", AskMenu()),
    means(rf"menu{PLEASE}|what is (?:there|on offer|available|on the menu|on tap)(?: to drink)?|what (?:do|can) you (?:have|got|serve|offer|sell|make)(?: (?:to drink|for me|here|on the menu|today|tonight))*|what have you got(?: to drink)?|what can i (?:get|have|order|drink)(?: here)?|what are (?:my|the|our) (?:options|choices)|what (?:drinks|kind of drinks|sort of drinks|else)(?: (?:do you|have you|is|are))?(?: (?:have|got|serve|there|on the menu))*|{CAN}see what you have|list (?:the|your) drinks", AskMenu()),
    reads(rf"(?:{CAN})?(?:tell me )?{_MANY}(?: the| your)? (?:{CATEGORY}|{ITEM}){_SERVE}", _menu_of),
    reads(rf"what (?:do you have|have you got|is there|can you (?:make|do))(?: (?:for|in|by way of|in the way of|as))* (?:your |the )?(?:{CATEGORY}|{ITEM})", _menu_of),
    reads(rf"(?:do you (?:have|serve|sell|do|make|got|carry)|have you(?: got)?|is there|are there|you have|got|you got|any)(?: any| some| other| good| the| an?)* (?:{CATEGORY}|{_NAMED}(?:(?: and| or| ,)+ (?:any )?{_UNNAMED})*)(?: here| today| tonight| on tap| on the menu| left| available| at all)*", _menu_of),
    reads(rf"(?:can|could) you (?:make|do|serve|mix|pour|prepare) (?:{_NAMED})", lambda f, s: tuple(AskAvailable(i) for i in items_in(f, s))),
    reads(rf"(?:and )?(?:what is|what are|how much (?:is|are|does|do|for|would)|what does|what do|price of|what is the price (?:of|for)|how expensive (?:is|are)|tell me the price of|what would)(?: the price of)? (?P<items>{_NAMED}(?:(?: ,)?(?: and| or) (?:{ARTICLE} )?(?:{MODIFIER} )*{ITEM})*)(?: each)?(?: cost(?: me)?| be| run(?: me)?| going for)?(?: here)?(?P<tail>)", lambda f, s: (_price_or_about(f, s),)),
    reads(rf"(?:and )?(?:how about|what about) the (?P<item>{ITEM})", lambda f, s: (AskPrice(items_in(f, s)),)),
    reads(rf"(?:and )?(?:how much|what) (?:is|are|would|does|will) (?:it|that|one|they)(?: be| cost)? (?:as |for |with |made )?(?:an? )?(?P<ways>{MODIFIER}(?: (?:and )?{MODIFIER})*)(?: cost| be)?", lambda f, s: (AskPrice((), modifiers_in(f["ways"], s)),)),
    means(rf"(?:which|what)(?: of (?:them|those))?(?: one| {CATEGORY}| {ITEM}| drink)? (?:is|would be) (?:the |your )?(?:cheap\w*|most expensive|priciest|least expensive)(?: one| drink)?", AskPrice()),
    means(r"how much (?:is|are|was|does|do|would) (?:it|that|this|one|they|those|them|each|that one|the first one)(?: cost| be| each)?|what (?:does|do|would|is) (?:it|that|they|one|those) cost|what is the price|how expensive is (?:it|that)|(?:and )?(?:the |what is the )?price please|what (?:are|were) (?:the|your) prices", AskPrice()),
    reads(rf"(?:what is in|what goes in(?:to)?|what do you put in|how do you make|what is|tell me (?:more )?about|what can you tell me about|describe|is there \w+ in|how strong (?:is|are)|what does|how is|how are|how does) {_NAMED}(?: made(?: of| from| with)?| like| taste(?: like)?| exactly)*", lambda f, s: (AskAbout(item_in(f, s)),)),
    reads(rf"(?:is|are) (?:{_NAMED}) (?:very |really |too |any )?(?:strong|sweet|sour|bitter|good|nice|big|fresh|dry|cold|light|heavy|alcoholic|fruity|tasty|expensive|on tap|\w+)(?: here| today)?", lambda f, s: (AskAbout(item_in(f, s)),)),
    means(r"(?:what is in (?:it|that|this)|how strong is (?:it|that)|is (?:it|that) (?:very |really |too )?(?:strong|sweet|good|sour|bitter)|what is (?:it|that)(?: made of| like)?|tell me (?:more )?about (?:it|that)|what does (?:it|that) taste like)", AskAbout()),
    reads(r"(?:(?:what|which)(?: (?:drink|cocktail|one|beer))?|what else) (?:do|would|can|could|should) (?:you|i) (?:recommend|suggest|pour|drink|advise|go for|have|order|try|get|like)(?: (?:me|us|today|tonight|to drink))?(?: (?:for|if i like|if i want) (?P<taste>(?:something |someone |a |an )?(?:\w+ ?){1,3}))?", lambda f, _s: (AskRecommendation((f["taste"] or "").strip()),)),
    reads(rf"(?:{LEAD} |{CAN})?(?:recommend|suggest|surprise)(?: (?:me|us|with|to me))* ?(?P<taste>something(?: \w+){{0,3}}|anything(?: \w+)?|a drink|one|)", lambda f, _s: (AskRecommendation(_taste(f["taste"])),)),
    reads(rf"(?:{LEAD} |do you have |have you got |maybe |make me |mix me )(?:something|anything)(?P<taste>(?: (?!please|else|to)\w+){{0,4}}?)(?: to drink)?{PLEASE}", lambda f, _s: (AskRecommendation(_taste(f["taste"])),)),
    reads(r"something(?P<taste>(?: (?:very |really |a bit |nice and |more |less |not too )*(?!please|else)\w+){1,2})(?: please)?", lambda f, _s: (AskRecommendation(_taste(f["taste"])),)),
    means(rf"(?:any|do you have any|got any|have you any|{CAN}(?:have|give me|need)) (?:recommendations?|suggestions?|tips on what to drink|ideas)|what is (?:good|popular|nice|your (?:best|favou?rite)(?: (?:drink|cocktail|one))?|the (?:best|house special|special)(?: drink)?)(?: here| today| tonight)?|(?:i|we) (?:need|would like|want) (?:a recommendation|a suggestion|your advice|help choosing|help deciding)|your choice|you (?:choose|decide|pick)|bartender s choice|surprise me|dealer s choice|what are you known for|what should i (?:get|have|drink|order|try)", AskRecommendation()),
    reads(r"what (?:is|would be) (?:good|nice|best) (?:for|if i (?:like|want)) (?P<taste>(?:something )?\w+(?: \w+)?)", lambda f, _s: (AskRecommendation(_taste(f["taste"])),)),
    means(rf"(?:{CAN}|and |so )?(?:tell me |see |show me |check |read (?:back )?|repeat |what is |what do i have |what have i (?:got )?|what did (?:i|we) |what have (?:we|i) |how much is |how big is |have a look at |go over |hear )(?:on |in |is )?(?:my|the|our)(?: current| whole)? (?:tab|order|bill(?: so far)?|total|drinks|order again|tab again)(?: (?:at|now|so far|again|right now|at the moment|please|look like|come to))*|what (?:did|have) (?:i|we) (?:order|ordered|have|had|got)(?: so far| again)?|what do (?:i|we) have(?: so far)?|how much (?:is it (?:so far|in total|all together|altogether|now|all in all)|do (?:i|we) owe(?: you)?(?: so far| now)?|is (?:my|the|our) (?:tab|bill|total|order|everything)(?: so far| now)?|is (?:everything|it all|all of it|all that|all of that)|have i spent(?: so far)?|does (?:it|that|everything) come to|will (?:it|that) be(?: in total)?|for everything|(?:have|did) i (?:spent|spend))|what (?:do (?:i|we) owe(?: you)?|is the damage|is (?:my|the) total|does (?:it|that) (?:all )?come to|is on (?:it|the order))|where (?:am i|are we)(?: at)?|my (?:tab|order|total)(?: please)?|what is it (?:so far|in total|come to)", AskOrder()),
    means(r"(?:what is|how much is|check|tell me) (?:my|the) (?:balance|credit|budget)(?: now)?|how much (?:money |credit |cash )?(?:do i have|have i got|is|am i)(?: left| remaining| have left| to spend| in my account)+|how much (?:money|credit|cash) (?:do i have|have i got|is there)|what do i have left|how much (?:can i|is) (?:still )?(?:spend|left)|(?:do i have|have i got) enough(?: money)?(?: left)?|my balance", AskBalance()),
    means(r"(?:what is|how much is) (?:my|the) (?:tip|gratuity)|how much (?:tip|of a tip)(?: (?:should i|do i) (?:give|leave))?|how much (?:should|do|can) i (?:tip|leave)|did i (?:leave a )?tip(?: you)?|what tips? (?:can i|do you|is)(?: \w+)?|is (?:the )?(?:tip|service|gratuity) included", AskTip()),
)  # fmt: skip

_PERCENT = r"(?:percent|per cent|percentage)"
_GIVE = rf"(?:(?:{CAN}|i will |i would like to |i want to |i am going to |let us |and |with |please )*+(?:leave|add|give|tip|make|set|put|do|include|pay|go with|have|change|take)(?: (?:you|it|that|the tip|a tip|tip|me|on|in|the|my tip|of|to|them|with))*)"

MONEY = (
    reads(rf"(?:{_GIVE} |{LEAD} |with |the |and |plus |let us |my |tip )*+(?:an? |of )*(?P<count>{N}) {_PERCENT}(?: (?:tip|gratuity|for you|for the tip|as a tip|on top|of a tip|is (?:fine|good)|to the tip|tip for you|for (?:the )?service|on it|on the tab|on that))*{PLEASE}", _tip),
    reads(rf"(?:{_GIVE} |{LEAD} |with |the |and |plus |let us )*+(?:an? |of )*(?P<count>{N})(?: as)?(?: an?)? (?:tip|gratuity|for (?:the )?tip|for yourself|for the service){PLEASE}", _tip),
    reads(rf"(?:tip(?: you)?|(?:{CAN}|and |let us |i will )*+(?:make|set|change|put|leave|give|do|have|add)(?: you)? (?:the |my |a )?tip(?: (?:to|at|of))?|(?:a |the |my )?tip (?:of|is|at|to)|(?:i will |let us )?tip) (?P<count>\+\d+)(?: (?:for you|on top))?{PLEASE}", _tip),
    reads(rf"{_GIVE} (?P<count>\+\d+)(?: (?:for you|on top))?{PLEASE}(?! [@#&a-z])",
           lambda f, s: _tip(f, s) if "tip" in f.group() else (SetQuantity(_count(f, s) or 1),)),
    means(r"(?:and |with )?(?:no|without(?: an?| any)?|skip the|remove the|cancel the|forget the|zero|hold the|take off the|not) tips?(?: please| today| thanks| this time| for you)?|(?:i|we) (?:will|do|would) not (?:be |want to |like to |leave an? |give an? |going to )*(?:tip|tipping|leave|leave a tip)(?: today)?|(?:zero|no) percent(?: tip)?|nothing for the tip", Tip(None)),
    means(rf"(?:(?:{CAN}|i will |i would like to |i want to |i am going to |let us |let me |and |may i |how do i |(?:can|could|may|should) i )*+(?:leave|add|give|put)(?: (?:you|on|in|her|him|maya))* (?:an? |some |the |something for the |my )?(?:\w+ )?(?:tip|gratuity)(?: for you| too| as well| please| on that)?|(?:i would like to|i want to|let me|can i|i will|how do i|may i|i am going to) tip(?: you)?(?: too| as well| please)?|a (?:good |big |nice |little )?tip(?: please)?|tip(?: please)?|keep the change)", TipUnsaid()),
    means(
        rf"(?:and |so |then |now |okay |i think |i guess |we |i )*(?:{CAN}|{LEAD} |i would like to |i want to |i need to |i am ready to |ready to |let me |let us |we would like to |may i |can we |how (?:do|can) i |where (?:do|can) i |i will |i am going to |time to |able to )*+"
        rf"(?:please |now |just |then )*(?:pay(?: (?:up|now|the (?:bill|tab|check)|my (?:bill|tab)|for (?:it|that|everything|this|all of it|my drinks?|the drinks?|the lot)|by card|with (?:my )?(?:card|phone)|you|off|please))*|(?:(?:the|my|our) )?(?:bill|check)|(?:close|settle|cash|clear|square)(?: (?:out|up))?(?: (?:my|the|our|this))? (?:tab|bill|check|account)|(?:close|settle|cash|check) (?:out|up)|ring (?:me|us|it) up|(?:the )?check|square up|settle up|cash me out|charge me|be charged|payment)"
        rf"(?:(?: ,)? (?:please|now|thanks|thank you|then|when you can|when you get a chance|maya|today|and go|and leave))*",
        Pay(),
    ),
    means(r"(?:show|give|get|send|make)(?: me| us)? (?:the|a|my)(?: new)? (?:qr code|payment link|code|link|qr)(?: again| please)?|where is the (?:qr )?(?:code|link)|pay again|try (?:paying |the payment )?again|(?:a )?new (?:payment )?link|renew the link|take my money", Pay()),
    means(
        r"(?!(?:is|was) (?:that|it|bill|tab|card)(?: |$)(?!(?:all )?(?:gone|through|paid|done|settled|successful|accepted|cleared)))(?:did|has|is|was|have)(?: the| my| our| that)? (?:it|payment|money|transaction|card|that|bill|tab|you (?:get|got|received|receive) (?:it|the money|my payment|the payment|my money))(?: (?:gone|go|went|going|come|came|been|get|got))*(?: (?:through|work|worked|paid|arrived|arrive|received|in|ok|okay|done|settled|go|succeed|successful|accepted|cleared|yet|all right))*"
        r"|(?:i|we) (?:have )?(?:just |already )?(?:paid|scanned(?: it| the code)?|sent (?:it|the money))(?: it| the (?:bill|tab)| already| now| just now)*|(?:i have |i am )?done paying|(?:the )?payment (?:is )?(?:done|sent|made|complete)|is (?:it|everything|that|my tab) (?:all )?paid|am i (?:all )?(?:paid|done|set|good to go)|are we (?:good|square|even|all paid)|(?:what is|check|what about)(?: the| my)? (?:payment|payment status|status of my payment)(?: status)?|(?:do|did) you (?:have|get|receive) (?:my|the) (?:payment|money)|all paid(?: up)?",
        AskPayment(),
    ),
    means(rf"{ACTUALLY}(?:(?:cancel|stop|abort) (?:the|my|that) (?:payment|link|transaction|bill)|(?:i|we) (?:do not|would not|will not|did not) (?:want to |like to )?pay(?: yet| now)?|not (?:paying )?yet|do not charge me(?: yet)?|i will pay later|pay later){PLEASE}", CancelPayment()),
)  # fmt: skip


def _price_or_about(found: Found, spotted: Spotted) -> Act:
    asks_price = re.match(r"(?:and )?(?:how|price|tell|what is the price)|.*(?: cost| run| be)", found.group())
    items = items_in(found, spotted)
    ways = modifiers_in(found.group(), spotted) if len(items) == 1 else ()
    return AskPrice(items, ways) if asks_price else AskAbout(items[0])


def _taste(text: str | None) -> str:
    words = (text or "").split()
    return " ".join(
        word for word in words if word not in ("something", "anything", "a", "drink", "one", "nice", "please")
    )


def _number(found: Found, spotted: Spotted) -> tuple[Act, ...]:
    value = _count(found, spotted)
    return (Number(value or 0),)


NUMBERS = (reads(rf"(?:just |only )?(?P<count>{N}){TAIL}*", _number),)
