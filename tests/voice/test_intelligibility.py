"""What Maya says can be understood: a recogniser that knows a few sentences tells which one it was.

Formant speech is far from what the recogniser was trained on, so it is asked to tell sentences
apart, not to take dictation.
"""

import re
from pathlib import Path

import numpy as np
import pytest
import soxr
from pocketsphinx import Decoder, get_model_path

from kiosk.voice.espeak import SAMPLE_RATE, Chunk, Voice, espeak
from kiosk.voice.speakable import spoken

SENTENCES = (
    "Good evening, what can I get you?",
    "Two old fashioned on the rocks, coming right up.",
    "Two old fashioned with a chaser, coming right up.",
    "That makes $37.00.",
    "That makes $13.50.",
    "With a 15% tip that makes $42.55.",
    "With a 20% tip that makes $44.40.",
    "Please scan the code on the screen with your phone.",
    "Sorry, I did not catch that.",
    "The payment did not go through.",
    "The payment has arrived, thank you.",
    "Thank you, and good night.",
)


@pytest.fixture(scope="module")
def listener() -> Decoder:
    model = Path(get_model_path()) / "en-us"
    decoder = Decoder(hmm=str(model / "en-us"), dict=str(model / "cmudict-en-us.dict"), lm=None, loglevel="FATAL")
    choices = " | ".join(plain(sentence) for sentence in SENTENCES)
    decoder.add_jsgf_string("maya", f"#JSGF V1.0; grammar maya; public <sentence> = {choices} ;")
    decoder.activate_search("maya")
    return decoder


def plain(sentence: str) -> str:
    return re.sub(r"[^a-z ]", "", spoken(sentence).lower())


def pcm(sentence: str) -> bytes:
    chunks: list[Chunk] = []

    def keep(chunk: Chunk) -> bool:
        chunks.append(chunk)
        return True

    espeak().synthesize(spoken(sentence), Voice(), keep)
    samples = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), np.int16).astype(np.float32)
    quiet = np.zeros(3000, np.float32)
    heard = np.concatenate([quiet, soxr.resample(samples, SAMPLE_RATE, 16000), quiet])
    # Digital silence is nothing that the recogniser knows.
    room = np.random.default_rng(0).normal(0, 30, len(heard))
    return np.clip(heard + room, -32768, 32767).astype(np.int16).tobytes()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_hers_is_told_from_the_others(listener, sentence):
    listener.start_utt()
    listener.process_raw(pcm(sentence), full_utt=True)
    listener.end_utt()
    hypothesis = listener.hyp()
    assert hypothesis is not None
    assert hypothesis.hypstr == plain(sentence)
