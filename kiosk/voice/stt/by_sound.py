"""The menu's names in what an open ear wrote by their sound: "groany", "negrones", "indigroni"."""

from collections.abc import Iterator, Sequence

from kiosk.menu import Menu, normalise
from kiosk.understanding.left_over import left_over
from kiosk.understanding.lexicon import lexicon
from kiosk.voice.alike import Sounds

# So far apart, 0 to 1, may a name sound from what was written.
NEAR = 0.3
# Shorter names than this sound like too much else.
_LEAST_SOUNDS = 4
_MOST_WORDS = 3


class NamesBySound:
    """How the names of `menu` sound."""

    def __init__(self, menu: Menu, sounds: Sounds) -> None:
        self._menu = menu
        self._sounds = sounds
        spoken = (name for item in menu.items for name in (item.name, item.more_than_one, *item.synonyms))
        made = (name for modifier in menu.modifiers for name in (modifier.name, *modifier.synonyms))
        names = dict.fromkeys(normalise(name) for name in (*spoken, *made))
        self._names = [name for name in names if any(len(way) >= _LEAST_SOUNDS for way in sounds.of(name))]

    def restored(self, text: str, known: str) -> str:
        """`text` with the name in place of what nothing explains and what sounds like it; in plain words where changed.

        A word of the dictionary may have been said as it was written: a cider is no soda. It becomes a name only where
        that is in `known`, too, which an ear heard that knows the bar's words alone.
        """
        words, places = left_over(text, self._menu)
        heard = f" {known} "
        while places:
            found = min(self._replacements(words, places, heard), default=None)
            if not found:
                break
            _, begin, end, name = found
            changed = " ".join([*words[:begin], name, *words[end:]])
            before = len(places)
            words, places = left_over(changed, self._menu)
            if len(places) >= before:
                break
            text = changed
        return text

    def _replacements(
        self, words: Sequence[str], places: Sequence[int], heard: str
    ) -> Iterator[tuple[float, int, int, str]]:
        """How far apart, where, and by which name a stretch with unexplained words in it may be replaced."""
        for begin, end in _stretches(places, len(words)):
            said = words[begin:end]
            if not all(word.isalpha() for word in said) or all(map(lexicon(self._menu).knows, said)):
                continue
            is_spelled = all(map(self._sounds.is_word, said))
            for name in self._names:
                if is_spelled and f" {name} " not in heard:
                    continue
                apart = self._sounds.distance(" ".join(said), name)
                if apart <= NEAR:
                    yield apart, begin, end, name


def _stretches(places: Sequence[int], size: int) -> set[tuple[int, int]]:
    """Where words that hold one of `places` begin and end, a name's length at most."""
    return {
        (begin, end)
        for place in places
        for begin in range(max(0, place - _MOST_WORDS + 1), place + 1)
        for end in range(place + 1, min(begin + _MOST_WORDS, size) + 1)
    }
