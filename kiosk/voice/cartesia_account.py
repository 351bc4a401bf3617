"""What Cartesia's HTTP interface says of the key and of the voices that can be had with it."""

from collections.abc import Iterable
from itertools import islice

from cartesia import APIStatusError, APITimeoutError, Cartesia, CartesiaError, NotFoundError
from cartesia.types import Voice

from kiosk.settings import Settings
from kiosk.voice.failover import CloudError

TIMEOUT_SECS = 10.0
# Of some hundred voices an operator is told a few of the kiosk's language.
MOST_VOICES, MOST_NAMED = 500, 5


class NoSuchVoiceError(Exception):
    """The voice cannot be had; the message says which others speak the kiosk's language."""


def find_voice(settings: Settings) -> str:
    """The name of the voice that `settings` give Maya; there has to be a key.

    Raises:
        NoSuchVoiceError: there is none of this id, or it does not speak the language.
        CloudError: the key is refused, or the service has trouble.
        OSError, TimeoutError: it cannot be reached, or does not answer in time.
    """
    assert settings.cartesia_api_key
    client = Cartesia(
        api_key=settings.cartesia_api_key.get_secret_value(),
        # "ws" becomes "http", and "wss" "https".
        base_url=settings.cartesia_url.replace("ws", "http", 1),
        timeout=TIMEOUT_SECS,
        max_retries=0,
    )
    try:
        with client:
            return _found(client, settings.cartesia_voice_id, settings.language)
    except APIStatusError as error:
        raise CloudError(str(error), error.status_code) from None
    except APITimeoutError:
        raise TimeoutError("Cartesia") from None
    except CartesiaError as error:
        raise ConnectionError(str(error)) from None


def _found(client: Cartesia, voice_id: str, language: str) -> str:
    try:
        voice = client.voices.get(voice_id)
    except NotFoundError:
        raise NoSuchVoiceError(
            f"there is no voice {voice_id}; {_some_of(client.voices.list(limit=100), language)}"
        ) from None
    if not _speaks(voice, language):
        others = _some_of(client.voices.list(limit=100), language)
        raise NoSuchVoiceError(f"the voice {voice.name} does not speak {language}; {others}")
    return voice.name


def _some_of(voices: Iterable[Voice], language: str) -> str:
    fitting = [f"{voice.name} {voice.id}" for voice in islice(voices, MOST_VOICES) if _speaks(voice, language)]
    if not fitting:
        return f"none of them speaks {language}"
    return f"{len(fitting)} speak {language}, such as {', '.join(fitting[:MOST_NAMED])}"


def _speaks(voice: Voice, language: str) -> bool:
    spoken = {voice.language, *(locale.locale for locale in voice.locales or [])}
    return language in {name.partition("-")[0] for name in spoken}
