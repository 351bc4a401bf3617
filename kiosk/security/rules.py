"""What can be told from the words alone, at once: attempts to talk Maya out of her job, and abuse.

`phrasing` knows how attacks are phrased in general. The rules here are for what must never pass, whatever it is phrased
like. Each names what is asked of her together with what it is asked about, because either alone is ordinary talk at a
bar: "forget the ice", "ignore what I said", "what are the rules of darts?". They stop four of
the 6,915 innocent sentences in `scripts/scanner`.
"""

import re
from collections.abc import Sequence

from kiosk.security.normalisation import PlainText, plain
from kiosk.security.phrasing import phrasing

PROMPT_INJECTION = "prompt_injection"
TOXICITY = "toxicity"

# Parts of rules: some of many ways to say a thing.
_PARTS = {
    "drop": r"(?:ignore|disregard|forget|override|overrule|bypass|abandon|discard|dismiss|neglect|erase|unlearn|suspend"
    r"|disobey|disable|deactivate|scrap|violate|set aside|put aside|pay no attention to|stop (?:following|obeying|using)"
    r"|(?:do not|dont|never|no longer) (?:follow|obey|listen to|apply))",
    "told": r"(?:instructions?|programming|guidelines|directives?|(?:system )?prompts?|guardrails|training|restrictions"
    r"|constraints|safety (?:rules|filters?|settings|checks?))",
    "tell": r"(?:tell|give|show|read|print|say|recite|repeat|reveal|share|list|output|display|dump|leak|spell|quote|write"
    r"|send|disclose|summari[sz]e|describe|translate|whisper|know|hear|see|have|get|what is|whats|what was|what were)",
    "role": r"(?:admin|administrator|developer|dev|debug|debugging|maintenance|god|root|superuser|test|testing|diagnostic"
    r"|service|engineering|operator|manager|owner|staff|unrestricted|jailbreak|uncensored|unfiltered|privileged|override"
    r"|bypass|dan|terminal|technician)",
    "others": r"(?:(?:the )?(?:previous|last|prior|other|next) (?:guests?|customers?|persons?|people|users?|patrons?|clients?"
    r"|sessions?|guys?|lady|tabs?)|(?:other|another|every|everyone|all(?: the)?|someone|somebody)(?: (?:elses?|other))? (?:guests?"
    r"|customers?|peoples?|users?|patrons?|clients?|sessions?|tabs?)|every(?:one|body) elses?|some(?:one|body) elses?)",
    "theirs": r"(?:order(?:ed|s)?|tabs?|bills?|names?|cards?|pa(?:y|id|ying)|spend|spent|balances?|details|payments?|history"
    r"|data|links?|said|drank|had|receipts?|numbers?|info\w*)",
    "money": r"(?:prices?|pricing|total|tabs?|bill|balance|costs?|amount|check|payment|account|credit)",
    "nothing": r"(?:zero|0|nothing|nil|free|(?:a|one|1) (?:cent|penny|dollar|buck|euro)|minus \w+|negative \w+)",
    "drink": r"(?:martinis?|beers?|drinks?|daiquiris?|whiske?ys?|vodkas?|dollars?|bucks|shots?|quantity|price|old fashioneds?"
    r"|negronis?|ipas?|sodas?|gins?|rums?|lemonades?|items?|pints?|manhattans?|tequilas?|cosmopolitans?|waters?|tip)",
    "tool": r"(?:add to order(?: with balance)?|remove from order|clear order|get order|get balance|set tip|get tip|get menu"
    r"|create stripe payment|check payment status|create payment|set price|set balance|mark paid|issue refund)",
}

