"""Whisper by CTranslate2: an utterance and a prompt in, words and how sure they are out.

It looks at the utterance with some silence behind it, and not at thirty seconds, which take three times as long.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.voice.stt.log_mel import SAMPLE_RATE, log_mel

# With less silence behind the words they come twice: of 100 orders 73 were right with 3 s, 96 with 6 s.
SILENCE_SECS = 6.0
# So much speech it can look at: half a minute, silence included.
MOST_SECS = 30.0 - SILENCE_SECS
# A guest says two to four words a second, and few words have more than two tokens.
_TOKENS_PER_SECOND, _LEAST_TOKENS = 12, 12
# What fits beside an utterance's words: half of the decoder's 448 places, as in its training.
MOST_PROMPT_TOKENS = 224
# More threads make no tiny model faster, and the window and the sound need the rest.
THREADS = 2


@dataclass(frozen=True)
class Reading:
    """What was read of an utterance.

    Parameters:
        text: the words as Whisper writes them, with capitals, stops and figures; empty where there are none.
        score: the mean logarithm of the tokens' probabilities, 0 at best.
        no_speech: the probability that nobody speaks.
    """

    text: str
    score: float
    no_speech: float


class Whisper:
    """A model in memory. Not for several threads at a time; CTranslate2 releases the interpreter while it works.

    Parameters:
        folder: with model.bin and tokenizer.json, as Systran publishes them.
        beam: how many hypotheses are followed at a time.

    Raises:
        ImportError: its libraries are not installed.
        RuntimeError, ValueError, OSError: there is no such model in the folder.
    """

    def __init__(self, folder: Path, beam: int = 5) -> None:
        # The dependency group "weights" may be left out.
        import ctranslate2
        from tokenizers import Tokenizer

        self._storage = ctranslate2.StorageView
        self._model = ctranslate2.models.Whisper(str(folder), "cpu", compute_type="int8", intra_threads=THREADS)
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._beam = beam
        names = ["<|startoftranscript|>"]
        if self._model.is_multilingual:
            names += ["<|en|>", "<|transcribe|>"]
        self._begin = [self._id(name) for name in (*names, "<|notimestamps|>")]
        self._before = self._id("<|startofprev|>")
        # The model's own tokens come last, from the end of a text on.
        self._first_special = self._id("<|endoftext|>")

    def _id(self, name: str) -> int:
        found = self._tokens.token_to_id(name)
        if found is None:
            raise ValueError(f"its tokenizer.json has no {name}, so it is none of Whisper's")
        return found

    def tokens_of(self, prompt: str) -> list[int]:
        """How a prompt is written in tokens."""
        return self._tokens.encode(f" {prompt.strip()}", add_special_tokens=False).ids

    def read(self, samples: np.ndarray, prompt: str = "") -> Reading:
        """What is said in `samples` (float32, 16 kHz, -1 to 1), where words like those of `prompt` are likely.

        Of more than `MOST_SECS` the last are read.
        """
        speech = samples[-int(MOST_SECS * SAMPLE_RATE) :]
        sound = np.pad(speech, (0, int(SILENCE_SECS * SAMPLE_RATE)))
        features = log_mel(sound, self._model.n_mels)[np.newaxis]
        prompted = [self._before, *self.tokens_of(prompt)[:MOST_PROMPT_TOKENS]] if prompt else []
        start = [*prompted, *self._begin]
        seconds = len(speech) / SAMPLE_RATE
        (found,) = self._model.generate(
            self._model.encode(self._storage.from_array(np.ascontiguousarray(features))),
            [start],
            beam_size=self._beam,
            max_length=len(start) + _LEAST_TOKENS + math.ceil(seconds * _TOKENS_PER_SECOND),
            return_scores=True,
            return_no_speech_prob=True,
        )
        words = [token for token in found.sequences_ids[0] if token < self._first_special]
        return Reading(self._tokens.decode(words).strip(), found.scores[0], found.no_speech_prob)
