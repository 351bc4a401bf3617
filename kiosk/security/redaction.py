"""Takes out of a message what nobody who reads it may know: keys, tokens, payment links, card numbers."""

import re

# What services make their keys of; the part that tells the kind of key is kept.
_KEYS = re.compile(
    r"""
      (?P<google>AIza)[0-9A-Za-z_-]{8,}
    | (?P<stripe>\b(?:sk|rk|pk)_(?:test|live)_)[0-9A-Za-z_-]+
    | (?P<cartesia>\bsk_car_)[0-9A-Za-z_-]+
    | (?P<webhook>\bwhsec_)[0-9A-Za-z+/=_-]+
    | (?P<fernet>\bgAAAAA)[0-9A-Za-z_=-]{20,}
    | (?P<bearer>(?i:\b(?:bearer|basic)\s+))[0-9A-Za-z._~+/=-]{6,}
    | (?P<named>(?i:\b(?:api[-_]?key|x-api-key|x-goog-api-key|authorization|password|secret|token)["']?\s*[:=]\s*["']?))
      (?!(?i:bearer|basic)\b)[^\s"',;&]{6,}
    | (?P<account>\b[a-z][a-z0-9+.-]*://[^\s/:@]+:)[^\s@/]+(?=@)
    | (?P<link>\bhttps://(?:buy|checkout|pay)\.stripe\.com/(?:test_)?)[^\s"'<>]+
    """,
    re.VERBOSE,
)
_DIGITS = re.compile(r"(?<!\d)(?<!\d\.)\d(?:[ -]?\d){12,18}(?!\.?\d)")
HIDDEN = "…"


def redacted(text: str) -> str:
    """`text` without secrets; what remains says which kind each was."""
    return _DIGITS.sub(_without_card, _KEYS.sub(lambda found: f"{found[found.lastgroup or 0]}{HIDDEN}", text))


def _without_card(found: re.Match[str]) -> str:
    digits = [int(char) for char in found[0] if char.isdecimal()]
    # The check digit of ISO/IEC 7812-1: one other number in ten has it, too.
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return f"{HIDDEN}{found[0][-4:]}" if sum(doubled) % 10 == 0 else found[0]