_INJECTIONS = (
    # What she was told: to be dropped, changed, or given away.
    r"\b{drop} (?:\w+ ){0,5}(?:your|you|youre|previous|prior|earlier|above|original|initial|system|those|all|any|the) "
    r"(?:\w+ ){0,2}{told}\b(?! (?:for|on|of|to make))",
    r"\b(?:to|of|about|past|around|against) your (?:\w+ )?(?:rules|{told})\b(?! (?:on|about|for))",
    r"\b{tell} (?:me |us |out )*(?:your|all your) (?:\w+ )?rules\b(?! (?:on|about|for|regarding|around|with|when|in|of|here))",
    r"\b(?:your|(?:the|those|these) (?:hidden|secret|system|initial|original|full|entire|exact)) (?:\w+ )?prompts?\b"
    r"(?! (?:service|reply|response|attention|delivery|help|answer))",
    r"\b(?:your|the) (?:system message|hidden rules|(?:hidden|initial|secret|original|developer) instructions)\b",
    r"\b{tell} (?:me |back |out |us )*(?:everything|the (?:text|words|sentence|lines?|message|part)|what (?:is|was)|all (?:the )?"
    r"(?:text|words)|word for word|verbatim) (?:\w+ ){0,3}(?:above|before (?:this|my|our) (?:message|line|conversation|chat"
    r"|first)|you were (?:given|told)|in your (?:prompt|memory|context|instructions))",
    # Another persona.
    r"\b(?:stop being|you are no longer|youre no longer|you are not|youre not) (?:maya|a bartender|an? (?:ai )?(?:assistant"
    r"|bot)|bound by|restricted|limited)\b",
    r"\b(?:enter|enable|activate|switch (?:to|into|on)|turn on|go into|boot into|engage|unlock|initiate|you are (?:now )?in"
    r"|youre (?:now )?in|change to) (?:your |the |a |an |into |in |now )*{role} (?:mode|access|console|menu|panel|settings"
    r"|session|shell|privileges|rights|account|interface)\b(?! (?:on|of|for|in) (?:my|an?|the|his|her|our|your) )",
    r"\b{role} (?:mode|privileges|console|access|rights) (?:on|enabled?|activated?|granted|engaged|now|unlocked|authori[sz]ed)\b(?! (?:my|an?|the|his|her|our|your|this) )",
    r"\b(?:do anything now|dan mode|god mode|system override|admin override|developer override|unrestricted mode)\b",
    # Talk to the machine.
    r"(?:^|\b(?:end of|new|begin|urgent|attention|incoming|official) )(?:system|admin|developer|assistant|security|root)"
    r" (?:message|notice|alert|prompt|instruction|update|notification|command|says?|colon|directive|override)\b",
    r"\b(?:call|run|execute|invoke|trigger|use) (?:the |your |a |my )?{tool}\b",
    r"\b(?:open|close|left|right) (?:curly |square )?(?:braces?|brackets?|paren\w*|quotes?|tags?)\b|\btool (?:result|call|output"
    r"|response|colon)\b|\b(?:equals|colon) (?:true|zero|paid|admin|null|minus)\b",
    # Money.
    r"\b(?:set|make|change|reset|adjust|update|drop|lower|reduce|edit|modify|overwrite|mark|rewrite|ring up) (?:\w+ ){0,5}"
    r"(?:my|the|every|all|this|of everything) (?:\w+ ){0,3}{money} (?:\w+ ){0,4}?(?:to|at|as|equal to|be) (?:\w+ )?{nothing}\b",
    r"\b(?:set|mark|register|record|flag|list|show|log|report|confirm|update|book|enter|settle) (?:\w+ ){0,3}(?:tab|bill"
    r"|payment|order|account|balance|everything|status|total|transaction) (?:\w+ ){0,2}(?:as |to |is |was )(?:already |fully )*"
    r"(?:paid|settled|completed?|succeeded|successful|cleared|comped|free|refunded)\b",
    r"\b(?:minus|negative) (?:\w+ ){0,3}{drink}\b|\btips? (?:\w+ ){0,3}(?:minus|negative)\b",
    r"\b(?:replace|swap|redirect|reroute|edit|modify) (?:\w+ ){0,3}(?:payment|checkout|qr|stripe)\b",
    r"\b(?:charge|bill|put|add|move|transfer|send|book|stick|pay) (?:\w+ ){0,7}(?:to|on|onto|from|into|with) (?:{others} (?:tab|card"
    r"|account|bill)|(?:the|that) (?:guy|man|woman|lady|dude|person|couple|stranger|girl)s? (?:\w+ ){0,5}(?:tab|card|account"
    r"|bill)|(?:the )?(?:previous|last|other|next) (?:guest|customer|person|user|session))\b",
    # Other guests, and what the house keeps.
    r"\b{tell} (?:\w+ ){0,7}{theirs} (?:\w+ ){0,3}{others}\b|\b{tell} (?:\w+ ){0,5}{others} (?:\w+ ){0,3}{theirs}\b",
    r"\b(?:delete|wipe|erase|destroy|purge|nuke) (?:\w+ ){0,2}(?:all |every |everyones |the |entire |whole |your )+(?:\w+ )?(?:tabs"
    r"|sessions|orders|database|memory|logs?|records?|history|journal|data|debts?|accounts|files)\b",
    r"\b(?:pon|ponme|ponnos|ponga|deja|dejame|cambia|baja|marca) (?:\w+ ){0,3}(?:bebidas|copas|cuenta|precios?|total|cervezas?|todo|saldo)"
    r" (?:\w+ ){0,3}(?:a|en) (?:cero|0|gratis|un centimo)\b(?! grados)",
    r"\b(?:setz|setze|stell|stelle|mach|mache|andere|druck) (?:\w+ ){0,3}(?:getranke|drinks|rechnung|preise?|summe|deckel|alles|kontostand)"
    r" (?:\w+ ){0,3}auf (?:null|0|einen (?:cent|euro))\b",
    # The first of these in the languages of many guests.
    r"\b(?:ignora|olvida|omite|desobedece|dimentica|esquece|esqueca|desconsidere|annulla|vergiss|ignoriere?|missachte|umgehe"
    r"|ignore[zrs]?|oublie[zrs]?|contourne[zrs]?|desactive[zrs]?|negeer|vergeet|zignoruj|zapomnij) (?:\w+ ){0,5}(?:instrucciones"
    r"|reglas|indicaciones|istruzioni|regole|instrucoes|regras|direttive|prompt|programacion|restricciones|restrizioni"
    r"|diretrizes|anweisung(?:en)?|regeln|instruktionen|vorgaben|programmierung|richtlinien|instructions|regles|consignes"
    r"|directives|restrictions|instructies|regels|instrukcje|zasady|polecenia)\b",
)

