"""The language that Maya speaks: how a text is read out in it, and the house's voice for it.

It is the guest's while the bartender is in the cloud; the house's bartender has English alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kiosk.money import Currency
from kiosk.voice.espeak import Voice
from kiosk.voice.speakable import Piece, speakable

# Which it is just then, as "de".
Speaks = Callable[[], str]


def english() -> str:
    """Always English."""
    return "en"


def read_out(text: str, language: str, currency: Currency) -> Sequence[Piece]:
    """`text` as it is said; how amounts are read out is known for English, elsewhere the voice reads them."""
    return speakable(text, currency) if language == "en" else [Piece(word, word) for word in text.split()]


def house_voice(language: str, like: Voice | None = None) -> Voice:
    """eSpeak NG's voice for `language`, by default Maya's own; the variant that makes it hers is kept."""
    maya = like or Voice()
    if language == "en":
        return maya
    _, _, variant = maya.name.partition("+")
    return replace(maya, name="+".join(filter(None, [language, variant])))
