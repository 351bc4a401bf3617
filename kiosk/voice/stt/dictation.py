"""What Whisper writes, as it was said: once where its decoder looped, and without the commas of a list."""

import re

# Of fewer words a guest may say something twice: "yes, yes", "two beers, two beers".
LEAST_LOOPED = 3


def as_said(text: str) -> str:
    """`text` without what the decoder only repeated, and without commas; a guest speaks none."""
    words = text.split()
    heard = [re.sub(r"\W", "", word).lower() for word in words]
    length = loop(heard)
    return re.sub(r",(?=\s|$)", "", " ".join(words[:length] if length else words))


def loop(words: list[str], least: int = LEAST_LOOPED) -> int:
    """After how many words everything comes again, perhaps broken off in the end; 0: nothing does.

    Parameters:
        least: so many words at least that come again are a loop.
    """
    for length in range(least, len(words)):
        rest = len(words) - length
        if rest >= min(length, least) and all(words[at] == words[at - length] for at in range(length, len(words))):
            return length
    return 0
