"""Money: exact amounts of whole cents, and the few ways they are shown.

Every amount inside the kiosk is a `Decimal` with two places. What enters from outside (a menu
file, a stored document, a tool's argument) passes `money()` once; nothing else rounds but
`percent()`, and both round half up.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from kiosk.plain_text import brief

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

# Enough for any bar, and far inside what Decimal's default context keeps exact.
MOST = Decimal("999999999.99")

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


class MoneyError(ValueError):
    """An amount that is not money: not a number, not finite, negative, or absurdly large."""


def money(value: Decimal | int | float | str) -> Decimal:
    """`value` as an amount of money: non-negative, quantised to cents, half up.

    A float is read by its shortest decimal form, so 0.1 is ten cents and 1.005 is one dollar one.

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
    return abs(amount.quantize(CENT, ROUND_HALF_UP))


def percent(amount: Decimal, percentage: int) -> Decimal:
    """`percentage` per cent of `amount`, to the cent, half up."""
    return (amount * percentage / 100).quantize(CENT, ROUND_HALF_UP)


def as_text(amount: Decimal) -> str:
    """The form that is stored: "1000.00"."""
    return f"{amount.quantize(CENT)}"


def as_number(amount: Decimal) -> float:
    """The form that tools return: a JSON number with at most two decimals."""
    return float(amount)


def as_label(amount: Decimal, currency: str = "USD") -> str:
    """The form that a guest reads: "$1,000.00", or "1,000.00 CHF" where there is no common sign."""
    sign, minus = SYMBOLS.get(currency), "-" if amount < 0 else ""
    return f"{minus}{sign}{abs(amount):,.2f}" if sign else f"{amount:,.2f} {currency}"
