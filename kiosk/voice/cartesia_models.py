"""Which of Cartesia's models hears a language, and what a connection to it asks for."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from loguru import logger

INK_2, INK_WHISPER = "ink-2", "ink-whisper"
# It tells these apart by itself: https://docs.cartesia.ai/use-the-api/stt/languages
INK_2_LANGUAGES = frozenset({"en", "es", "fr", "hi", "ja"})
# https://docs.cartesia.ai/use-the-api/stt/keyterms
MOST_KEYTERMS, MOST_KEYTERM_CHARACTERS = 100, 1200


def hears_with(language: str) -> str:
    """The model for guests who speak `language`, as "de"."""
    return INK_2 if language in INK_2_LANGUAGES else INK_WHISPER


def stt_query(language: str, sample_rate: int, names: Iterable[str] = ()) -> str:
    """What stands behind the "?" of an address that hears `language`.

    Parameters:
        sample_rate: of the sound that will be sent, 16-bit mono, in hertz.
        names: what is on the menu; only ink-2 can be told what to listen for.
    """
    model = hears_with(language)
    query = [("model", model), ("encoding", "pcm_s16le"), ("sample_rate", str(sample_rate))]
    # ink-2 takes English alone by name, and finds out the others by itself; to ink-whisper no name means English.
    if model == INK_WHISPER or language == "en":
        query.append(("language", language))
    if model == INK_2:
        query += [("keyterm", name) for name in keyterms(names)]
    # Blanks as %20: Cartesia does not read "+" as one.
    return urlencode(query, quote_via=quote)


def keyterms(names: Iterable[str]) -> list[str]:
    """As many of `names`, from the first on, as a connection takes; of those left out the log tells."""
    stripped = [name for name in map(str.strip, names) if name]
    kept: list[str] = []
    for name in stripped[:MOST_KEYTERMS]:
        if sum(map(len, kept)) + len(name) > MOST_KEYTERM_CHARACTERS:
            break
        kept.append(name)
    if len(kept) < len(stripped):
        logger.warning("Cartesia listens for {} of {} names on the menu", len(kept), len(stripped))
    return kept
