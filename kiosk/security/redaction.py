"""Takes out of a message what nobody who reads it may know: keys, tokens, payment links, card numbers.

A secret is known by its name (`secret_names`) or by its shape.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.security.card_numbers import HIDDEN, without_cards
from kiosk.security.secret_names import values_of_secrets


@dataclass(frozen=True)
class Shape:
    """What a kind of secret looks like.

    Parameters:
        kind: what it is.
        begins: how it begins, as a regular expression; this is left, so that a reader sees which kind it was.
        goes_on: the rest, which is hidden.
    """

    kind: str
    begins: str
    goes_on: str


# Not in the middle of another word; an underscore ends a word here.
_HERE = r"(?<![A-Za-z0-9])"
SHAPES = (
    Shape("key of Google's", r"AIza", r"[\w-]{8,}"),
    Shape("key of Google's, since 2026", _HERE + r"AQ\.", r"[\w-]{8,}"),
    Shape("key in a URL of Google's", r"[?&]key=(?!AIza|AQ\.)", r"[^\s&\"'<>]+"),
    Shape("key of Stripe's", _HERE + r"(?:sk|rk|pk)_(?:test|live)_", r"\w+"),
    Shape("secret of Stripe's webhooks", _HERE + r"whsec_", r"[\w+/=-]+"),
    Shape("client secret of Stripe's", _HERE + r"(?:pi|seti|cs)_\w{1,100}?_secret_", r"\w+"),
    Shape("payment page of Stripe's", _HERE + r"cs_(?:test|live)_", r"\w+"),
    Shape("payment link of Stripe's", r"https://(?:buy|checkout|pay)\.stripe\.com/(?:test_)?", r"[^\s\"'<>]+"),
    Shape("key of Cartesia's", _HERE + r"sk_car_", r"[\w-]+"),
    Shape("token of Hugging Face's", _HERE + r"hf_", r"[A-Za-z0-9]{16,}"),
    Shape("master key, as Fernet has them", r"(?<![\w-])", r"[\w-]{43}=(?![\w=-])"),
    Shape("what was encrypted with it", _HERE + r"gAAAAA", r"[\w=-]{20,}"),
    Shape("web token", _HERE + r"eyJ", r"[\w-]{8,400}(?:\.[\w-]*){1,2}"),
    Shape("HTTP credentials", _HERE + r"(?i:bearer|basic)\s+", r"[\w.~+/=-]{6,}"),
    Shape("password in a URL", _HERE + r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s/:@\"']*:", r"[^\s/\"']+(?=@)"),
    Shape("private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----", r"[^-]+"),
)
_ANY_SHAPE = re.compile(
    "|".join(f"(?P<shape{number}>{shape.begins}){shape.goes_on}" for number, shape in enumerate(SHAPES))
)


def redacted(text: str) -> str:
    """`text` without secrets; what remains says which kind each was. Never raises an error."""
    return without_cards(without_keys(_without(text, values_of_secrets(text))))


def without_keys(text: str) -> str:
    """`text` without what has the shape of a secret."""
    return _ANY_SHAPE.sub(lambda found: f"{found[found.lastgroup or 0]}{HIDDEN}", text)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept, end = [], 0
    for start, next_end in spans:
        kept += [text[end:start], HIDDEN]
        end = next_end
    return "".join([*kept, text[end:]])
