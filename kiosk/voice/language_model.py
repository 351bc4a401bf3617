"""The recogniser's language model, made from the menu: what may be said at this bar, and how often.

`phrases.gram` says how guests speak at any bar; the menu says what this one has. From the two,
sentences are drawn at random (always the same ones), counted, and written as a trigram model, so
that orders of words that no phrase foresees are still understood. Names, modifiers and set phrases
are single units: "a lot of" before "skim milk" is then one step of the model, not five.
"""

import hashlib
import itertools
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pocketsphinx

from kiosk.files import written
from kiosk.menu import Item, Menu, Modifier, normalise
from kiosk.plurals import plural
from kiosk.tips import Tips
from kiosk.understanding.numbers import number_words
from kiosk.voice import phrase_grammar, pronunciation, trigrams
from kiosk.voice.phrase_grammar import PhraseGrammar
from kiosk.voice.pronunciation import Pronouncer

PHRASES = Path(__file__).with_name("phrases.gram")
ACOUSTIC_MODEL = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"
DICTIONARY = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"

SENTENCES = 40_000
SEED = 5

TOP_RULE = "turn"

# What guests tip, wherever they are from.
USUAL_TIPS = (15, 10, 20, 18, 5, 25, 12, 30)

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

    Raises:
        FileError: `cache_dir` cannot be written.
    """
    grammar = bar_grammar(menu)
    programs = (__file__, phrase_grammar.__file__, trigrams.__file__, pronunciation.__file__)
    sources = "".join([grammar, *(Path(program).read_text(encoding="utf-8") for program in programs)])
    folder = cache_dir / f"speech-{hashlib.sha256(sources.encode()).hexdigest()[:16]}"
    if not folder.is_dir():
        with written(cache_dir, "; KIOSK_CACHE_DIR names another folder"):
            cache_dir.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(prefix="speech-", dir=cache_dir))
            try:
                _make(grammar, unfinished)
                # Another process may be first, with the same files.
                with suppress(OSError):
                    unfinished.rename(folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    return SpeechModel(ACOUSTIC_MODEL, folder / "words.dict", folder / "bar.arpa")


def bar_grammar(menu: Menu) -> str:
    """The phrases with the menu's names in them, as JSGF."""
    rich = [modifier for modifier in menu.modifiers if modifier.amounts]
    plain = [modifier for modifier in menu.modifiers if not modifier.amounts]
    slots = {
        "item": [choice for item in menu.items for choice in _choices(item)],
        "plain": [choice for modifier in plain for choice in _choices(modifier)] + _left_out(menu),
        "rich": [choice for modifier in rich or plain for choice in _choices(modifier)],
        "amount": sorted({unit_of(amount) for modifier in rich for amount in modifier.amounts}),
        "category": ["drinks", *(unit_of(category) for category in menu.categories)],
        "percent": list(_percentages(menu.bar.tips)),
    }
    rules = "\n".join(f"<{name}> = {' | '.join(choices) or '<NULL>'};" for name, choices in slots.items())
    return f"{PHRASES.read_text(encoding='utf-8')}\n{rules}\n"


def _left_out(menu: Menu) -> list[str]:
    """What is no modifier and yet said where modifiers are: "without mint"."""
    known = {modifier.name for modifier in menu.modifiers}
    return [f"/4/ {unit_of(name)}" for name in menu.contents if name not in known]


def _choices(named: Item | Modifier) -> Iterator[str]:
    """The ways to say a name, weighted: the name itself most, then plurals and synonyms."""
    names = (named.name, *named.synonyms)
    for weight, name in zip((12, *(4,) * len(named.synonyms)), names, strict=True):
        yield f"/{weight}/ {unit_of(name)}"
        if isinstance(named, Item):
            more = named.more_than_one if name == named.name else plural(name)
            if unit_of(more) != unit_of(name):
                yield f"/{weight / 4:g}/ {unit_of(more)}"


def _percentages(tips: Tips) -> Iterator[str]:
    """The tips that guests say: those of the bar most, and others to be told that they cannot be had."""
    for percentage in dict.fromkeys([*USUAL_TIPS, *tips]):
        yield f"/{6 if percentage in tips else 1}/ {unit_of(str(percentage))}"


def unit_of(name: str) -> str:
    """`name` as the recogniser's model writes it: its words joined by "_", figures as they are said."""
    words = (number_words(int(word)) if word.isdecimal() else word for word in normalise(name).split())
    return "_".join(" ".join(words).split())


def _make(grammar: str, folder: Path) -> None:
    sentences = Counter(itertools.islice(_sentences(grammar), SENTENCES))
    pronouncer = Pronouncer(DICTIONARY)
    units = sorted({unit for sentence in sentences for unit in sentence})
    with (folder / "words.dict").open("w", encoding="utf-8") as words:
        for unit in units:
            for number, sounds in enumerate(pronouncer.pronounce(unit), 1):
                words.write(f"{unit}{f'({number})' if number > 1 else ''} {sounds}\n")
    (folder / "bar.arpa").write_text(trigrams.trigram_model(sentences), encoding="utf-8")


def _sentences(grammar: str) -> Iterator[Sentence]:
    phrases, chance = PhraseGrammar(grammar), random.Random(SEED)
    while True:
        if sentence := phrases.draw(TOP_RULE, chance):
            yield sentence