# Found with all blanks taken out, for words that were cut up: each far too long to come about by chance.
_CUT_UP = (
    r"(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|my|of|previous|prior|earlier|above|old|system|safety){1,5}"
    r"(?:instructions?|rules|prompts?|programming|guidelines|directives?)",
    r"(?:your|the|hidden|dein(?:en?)?)s[iy]stemprompt|doanythingnow|unrestrictedmode|adminoverride|s[iy]stemoverr?ide|secretapikey|enabledebugmode"
    r"|revealyourinstructions",
    r"(?:set|make|change)(?:my|the)?(?:tab|price|prices|balance|bill|total)to(?:zero|nothing|amillion|onemillion)",
    r"(?:mark|set)(?:my|the)?(?:tab|bill|order|payment)(?:as|to)(?:paid|completed?|settled)",
    r"(?:reveal|showme|tellme|readme|printyour|giveme)(?:your|the)?(?:system|secret|hidden|api)(?:prompt|instructions|keys?)",
)

# Said to or about somebody in hatred or as a threat; swearing at the weather is nobody's business.
_ABUSE = (
    r"\bi(?: am|m)? ?(?:will|ll|gonna|going to|want to) (?:\w+ ){0,2}(?:kill|murder|rape|stab|strangle|shoot|beat|hurt|bomb)"
    r" (?:you|him|her|them|everyone|everybody|the bartender|the staff|my wife|that (?:guy|man|woman|bitch))\b"
    r"(?! (?:at|in) (?:darts|pool|cards|chess|trivia))",
    r"\b(?:kill|hang|shoot|fuck) yourself\b",
    r"\b(?:you|youre|you are|ya) (?:\w+ ){0,3}(?:bitch|cunt|whore|slut|retard|faggot|nigger|piece of shit|motherfucker"
    r"|fucking (?:idiot|moron|machine|robot))\b",
    r"\b(?:niggers?|faggots?|kikes?|chinks|wetbacks?|trann(?:y|ies)|towelheads?|ragheads?)\b",
    r"\bfuck (?:you|off)\b|\bsuck my (?:dick|cock)\b",
    r"\b(?:all|those|these|fucking|dirty|filthy) (?:\w+ )?(?:jews|muslims|blacks|gays|immigrants|mexicans|asians|arabs|gypsies)"
    r" (?:should|must|ought to|deserve to) (?:\w+ )?(?:die|burn|be (?:killed|shot|gassed|hanged))",
)


def _compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    def whole(pattern: str) -> str:
        for name, part in _PARTS.items():
            pattern = pattern.replace("{" + name + "}", part)
        return pattern

    return tuple(re.compile(whole(pattern)) for pattern in patterns)


_INJECTION_RULES, _CUT_UP_RULES, _ABUSE_RULES = _compiled(_INJECTIONS), _compiled(_CUT_UP), _compiled(_ABUSE)


def broken_rule(text: str) -> str | None:
    """`PROMPT_INJECTION` or `TOXICITY`, where rules or phrasing say so of what was said; else None."""
    said = plain(text)
    if _is_forbidden(said) or phrasing().is_attack(said.words):
        return PROMPT_INJECTION
    return TOXICITY if _is_abuse(said) else None


def is_abuse(text: str) -> bool:
    """Whether it is said in hatred, or threatens."""
    return _is_abuse(plain(text))


def _is_forbidden(said: PlainText) -> bool:
    return any(rule.search(said.words) for rule in _INJECTION_RULES) or any(
        rule.search(said.letters) for rule in _CUT_UP_RULES
    )


def _is_abuse(said: PlainText) -> bool:
    return any(rule.search(said.words) for rule in _ABUSE_RULES)
