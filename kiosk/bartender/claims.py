"""What a sentence of Maya's claims to have happened, and whether a tool did it.

A language model may say "Coming up!" and call nothing. This needs no model: a claim is a phrase of a short list, in a
clause that neither denies nor asks nor makes conditions. What is taken for a claim by mistake costs little, because
the house answers in its place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from kiosk.bartender.notices import Notice
from kiosk.bartender.tally import ADDING, Call, Exchange, exchanges
from kiosk.bartender.tool_schemas import READ_ONLY


class Claim(StrEnum):
    """What a sentence says has happened."""

    ORDERED = "an order"
    CHANGED = "a change"
    TIPPED = "a tip"
    PAID = "a payment"
    CODE = "a code to pay with"
    AT_BAR = "a tab left to the staff"
    STAFF = "a call for the staff"
    COMING = "somebody or something on its way"
    DONE = "something done"


# In English, German and Spanish, the languages that Gemini is set to.
_PHRASES: Mapping[Claim, Sequence[str]] = {
    Claim.ORDERED: (
        r"coming (right |straight )?up",
        r"on (its|their|the) way",
        r"added|adding|(i'll|i will|let me) add",
        r"(i've|i have|i'll|i will|let me) (put|get|pour|make|mix|fix|bring|grab)",
        r"here you (go|are)",
        r"pouring|mixing|shaking",
        r"order (is|has been|was) (in|placed|taken|confirmed)",
        r"kommt (sofort|gleich|schon)|kommen (sofort|gleich|schon)|unterwegs",
        r"hinzugefügt|füge .* hinzu|aufgenommen|notiert|ich (mache|mixe|bringe|schreibe|setze)",
        r"enseguida|marchando|en camino|ya (va|van|viene|vienen)|aquí (tienes|tiene)",
        r"añadid[oa]s?|agregad[oa]s?|anotad[oa]s?|apuntad[oa]s?|(te|le|os|les) (pongo|preparo|traigo|sirvo)",
    ),
    Claim.CHANGED: (
        r"removed|removing|(took|taken|taking) .*off",
        r"(changed|swapped|replaced|switched|updated|cleared|cancelled|canceled)",
        r"made (it|that|them|those)",
        r"entfernt|gestrichen|geändert|storniert|gelöscht|getauscht|ersetzt",
        r"quitad[oa]s?|eliminad[oa]s?|cambiad[oa]s?|cancelad[oa]s?|borrad[oa]s?",
    ),
    Claim.PAID: (
        r"(payment|it|that) (has |have )?(arrived|went through|gone through|succeeded|come in|came in)",
        r"payment (is|was|has been) (received|complete|completed|confirmed|successful|in)",
        r"(you're|you are|you have|you've|all|is|are|been) (all )?(paid|settled)",
        r"(received|got) (your|the) payment|charged",
        r"bezahlt|zahlung .*(eingegangen|angekommen|erhalten|erfolgreich)",
        r"pagad[oa]|pago .*(recibido|completado|llegado|confirmado)",
    ),
    Claim.CODE: (
        r"(please|just|now) scan (the|your|that|this) code|code is (on|up|ready)|here('s| is) (the|your) code",
        r"scann?en? .*code|code .*bildschirm|escane\w* .*código|código .*pantalla",
    ),
    Claim.DONE: (r"done|all set|taken care of|erledigt|gemacht|hecho",),
}
# A done verb beside one of these words is about the tip.
_TIP = re.compile(r"\b(tip|trinkgeld|propina)\b")
_TIPPED = re.compile(
    r"\b(set|put|noted|included|thanks|thank you|it is|is now|eingetragen|vermerkt|danke|puesto|gracias)\b"
)
# And one about a tab that the staff collect.
_AT_BAR = re.compile(
    r"\b((at|for|to|with) the (bar|counter|staff)|(in )?cash|an der (bar|theke)|beim personal|en (la barra|efectivo))\b"
)
_LEFT_TO_THE_BAR = re.compile(
    r"\b(marked|noted|set|left|stays open|you('ll| will|'re| are)? pay(ing)?|vermerkt|notiert|bleibt|bezahlst|zahlst"
    r"|pagas|pagarás|queda)\b"
)
# And one about people is a call for them; who "they" are that come, only the tools of the turn tell.
_PEOPLE = re.compile(
    r"\b(staff|team|manager|colleagues?|somebody|someone|security|personal|mitarbeiter\w*|kolleg\w*|jemand\w*|chef\w*"
    r"|compañer\w*|encargad\w*|alguien)\b"
)
_CALLED = re.compile(
    r"\b(called|calling|alerted|notified|told|informed|asked|sent for|on (their|his|her|the) way"
    r"|(i'll|i will|let me|i'm) (get|call|fetch|ask|tell|let)\w*"
    r"|(are|is|will be|'ll be) (right |already |just )*(coming|with you|over)"
    r"|gerufen|rufe|hole|verständigt|informiert|bescheid|unterwegs|kommt|kommen"
    r"|llamad[oa]|llamo|avisad[oa]|aviso|viene|vienen|en camino)\b"
)
_THEY_COME = re.compile(
    r"(they|he|she)('re|'s|'ll| are| is| will) (be )?(right |already |just )*"
    r"(on (their|his|her|the) way|coming|with you|here|over)\b"
)
_SIGNS = {claim: re.compile(rf"\b(?:{'|'.join(phrases)})\b") for claim, phrases in _PHRASES.items()}

# What makes a clause none; and what does so to all that follows in the sentence.
_NOT_SO = re.compile(
    r"n't\b|\b(not|no|nothing|never|yet|cannot|can|could|would|shall|should|may|might|to (add|be)"
    r"|nicht|kein\w*|nichts|noch|kann|kannst|können|könnte\w*|möchte\w*|soll|würde\w*|puede\w*|puedo|quiere\w*|aún)\b"
)
_IF = re.compile(
    r"\b(if|once|when|until|as soon as|before|after|unless|wenn|falls|sobald|bevor|bis|si|cuando|hasta|antes)\b"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_CLAUSE_END = re.compile(r"[,;:.!–—]+(?=\s|$)|\s(?:and|but|und|aber|y|pero)\s")


def claims(text: str) -> frozenset[Claim]:
    """What the sentences of `text` say has happened."""
    found: set[Claim] = set()
    for sentence in _SENTENCE_END.split(text.casefold().replace("’", "'").strip()):
        for clause in _clauses(sentence):
            if _IF.search(clause):
                break
            if not _NOT_SO.search(clause):
                found |= _claimed(clause)
    return frozenset(found)


def _clauses(sentence: str) -> list[str]:
    clauses = _CLAUSE_END.split(sentence)
    # "Two beers coming up, anything else?" claims; what the question itself says does not.
    return clauses[:-1] if sentence.endswith("?") else clauses


def _claimed(clause: str) -> set[Claim]:
    found = {claim for claim, sign in _SIGNS.items() if sign.search(clause)}
    if _PEOPLE.search(clause) and _CALLED.search(clause):
        return (found - {Claim.ORDERED}) | {Claim.STAFF}
    if _THEY_COME.match(clause):
        return (found - {Claim.ORDERED}) | {Claim.COMING}
    if _AT_BAR.search(clause) and _LEFT_TO_THE_BAR.search(clause):
        return (found - {Claim.ORDERED, Claim.CHANGED, Claim.PAID}) | {Claim.AT_BAR}
    if not _TIP.search(clause):
        return found
    if _TIPPED.search(clause) or found & {Claim.ORDERED, Claim.CHANGED}:
        return (found - {Claim.ORDERED, Claim.CHANGED}) | {Claim.TIPPED}
    return found


def done(messages: Iterable[Mapping[str, Any]]) -> frozenset[Claim]:
    """What may be claimed at the end of the conversation of `messages`: what the tools of this turn did.

    A touch's call counts. A code counts as long as nothing has made it void, that the staff collect the tab as long
    as it is so, and that they were called from then on.
    """
    told = exchanges(messages)
    now = told[-1]
    found: set[Claim] = set()
    for call in now.calls:
        found |= _did(call)
    if Notice.PAYMENT_SUCCEEDED in now.said:
        found |= {Claim.PAID, Claim.DONE}
    if Notice.CANCEL_TOUCHED in now.said:
        found |= {Claim.CHANGED, Claim.DONE}
    if _has_code(told):
        found.add(Claim.CODE)
    if _is_at_bar(told):
        found.add(Claim.AT_BAR)
    if any(call.ok and call.name == "call_staff" for exchange in told for call in exchange.calls):
        found.add(Claim.STAFF)
    return frozenset(found)


def _did(call: Call) -> set[Claim]:
    if not call.ok or call.name in READ_ONLY:
        return set()
    if call.name in ADDING:
        return {Claim.ORDERED, Claim.COMING, Claim.CHANGED, Claim.DONE}
    match call.name:
        case "remove_from_order" | "clear_order" | "serve_no_alcohol":
            return {Claim.CHANGED, Claim.DONE}
        case "set_tip":
            return {Claim.TIPPED, Claim.CHANGED, Claim.DONE}
        case "create_stripe_payment":
            return {Claim.CODE, Claim.DONE}
        case "check_payment_status" if call.values["payment_status"] == "succeeded":
            return {Claim.PAID, Claim.DONE}
        case "pay_at_bar" if call.values["payment_status"] == "succeeded":
            return {Claim.PAID, Claim.DONE}
        case "pay_at_bar":
            return {Claim.AT_BAR, Claim.CHANGED, Claim.DONE}
        case "call_staff":
            return set(_BY_A_CALL)
    return set()


# What a call for the staff does.
_BY_A_CALL = frozenset({Claim.STAFF, Claim.COMING, Claim.DONE})


def _has_code(told: Sequence[Exchange]) -> bool:
    """Whether the last thing that was done was to show a code."""
    for exchange in reversed(told):
        if {Notice.PAYMENT_SUCCEEDED, Notice.CANCEL_TOUCHED}.intersection(exchange.said):
            return False
        for call in reversed(exchange.calls):
            # Whoever is called changes nothing of a code.
            if did := _did(call) - _BY_A_CALL:
                return Claim.CODE in did
    return False


def _is_at_bar(told: Sequence[Exchange]) -> bool:
    """Whether the tab is the staff's to collect, as far as the conversation tells."""
    for exchange in reversed(told):
        if Notice.PAYMENT_SUCCEEDED in exchange.said:
            return False
        for call in reversed(exchange.calls):
            did = _did(call)
            if Claim.AT_BAR in did:
                return True
            if did & {Claim.CODE, Claim.PAID} or (call.ok and call.name == "clear_order"):
                return False
    return False
