"""Facts about Whisper with the package's smallest model."""

import json
from pathlib import Path

import numpy as np
import pytest

from kiosk.voice.stt.dictation import as_said
from kiosk.voice.stt.prompt import prompt_of
from kiosk.voice.stt.whisper import MOST_PROMPT_TOKENS, Whisper
from tests.audio.sounds import read
from tests.evening import MENU

AUDIO = Path(__file__).parents[2] / "audio"
TEXTS = {case["file"]: case["text"] for case in json.loads((AUDIO / "utterances.json").read_text())}


@pytest.fixture(scope="module")
def prompt(whisper) -> str:
    return prompt_of(MENU, lambda text: len(whisper.tokens_of(text)), MOST_PROMPT_TOKENS)


def plain(text: str) -> str:
    return "".join(letter for letter in text.lower().replace("-", " ") if letter.isalpha() or letter == " ")


@pytest.mark.parametrize("name", ["order_07.flac", "question_03.flac"])
def test_a_guest_is_read_word_for_word(whisper, prompt, name):
    found = whisper.read(read(AUDIO / name), prompt)
    assert plain(as_said(found.text)) == plain(TEXTS[name])
    assert found.score > -0.6
    assert found.no_speech < 0.5


def test_the_prompt_makes_it_a_bars_ear(whisper):
    speech = read(AUDIO / "order_09.flac")
    assert whisper.read(speech, "zombie") != whisper.read(speech)


def test_silence_is_most_likely_no_speech(whisper):
    speech = whisper.read(read(AUDIO / "order_01.flac"))
    silence = whisper.read(np.zeros(16000, np.float32))
    assert silence.no_speech > speech.no_speech


def test_a_long_prompt_and_a_long_utterance_are_cut_to_what_it_can_hold(whisper):
    assert whisper.read(np.zeros(40 * 16000, np.float32), "negroni " * 400).text is not None


def test_a_model_that_was_cut_is_refused(folder, tmp_path):
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).symlink_to(folder / name)
    with (folder / "model.bin").open("rb") as whole:
        (tmp_path / "model.bin").write_bytes(whole.read(1_000_000))
    with pytest.raises(RuntimeError):
        Whisper(tmp_path)
