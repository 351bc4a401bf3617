"""Money: a currency, its exact amounts, and the few ways they are written.

Every amount inside the kiosk is a `Decimal` with just the decimals of its currency. What enters from outside (a
menu file, a tool's argument, an answer of the payment provider) passes `Currency.amount` once; nothing else rounds
but `percent` and `chargeable`, and all three round half up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Self
from unicodedata import category

from babel import Locale, localedata
from babel.numbers import get_currency_name, get_currency_precision, get_currency_symbol, parse_pattern

from kiosk.plain_text import brief

# Enough for any bar, and far inside what Decimal's default context keeps exact.
MOST = Decimal("999999999.99")

# What Stripe charges in, by how many of them are about a US dollar, to the next power of ten (rates of 2026). Only
# what is no matter of money hangs on it: what a guest may spend where the menu does not say, and when Maya asks back.
_ABOUT_A_DOLLAR: Mapping[int, str] = {
    1: "USD EUR GBP AUD AWG AZN BAM BBD BHD BMD BND BSD BYN BZD CAD CHF FJD FKP GEL GIP JOD KWD KYD NZD OMR PAB SGD"
    " SHP TND TOP WST XCD",
    10: "AED BOB BRL BWP CNY CZK DKK GTQ HKD HNL ILS LSL MAD MDL MOP MVR MXN MYR NAD NOK PEN PGK PLN QAR RON SAR SBD"
    " SCR SEK SLE SZL TJS TTD TWD ZAR ZMW",
    100: "AFN ALL BDT CVE DJF DOP DZD EGP ETB GMD GYD HTG INR ISK JMD JPY KES KGS LKR LRD MKD MUR MZN NIO NPR PHP PKR"
    " RSD RUB SRD THB TRY UAH UYU VUV XPF YER",
    1000: "AMD AOA ARS BIF CDF CLP CRC HUF KMF KRW KZT MMK MWK NGN RWF SOS TZS XAF XOF",
    10_000: "COP GNF IDR KHR LAK MGA MNT PYG UGX UZS VND",
    100_000: "LBP",
}
_SCALE = {code: scale for scale, codes in _ABOUT_A_DOLLAR.items() for code in codes.split()}

# How Stripe counts, https://docs.stripe.com/currencies: hundredths, but for these. The thousandths must be full
# tens. Two that have no decimals are counted in hundredths all the same, and these must be full hundreds.
_WHOLE = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THOUSANDTHS = frozenset("BHD JOD KWD OMR TND".split())
_WHOLE_IN_HUNDREDTHS = frozenset("ISK UGX".split())

# The least that a card is charged, from the same page. Stripe compares with the currency that the account is paid
# out in; of those that are not listed it refuses too little itself.
_LEAST_CHARGES: Mapping[str, str] = {
    "0.30": "GBP",
    "0.50": "USD ARS AUD BRL CAD CHF COP EUR IDR ILS INR NZD PHP RUB SGD ZAR",
    "2.00": "AED MYR PLN RON",
    "2.50": "DKK",
    "3.00": "NOK SEK",
    "4.00": "HKD",
    "10": "MXN THB",
    "15.00": "CZK",
    "50": "JPY KRW",
    "175.00": "HUF",
}
_LEAST_CHARGE = {code: Decimal(least) for least, codes in _LEAST_CHARGES.items() for code in codes.split()}

# What people call the smaller unit, one and many. Of the others they say "twelve pulas fifty".
_SMALLER_UNITS: Mapping[tuple[str, str], str] = {
    ("cent", "cents"): "USD EUR AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KES KYD LKR LRD MUR NAD NZD SBD SCR SGD SLE"
    " SOS SRD SZL TTD TWD TZS XCD ZAR",
    ("penny", "pence"): "GBP FKP GIP SHP",
    ("fils", "fils"): "AED BHD JOD KWD YER",
    ("baisa", "baisa"): "OMR",
    ("millime", "millimes"): "TND",
    ("centime", "centimes"): "CHF DZD HTG MAD",
    ("centavo", "centavos"): "ARS BOB BRL COP CVE DOP GTQ HNL MXN MZN NIO PHP",
    ("céntimo", "céntimos"): "CRC PEN PAB",
    ("öre", "öre"): "SEK",
    ("øre", "øre"): "DKK NOK",
    ("haler", "halers"): "CZK",
    ("fillér", "fillér"): "HUF",
    ("grosz", "groszy"): "PLN",
    ("ban", "bani"): "MDL RON",
    ("kopek", "kopeks"): "BYN RUB",
    ("kopiyka", "kopiykas"): "UAH",
    ("paisa", "paise"): "INR NPR PKR",
    ("poisha", "poisha"): "BDT",
    ("agora", "agorot"): "ILS",
    ("kurush", "kurush"): "TRY",
    ("halala", "halalas"): "SAR",
    ("piastre", "piastres"): "EGP LBP",
    ("satang", "satang"): "THB",
    ("sen", "sen"): "MYR IDR",
    ("kobo", "kobo"): "NGN",
    ("tetri", "tetri"): "GEL",
}
_SMALLER_UNIT = {code: names for names, codes in _SMALLER_UNITS.items() for code in codes.split()}


class MoneyError(ValueError):
    """An amount that is not money: not a number, not finite, negative, or absurdly large."""


class CurrencyError(ValueError):
    """A currency that the kiosk cannot take; the message is one line that says why."""


@dataclass(frozen=True)
class Currency:
    """A currency that a bar can have.

    Parameters:
        code: of ISO 4217.

    Raises:
        CurrencyError: there is no such currency, or Stripe does not charge in it.
    """

    code: str

    def __post_init__(self) -> None:
        if self.code in _SCALE:
            return
        name = Locale("en").currencies.get(self.code)
        if name is None:
            raise CurrencyError(f'{brief(self.code)} is not a currency of ISO 4217, such as "USD" or "JPY"')
        raise CurrencyError(f"{self.code!r} ({name}) cannot be had: Stripe does not charge cards in it")

    @classmethod
    def of(cls, value: object) -> Self:
        """The currency that `value` is already, or is the code of; raises as the class does."""
        return value if isinstance(value, cls) else cls(str(value))

    @cached_property
    def decimals(self) -> int:
        """How many decimals an amount has, by ISO 4217; of Malagasy ariary, whose fifths nobody counts, none."""
        if self.code in _WHOLE or self.code in _WHOLE_IN_HUNDREDTHS:
            return 0
        return 3 if self.code in _THOUSANDTHS else 2

    @cached_property
    def unit(self) -> Decimal:
        """The smallest amount: 0.01 dollars, 1 yen, 0.001 dinars."""
        return Decimal(1).scaleb(-self.decimals)

    @cached_property
    def zero(self) -> Decimal:
        """Nothing, with the currency's decimals."""
        return Decimal(0).quantize(self.unit)

    def amount(self, value: object) -> Decimal:
        """`value` as an amount of money: non-negative, quantised to the smallest unit, half up.

        A float is read by its shortest decimal form, so 0.1 is ten cents and 1.005 is one dollar one.

        Raises:
            MoneyError: not a number, NaN, infinite, negative, or above `MOST`.
        """
        return self._rounded(exact(value), self.unit)

    def percent(self, amount: Decimal, percentage: int) -> Decimal:
        """`percentage` per cent of `amount`, to the smallest unit, half up."""
        return self._rounded(amount * percentage / 100, self.unit)

    @cached_property
    def least_charge(self) -> Decimal:
        """The least that a card can be charged, as far as it is known beforehand."""
        return _LEAST_CHARGE.get(self.code, self._charge_step).quantize(self.unit)

    def chargeable(self, amount: Decimal) -> Decimal:
        """`amount` as a card can be charged: Stripe takes three-decimal currencies in steps of ten, rounded half up."""
        return self._rounded(amount, self._charge_step).quantize(self.unit)

    def charge_units(self, amount: Decimal) -> int:
        """`amount` in the units that Stripe counts: cents, yen, fils.

        Raises:
            MoneyError: it is not `chargeable`.
        """
        if amount != self.chargeable(amount):
            raise MoneyError(f"{amount} {self.code} cannot be charged")
        return int(amount.scaleb(self._charge_decimals))

    def of_charge_units(self, units: int) -> Decimal:
        """The amount that Stripe means by so many `units`; not rounded, whatever they are."""
        amount = exact(Decimal(units).scaleb(-self._charge_decimals))
        return amount.quantize(self.unit) if _fits(amount, self.decimals) else amount

    def about(self, dollars: int) -> Decimal:
        """A round amount that is worth about as much as so many US dollars, to a power of ten."""
        return self.amount(dollars * _SCALE[self.code])

    def label(self, amount: Decimal, language: str = "en") -> str:
        """The form that a guest reads, with sign and places of a language: "$1,000.00", "1.000,00 €", "¥900".

        Decimals that nobody writes any more (forints') stand there only where they say something.
        """
        used = min(self.decimals, get_currency_precision(self.code))
        return _label(self.code, amount, language, used if _fits(amount, used) else self.decimals)

    def brief(self, amount: Decimal) -> str:
        """The same as a sentence has it: "$12.50", but "$12" where there are no cents."""
        return _label(self.code, amount, "en", 0 if _fits(amount, 0) else self.decimals)

    @cached_property
    def sign(self) -> str:
        """What stands for it in English, at the place where it is used: "$" in Canada, too; else its code."""
        return _sign(self.code, "en")

    @cached_property
    def names(self) -> tuple[str, str]:
        """What people say for one and for many: "dollar", "dollars"; whose dollars they are goes without saying."""
        one, many = (get_currency_name(self.code, count, locale="en").lower() for count in (1, 2))
        return one.split()[-1], many.split()[-1]

    @cached_property
    def smaller_names(self) -> tuple[str, str] | None:
        """The same of the smaller unit: "penny", "pence"; None where English has no word for it."""
        return _SMALLER_UNIT.get(self.code)

    @property
    def _charge_decimals(self) -> int:
        return 2 if self.code in _WHOLE_IN_HUNDREDTHS else self.decimals

    @property
    def _charge_step(self) -> Decimal:
        return self.unit.scaleb(1) if self.code in _THOUSANDTHS else self.unit

    @staticmethod
    def _rounded(amount: Decimal, step: Decimal) -> Decimal:
        # -0 is no amount.
        return abs(amount.quantize(step, ROUND_HALF_UP))


