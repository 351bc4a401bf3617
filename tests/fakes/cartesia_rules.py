"""What Cartesia takes and what it refuses, in its own words; README.md says where each rule is known from."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

INK_2, INK_WHISPER = "ink-2", "ink-whisper"
STT_MODELS = (INK_2, INK_WHISPER, "ink-whisper-2025-06-04")
# By its own `language` ink-2 takes English alone; what else it hears it finds out by itself.
INK_2_HEARS = ("en", "fr", "hi", "ja", "es")
WHISPER_HEARS = tuple(
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml "
    "cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am "
    "yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue".split()
)
ENCODINGS = ("pcm_s16le", "pcm_s32le", "pcm_f16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw")
STT_PARAMETERS = {
    INK_2: {"model", "encoding", "sample_rate", "language", "keyterm"},
    INK_WHISPER: {"model", "encoding", "sample_rate", "language", "min_volume", "max_silence_duration_secs"},
}
MOST_KEYTERMS, MOST_KEYTERM_CHARACTERS = 100, 1200

SONIC = ("sonic-3.6", "sonic-3.5", "sonic-3", "sonic-latest")
SONIC_SPEAKS = tuple(
    "en fr de es pt zh ja hi it ko nl pl ru sv tr tl bg ro ar cs el fi hr ms sk da ta uk hu no vi bn th he ka id te gu "
    "kn ml mr pa or ur".split()
)
SAMPLE_RATES = (8000, 16000, 22050, 24000, 44100, 48000)
TTS_FIELDS = {
    "context_id", "model_id", "output_format", "transcript", "voice", "add_phoneme_timestamps", "add_timestamps",
    "continue", "flush", "generation_config", "language", "max_buffer_delay_ms", "pronunciation_dict_id", "speed",
    "use_normalized_timestamps",
}  # fmt: skip

Refusal = dict[str, Any]


def refusal(status: int, title: str, message: str, error_code: str | None = None) -> Refusal:
    """An error as a websocket tells it."""
    told = {"status_code": status, "error_code": error_code, "title": title, "message": message}
    return {"type": "error", "done": True, **told}


_NO_SUCH_MODEL = refusal(
    400, "Invalid model", "The model is not valid, make sure it is a valid model ID.", "model_not_found"
)


def refusal_of_stt(query: str) -> Refusal | None:
    """Why a connection that listens is refused; None if it is not."""
    asked = parse_qsl(query, keep_blank_values=True)
    values = dict(asked)
    model = values.get("model", "")
    if model not in STT_MODELS:
        return refusal(
            400, "Invalid model", "The model is not valid, make sure it is a valid model ID.", "model_not_found"
        )
    family = INK_2 if model == INK_2 else INK_WHISPER
    for name, value in asked:
        if name not in STT_PARAMETERS[family]:
            return _invalid(f"{name} is not a parameter of {model}")
        if name != "keyterm" and [value] != [other for known, other in asked if known == name]:
            return _invalid(f"{name} is there more than once")
    if "+" in query:
        return _invalid("blanks in a keyterm are %20")
    if values.get("encoding") not in ENCODINGS or not values.get("sample_rate", "").isdecimal():
        return _invalid("encoding and sample_rate are required")
    hears = ("en",) if family == INK_2 else WHISPER_HEARS
    if values.get("language", "en") not in hears:
        return _invalid(f"{model} does not take language {values['language']}")
    return _refusal_of_keyterms([value for name, value in asked if name == "keyterm"])


def _refusal_of_keyterms(keyterms: Sequence[str]) -> Refusal | None:
    if len(keyterms) > MOST_KEYTERMS:
        return _invalid(f"at most {MOST_KEYTERMS} keyterms")
    if sum(map(len, keyterms)) > MOST_KEYTERM_CHARACTERS:
        return _invalid(f"at most {MOST_KEYTERM_CHARACTERS} characters of keyterms")
    return None


def refusal_of_tts(asked: Mapping[str, Any]) -> Refusal | None:
    """Why a request to speak is refused; None if it is not."""
    if asked.get("model_id") not in SONIC:
        return refusal(
            400, "Invalid model", "The model is not valid, make sure it is a valid model ID.", "model_not_found"
        )
    if unknown := asked.keys() - TTS_FIELDS:
        return _invalid(f"unknown fields: {', '.join(sorted(unknown))}")
    if missing := {"context_id", "output_format", "transcript", "voice"} - asked.keys():
        return _invalid(f"missing fields: {', '.join(sorted(missing))}")
    form, voice = asked["output_format"], asked["voice"]
    if (
        form.get("container") != "raw"
        or form.get("encoding") not in ENCODINGS
        or form.get("sample_rate") not in SAMPLE_RATES
    ):
        return _invalid("output_format")
    if voice.keys() != {"mode", "id"} or voice["mode"] != "id" or not voice["id"]:
        return _invalid("voice")
    if asked.get("language", "en") not in SONIC_SPEAKS:
        return _invalid(f"language {asked['language']} is not supported")
    if not 0 <= asked.get("max_buffer_delay_ms", 0) <= 5000:
        return _invalid("max_buffer_delay_ms has to be from 0 to 5000")
    return None


def _invalid(message: str) -> Refusal:
    return refusal(400, "Invalid request", message)
