"""What is written, as it is spoken: "$12.50" is "twelve dollars and fifty cents".

The text is cut into pieces that keep both forms side by side, so that whoever times the spoken
words can say which written ones they belong to. A link is never spoken; it is on the screen.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from num2words import num2words

from kiosk.money import CURRENCIES, USD, Currency

LINK = "the link on the screen"
ADDRESS = "the address on the screen"

# Signs that mean the same at every bar, unless they are its own.
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR"}

# eSpeak NG spells a word in capitals that it does not know, and spells it better than letters that
# stand apart: the A of "I P A" would be an article.
_ABBREVIATIONS = {
    "ipa": "IPA",
    "qr": "QR",
    "ok": "okay",
    "vs": "versus",
    "oz": "ounces",
    "ml": "milliliters",
    "cl": "centiliters",
    # Not abbreviations, but drinks that eSpeak NG reads as if they were English.
    "daiquiri": "dackery",
    "daiquiris": "dackeries",
    "negroni": "neggroni",
    "negronis": "neg grownies",
}

_STOPS = ".,;:!?"
# Every other symbol is silent: markdown, quotes, emoji.
_SYMBOLS = {
    "&": " and ",
    "+": " plus ",
    "=": " equals ",
    "@": " at ",
    "%": " percent ",
    "°": " degrees ",
    "—": ",",
    "–": ",",
    "…": ".",
}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_CODES = "|".join(CURRENCIES)
_ANY_SIGN = "".join(_SIGNS)
_DOMAINS = "com|org|net|io|co|dev|app|link|info|biz|edu|gov|uk|eu|de|fr|ch|ly"
# A link ends before the punctuation of the sentence that it stands in.
_LINK_TAIL = r"[^\s<>\"]*[^\s<>\".,;:!?)\]}'*_`]"

_TOKEN = rf"""
    !?\[(?P<label>[^\]\n]*)\]\([^)\n]*\)
    | (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<link>(?:[a-z][a-z0-9+.-]*://|www\.){_LINK_TAIL}
        | (?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{{2,}}/(?:{_LINK_TAIL})?
        | (?<![\w.-])(?:[a-z0-9-]+\.)+(?:{_DOMAINS})(?![\w-])(?:[:/?\#]{_LINK_TAIL})?)
    | (?P<sign>(?-i:(?<![^\W\d_])(?:OWN)|[{_ANY_SIGN}]))\s?(?P<signed>{_NUMBER})
    | (?P<amount>{_NUMBER})\s?(?P<after>(?-i:(?:OWN|[{_ANY_SIGN}]|{_CODES})(?!\w)))
    | (?P<percent>{_NUMBER})\s?%
    | (?P<clock>(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d))
    | (?P<ordinal>\d{{1,15}})(?:st|nd|rd|th)\b
    | (?P<to>(?<=[\d%])[-–](?=[{_ANY_SIGN}]?\d))
    | (?P<minus>(?<![\w-])-(?=[{_ANY_SIGN}]?\d))
    | (?P<times>\d+)\s?[x×](?=\s)
    | (?P<number>{_NUMBER})
    | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
    | (?P<space>\s+)
    | (?P<mark>.)
    """


@dataclass(frozen=True)
class Piece:
    """A written word and what is said for it.

    Parameters:
        written: as it stands in the text; symbols that stand alone belong to the word before.
        spoken: words and the punctuation that shapes their melody; empty if nothing is said.
    """

    written: str
    spoken: str


# Where a word begins and ends in the text, and what is said for it.
_Word = tuple[int, int, str]


def speakable(text: str, currency: Currency = USD) -> tuple[Piece, ...]:
    """`text` in pieces, in order; together their `written` is all of `text` but the space between.

    Parameters:
        currency: the bar's; its sign is also that of others.
    """
    words = _merged(_words(text, currency), text)
    return tuple(Piece(text[begin:end], said if _is_word(said) else "") for begin, end, said in words)


def spoken(text: str, currency: Currency = USD) -> str:
    """`text` as it is spoken, in one line."""
    return " ".join(piece.spoken for piece in speakable(text, currency) if piece.spoken)


@lru_cache
def _tokens(currency: Currency) -> re.Pattern[str]:
    own = "|".join(re.escape(name) for name in sorted({currency.sign, currency.code}, key=len, reverse=True))
    return re.compile(_TOKEN.replace("OWN", own), re.VERBOSE | re.IGNORECASE | re.DOTALL)


def _words(text: str, currency: Currency) -> Iterator[_Word]:
    """Each run between spaces; a token that has a space within it ("12.00 CHF") is not parted."""
    begin, said = 0, ""
    for token in _tokens(currency).finditer(text):
        kind = token.lastgroup or ""
        if kind != "space":
            said += _SPEAKERS[kind](token, currency)
            continue
        if begin < token.start():
            # A line of a list ends without a stop, and is not to run into the next one.
            yield begin, token.start(), _ended(said) if "\n" in token[0] else _tidy(said)
        begin, said = token.end(), ""
    if begin < len(text):
        yield begin, len(text), _tidy(said)


def _merged(words: Iterable[_Word], text: str) -> Iterator[_Word]:
    """Join what is only symbols to the word before it, or at the beginning to the one after."""
    held: _Word | None = None
    for begin, end, said in words:
        if held is None:
            held = begin, end, said
        elif _is_word(text[begin:end]) and _is_word(text[held[0] : held[1]]):
            yield held
            held = begin, end, said
        else:
            held = held[0], end, _tidy(f"{held[2]} {said}")
    if held:
        yield held


def _is_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _tidy(said: str) -> str:
    """`said` with single spaces and at most one stop in a row, and none where nothing was said."""
    said = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(said.split()))
    said = re.sub(r"([.,;:!?])[.,;:!?]+", r"\1", said)
    return said.lstrip(_STOPS) if _is_word(said) else said[:1]


def _ended(said: str) -> str:
    said = _tidy(said)
    return said if not said or said[-1] in _STOPS else f"{said}."


def _integer(digits: str) -> str:
    """A whole number in words; a leading zero makes it a row of digits."""
    if (len(digits) > 1 and digits.startswith("0")) or len(digits) > 15:
        return _digits(digits)
    words = num2words(int(digits))
    return words.replace(",", "").replace(" and ", " ").replace("-", " ")


def _digits(digits: str) -> str:
    return " ".join(num2words(int(digit)) for digit in digits)


def _number(text: str) -> str:
    whole, _, fraction = text.replace(",", "").partition(".")
    words = _integer(whole or "0")
    return f"{words} point {_digits(fraction)}" if fraction else words


def _money(text: str, sign: str, at_bar: Currency) -> str:
    currency = at_bar if sign in (at_bar.sign, at_bar.code) else Currency(_SIGNS.get(sign, sign))
    one, many = currency.names
    whole, _, fraction = text.replace(",", "").partition(".")
    whole = whole.lstrip("0") or "0"
    if len(fraction) > currency.decimals:
        return f"{_number(f'{whole}.{fraction}')} {many}"
    major = f"{_integer(whole)} {one if whole == '1' else many}"
    parts = fraction.ljust(currency.decimals, "0").lstrip("0")
    if not parts:
        return major
    if not currency.smaller_names:
        return f"{major} {'oh ' if len(parts) == 1 else ''}{_integer(parts)}"
    smaller_one, smaller_many = currency.smaller_names
    minor = f"{_integer(parts)} {smaller_one if parts == '1' else smaller_many}"
    if whole == "0":
        return minor
    # "Twelve dollars and fifty cents", but "two dinars five hundred fils".
    return f"{major} and {minor}" if currency.decimals == 2 else f"{major} {minor}"


def _clock(token: re.Match[str]) -> str:
    hours, minutes = token["clock"].split(":")
    hour = _integer(str(int(hours)))
    if minutes == "00":
        half_of_day = re.match(r"\s?[ap]\.?m\b", token.string[token.end() :], re.IGNORECASE)
        return hour if half_of_day else f"{hour} o'clock"
    return f"{hour} oh {_integer(minutes[1])}" if minutes[0] == "0" else f"{hour} {_integer(minutes)}"


def _word(text: str) -> str:
    text = text.replace("’", "'")
    return _ABBREVIATIONS.get(text.lower(), text)


def _mark(mark: str) -> str:
    return mark if mark in _STOPS else _SYMBOLS.get(mark, " ")


# What is said for a token at a bar of this currency.
_Speaker = Callable[[re.Match[str], Currency], str]


def _say(words: Callable[[re.Match[str]], str]) -> _Speaker:
    return lambda token, _: f" {words(token)} "


_SPEAKERS: dict[str, _Speaker] = {
    "label": lambda token, currency: f" {spoken(token['label'], currency)} ",
    "email": _say(lambda _: ADDRESS),
    "link": _say(lambda _: LINK),
    "signed": lambda token, currency: f" {_money(token['signed'], token['sign'], currency)} ",
    "after": lambda token, currency: f" {_money(token['amount'], token['after'], currency)} ",
    "percent": _say(lambda token: f"{_number(token['percent'])} percent"),
    "clock": _say(_clock),
    "ordinal": _say(lambda token: num2words(int(token["ordinal"]), to="ordinal").replace("-", " ")),
    "times": _say(lambda token: _integer(token["times"])),
    "to": _say(lambda _: "to"),
    "minus": _say(lambda _: "minus"),
    "number": _say(lambda token: _number(token["number"])),
    "word": _say(lambda token: _word(token["word"])),
    "mark": lambda token, _: _mark(token[0]),
}
