"""What Maya can tell about drinks and the bar: sections of assets/knowledge/*.md, found by their words.

SQLite's full-text search ranks them (BM25); it is made in memory at start, in a few milliseconds.
"""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.bartender.words import plain_words

# Words that say nothing about what is asked.
_COMMON = frozenset(
    "a about all am an and any are as at be can come could did do does for from get give had has have how i in "
    "is it know like made make makes me more much my name of on or please so some something tell that the there "
    "they thing this to us was we were what when where which who why will with would you your whats whos story "
    "stories called mean means drink drinks bar between difference really just not no yes well okay hey maya".split()
)


@dataclass(frozen=True)
class Passage:
    """A section of the knowledge.

    Parameters:
        text: the whole of it, on one line.
    """

    title: str
    text: str

    @property
    def gist(self) -> str:
        """Its first sentence."""
        return re.split(r"(?<=[.!?]) ", self.text, maxsplit=1)[0]


class Knowledge:
    """Finds passages; not for several threads at a time.

    Attributes:
        passages: all that there are.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = tuple(passages)
        self._by_title = {passage.title.casefold(): passage for passage in self.passages}
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE passages USING fts5(title, text, tokenize='porter unicode61')")
        self._index.executemany(
            "INSERT INTO passages VALUES (?, ?)", [(passage.title, passage.text) for passage in self.passages]
        )

    @classmethod
    def beside(cls, menu: Path) -> "Knowledge":
        """The sections of all files in the folder "knowledge" beside a menu file; it may be missing."""
        return cls(passage for path in sorted((menu.parent / "knowledge").glob("*.md")) for passage in _sections(path))

    def about(self, title: str) -> Passage | None:
        """The passage of that title."""
        return self._by_title.get(title.casefold())

    def search(self, question: str, most: int = 2) -> list[Passage]:
        """The passages that a question is most likely about, the likeliest first; none where no word of it says so."""
        words = [word for word in plain_words(question) if word.isalnum() and word not in _COMMON]
        if not words:
            return []
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        # A word in the title says more than ten in the text.
        ranked = "SELECT title FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 10.0, 1.0) LIMIT ?"
        return [self._by_title[title.casefold()] for (title,) in self._index.execute(ranked, (asked, most))]


def _sections(path: Path) -> Iterable[Passage]:
    for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        yield Passage(title.strip(), " ".join(text.split()))
