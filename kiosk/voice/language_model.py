"""The recogniser's language model, made from the menu: what may be said at this bar, and how often.

`phrases.gram` says how guests speak at any bar; the menu says what this one has. From the two,
sentences are drawn at random (always the same ones), counted, and written as a trigram model, so
that orders of words that no phrase foresees are still understood. Names, modifiers and set phrases
are single units: "a lot of" before "skim milk" is then one step of the model, not five.
"""

import bisect
import hashlib
import itertools
import os
import random
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pocketsphinx

from kiosk.bartender.words import number_words
from kiosk.menu import Menu, normalise
from kiosk.voice import trigrams
from kiosk.voice.pronunciation import Pronouncer

PHRASES = Path(__file__).with_name("phrases.gram")
ACOUSTIC_MODEL = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"
DICTIONARY = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"

SENTENCES = 40_000
SEED = 5

Sentence = tuple[str, ...]


@dataclass(frozen=True)
class SpeechModel:
    """The files that the recogniser decodes with."""

    acoustic_model: Path
    dictionary: Path
    language_model: Path


def build(menu: Menu, cache_dir: Path) -> SpeechModel:
    """The model of `menu`, from `cache_dir` if it was made before.

    A folder is named by what its files were made from, so a changed menu has a new one.
    """
    grammar = bar_grammar(menu)
    sources = (grammar, Path(__file__).read_text(), Path(trigrams.__file__).read_text())
    folder = cache_dir / f"speech-{hashlib.sha256(''.join(sources).encode()).hexdigest()[:16]}"
    if not folder.is_dir():
        cache_dir.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="speech-", dir=cache_dir))
        _make(grammar, unfinished)
        try:
            unfinished.rename(folder)
        except OSError:
            # Another process was first, with the same files.
            shutil.rmtree(unfinished)
    return SpeechModel(ACOUSTIC_MODEL, folder / "words.dict", folder / "bar.arpa")


def bar_grammar(menu: Menu) -> str:
    """The phrases with the menu's names in them, as JSGF."""
    rich = [modifier for modifier in menu.modifiers if modifier.amounts]
    plain = [modifier for modifier in menu.modifiers if not modifier.amounts]
    slots = {
        "item": _units((name, item.synonyms) for item in menu.items for name in _with_plural(item.name)),
        "plain": _units((modifier.name, modifier.synonyms) for modifier in plain),
        "rich": _units((modifier.name, modifier.synonyms) for modifier in rich),
        "amount": _units((amount, ()) for modifier in rich for amount in modifier.amounts),
        "category": _units((name, ("drinks",)) for name in menu.categories),
    }
    rules = "\n".join(f"<{name}> = {' | '.join(units) or '<VOID>'};" for name, units in slots.items())
    return f"{PHRASES.read_text(encoding='utf-8')}\n{rules}\n"
