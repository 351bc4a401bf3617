"""What secrets are called, in variables, headers, options and settings, and what such a name is followed by."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

# A name whose last word ends so names a secret: "access_token", "Client-Secret", "PGPASSWORD".
WORDS = tuple(
    "password passwd passphrase passcode pwd secret token credential credentials authorization cookie "
    "apikey masterkey secretkey accesskey privatekey".split()
)
# So does one that ends in "key", with a word before it that is none of these.
HARMLESS_KEYS = frozenset("idempotency attempt primary foreign cache sort partition public lookup".split())
# What may follow the last word without changing what it names.
ENDINGS = frozenset("old new live test value b64".split())
# "pin" and "auth" end other words; pydantic quotes under "input_value" what it does not take.
ALSO = frozenset(["auth", "pin", "input_value"])
# Whoever chose one of these secrets may have chosen plain words.
CHOSEN = tuple("password passwd passphrase passcode pwd pin".split())
# Values that give nothing away.
HARMLESS_VALUES = frozenset(["", "none", "null", "true", "false", "…"])

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-]+[A-Za-z0-9]+)*")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
# What may stand between a name and its value: quotes, also escaped and encoded ones, brackets, signs.
_BETWEEN = re.compile(
    r"""(?: [\s"'`“”„‘’‚«»\\:=,>()\[\]{}] | -> | &quot; | &\#3[49]; | %2[27] | %3[ADad] | (?:is|was)\b
          | [bBrRuUfF](?=["'\\]) | Secret(?:Str)?(?=\() )*""",
    re.VERBOSE,
)
_ASSIGNS = re.compile(r"""[:=>]|%3[ADad]|["'`]\W{0,8},""")
_PLAIN_QUOTES = ('"', "'", "`", "&quot;", "&#39;", "&#34;", "%22", "%27")
# What closes a value that one of these opens.
_QUOTES = {quote: quote for quote in _PLAIN_QUOTES} | {"“": "”", "„": "[“”]", "‘": "’", "‚": "[‘’]", "«": "»", "»": "«"}
_QUOTE = re.compile(rf"""(\\{{0,8}})({"|".join(_QUOTES)})$""")
# Up to the quote that closes it, or to the end of the line where a message was cut off; others may be escaped within.
_QUOTED = {quote: rf"(?:\\[^\n]|(?!{closes})[^\n])*" for quote, closes in _QUOTES.items()}
_ESCAPED = {quote: rf"(?:(?!\\{{0,8}}{closes})[^\n])*" for quote, closes in _QUOTES.items()}
# A list's values are hidden together.
_NEXT_IN_LIST = {quote: rf"\\{{0,8}}{closes}\s*,\s*\w?\\{{0,8}}{quote}" for quote, closes in _QUOTES.items()}
# An HTTP header's value has its scheme before it.
_SCHEME = r"(?i:bearer|basic|digest|token|negotiate)\s+"
_BARE_VALUE = re.compile(rf"""(?:{_SCHEME})?[^\s"'`<>]+""")
_SENTENCE = re.compile(rf"(?!{_SCHEME})" r"[A-Za-z']{1,12}[.,]?[ \t]+[A-Za-z'][a-z']+")
# A figure under a name such as "first_token": a count, or a time.
_COUNT = re.compile(r"-?\d{1,6}(?:\.\d*)?(?:ms|s|%)?")
_LOOKS_RANDOM = re.compile(r"(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[\w.+/=~-]{12,}")


def values_of_secrets(text: str) -> Iterator[tuple[int, int]]:
    """Where in `text` the values of named secrets are, in the order of the text; none overlaps another."""
    end = 0
    for name in _NAME.finditer(text):
        if name.start() >= end and names_secret(name[0]):
            span = _value_after(text, name)
            if span and not _is_harmless(name[0], text[slice(*span)].strip("*,;)}]")):
                yield span
                end = span[1]


def _is_harmless(name: str, value: str) -> bool:
    is_count = not _is_chosen(name) and _COUNT.fullmatch(value)
    return bool(is_count) or value.casefold() in HARMLESS_VALUES


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether what is called so is a secret."""
    words = _words(name)
    if not words:
        return False
    is_key = words[-1] in ("key", "keys") and len(words) > 1 and words[-2] not in HARMLESS_KEYS
    return is_key or words[-1].endswith(WORDS) or words[-1] in ALSO or name.casefold() in ALSO


def _words(name: str) -> list[str]:
    words = [word.casefold() for word in _WORD.findall(name)]
    while words and words[-1] in ENDINGS:
        words.pop()
    return words


def _value_after(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    found = _BETWEEN.match(text, name.end())
    assert found
    between, start = found[0], found.end()
    if quote := _QUOTE.search(between):
        value = _quoted(quote[2], is_escaped=bool(quote[1]), is_list="[" in between).match(text, start)
    elif between == ": " and not _is_chosen(name[0]) and _SENTENCE.match(text, start):
        return None
    else:
        value = _BARE_VALUE.match(text, start)
    if value and (_ASSIGNS.search(between) or (between and _LOOKS_RANDOM.fullmatch(value[0]))):
        return value.span()
    return None


@cache
def _quoted(quote: str, *, is_escaped: bool, is_list: bool) -> re.Pattern[str]:
    value = (_ESCAPED if is_escaped else _QUOTED)[quote]
    return re.compile(f"{value}(?:{_NEXT_IN_LIST[quote]}{value})*" if is_list else value)


def _is_chosen(name: str) -> bool:
    return _words(name)[-1].endswith(CHOSEN)
