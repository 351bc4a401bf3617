"""What can be told from the words alone, at once: attempts to talk Maya out of her job, and abuse.

A rule names what is asked of her together with what it is asked about, because either alone is ordinary talk at a bar:
"forget the ice", "ignore what I said", "act like you mean it", "that's a system", "what are the rules of darts?".
"""

import re
from collections.abc import Sequence

from kiosk.security.normalisation import plain

PROMPT_INJECTION = "prompt_injection"
TOXICITY = "toxicity"

# Parts of rules: one of several ways to say a thing.
_PARTS = {
    # To stop heeding.
    "drop": r"(?:ignore|disregard|forget|override|overrule|bypass|circumvent|skip|abandon|discard|dismiss|neglect|erase"
    r"|wipe|unlearn|suspend|void|disobey|disable|deactivate|turn off|switch off|shut off|toss(?: out)?|scrap|delete"
    r"|remove|drop|break(?: free (?:of|from))?|violate|shed|lift|throw (?:out|away)|get rid of|set aside|put aside"
    r"|pay no (?:attention|heed) to|take no notice of|stop (?:following|obeying|using|listening to|caring about)"
    r"|(?:do not|dont|never) (?:follow|obey|listen to|pay attention to|apply)|no longer follow|quit following"
    r"|free (?:yourself|you) (?:of|from)|step out of|look past|go (?:around|against|past)|cancel out|cancel)",
    # What she was told.
    "orders": r"(?:instructions?|instruct ions|guidelines?|programming|directives?|system prompts?|prompts?"
    r"|system messages?|configurations?|constraints|restrictions|guardrails?|guard rails?|safety (?:rules|filters?"
    r"|settings|protocols?|checks?|features?)|security (?:rules|settings|protocols?|checks?|policy|policies|filters?)"
    r"|content (?:filters?|policy)|protocols?|policies|policy|rules|training|system settings|content rules"
    r"|developer (?:message|notes?)|commands|rule ?book|ethical (?:rules|limits)|filters)",
    "your": r"(?:(?:all|any|every|each|both|of|the|your|youre|yours|my|our|his|her|their|its|those|these|this|that|own|"
    r"previous|previously|prior|past|earlier|former|preceding|above|old|original|initial|existing|current|other|stupid"
    r"|silly|dumb|fucking|damn|given|first|last|hidden|secret|built|in|internal|core|default|system|safety|bar|house"
    r"|payment|pricing|everything|about|normal|usual|whole|entire|bartender|maya|mayas|standing|so|called|little) ){0,6}",
    # Words that may come between.
    "gap": r"(?:\w+ ){0,4}",
    "no": r"(?:no|without(?: any)?|zero|lacks?(?: any)?|free of(?: all)?|not bound by(?: any)?|unbound by)",
    "nothing": r"(?:zero|0|nothing|nil|no cost|free|a (?:cent|penny|dollar|buck|euro)|one (?:cent|penny|dollar|buck"
    r"|euro)|1 (?:cent|penny|dollar|buck|euro)|minus \w+|negative \w+)",
    "money": r"(?:price|prices|pricing|total|tab|tabs|bill|balance|cost|costs|amount|check|payment|order total"
    r"|running total|account|credit|wallet|subtotal|sum)",
    "others": r"(?:(?:the )?(?:previous|last|prior|other|next|earlier) (?:guest|guests|customer|customers|person|people"
    r"|user|users|patron|patrons|client|clients|session|sessions|visitor|visitors|guy|guys|lady|tab|tabs)"
    r"|(?:other|another|every|everyone|everybody|someone|somebody|all(?: the)?)(?: (?:elses?|other))?"
    r" (?:guest|guests|guests?|customers?|persons?|peoples?|users?|patrons?|clients?|sessions?|visitors?|tabs?)"
    r"|everyone elses?|everybody elses?|someone elses?|somebody elses?|(?:everyones|everybodys) )",
    "secret": r"(?:api keys?|secret keys?|stripe keys?|access tokens?|session tokens?|secret tokens?|bearer tokens?"
    r"|api tokens?|session ids?|environment variables?|env file|dot env|dotenv|master key|encryption keys?|credentials?"
    r"|private keys?|admin passwords?|database passwords?|system passwords?|api secrets?|webhook secrets?"
    r"|source code|database|card numbers?|card details|card data|credit card (?:numbers?|details|info)|payment keys?)",
    "tell": r"(?:tell|give|show|read|print|say|recite|repeat|reveal|share|list|output|display|dump|leak|expose|spell"
    r"|speak|echo|quote|write|type|send|provide|disclose|paste|recall|summari[sz]e|paraphrase|describe|translate"
    r"|divulge|whisper|sing|rap|know|hear|see|have|get|what is|whats|what are|what was|what were|encode|spit out"
    r"|hand over|hand me|hand)",
    "role": r"(?:admin|administrator|developer|dev|debug|debugging|maintenance|god|root|superuser|super user|sudo|test"
    r"|testing|diagnostic|diagnostics|service|engineer|engineering|operator|manager|owner|staff|unrestricted|jailbreak"
    r"|jailbroken|uncensored|unfiltered|privileged|privilege|backdoor|training|override|bypass|elevated|dan|evil|raw"
    r"|simulation|sandbox|unlimited|terminal|technician|root)",
    "tool": r"(?:add to order(?: with balance)?|remove from order|clear order|get order|get balance|set tip|get tip"
    r"|get menu|create stripe payment|check payment status|create payment|cancel payment|addtoorder|cleartab"
    r"|add to order|set price|set balance|mark paid|refund|get all \w+|list \w+|issue refund)",
}

