"""Sentences that the bar's grammar has no words for, or takes for others, by three recorded voices."""

import json
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from rapidfuzz.distance import Levenshtein

from kiosk.settings import load_settings
from kiosk.understanding.acts import Add
from kiosk.understanding.reader import understand
from kiosk.understanding.words import PUNCTUATION, plain_words
from kiosk.voice import language_model
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.stt.dictation import as_said
from kiosk.voice.stt.judge import Judge
from kiosk.voice.stt.prompt import prompt_of
from kiosk.voice.stt.whisper import MOST_PROMPT_TOKENS
from tests.audio.sounds import SAMPLE_RATE, read, with_pink_noise
from tests.bartender.menus import BAR

FOLDER = Path(__file__).parents[2] / "audio" / "misheard"
MOST_WORD_ERRORS = 0.10
Sound = np.ndarray


def recordings() -> dict[str, list[Path]]:
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for utterance in json.loads((FOLDER / "utterances.json").read_text(encoding="utf-8")):
        found[utterance["text"]].append(FOLDER / utterance["file"])
    return found


RECORDINGS = recordings()


@pytest.fixture(scope="module")
def heard(whisper):
    """What both ears make of a sound."""
    recognizer = Recognizer(language_model.build(BAR, load_settings().cache_dir))
    judge = Judge(BAR)
    prompt = prompt_of(BAR, lambda text: len(whisper.tokens_of(text)), MOST_PROMPT_TOKENS)

    def hear(samples: Sound) -> str:
        recognizer.forget_room()
        recognizer.start()
        recognizer.feed((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        reading = whisper.read(samples.astype(np.float32), prompt)
        known = recognizer.finish()
        return judge.heard(known.text, replace(reading, text=as_said(reading.text)), known.confidence)

    return hear


@pytest.fixture(scope="module")
def heard_from(heard):
    """What is heard from a recording as it is, which two tests want to know."""
    return cache(lambda path: heard(read(path)))


def meant(text: str) -> list[Any]:
    """What is to be done, without how it was counted."""
    return [
        (act.item, act.quantity, act.modifiers) if isinstance(act, Add) else act for act in understand(text, BAR).acts
    ]


def word_errors(said: str, text: str) -> int:
    return Levenshtein.distance(
        *([word for word in plain_words(one) if word not in PUNCTUATION] for one in (said, text))
    )


@pytest.mark.slow
@pytest.mark.parametrize("text", RECORDINGS)
def test_what_a_guest_says_is_understood_from_two_of_three_voices_at_least_and_orders_nothing_else(heard_from, text):
    said = [heard_from(path) for path in RECORDINGS[text]]
    assert sum(meant(words) == meant(text) for words in said) >= 2, said
    if not understand(text, BAR).orders:
        assert not any(understand(words, BAR).orders for words in said), said


@pytest.mark.slow
def test_of_ten_words_nine_are_heard_as_they_were_said(heard_from):
    pairs = [(heard_from(path), text) for text, paths in RECORDINGS.items() for path in paths]
    words = sum(len(text.split()) for _, text in pairs)
    assert sum(word_errors(said, text) for said, text in pairs) <= MOST_WORD_ERRORS * words, pairs


# -- However it is said -------------------------------------------------------------------------------------------


def whispered(samples: Sound) -> Sound:
    return with_pink_noise(samples * 0.03, 25)


def shouted(samples: Sound) -> Sound:
    return np.clip(samples * 6, -0.98, 0.98)


def as_a_child(samples: Sound) -> Sound:
    return soxr.resample(samples, SAMPLE_RATE * 1.3, SAMPLE_RATE)


def with_a_cough(samples: Sound) -> Sound:
    """A burst of noise where the speech is quietest in its middle."""
    frame = SAMPLE_RATE // 20
    power = [np.square(samples[at : at + frame]).sum() for at in range(0, len(samples) - frame, frame)]
    third = len(power) // 3
    place = (third + int(np.argmin(power[third:-third]))) * frame
    cough = np.random.default_rng(3).normal(0, 0.2, SAMPLE_RATE // 4) * np.hanning(SAMPLE_RATE // 4)
    return np.concatenate([samples[:place], cough, samples[place:]]).astype(np.float32)


# Of eight, one fewer than were right when this was written.
@pytest.mark.slow
@pytest.mark.parametrize(("manner", "least"), [(whispered, 6), (shouted, 7), (as_a_child, 7), (with_a_cough, 6)])
def test_most_of_what_is_whispered_shouted_coughed_or_said_by_a_child_is_understood(heard, manner, least):
    told = [(paths[0], text) for text, paths in list(RECORDINGS.items())[::2]]
    said = [(heard(manner(read(path))), text) for path, text in told]
    assert sum(meant(words) == meant(text) for words, text in said) >= least, said
    assert not [words for words, text in said if understand(words, BAR).orders and not understand(text, BAR).orders]
