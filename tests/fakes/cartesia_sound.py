"""The voice of Cartesia's fake: a man's of eSpeak NG's, which Maya never has."""

from collections.abc import Iterator

from kiosk.voice.espeak import SAMPLE_RATE, Chunk, Voice, espeak

VOICE = Voice(name="en-us+m3", rate=175)


def pieces(sound: bytes) -> Iterator[slice]:
    """Tenths of a second."""
    size = SAMPLE_RATE // 10 * 2
    return (slice(start, start + size) for start in range(0, len(sound), size))


def synthesize(text: str) -> tuple[bytes, list[str], list[float]]:
    """Sound, words as they stand in the text, and when each begins."""
    sound = bytearray()
    begins: dict[int, float] = {}

    def deliver(chunk: Chunk) -> bool:
        sound.extend(chunk.pcm)
        begins.update({word.position: word.sample / SAMPLE_RATE for word in chunk.words})
        return True

    espeak().synthesize(text, VOICE, deliver)
    words, starts, position, last = [], [], 0, 0.0
    for word in text.split():
        position = text.index(word, position)
        # eSpeak NG reports some words together with the one before.
        last = max(last, begins.get(position, last))
        words.append(word)
        starts.append(last)
        position += len(word)
    return bytes(sound), words, starts
