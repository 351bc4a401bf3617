"""What Maya can tell about drinks and the bar: sections of assets/knowledge/*.md, found by their words.

SQLite's full-text search ranks them (BM25); it is made in memory at start, in a few milliseconds.
"""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.documents import DocumentError, read_text
from kiosk.plain_text import brief, one_line
from kiosk.understanding.words import plain_words

# Far more than a bartender tells of one thing, and more things than there are on any menu.
LONGEST_TITLE, LONGEST_PASSAGE, MOST_PASSAGES = 80, 8_000, 1_000

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
        """The sections of all files in the folder "knowledge" beside a menu file; it may be missing.

        Raises:
            DocumentError: a file cannot be read, or is none that Maya could tell of.
        """
        folder = menu.parent / "knowledge"
        passages = [passage for path in sorted(folder.glob("*.md")) for passage in _sections(path)]
        if len(passages) > MOST_PASSAGES:
            raise DocumentError(f"{folder}: {len(passages)} sections; there may be {MOST_PASSAGES}")
        return cls(passages)

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
    for section in read_text(path).split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        if len(title) > LONGEST_TITLE or len(text) > LONGEST_PASSAGE:
            most = f"{LONGEST_TITLE} characters and its text {LONGEST_PASSAGE}"
            raise DocumentError(f"{path}: section {brief(title)}: a title may have {most}")
        yield Passage(one_line(title), one_line(text, LONGEST_PASSAGE))
