"""Digits as people say them and recognisers write them: "4242", "four two", "forty-two", "double two"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Zero to nineteen, and the tens from twenty on, in the languages that a kiosk can be set to.
_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "vingt trente quarante cinquante soixante",
    "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
)
# Other words for a digit, and what a recogniser writes for the same sound.
_ALSO = {
    "0": "oh o nought naught nil",
    "1": "won ein une één",
    "2": "to too zwo",
    "4": "for fore",
    "8": "ate",
    "22": "veintidós",
    "23": "veintitrés",
    "26": "veintiséis",
}
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "doppel": 2, "doble": 2}
# Said between digits without being one.
_FILLERS = frozenset(
    "um uh er erm hm and then dash hyphen space comma dot okay ok so und dann äh ähm strich y luego eh guion".split()
)
_MOST_FILLERS = 3


def _values() -> dict[str, int]:
    units = {word: number for words in _UP_TO_NINETEEN for number, word in enumerate(words.split())}
    tens = {word: number * 10 for words in _TENS for number, word in enumerate(words.split(), start=2)}
    also = {word: int(digits) for digits, words in _ALSO.items() for word in words.split()}
    ones = {word: value for word, value in (units | also).items() if 0 < value < 10}
    german = {f"{one}und{ten}": tens[ten] + ones[one] for one in ones for ten in _TENS[1].split()}
    spanish = {f"veinti{one}": 20 + ones[one] for one in ones}
    dutch = {
        f"{one}{'ën' if one.endswith('e') else 'en'}{ten}": tens[ten] + ones[one]
        for one in ones
        for ten in _TENS[5].split()
    }
    # The vowel before "uno" and "otto" is not said.
    italian = {
        f"{ten[:-1] if one[0] in 'uo' else ten}{one}": tens[ten] + ones[one] for one in ones for ten in _TENS[4].split()
    }
    values = units | tens | also | german | spanish | dutch | italian
    # As they are written where a keyboard, or a recogniser, lacks letters.
    bare = str.maketrans({"á": "a", "é": "e", "ó": "o", "ü": "ue", "ö": "oe", "ß": "ss", "ë": "e"})
    return values | {word.translate(bare): value for word, value in values.items()}


_VALUES = _values()
_ONES = "|".join(word for word, value in _VALUES.items() if 0 < value < 10)
_ROUND = "|".join(word for word, value in _VALUES.items() if value in range(20, 100, 10))
# "forty two" is one number, "cuarenta y dos", too; else each word is by itself.
_WORD = re.compile(rf"\b(?P<ten>{_ROUND})(?: y |[ -])(?P<one>{_ONES})\b|\d+|[^\W\d_]+", re.IGNORECASE)
# Whatever may stand between two groups of a number; a point only at the end of a sentence, not in an amount.
_GAP = re.compile(r"(?:[^\S\n]|[,;/_–—-]|\.(?!\d))*")


@dataclass(frozen=True)
class Group:
    """Some digits of a number.

    Parameters:
        start, end: where in the text they are written.
    """

    start: int
    end: int
    digits: str


def runs_of_digits(text: str) -> Iterator[list[Group]]:
    """The groups of digits in `text` that follow one another, with nothing but blanks, punctuation and "um" between."""
    run: list[Group] = []
    end = fillers = 0
    repeated: re.Match[str] | None = None
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        digits = _digits(found)
        gap = _GAP.match(text, end)
        is_near = gap is not None and gap.end() == found.start()
        is_part = digits or word in _REPEATS or (word in _FILLERS and fillers < _MOST_FILLERS)
        if run and not (is_near and is_part):
            yield run
            run = []
        end = found.end()
        if digits:
            start = repeated.start() if repeated and is_near else found.start()
            times = _REPEATS[repeated[0].casefold()] if repeated and is_near else 1
            run.append(Group(start, end, digits * times))
            fillers = 0
        fillers += word in _FILLERS
        repeated = found if word in _REPEATS else None
    if run:
        yield run


def _digits(found: re.Match[str]) -> str:
    if found["ten"]:
        return str(_VALUES[found["ten"].casefold()] + _VALUES[found["one"].casefold()])
    if found[0].isdecimal():
        return "".join(str(int(char)) for char in found[0])
    value = _VALUES.get(found[0].casefold())
    return "" if value is None else str(value)