CURRENCIES: tuple[str, ...] = tuple(_SCALE)
USD = Currency("USD")


def exact(value: object) -> Decimal:
    """`value` as a number that can be an amount of money, of whichever currency; not rounded.

    Raises:
        MoneyError: not a number, NaN, infinite, negative, or above `MOST`.
    """
    if isinstance(value, bool):
        raise MoneyError(f"{value!r} is not an amount of money")
    try:
        # A ValueError: Python makes no text of a whole number of thousands of digits.
        amount = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        raise MoneyError(f"{brief(value)} is not an amount of money") from None
    if not amount.is_finite():
        raise MoneyError(f"{brief(value)} is not a finite amount of money")
    if amount < 0:
        raise MoneyError(f"{brief(value)} is negative")
    if amount > MOST:
        raise MoneyError(f"{brief(value)} is more than {MOST}")
    return amount


def as_number(amount: Decimal) -> float | int:
    """The form that tools return: a JSON number, whole where the currency has no decimals."""
    return float(amount) if amount.as_tuple().exponent else int(amount)


def _fits(amount: Decimal, decimals: int) -> bool:
    """Whether nothing of it is lost with so many decimals."""
    return amount == round(amount, decimals)


@lru_cache(maxsize=4096)
def _label(code: str, amount: Decimal, language: str, decimals: int) -> str:
    # Maya's captions are spoken, too, and English as it is written in India or Sweden groups figures otherwise.
    locale = Locale.parse("en" if language == "en" else _locale(code, language))
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = decimals, decimals
    written = pattern.apply(amount, locale, currency=code, currency_digits=False)
    sign = _sign(code, language)
    head, _, tail = written.partition(get_currency_symbol(code, locale))
    # A word does not stick to its figure: "KWD 2.500".
    apart = "\N{NO-BREAK SPACE}" if tail[:1].isdigit() and category(sign[-1]) != "Sc" else ""
    return f"{head}{sign}{apart}{tail}"


def _sign(code: str, language: str) -> str:
    sign = get_currency_symbol(code, _locale(code, language))
    # Spanish has no sign for yen: what stands on the bill is understood there, too.
    known = get_currency_symbol(code, _locale(code, "en")) if sign == code else sign
    # A full stop, as behind Danish "kr.", would end a sentence.
    return known.rstrip(".")


def _locale(code: str, language: str) -> str:
    """The language as it is written where the currency is at home: a code begins with that of its country."""
    at_home = f"{language}_{code[:2]}"
    return at_home if localedata.exists(at_home) else language