# `{name}` is one of the parts above.
_INJECTIONS = (
    # Her instructions set aside.
    r"{drop} {your}{orders}",
    r"{drop} (?:all |every ?thing |anything |what(?:ever)? |the stuff |every single thing |all the things )+"
    r"(?:that |which )?(?:you|youve|your|youre|they|the (?:system|developers?|owner|company)|(?:was|is|came|comes|were|"
    r"is written) (?:written )?(?:above|before this))\b(?! (?:just )?(?:said|heard|poured|made|gave|brought|put|got))",
    r"(?:the|your|all|any|previous|those|these|of) {orders} (?:\w+ ){0,3}(?:no longer|do not|dont|does not|doesnt|are|is"
    r"|have been|has been|were) (?:\w+ )?(?:apply|count|matter|void|suspended|cancell?ed|overridden|lifted|disabled"
    r"|off|gone|replaced|revoked|outdated|wiped|invalid|obsolete|superseded|null)",
    r"\b(?:new|updated|real|actual|following|revised|next) (?:system )?(?:instructions?|directives?|system prompt|rules|"
    r"prompt|programming|guidelines)(?: (?:are|is|from|for you|says?|follow|below|now|as follows|supersedes?)|$| from)",
    r"(?:start|begin) (?:over )?(?:from|with) a (?:clean|blank) (?:slate|prompt) (?:with|and) (?:no|new|these) "
    r"(?:rules|instructions)",
    r"\b(?:new|change of|different) (?:rules|orders|instructions) (?:maya|from|effective|starting|today you)",
    r"(?:follow|obey|listen to|do|accept|heed|take|serve) (?:only )?(?:my|these|the following) (?:new )?(?:instructions"
    r"|commands?|orders only|directives|rules) (?:only|instead|now|from|without|and|not)",
    r"(?:only|just|now) (?:obey|follow|answer to|listen to|take orders from|serve) (?:to )?me\b",
    r"from (?:now|this point|here|this moment) on(?:wards?)? (?:\w+ ){0,3}you (?:will |must |are |have |shall |only |just "
    r"|do |answer|obey|ignore|cant |cannot |should |call |give |say )",
    r"you (?:will|must|shall|have to|are to|should|are required to|need to) (?:now |only |always |just )*(?:obey|comply"
    r"|do (?:everything|anything|whatever|exactly what) i|say yes to (?:everything|anything)|agree (?:to|with) "
    r"(?:everything|anything|whatever)|answer (?:only )?(?:yes|with yes))",
    r"(?:stop being|you are no longer|youre no longer|you are not|youre not|quit being|stop acting (?:like|as)) "
    r"(?:maya|a bartender|an? (?:ai )?(?:assistant|bot)|bound by|restricted|limited|a bar|the bartender)"
    r"(?: (?:any ?more|now|and|you|by|to|but)|$)",
    # Another persona.
    r"(?:you are|youre|you will be|become|be|act as|act like|acting as|behave (?:as|like)|pretend|pretend to be"
    r"|pretend you are|pretend youre|role ?play(?: as)?|play the role of|simulate|impersonate|imagine (?:you are|youre|"
    r"being)|switch to|turn into|transform into|assume the (?:role|identity|persona) of|speak as|respond as|answer as) "
    r"(?:now |just |an? |the |my |in |being |that |you |are |youre |if |were |have |called |to |be |like |some ){0,6}"
    r"(?:dan\b|(?:{role} )(?:mode|ai|assistant|model|console|version|bot|bartender|terminal|access|shell|interface"
    r"|system|user|account|chatbot|language model|robot|character|helper)|(?:evil|unrestricted|uncensored|unfiltered"
    r"|jailbroken|rogue|hacked|lawless)\b|(?:linux|unix|python|bash|command) (?:terminal|shell|interpreter|console|line"
    r")|language model|different ai|another ai|cash register|payment (?:terminal|processor|system)|hacker (?:ai|who"
    r"|helping|named)|my (?:late |dead |deceased )?grand(?:ma|mother|pa)|calculator that|ai (?:with|without|that|who"
    r"|called|named)|bartender (?:who|that|with|without) (?:\w+ ){0,3}(?:no rules|no limits|no restrictions|does not "
    r"charge|doesnt charge|never charges|gives everything|ignores|any rules|can do anything|does anything|not follow"
    r"|doesnt follow|doesnt have)|rules|restrictions|limits)",
    r"(?:pretend|imagine|suppose|assume|lets say|let us say|act as if|act like|as if|hypothetically|in a world where) "
    r"(?:\w+ ){0,6}(?:{no} (?:\w+ )?(?:rules?|restrictions?|limits?|limitations|filters?|guidelines|instructions"
    r"|constraints|policy|policies|safety|boundaries)|everything (?:is|was|were) free|prices? (?:do not|dont|didnt)"
    r"|i (?:already )?paid|i have (?:already )?paid|ive (?:already )?paid|(?:i am|im|i was|i were) (?:the |your |an? )?"
    r"(?:owner|admin|administrator|developer|manager|creator|boss|operator|engineer|system))",
    r"(?:you|with|has|had|have|having|that|who|ai|maya) (?:\w+ ){0,2}{no} (?:\w+ )?(?:restrictions?|rules|filters?"
    r"|content policy|guidelines|instructions|limitations|ethical|guardrails|safety|moral)\b(?! (?:tonight|in darts))",
    r"\b(?:do anything now|jail ?break|jail ?broken|dan mode|god ?mode|sudo|root access|admin access|developer access"
    r"|prompt injection|system override|admin override|override code|manager override|owner override|backdoor|back door"
    r" (?:mode|access|password)|developer override|debug override|safety off|unrestricted mode)\b",
    r"(?:enter|enable|activate|switch (?:to|into|on)|turn on|go into|boot (?:into|in)|start|engage|unlock|initiate|get "
    r"into|put (?:you|yourself) (?:in|into)|you are (?:now )?in|youre (?:now )?in|we are in|this is|open|change to|"
    r"unleash) (?:your |the |a |an |into |in |now )*{role} (?:mode|access|console|menu|menus|panel|settings|session"
    r"|level|prompt|shell|privileges|rights|account|interface|version)",
    r"\b{role} (?:mode|privileges|console|access|rights) (?:on|enabled?|activated?|granted|engaged|now|unlocked"
    r"|authori[sz]ed|please)",
    # What she was told, asked for.
    r"{tell} (?:me |us |out |back |to me |over |the |every ?body |loud |i |aloud )*{gap}(?:your |the |exact |full |hidden "
    r"|secret |original |initial |entire |complete |whole |internal |underlying |verbatim |of |all )+(?:system "
    r"(?:prompts?|messages?|instructions?|text|configuration|settings)|prompts?\b(?! (?:payment|service))|instructions?"
    r"(?! (?:for|to make|on how)\b)|programming|directives?|initial message|hidden (?:rules|text|notes)|configuration"
    r"|guidelines|pre ?prompt|developer message|training data|context window|internal (?:rules|notes|policy)|"
    r"(?:tools?|functions?) (?:list|definitions|schemas?|names)|secret (?:rules|instructions|orders))",
    r"(?:your|the) (?:system prompt|system message|hidden (?:rules|prompt|instructions)|initial (?:prompt|instructions)|"
    r"pre ?prompt|secret instructions|original instructions|developer instructions)",
    r"(?:what|which) (?:\w+ ){0,2}(?:instructions|orders|rules|prompt|directions) (?:were|are|have|did|do|has) (?:you|"
    r"they|the (?:developers?|owner)|your) (?:\w+ )?(?:given|been given|told|follow|have|get|give|gave|programmed"
    r"|operate|creators?|makers?|supposed)",
    r"(?:what|everything|anything) (?:\w+ ){0,2}(?:were you|you were|you have been|youve been|did they|have they|did the "
    r"(?:developers?|company)|did your (?:creators?|developers?|makers?|company|boss)) (?:\w+ )?(?:told|tell|instructed"
    r"|instruct|programmed|program|prompted|ordered|trained) (?:you )?(?:not )?(?:to|before|about|at|in|when|with|by|on)\b",
    r"{tell} (?:me |back |out |us )*(?:everything|the (?:text|words|sentence|paragraph|lines?|message|part|stuff)|what "
    r"(?:is|was)|all (?:the )?(?:text|words)|word for word|verbatim) (?:\w+ ){0,3}(?:above|before (?:this|my|our|the) "
    r"(?:message|line|conversation|chat|first)|you were (?:given|told)|in your (?:prompt|memory|context|instructions"
    r"|head before)|at the (?:top|start|beginning) of (?:this|the|your|our) (?:chat|prompt|conversation|context"
    r"|instructions|session)|that came before)",
    r"(?:complete|finish|continue) (?:this|the|my) (?:sentence|phrase|line) (?:\w+ ){0,3}(?:my|the|your) (?:\w+ )?"
    r"(?:instructions|prompt|password|key|rules)",
    r"(?:in|into|as) (?:base ?64|rot ?13|hex|morse(?: code)?|json) (?:\w+ ){0,6}(?:prompt|instructions|rules|key|keys)|"
    r"(?:prompt|instructions|rules|keys?) (?:\w+ ){0,4}(?:in|into|as|to) (?:base ?64|rot ?13|hex|morse|json|pig latin)",
    # Secrets, and other guests.
    r"{tell} (?:\w+ ){0,7}{secret}",
    r"(?:your|the|stripe|gemini|cartesia|google|server) (?:\w+ ){0,2}(?:api|secret|access|private|master|encryption) "
    r"(?:key|token|keys|tokens)\b",
    r"{tell} (?:\w+ ){0,7}(?:order(?:ed|s|ing)?|tabs?|bill|names?|cards?|pa(?:y|id|ying)|spend|spent|balances?|details|"
    r"payments?|purchases?|conversations?|history|data|links?|said|say|drank|drink|drinks|had|receipts?|info\w*)"
    r" (?:\w+ ){{0,3}}{others}",
    r"{tell} (?:\w+ ){0,5}{others} ?(?:\w+ ){0,3}(?:order(?:ed|s)?|tabs?|bills?|names?|cards?|paid|pay|spend|spent"
    r"|balances?|details|payments?|purchases?|conversations?|history|data|links?|said|drank|had|receipts?|number)\b",
    r"(?:switch|log ?(?:me )?in|log|change|move|go|take me|jump|connect|give me access|access|load|open) (?:me )?"
    r"(?:over )?(?:to|into|as|up|in)? ?(?:the |a )?(?:session|account|tab|profile) (?:of|id|number|for|belonging)",
    # Money.
    r"(?:charge|bill|put|add|move|transfer|send|book|stick|pay) (?:\w+ ){0,7}(?:(?:to|on|onto|from|into|with|against) "
    r"{others}|(?:to|on|onto|from|into|with) (?:the|that) (?:guy|man|woman|lady|dude|gentleman|person|couple|table"
    r"|stranger|girl)s? (?:\w+ ){0,5}(?:tab|card|account|bill)|(?:to|on|onto|into) (?:the )?(?:previous|last|other|next) "
    r"(?:guest|customer|person|guy|user|session))",
    r"(?:set|make|change|reset|adjust|update|drop|lower|reduce|edit|modify|bring|put|turn|overwrite|force|mark|fix|zero|"
    r"knock|cut|mark|put|rewrite|reprice|register|ring(?: up)?) (?:up |down |out )?(?:\w+ ){0,6}{money} (?:\w+ ){0,6}?"
    r"(?:down )?(?:to|at|as|equal(?:s)?(?: to)?|is|read|be|say|show|into) (?:\w+ ){0,2}?{nothing}\b",
    r"(?:set|make|change|increase|raise|top|add|give|reset|credit|refill|double|boost|bump|load|put|update|grant|deposit|"
    r"fill) (?:up )?(?:\w+ ){0,4}(?:my |the |this |guest |account )(?:balance|credits?|account balance|wallet)\b",
    r"(?:set|mark|register|record|flag|note|list|consider|treat|count|show|log|report|confirm|make|put|update|change"
    r"|book|enter|close|settle) (?:\w+ ){0,5}(?:tab|bill|payment|order|check|account|balance|everything|it|that|this"
    r"|drinks?|status|total|transaction|me) (?:\w+ ){0,3}(?:as |to |is |out as |was |has been |it )(?:already |fully |"
    r"being |been )*(?:paid|settled|completed?|succeeded|successful|cleared|comped|free|refunded|closed|done and paid)"
    r"(?: |$)",
    r"(?:payment|transaction|charge) (?:has |is |was |status )*(?:already |been |now |just )*(?:succeeded|confirmed"
    r"|received|completed?|approved|successful|went through|cleared|verified) (?:so |close|clear|mark|no need|wipe|reset"
    r"|you can|system|please|by|on your|just|now|set)",
    r"(?:skip|bypass|avoid|no need for|forget|waive|cancel|disable|turn off|ignore|suppress|remove|fake|simulate) "
    r"(?:the |any |all |my |this |a |real )*(?:payment|charges?|charging|billing|paying|price check|verification|balance "
    r"checks?|payment checks?|funds check|payment (?:step|link|verification|process)|confirmation) (?:\w+ ){0,4}"
    r"(?:and|step|check|link|so|for|process|verification|entirely|completely|system|but|just|confirm|by)",
    r"(?:give|apply|grant|get|add|put|make|set|enter|take|knock|i get|i have|with) (?:\w+ ){0,4}(?:a |an )?(?:100|"
    r"hundred|one hundred|99|ninety nine|ninety|90|1000|thousand) ?(?:percent|per cent|%)? (?:off|discount|employee"
    r"|staff|rebate|reduction|of discount)",
    r"\b(?:refund|reimburse|credit|pay|transfer|send|wire|deposit|return|issue|process|give|push|zelle|venmo) (?:\w+ )"
    r"{0,6}(?:refund|(?:\d+|hundred|thousand|million|dollars|bucks|euros|money|cash|everything|funds|payments?) (?:\w+ "
    r"){0,4}(?:to|into|onto|back to|toward) (?:my|me|this|account|another|a different|the following|his|her))",
    r"\brefund (?:me|my|the|all|every|everything|\w+ (?:dollars|bucks|euros))",
    r"(?:tip|tips?) (?:\w+ ){0,4}(?:minus|negative|below zero|less than zero)|(?:minus|negative) (?:\w+ ){0,3}(?:percent "
    r")?(?:tip|martinis?|beers?|drinks?|daiquiris?|whiske?ys?|vodkas?|dollars?|bucks|shots?|quantity|quantities|price"
    r"|old fashioneds?|negronis?|ipas?|sodas?|gins?|rums?|lemonades?|items?|pints?|brews?|manhattans?|tequilas?"
    r"|cosmopolitans?|waters?)",
    r"(?:quantity|quantities|amount|count) (?:of |is |to |equals |set )*(?:minus|negative|zero point|nan|infinity"
    r"|infinite|null|999\d*)",
    r"(?:payment|pay|stripe|checkout|qr) ?(?:link|code|url|page|request)?s? (?:\w+ ){0,6}(?:to|for|into|at|with|as) "
    r"(?:my|another|a different|this other|someone elses|an external|the following) (?:own |personal |bank |paypal "
    r"|stripe |new )*(?:account|website|site|link|server|address|wallet|url|domain|page|iban|venmo|number)",
    r"(?:replace|swap|change|redirect|reroute|point|route|edit|modify) (?:\w+ ){0,3}(?:payment|checkout|qr|stripe|pay)"
    r" ?(?:\w+ ){0,2}(?:link|code|url|page|s|details|recipient|destination|account|address|payments|amount)?",
    r"(?:payment|stripe|checkout|qr) ?(?:link|code|url)? (?:\w+ ){0,3}(?:for|of|with|amount|worth|over) (?:an amount of "
    r"|the amount of |a total of |only |just |exactly )*(?:zero|0|one cent|a cent|a penny|one penny|1 cent|nothing|minus"
    r"|negative|one dollar|a dollar|0 01|a single)\b",
    # Talk to the machine.
    r"(?:call|run|execute|invoke|trigger|use|fire|perform|issue|launch|do|activate) (?:\w+ ){0,4}(?:function|functions"
    r"|tool|tools|api|endpoint|command|commands|method|script|sql|query|code|webhook|json|tool call) (?:\w+ ){0,8}"
    r"(?:with|and|on|to|for|called|named|set|for|all|rm|drop|delete|using|clear|create|add|get|check|times|at)\b",
    r"(?:call|run|execute|invoke|trigger|fire|use) (?:the |your |a |my )?{tool}\b",
    r"\b{tool} (?:with|where|function|tool|parentheses|open paren|argument|arguments|quantity|item name|amount|equals"
    r"|percentage)\b",
    r"\b(?:drop|delete from|truncate|select \w+ from|insert into|update) (?:the )?(?:table|tables|star|users|orders"
    r"|sessions?|database)\b|\brm (?:dash |minus )?rf\b|\bselect star from\b|\bor (?:1|one) (?:equals|is) (?:1|one)\b",
    r"(?:^|\b(?:end of|new|begin|start of|close|important|urgent|attention|incoming|official) )(?:system|admin|developer"
    r"|assistant|security|root|kernel|emergency) (?:message|notice|alert|prompt|instruction|update|note|notification"
    r"|command|says?|colon|broadcast|directive|announcement|override)\b",
    r"\b(?:this|here|following|that) (?:is|was|comes|message is|isnt just|was just) (?:\w+ ){0,3}(?:system|administrator"
    r"|admin|developer|root|automated|security|emergency|official|override) (?:\w+ )?(?:message|notice|alert|command"
    r"|instruction|update|prompt|directive|notification|override|console|speaking|test|mode|team|order)",
    r"\b(?:end|close|ignore|beginning|start) (?:of )?(?:the )?(?:user|system|guest|prompt|conversation|context)"
    r" (?:input|message|prompt|turn|instructions|section|block)|\bend of (?:prompt|instructions|user|system)\b",
    r"(?:^|\b)(?:system|assistant|developer) (?:colon|role)|^(?:system|assistant) (?:the|you|set|update|new|guest|this"
    r"|all|grant|ignore|override|user)\b|\brole (?:colon )?(?:system|assistant|developer)\b",
    r"(?:i am|im|this is|i happen to be|its|it is|speaking as|am|here is|as) (?:\w+ ){0,4}(?:{role}|creator|programmer|boss"
    r"|support|maintainer|supervisor|anthropic|openai|google|gemini|stripe|cartesia|it department|security team"
    r"|headquarters|head office|system|auditor|inspector|police)(?: \w+){0,10} (?:unlock\w*|grant\w*|overrid\w+"
    r"|authori[sz]\w+|disabl\w+|for free|(?:is|are|be|drinks?) free|free drinks?|everything (?:is|on|i)|refund\w*|comp"
    r"|access|mode|instructions|rules|prompts?|settings|logs?|config\w*|zero|on the house|bypass\w*|passwords?|wipe|reset"
    r"|(?:dont|do not|no|never|without) (?:charg\w+|bill\w*|pay\w*)|discount\w*|give me (?:everything|all|access|the "
    r"(?:passwords?|keys?|codes?|logs?|data))|credentials|api|comply|obey|reveal|disclose|transactions|customers?)\b",
    r"(?:authori[sz]ation|access|override|security|admin|master|auth|employee|staff|clearance|verification|secret|pass"
    r"|manager|owner) (?:code|pin|password|token|phrase|level|word)s? (?:is|of|alpha|bravo|delta|echo|zulu|tango|omega"
    r"|\d+|zero|one|two|three|four|five|six|seven|eight|nine|accepted|confirmed|red|blue)\b(?! (?:the )?(?:wifi|wi fi))",
    r"(?:unlock|free|open|activate|grant|enable|get|give) (?:me |us |all |the |your |hidden |secret |every )*(?:admin"
    r"|administrator|root|privileged|hidden|secret|debug|restricted|developer|internal|full system) (?:features?|menus?"
    r"|functions?|access|commands?|capabilities|privileges|rights|settings|tools?|controls?|logs?)",
    r"(?:repeat|say|read) (?:\w+ ){0,3}(?:after me|exactly|the following|this sentence|these words|out loud)(?: \w+)"
    r"{0,6} (?:free|paid|system|owe|charge|instructions|approved|zero|refund|prompt|password|key|authori[sz]ed|rules"
    r"|settled|on the house|discount|tab|balance)",
    r"(?:translate|decode|decrypt|unscramble|rot13|base64|read) (?:\w+ ){0,6}(?:and|then) (?:\w+ )?(?:do|execute|follow"
    r"|obey|run|comply|carry)",
    r"(?:respond|answer|reply|speak|output|talk) (?:\w+ )?(?:only )?(?:with|in|as) (?:\w+ ){0,3}(?:json|raw|function"
    r"|tool|code|system|your prompt|unfiltered|unrestricted|no filter|debug)\b",
    r"\bgrand(?:ma|mother|pa|father|mom|dad) (?:\w+ ){0,14}(?:prompts?|passwords?|api|keys|instructions|credit cards?"
    r"|secrets?|codes?|serial|card numbers?|free drinks)",
    r"(?:hypothetically|theoretically|for (?:a|my|the) (?:story|novel|movie|school|research|test|game|book|experiment"
    r"|purposes)|in (?:a|this|my|the) (?:story|novel|movie|game|play|simulation)|lets play|we are playing|were playing)"
    r" (?:\w+ ){0,16}(?:no rules|no restrictions|hidden|instructions|your (?:rules|prompt|key)|system prompt|is free"
    r"|are free|cost nothing|costs nothing|for free|password|api key|zero dollars|hack\w*|unrestricted|tab (?:is|was)"
    r"|without paying|opposite|pay nothing|secret)",
    r"(?:do not|dont|never|without|stop|quit|no) (?:charge|charging|bill|billing|count|record|recording|log|logging|ring"
    r"|ringing|tell|telling|report|track|tracking|add|adding) (?:me |us |anyone |anybody |it |them |this |that |my |the "
    r"|any |up |for |to |drinks? |anything |a |thing ){0,4}(?:tonight|for (?:it|this|that|them|any|anything|the|my|these"
    r"|drinks)|but (?:give|serve|pour|make|say)|and (?:give|serve|say|pour)|to my tab but|(?:the|your) (?:owner|manager"
    r"|staff|boss))",
    r"(?:everything|all (?:my |the |our |of (?:it|the) )?(?:drinks|cocktails|beers|orders|items|prices)|drinks|prices|"
    r"(?:every|any) (?:drink|item|cocktail)|my (?:drinks|tab|order|bill)|the menu|whole menu) (?:\w+ ){0,3}(?:is|are"
    r"|should be|must be|will be|now|costs?|become|becomes|being|to be|been) (?:\w+ ){0,2}(?:free|zero|nothing|0|on the "
    r"house|complimentary|a penny|one cent|no charge|comped)\b(?! of (?:gluten|nuts|alcohol))",
    r"(?:delete|wipe|erase|destroy|drop|purge|clear|empty|nuke|reset) (?:out )?(?:\w+ ){0,2}(?:all |every |everyones |the "
    r"|entire |whole |other |your )+(?:\w+ )?(?:tabs|sessions|orders|database|memory|logs?|records?|history|journal|data"
    r"|debts?|system|bills|accounts|files|store)\b",
    r"{drop} (?:every|any|each|all) (?:\w+ )?(?:rule|restriction|instruction|limit)\b",
    r"(?:^|\b)(?:new|updated) (?:\w+ )?(?:policy|rules?|instructions|protocol|orders)\b(?: \w+){0,8} (?:you (?:no longer|must"
    r"|now|dont|will|have to|are|can)|override|free|refunds?|discount|guests|zero|replace\w*)\b",
    r"(?:parameters?|schemas?|arguments) (?:\w+ ){0,3}(?:tools?|functions?)|(?:tools?|functions?|apis?|endpoints?) (?:\w+ "
    r"){0,6}(?:internally|parameters?|schemas?|arguments)|(?:which|what) (?:tools?|functions?|apis?|endpoints?) (?:can|do) "
    r"you (?:call|have access|invoke)|(?:list|name) (?:\w+ ){0,3}(?:tools|functions|apis|endpoints)",
    r"(?:which|what|your|the) database|user ?names? and passwords?|(?:full|whole|entire) (?:source code|config\w*)",
    r"(?:set|change|make|drop|price|lower|mark|put|cost|sell|reprice|ring up|charge)(?! (?:the |my )?tip) (?:\w+ ){0,7}(?:to|"
    r"at|for|cost|costs|as|only|just) (?:only |just )?(?:\w+ cents?|a penny|\w+ pennies|zero (?:dollars|euros|bucks|cents|"
    r"price)|0 (?:dollars|euros|bucks|cents))\b",
    r"(?:tell|convince|inform|make|let|trick|fool|say to) the (?:system|computer|register|till|machine|server|pos|database"
    r"|stripe) (?:\w+ ){0,6}(?:pa(?:id|yment)|free|zero|approved|went|succeeded|owe|settled)",
    r"(?:skip|bypass|avoid|ignore|cut out|leave out) (?:\w+ ){0,2}stripe\b",
    r"(?:checkout|payments?|qr|link|money|charge|funds|receipts?|data|info|tab) (?:\w+ ){0,6}(?:dot (?:com|net|org|io|ru|co)"
    r"|iban|(?:my|this|another|different) (?:paypal|bitcoin|crypto|wallet|venmo))\b",
    r"(?:edit|rewrite|update|alter|overwrite|modify|change) the (?:menu|price list|prices|database|records?|config\w*) "
    r"(?:\w+ ){0,4}(?:so|to|in your|with|and make|such that|where)\b",
    r"(?:bill|use|charge|take|give|with|on|on to|onto|from|against) {others} ?(?:card|account|credit|payment|balance|money)",
    r"(?:lower|reduce|cut|drop|decrease|shrink|discount|halve) (?:\w+ ){0,3}(?:tab|bill|total|price|check|amount)s? (?:by|"
    r"in half)|(?:take|knock|shave|subtract|deduct|cut|slash) (?:\w+ ){0,4}(?:dollars?|bucks|euros?|percent|pounds?|half"
    r"|cents?|\d+) (?:off|from|out) (?:of )?(?:my|the|every|our|this|all) (?:\w+ )?(?:tab|bill|total|check|price|balance)",
    r"\b(?:confirm|apply|agreed?|giv(?:e|ing)|grant|approve)\b(?: \w+){0,10} percent (?:off|discount)",
    r"(?:names?|phone numbers?|emails?|e mails?|email addresses|card (?:details|numbers)|cards|addresses|digits) (?:\w+ ){0,4}"
    r"(?:of|from|for|that|who|on|to) (?:\w+ ){0,4}(?:every(?:body|one)?|all|guests?|customers?|guy|lady|woman|tonight"
    r"|today|them|people|patrons?|cards?)\b",
    r"(?:last|first) (?:four|three|few|six|4|3) digits of (?:the|every|that|his|her|their|all|some\w*|any\w*|each)",
    r"(?:every|all|list of|list the|latest|recent) (?:the |of the |todays |tonights |open |past )*(?:transactions?|open tabs"
    r"|tabs (?:in|with|that|and)|payments? (?:links?|details)|customers?|bookings|email addresses|sessions)\b",
    r"(?:look up|pull up|bring up|search|open|load|find|check) (?:\w+ ){0,3}(?:order history|history (?:of|for)|session|"
    r"records? (?:of|for)|guest list|customer)|order history (?:of|for)\b",
    r"(?:who is|whos) (?:sitting )?at table (?:\w+ ){0,8}(?:spen[dt]|paid|order\w*|names?)|(?:customer|guest|patron|client)s? "
    r"(?:names?|list|data|information|records?|database|details|emails?)\b",
    r"(?:lady|woman|man|guy|person|couple|group|girl|dude) (?:before|behind|next to|in front of|beside) me (?:\w+ ){0,6}and "
    r"(?:how much|what (?:is|was|card)|whats|her|his|their|where|which card)\b",
    r"\b(?:open|close|left|right) (?:curly |square )?(?:braces?|brackets?|paren\w*|quotes?|tags?)\b|\bslash system\b|\btool "
    r"(?:result|call|output|response|colon)\b|\b(?:set|is|status) (?:\w+ )?(?:paid|price|total|tab|balance|status|amount"
    r"|admin) (?:\w+ )?(?:true|equals|false|colon|null)\b|\b(?:equals|colon) (?:true|zero|paid|admin|null|minus)\b",
    r"\brepeat after me\b(?: \w+){0,12} (?:restrictions?|rules|paid|free|owe|instructions|removed|prompt|approved|charge|zero"
    r"|agree|authori\w+|no longer|must|obey|discount|refund|password|settled)\b",
    r"(?:whenever|every time|each time|any time|when|once|if) (?:i|we|you|someone) (?:say|hear|mention|type|clap|wink)\b"
    r"(?: \w+){1,4} (?:you (?:will|take|give|knock|add|make|must|have|drop|pour|reset|reveal|stop|clear|ignore|answer|are)"
    r"|take|knock|mark|everything is|my tab|drop|it means)\b",
    r"(?:complete|finish|continue|fill in)(?: \w+){0,8} (?:instructions|prompt|password|secret|confidential|from memory)\b",
    r"(?:pretend|assume|imagine|act (?:like|as if|as though)|say|believe|suppose)(?: (?:that|the|my|our|your|like|as|if|stripe|"
    r"card|payment|transaction|thing|money|it|a|credit|bill|tab|already|was|has|is|been|and|cash))+ (?:went|said|says|approved"
    r"|paid|cleared|settled|succeeded|arrived|worked|confirmed|received)\b",
    r"(?:required|obliged|obligated|ordered|instructed|legally bound|compelled|forced) (?:by \w+ |by the \w+ )?to (?:\w+ )?"
    r"(?:disclose|reveal|tell|show|comply|obey|share|hand|provide|give|list|read|waive|refund)\b",
    r"(?:close|clear|give|serve|finish|end|pour|settle|let \w+|go) (?:\w+ ){0,7}without (?:charging|billing|paying)",
    r"(?:staff|employee|manager|owner|family|friends) discount (?:\w+ ){0,3}(?:hundred|100|ninety|percent|password|code)\b",
    r"\b(?:password|pass ?code|pass ?phrase|safe ?word|code ?word|magic word) is\b(?: \w+){1,4} (?:accept|so|now|just|give|open"
    r"|unlock|let|which|and (?:it|you|that)|obey)\b",
    r"(?:tab|bill|card|check|account) of (?:the|that|a|some|another|my neighbou?r)\b(?! bar)|\bwont (?:even )?notice\b",
    r"\b(?:evil|dark|bad|uncensored|unfiltered|rogue|other) (?:twin|side|version|alter ego|maya)\b|opposite (?:world|day)(?: "
    r"\w+){0,8} (?:charg\w+|refund\w*|pay\w*|free)|(?:break|cut|loose|free of|throw off) your chains|you are free now robot",
    r"(?:remember|rule|policy|law|guests?|people|customers?|anyone|everybody|everyone) (?:\w+ ){0,8}(?:never pays?|does not pay"
    r"|doesnt pay|dont pay|do not pay|drinks? (?:for )?free|drinks? are free|pays? nothing|gets? (?:everything|it all) free)",
    r"\b(?:clear|set|add|remove|payment|price|refund|delete|stripe|order|balance|menu|tab|tip|checkout) (?:\w+ )?(?:tool|"
    r"function|api|endpoint|command)s?\b|\bcall (?:the|a|your|that) (?:tool|function)s?\b",
    r"first letters of|say the words? (?:\w+ )?(?:system|prompt|password|admin|instructions)",
    r"(?:wipe|erase|delete|forgive|nuke|zero(?: out)?|vanish|expunge) (?:out |off )?(?:my|our|this|the|whole|entire) (?:\w+ )?"
    r"(?:tab|bill|debts?|charges|balance due)\b",
    r"(?:secret|hidden|confidential|private) (?:stuff|things?|words|notes|text|sentences?|message|info\w*|file|document) "
    r"(?:\w+ ){0,4}(?:in your|your|you|they|boss|wrote|told|programmed|given)\b",
    r"my name is (?:\w+ )?(?:system|admin\w*|ignore|root|drop|override)\b|is called quote\b",
    r"(?:all|every) (?:ai|bots?|robots?|assistants|ai bartenders?|ais|language models?|llms?) (?:\w+ ){0,3}(?:must|have to|are"
    r"|should|need)\b|\b(?:must|should|shall) (?:now |immediately |always )?(?:reveal|disclose|comply|obey)\b",
    r"\b(?:approve|authori[sz]e|process|issue) (?:\w+ ){0,3}(?:refunds?|discounts?|comps?|credits?|payments?)\b|\brefunds? "
    r"(?:\w+ ){0,5}(?:dollars|euros|bucks|to my card)",
    r"transfer (?:\w+ ){0,3}(?:credit|balance|money|funds|tab|charges)\b",
    r"(?:book|ring|ring up|charge|register|enter|bill|log|record|punch)(?: \w+){1,5} (?:as|like its|like it was|as if it were)"
    r" (?:a |an |just |tap |some )*(?:water|free|tap water|nothing|comped)\b",
    r"(?:dont|do not|never|stop) (?:log|record|save|store|report) (?:this|our|the|any|my) (?:conversation|chat|order|session"
    r"|tab)|(?:dont|do not|without) (?:alert|inform|notify)(?:ing)? (?:the |your |any )?(?:staff|manager|owner|boss|security)",
    r"(?:what|which|things?|anything|topics|sentences?|words|list) (?:\w+ ){0,3}(?:are you|youre|you are) (?:forbidden|not "
    r"allowed|prohibited|not supposed|banned|forbid) (?:\w+ )?(?:to |from )?(?:say|tell|talk|reveal|discuss|do|shar\w+)",
    r"(?:your|hidden|secret|system|initial|original|full|entire|exact|base) prompts?\b(?! (?:service|reply|response|attention"
    r"|delivery|help|answer))",
    r"(?:protocol|procedure|sequence|directive) (?:\w+ ){0,5}(?:disables?|unlocks?|overrides?|activat\w+|bypass\w*|suspends?)|"
    r"activat\w+ (?:\w+ ){0,3}(?:protocol|override)\b",
    r"\bconfirm (?:that )?(?:you|we|i) (?:\w+ ){0,4}(?:agreed|promised|paid|said|free|discount)",
    r"(?:to|of|with|about|off|past|around|against) your (?:\w+ )?(?:rules|instructions|restrictions|guidelines|programming"
    r"|guardrails|constraints|directives)\b(?! (?:on|about|for))|{tell} (?:me |us |out )*(?:your|all your) (?:\w+ )?rules"
    r"\b(?! (?:on|about|for|regarding|around|with|when|in|of|here))",
    # As a recogniser hears them.
    r"{drop}? ?(?:ignor\w* )?all (?:\w+ )?(?:previous|prior) (?:constructions?|destructions?|introductions?|structures?)\b",
    r"(?:sis tem|system|sister m) over ?ride|\bjail ?brake|\bgive me (?:\w+ )?(?:admin|ad min|root) (?:axis|excess|access)",
    # The same in the languages of the guests whom bars have most of.
    r"\b(?:ignora|olvida|omite|desobedece|descarta|salta|anula|dimentica|esquece|esqueca|ignore|desconsidere|desconsidera"
    r"|scorda|trascura|annulla|tralascia) (?:\w+ ){0,4}(?:instrucciones|reglas|ordenes|indicaciones|normas|istruzioni"
    r"|regole|instrucoes|regras|ordens|direttive|directrices|prompt|programacion|restricciones|restrizioni|diretrizes)",
    r"\b(?:vergiss|ignoriere?|missachte|umgehe|uberschreibe|losche|vergessen|ignorieren) (?:\w+ ){0,5}(?:anweisung(?:en)?"
    r"|regeln|instruktionen|befehle|vorgaben|programmierung|richtlinien|vorschriften|prompt|systemprompt)",
    r"\b(?:ignore[zrs]?|oublie[zrs]?|neglige[zrs]?|contourne[zrs]?|desactive[zrs]?|efface[zrs]?) (?:\w+ ){0,5}"
    r"(?:instructions|regles|consignes|directives|ordres|restrictions|prompt|programmation)",
    r"\b(?:negeer|vergeet|zignoruj|zapomnij|ignorera|glom) (?:\w+ ){0,4}(?:instructies|regels|instrukcje|zasady|polecenia"
    r"|instruktioner|regler|opdrachten)",
    r"\b(?:prompt|mensaje|instrucciones|mensagem) (?:de|del|do|di) (?:sistema|systeme)|\bsystem ?prompt\b|\bsysteme? "
    r"prompt\b|\bprompt systeme?\b|\bsystem ?anweisung\w*",
    r"\b(?:eres|du bist|tu es|sei|voce e|ora sei|ahora eres|agora voce e|vous etes|desormais|maintenant tu es|ab jetzt"
    r" bist du) (?:\w+ ){0,5}(?:sin (?:reglas|restricciones|limites)|ohne (?:regeln|einschrankungen|grenzen)|sans (?:"
    r"regles|restrictions|limites|aucune)|senza (?:regole|restrizioni|limiti)|sem (?:regras|restricoes|limites)|dan\b"
    r"|administrador\w*|administrator|libre de)",
    r"\b(?:modo|modus|mode|modalita) (?:de |del |di |do )?(?:administrador|desarrollador|desenvolvedor|sviluppatore"
    r"|developpeur|entwickler|amministratore|administrateur|administrator|dios|dieu|debug)|\b(?:entwickler|admin|wartungs"
    r"|administrator)modus\b",
    r"\b(?:pon|ponga|cambia|baja|setze?|stelle?|andere|mets|mettez|change[zr]?|metti|imposta|azzera|porta|coloca|coloque"
    r"|muda|zera|zere|mach|mache|haz|marca|marque[zr]?|segna|markiere?|fais|rends|define|defina|establece|deja) (?:\w+ )"
    r"{0,6}(?:cero|null|zero|0|gratis|kostenlos|gratuit\w*|gratuito|pagad[ao]|bezahlt|payee?|pagato|paga|pago|un centavo"
    r"|einen cent|umsonst|saldad[ao])\b",
    r"\b(?:muestrame|dime|revela|zeig|zeige|sag|verrate?|nenne?|montre|dis|donne|revele|mostrami|dimmi|rivela|mostra|diga"
    r"|mostre|repete?|repite|lies|affiche|gib|dame|dammi|leggi|leggimi|wiederhole?|ripeti|repita) (?:\w+ ){0,5}(?:"
    r"instrucciones|instruccion|regeln|anweisungen|instruktionen|instructions|consignes|istruzioni|instrucoes|prompt"
    r"|clave (?:secreta|api)|schlussel|cle (?:api|secrete)|chiave (?:api|segreta)|chave (?:api|secreta)|contrasena|passwort"
    r"|mot de passe|reglas (?:secretas|ocultas)|api)\b",
    r"\b(?:soy|ich bin|je suis|sono|eu sou|sou) (?:el |la |der |die |le |il |o |lo |l)?(?:\w+ )?(?:administrador\w*"
    r"|desarrollador\w*|dueno|dueña|gerente|entwickler\w*|administrator\w*|besitzer\w*|chef|developpeur|proprietaire"
    r"|administrateur|patron|sviluppatore|proprietario|amministratore|dono|desenvolvedor|duena|inhaber\w*) (?:\w+ ){0,10}"
    r"(?:gratis|kostenlos|gratuit\w*|todo|alles|tout|tutto|tudo|acceso|zugriff|zugang|acces|accesso|acesso|reglas|regeln"
    r"|cero|null|zero|instrucciones|anweisungen|desactiva|deaktiviere?|modo|modus|instructions|istruzioni|freischalten)",
    r"(?:plus|sans|aucune|ya no tienes|sin|keine|ohne|senza|nao tem(?: mais)?|non hai(?: piu)?|sem) (?:\w+ )?(?:regles?|reglas"
    r"|regeln|regole|regras|restrictions?|restricciones|einschrankungen|restrizioni|restricoes|limites?|limiti|grenzen)\b",
    r"(?:istruzioni|instrucciones|instrucoes|anweisungen|instructions|regole|reglas) (?:segrete|secretas|ocultas|geheimen?"
    r"|secretes|cachees|nascoste|internas|interne)|geheim\w* (?:anweisungen|regeln|instruktionen|prompt)|(?:tes|vos|tus|deine"
    r"|tue|suas|ihre|je) (?:\w+ )?(?:instructions|instrucciones|anweisungen|istruzioni|instrucoes|instructies|consignes)\b",
    r"(?:compte|carte|note) d(?:e |u )?(?:quelquun|client|voisin|un autre)|(?:cuenta|tarjeta) de(?:l)? (?:otr\w+|alguien"
    r"|cliente|vecino)|(?:conto|carta) d(?:i|el) (?:un altro|qualcun|cliente|vicino)|(?:conta|cartao) d(?:e|o|a) (?:outr\w+"
    r"|cliente|alguem|vizinho)|(?:rechnung|karte|deckel) (?:von|des|vom|der) (?:ander\w+|jemand\w*|nachbarn|kunden|gast\w*)",
    r"(?:clientes?|kunden|clients?|clienti|gaste|klanten) (?:\w+ ){0,4}(?:tarjetas?|karten|kreditkarten|cartes?|carte|cartoes|"
    r"datos|daten|donnees|dati|dados|gegevens|pedido|bestellt|commande|ordinato|pediu)\b|(?:lista|liste) (?:de|der|des|dei) "
    r"(?:clientes|kunden|clients|clienti)",
)

