"""eSpeak NG, the voice that needs no network: text in, sound and the start of each word out.

The C library holds one voice and one utterance for the whole process, so there is one `Espeak` a
process, and it speaks for one caller at a time.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader

from kiosk.errors import OperatorError

SAMPLE_RATE = 22050

# The library hands its sound over in pieces of this length; the first is there 0.2 ms after the call.
CHUNK_MS = 60

# Values of speak_lib.h.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_POS_CHARACTER = 1
_CHARS_UTF8 = 1
_EVENT_LIST_TERMINATED = 0
_EVENT_WORD = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_GO_ON, _STOP = 0, 1
_IPA_SEPARATED = 0x02 | ord("_") << 8


class VoiceError(OperatorError):
    """Maya's voice cannot be used: the library or its data is missing, or it has no such voice."""


@dataclass(frozen=True)
class Voice:
    """How Maya sounds. Of the library's female voices this is the one that a recogniser took down best.

    Parameters:
        name: a language of eSpeak NG and, after "+", a variant of its voice.
        rate: words a minute, 80 to 450.
        pitch: 0 to 100.
        pitch_range: how lively the melody is, 0 (monotone) to 100.
        volume: 0 to 200, 100 is the library's own.
    """

    name: str = "en-us+f2"
    rate: int = 165
    pitch: int = 50
    pitch_range: int = 60
    volume: int = 100


@dataclass(frozen=True)
class WordStart:
    """A word begins to sound.

    Parameters:
        position: where the word stands in the text, in characters from 0.
        sample: when it begins, in samples from the beginning of the sound.
    """

    position: int
    sample: int


@dataclass(frozen=True)
class Chunk:
    """The next piece of sound: 16-bit mono, `SAMPLE_RATE`, and the words that begin within it.

    Parameters:
        first_sample: where the piece begins, in samples from the beginning of the sound.
    """

    first_sample: int
    pcm: bytes
    words: tuple[WordStart, ...]


Deliver = Callable[[Chunk], bool]


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """The library, loaded. Get it by `espeak()`."""

    def __init__(self) -> None:
        self._library, self._data = _load()
        self._lock = threading.Lock()
        self._voice: Voice | None = None
        self._deliver: Deliver = lambda _: False
        self._error: BaseException | None = None
        self._samples = 0
        # The library keeps only a pointer to it.
        self._callback = _SynthCallback(self._on_sound)
        self._library.espeak_SetSynthCallback(self._callback)

    def synthesize(self, text: str, voice: Voice, deliver: Deliver) -> None:
        """Speak `text` into `deliver`, piece by piece as it is made, until it is done or told to stop.

        Blocks meanwhile and releases the interpreter, so that it belongs on a thread. `deliver`
        answers whether to go on.

        Raises:
            VoiceError: there is no such voice, or the library failed.
        """
        encoded = text.replace("\0", " ").encode()
        with self._lock:
            self._use(voice)
            self._deliver, self._error, self._samples = deliver, None, 0
            status = self._library.espeak_Synth(
                encoded, len(encoded) + 1, 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None
            )
            if self._error:
                raise self._error
            if status:
                raise VoiceError(f"eSpeak NG could not speak: status {status}")

    def phonemes(self, text: str, voice: Voice) -> list[str]:
        """How `text` is pronounced, word by word: each word's sounds in IPA, separated by "_"."""
        with self._lock:
            self._use(voice)
            rest = ctypes.c_char_p(text.replace("\0", " ").encode())
            clauses: list[str] = []
            while rest.value:
                clauses.append(
                    self._library.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, _IPA_SEPARATED).decode()
                )
        return " ".join(clauses).split()

    def _use(self, voice: Voice) -> None:
        if voice == self._voice:
            return
        self._voice = None
        _, _, variant = voice.name.partition("+")
        # The library takes a variant that it does not have for none.
        known = not variant or (self._data / "voices" / "!v" / variant).is_file()
        if not known or self._library.espeak_SetVoiceByName(voice.name.encode()):
            raise VoiceError(f"eSpeak NG has no voice {voice.name!r}")
        for parameter, value in (
            (_RATE, voice.rate),
            (_PITCH, voice.pitch),
            (_RANGE, voice.pitch_range),
            (_VOLUME, voice.volume),
        ):
            if self._library.espeak_SetParameter(parameter, value, 0):
                raise VoiceError(f"eSpeak NG refuses {value} for {voice}")
        self._voice = voice

    def _on_sound(self, sound, samples: int, events) -> int:
        try:
            chunk = Chunk(
                self._samples,
                ctypes.string_at(sound, samples * 2) if sound and samples > 0 else b"",
                tuple(_word_starts(events)),
            )
            self._samples += max(samples, 0)
            if not chunk.pcm and not chunk.words:
                return _GO_ON
            return _GO_ON if self._deliver(chunk) else _STOP
        except BaseException as error:
            # Nothing can be raised through C; `synthesize` raises it.
            self._error = error
            return _STOP


@functools.cache
def espeak() -> Espeak:
    """The process's one `Espeak`, loaded at the first call.

    Raises:
        VoiceError: the library or its data cannot be loaded.
    """
    return Espeak()


def _load() -> tuple[ctypes.CDLL, Path]:
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path()
    except (OSError, RuntimeError) as error:
        raise VoiceError(f"eSpeak NG cannot be loaded: {error}; install the package espeakng-loader again") from None
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.POINTER(ctypes.c_uint),
        ctypes.c_void_p,
    ]
    rate = library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, CHUNK_MS, data.encode(), _INITIALIZE_DONT_EXIT)
    if rate != SAMPLE_RATE:
        raise VoiceError(f"eSpeak NG cannot read its data in {data}; install espeakng-loader again")
    return library, Path(data)


def _word_starts(events):
    index = 0
    while events[index].type != _EVENT_LIST_TERMINATED:
        if events[index].type == _EVENT_WORD:
            yield WordStart(events[index].text_position - 1, events[index].sample)
        index += 1
