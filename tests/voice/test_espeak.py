"""Facts about the voice that needs no network."""

import threading

import pytest

from kiosk.voice.espeak import SAMPLE_RATE, Chunk, Voice, VoiceError, espeak

# The library varies its breath by chance, and with it the length by a few samples.
BREATH_SECS = 0.01

SENTENCE = "Two old fashioneds, coming right up."


def speak(text: str, voice: Voice | None = None) -> list[Chunk]:
    chunks: list[Chunk] = []

    def keep(chunk: Chunk) -> bool:
        chunks.append(chunk)
        return True

    espeak().synthesize(text, voice or Voice(), keep)
    return chunks


def seconds(chunks: list[Chunk]) -> float:
    return sum(len(chunk.pcm) for chunk in chunks) / 2 / SAMPLE_RATE


def places(chunks: list[Chunk]) -> list[int]:
    return [word.position for chunk in chunks for word in chunk.words]


def test_sound_comes_in_small_pieces_that_follow_each_other():
    chunks = speak(SENTENCE)
    expected = 0
    for chunk in chunks:
        assert chunk.first_sample == expected
        expected += len(chunk.pcm) // 2
    assert len(chunks) > 10
    assert max(len(chunk.pcm) for chunk in chunks) <= 0.1 * 2 * SAMPLE_RATE


def test_each_word_is_reported_where_it_stands_and_when_it_sounds():
    chunks = speak("Good evening, what can I get you?")
    assert places(chunks) == [0, 5, 14, 19, 23, 25, 29]
    words = [word for chunk in chunks for word in chunk.words]
    assert [word.sample for word in words] == sorted({word.sample for word in words})


def test_a_word_comes_with_the_sound_that_it_begins_in():
    for chunk in speak(SENTENCE):
        for word in chunk.words:
            assert chunk.first_sample <= word.sample <= chunk.first_sample + len(chunk.pcm) // 2


def test_positions_count_characters_not_bytes():
    assert places(speak("Café crème, très chic")) == [0, 5, 12, 17]


def test_it_stops_as_soon_as_it_is_told_to():
    heard: list[Chunk] = []

    def two(chunk: Chunk) -> bool:
        heard.append(chunk)
        return len(heard) < 2

    espeak().synthesize(SENTENCE * 20, Voice(), two)
    assert len(heard) == 2


def test_an_utterance_after_one_that_was_stopped_is_whole():
    whole = speak(SENTENCE)
    espeak().synthesize(SENTENCE * 20, Voice(), lambda _: False)
    again = speak(SENTENCE)
    assert places(again) == places(whole)
    assert seconds(again) == pytest.approx(seconds(whole), abs=BREATH_SECS)


def test_callers_on_several_threads_each_get_their_own_words():
    alone = {text: seconds(speak(text)) for text in (SENTENCE, "Good night.", "Anything else?")}
    heard: list[tuple[str, float]] = []
    threads = [
        threading.Thread(target=lambda text=text: heard.append((text, seconds(speak(text)))))
        for text in alone
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 15
    for text, length in heard:
        assert length == pytest.approx(alone[text], abs=BREATH_SECS)


@pytest.mark.parametrize("name", ["nobody", "en-us+nobody"])
def test_a_voice_that_is_not_there_is_an_error_and_the_next_one_speaks(name):
    with pytest.raises(VoiceError, match=name.replace("+", r"\+")):
        speak("Hello.", Voice(name=name))
    assert seconds(speak("Hello.")) > 0.2


def test_an_error_of_the_listener_comes_back_to_the_caller():
    def fail(_: Chunk) -> bool:
        raise ConnectionError("the listener left")

    with pytest.raises(ConnectionError, match="the listener left"):
        espeak().synthesize(SENTENCE, Voice(), fail)


@pytest.mark.parametrize("text", ["", "  ", "...", "\0"])
def test_nothing_to_say_takes_no_time(text):
    assert seconds(speak(text)) < 0.2


def test_a_faster_voice_is_shorter_and_the_usual_one_comes_back():
    usual = seconds(speak(SENTENCE))
    assert seconds(speak(SENTENCE, Voice(rate=250))) < 0.8 * usual
    assert seconds(speak(SENTENCE)) == pytest.approx(usual, abs=BREATH_SECS)


def test_there_is_one_library_in_the_process():
    assert espeak() is espeak()


def test_asking_how_words_are_pronounced_does_not_disturb_the_voice():
    usual = seconds(speak(SENTENCE))
    assert len(espeak().phonemes("negroni caipirinha", Voice())) == 2
    assert seconds(speak(SENTENCE)) == pytest.approx(usual, abs=BREATH_SECS)
