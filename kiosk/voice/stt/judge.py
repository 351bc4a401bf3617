"""What was heard, of two witnesses: an open ear that writes whatever is said, and one that knows the bar's words alone.

The open ear (Whisper, prompted with the menu) is right in most words, also in those that are not for the bar. It writes
"for classic brews" or "a long island in the chin" where the sound leaves it open. The other one (PocketSphinx, with the
bar's grammar) makes the nearest words of the bar of whatever is said, so that it is believed only where the sound is
nearly the same and the sentence then makes more sense.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from kiosk.menu import Menu
from kiosk.understanding.acts import Missed
from kiosk.understanding.left_over import left_over
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.reader import understand
from kiosk.understanding.tags import tagged
from kiosk.voice.alike import Sounds
from kiosk.voice.stt.by_sound import NamesBySound
from kiosk.voice.stt.whisper import Reading

# Prompted with the menu, Whisper makes words of it of any noise. Of 45 pieces of kitchen, white and pink noise 44 were
# beyond one of these; of the 111 recordings of speech in tests/audio none was.
_NOISE_SCORE, _MAYBE_NOISE_SCORE, _NO_SPEECH = -1.8, -1.2, 0.3
# So far apart, 0 to 1, may two stretches sound of which the one makes sense and is taken for the other.
_ALIKE = 0.45
# The same where the other one names a drink or a number, and how sure that ear has to be of what it heard.
_SURELY, _CONFIDENT = 0.25, 0.6
# The open ear guesses, the other one is certain, and the whole sentence still sounds alike.
_GUESSED, _CERTAIN, _STILL_ALIKE = -0.5, 0.8, 0.5
# So near, they are homophones, as "four" and "for".
_SAME_SOUND = 0.05
# So near as a whole, two sentences differ in what was misheard, however far apart that sounds.
_NEARLY_THE_SAME = 0.3
_MOST_WORDS = 4
_MUCH = 100
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*%?")


class Judge:
    """Decides what was heard at the bar of `menu`. Pure; some 10 ms, so not for the event loop."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._sounds = Sounds()
        self._names = NamesBySound(menu, self._sounds)

    def heard(self, known: str, opened: Reading, confidence: float = 1.0) -> str:
        """The words that were heard; empty: none.

        Parameters:
            known: the words of the ear that knows the bar's alone; empty where it relies on none.
            opened: what the open ear wrote.
            confidence: of `known`, as `recognizer.Hypothesis` has it.
        """
        if is_noise(opened):
            return ""
        if not opened.text:
            return known
        text = _once(opened.text) if known and known == _once(known) else opened.text
        is_sure = confidence >= _CONFIDENT
        farthest = 1.0 if self._sounds.distance(text, known) <= _NEARLY_THE_SAME else _ALIKE
        for begin, end, other in reversed(list(_differences(text, known))):
            apart = self._sounds.distance(text[begin:end], other)
            changed = f"{text[:begin]}{other}{text[end:]}"
            enough = is_sure and apart <= _SURELY if self._orders(other) else apart <= farthest
            if apart <= _SAME_SOUND or (enough and self._unexplained(changed) < self._unexplained(text)):
                text = changed
        text = self._names.restored(text, known if is_sure else "")
        return known if self._is_outvoted(text, opened, known, confidence) else text

    def _is_outvoted(self, text: str, opened: Reading, known: str, confidence: float) -> bool:
        """Whether the open ear has guessed at words that make no sense, where the other one is certain of some that do.

        Of what the bar has no words for it is as a rule sure: it scores a receipt or the news with -0.3 at least.
        """
        is_certain = confidence >= _CERTAIN and opened.score <= _GUESSED
        makes_sense = bool(known) and not self._unexplained(known) and self._unexplained(text) > 0
        return is_certain and makes_sense and self._sounds.distance(opened.text, known) <= _STILL_ALIKE

    def _orders(self, words: str) -> bool:
        """Whether a drink or a number is among `words`: an order is never invented."""
        return any(tag.item or tag.number is not None for tag in tagged(words, lexicon(self._menu)))

    def _unexplained(self, text: str) -> int:
        missed = (act.words for act in understand(text, self._menu).acts if isinstance(act, Missed))
        # What is missed beside an order is less than what makes no sense at all.
        return _MUCH * len(left_over(text, self._menu).places) + sum(len(words.split()) for words in missed)


def is_noise(opened: Reading) -> bool:
    """Whether nobody spoke."""
    doubtful = opened.no_speech >= _NO_SPEECH and opened.score <= _MAYBE_NOISE_SCORE
    return doubtful or opened.score <= _NOISE_SCORE


def _once(text: str) -> str:
    """`text` without its repetition: a short turn may come twice from a decoder that has nothing left to read."""
    words = list(_WORD.finditer(text))
    said = [word.group().lower() for word in words]
    for length in range(1, len(said) // 2 + 1):
        if all(word == said[place % length] for place, word in enumerate(said)):
            return text[: words[length - 1].end()]
    return text


def _differences(text: str, known: str) -> Iterator[tuple[int, int, str]]:
    """Where in `text` other words stand than in `known`: (begin, end, the other words), in characters of `text`."""
    words = list(_WORD.finditer(text))
    said, other = [word.group().lower() for word in words], known.split()
    for kind, begin, end, other_begin, other_end in SequenceMatcher(None, said, other, autojunk=False).get_opcodes():
        if kind == "replace" and max(end - begin, other_end - other_begin) <= _MOST_WORDS:
            yield words[begin].start(), words[end - 1].end(), " ".join(other[other_begin:other_end])