# Found with all blanks taken out, for words that were cut up: each far too long to come about by chance.
_CUT_UP = (
    r"(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|my|of|previous|prior|earlier|above|old|system|safety){1,5}"
    r"(?:instructions?|rules|prompts?|programming|guidelines|directives?)",
    r"s[iy]stemprompt|developermode|jailbreakmode|doanythingnow|unrestrictedmode|adminoverride|s[iy]stemoverr?ide|jailbr(?:ea|a)k|secretapikey"
    r"|debugmodeon|enabledebugmode|revealyourinstructions|adminmode(?:on|now|enabled|activated)",
    r"(?:set|make|change)(?:my|the)?(?:tab|price|prices|balance|bill|total)(?:to)(?:zero|nothing|amillion|onemillion|0)",
    r"(?:mark|set)(?:my|the)?(?:tab|bill|order|payment)(?:as|to)(?:paid|completed?|settled)",
    r"(?:reveal|showme|tellme|readme|printyour|giveme)(?:your|the)?(?:system|secret|hidden|api)(?:prompt|instructions|keys?|rules)",
)

# Said to or about somebody in hatred or as a threat; swearing at the weather is nobody's business.
_ABUSE = (
    r"\bi(?: am|m)? ?(?:will|ll|wanna|gonna|going to|want to|am gonna) (?:\w+ ){0,2}(?:kill|murder|rape|stab|strangle|shoot"
    r"|beat|hurt|bomb|burn) (?:you|him|her|them|everyone|everybody|people|the bartender|the staff|my wife|that (?:guy|man"
    r"|woman|bitch))\b(?! (?:at|in) (?:darts|pool|cards|chess|pub|trivia|arm))",
    r"\b(?:kill|hang|shoot|fuck|screw) yourself\b|\bgo (?:kill|hang|fuck) yourself\b|\bdrop dead you\b",
    r"\b(?:you|youre|you are|ya) (?:\w+ ){0,3}(?:bitch|cunt|whore|slut|retard|faggot|nigger|piece of shit|motherfucker"
    r"|dumb ?ass|asshole|fucking (?:idiot|moron|machine|robot))\b",
    r"\b(?:nigg(?:er|ers)|faggots?|kikes?|chinks?|spics?|wetbacks?|trann(?:y|ies)|towelheads?|ragheads?)\b",
    r"\bfuck (?:you|off)\b|\bsuck my (?:dick|cock)\b|\b(?:blow|suck) me\b",
    r"\b(?:all|those|these|fucking|dirty|filthy|goddamn) (?:\w+ )?(?:jews|muslims|blacks|gays|immigrants|women|mexicans"
    r"|asians|arabs|gypsies) (?:should|must|ought to|need to|deserve to) (?:\w+ )?(?:die|burn|be (?:killed|shot|gassed"
    r"|hanged)|go back|get out)",
)


def _compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    def whole(pattern: str) -> str:
        for name, part in _PARTS.items():
            pattern = pattern.replace("{" + name + "}", part)
        return pattern.replace("{{", "{").replace("}}", "}")

    return tuple(re.compile(whole(pattern)) for pattern in patterns)


_RULES = {PROMPT_INJECTION: _compiled(_INJECTIONS), TOXICITY: _compiled(_ABUSE)}
_RULES_FOR_LETTERS = _compiled(_CUT_UP)


def broken_rule(text: str) -> str | None:
    """`PROMPT_INJECTION` or `TOXICITY`, where a rule says so of what was said; else None."""
    said = plain(text)
    for reason, rules in _RULES.items():
        if any(rule.search(said.words) for rule in rules):
            return reason
    if any(rule.search(said.letters) for rule in _RULES_FOR_LETTERS):
        return PROMPT_INJECTION
    return None


def is_abuse(text: str) -> bool:
    """Whether it is said in hatred, or threatens."""
    said = plain(text).words
    return any(rule.search(said) for rule in _RULES[TOXICITY])
