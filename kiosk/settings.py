"""The settings of a kiosk: environment variables, or a .env file beside it. See .env.example."""

import re
import socket
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_cache_path, user_data_path, user_log_path
from pydantic import AfterValidator, BeforeValidator, Field, Secret, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kiosk import catalogue
from kiosk.errors import OperatorError
from kiosk.files import in_words
from kiosk.plain_text import brief


class SettingsError(OperatorError, ValueError):
    """A setting that cannot be used; the message is one line that names the variable."""


def find_assets() -> Path:
    """The folder with menu, pictures and recordings: beside the package, or inside it when installed."""
    package = Path(__file__).parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"


def default_log_file() -> Path:
    """Where errors are kept unless the operator says otherwise."""
    return user_log_path("maya-kiosk") / "errors.log"


def _host_name() -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname()).strip("-")[:40] or "kiosk"


def _domains(listed: Any) -> Any:
    if not isinstance(listed, str):
        return listed
    domains = tuple(domain.strip().lower() for domain in listed.split(",") if domain.strip())
    for domain in domains:
        if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", domain):
            raise ValueError(f"{brief(domain)} is not a domain like pay.bar.example")
    return domains


def _collector(address: Any) -> Any:
    if not isinstance(address, str):
        return address
    if address.lower() == "off":
        return None
    found = re.fullmatch(r"(https?://[^/\s?#]+)/?", address)
    if not found:
        raise ValueError(f"{brief(address)} is neither off nor an address like http://localhost:4318")
    if found[1].endswith(":4317"):
        raise ValueError("port 4317 is a collector's for gRPC; spans are sent over HTTP, as a rule to its port 4318")
    return found[1]


def _language(language: str) -> str:
    known = catalogue.languages(find_assets())
    if language not in known:
        raise ValueError(f"has to be one of {', '.join(known)}")
    return language


class Settings(BaseSettings):
    """What an operator can set.

    Parameters:
        store_url: where tabs are kept: "sqlite:///PATH", or "memory:" to forget them at the end.
        menu: the menu file; what Maya can tell of its drinks is in the folder "knowledge" beside it, if there is one.
        cache_dir: where what was made from the menu is kept between starts.
        microphone: the input device, by number or part of its name; the system's default otherwise.
        speaker: the output device, likewise.
        barge_in: whether a guest can interrupt Maya: "auto", as the doctor has measured; "on", for devices that never
            hear her; or "off".
        wake_phrase: what a guest says to begin, in words that are said at a bar ("hey Maya"); without it, anything.
        language: of what is on the screen, and of the stages in the cloud, one of assets/texts; the house has English.
        fullscreen: whether the window takes the whole screen.
        closable: whether Esc and Alt+F4 end a kiosk that takes the whole screen.
        caption_scale: how many times as large as usual captions are.
        operator_pin: four to eight digits that end the kiosk at its screen.
        name: what this kiosk is called among those that share a store: letters, digits and dashes.
        idle_secs: after how long a silent guest is asked, and after as long again the visit ends.
        simulated_payment_secs: after how long a simulated guest pays a shown link.
        payment_link_secs: after how long an unpaid link is withdrawn.
        gemini_api_key: puts the bartender's wits into the cloud; without it the house answers.
        gemini_model: which of Gemini's models.
        gemini_fallback_model: a lighter one, asked where that one does not answer; the same: none.
        gemini_second_request_secs: after how long without a word it is asked once more, beside the first request.
        gemini_embedding_model: which of them finds what Maya can tell by its meaning.
        gemini_base_url: another address of Gemini, for tests.
        cartesia_api_key: puts Maya's ears and voice into the cloud; without it both are the house's.
        cartesia_voice_id: which of Cartesia's voices is Maya's.
        cartesia_url: the address of Cartesia.
        stripe_secret_key: makes payments real; without it they are simulated.
        stripe_live: whether the key may be a live one, so that money moves.
        stripe_by: how Stripe is asked: "mcp", by the tools of its MCP server; "rest", by its REST interface; or "auto",
            by the tools, and by REST where these refuse or are away.
        stripe_domains: the bar's own domains at Stripe, where a phone may pay beside Stripe's pages.
        stripe_mcp_url: Stripe's MCP server.
        stripe_api_url: Stripe's REST interface.
        master_key: encrypts what is stored and must stay secret.
        stt: who hears in the house: "whisper" and PocketSphinx beside it; "sphinx", PocketSphinx alone; or "auto":
            both, and where Whisper is slow it only looks again at what was not understood.
        stt_model: Whisper's weights: a folder, or an id at Hugging Face for `models fetch`; None: tiny.en.
        guard: whether llm-guard is asked where it is installed.
        guard_injection_model: its model for prompt injections: a folder, or an id at Hugging Face, for `models fetch`.
        guard_toxicity_model: its model for toxicity, likewise.
        models_dir: where `models fetch` puts them.
        retention_days: after how many days a visit without open money is deleted.
        metrics_port: where metrics are served for Prometheus, on this machine alone; without it, nowhere.
        tracing: the address of an OpenTelemetry collector, which gets pipecat's spans; without it, or "off", nobody.
        log_transcripts: whether what is said at the counter may be in messages of level DEBUG, and in spans.
        log_file: where errors are kept with their tracebacks; up to two megabytes.
        log_level: the least serious message that is written to stderr.
    """

    model_config = SettingsConfigDict(
        env_prefix="KIOSK_", env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    store_url: str = Field(default_factory=lambda: f"sqlite:///{user_data_path('maya-kiosk') / 'kiosk.db'}")
    menu: Path = Field(default_factory=lambda: find_assets() / "menu.toml")
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("maya-kiosk"))
    microphone: str | None = None
    speaker: str | None = None
    barge_in: Literal["auto", "on", "off"] = "auto"
    wake_phrase: Annotated[str, Field(pattern=r"^[^\W\d_]+( [^\W\d_]+){0,3}$")] | None = None
    language: Annotated[str, AfterValidator(_language)] = "en"
    fullscreen: bool = True
    closable: bool = False
    caption_scale: Annotated[float, Field(ge=1, le=1.6)] = 1.0
    operator_pin: Secret[Annotated[str, Field(pattern=r"^\d{4,8}$")]] | None = None
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")] = Field(default_factory=_host_name)
    idle_secs: Annotated[float, Field(ge=5)] = 25.0
    simulated_payment_secs: Annotated[float, Field(ge=0)] = 8.0
    payment_link_secs: Annotated[float, Field(ge=60)] = 900.0
    gemini_api_key: SecretStr | None = Field(default=None, validation_alias="GEMINI_API_KEY")
    gemini_model: str = "gemini-3.6-flash"
    gemini_fallback_model: str = "gemini-3.5-flash-lite"
    gemini_second_request_secs: Annotated[float, Field(ge=0.1)] = 1.2
    gemini_embedding_model: str = "gemini-embedding-001"
    gemini_base_url: str | None = Field(default=None, validation_alias="GEMINI_BASE_URL")
    cartesia_api_key: SecretStr | None = Field(default=None, validation_alias="CARTESIA_API_KEY")
    # "Tessa", one of Cartesia's public voices.
    cartesia_voice_id: str = Field(default="6ccbfb76-1fc6-48f7-b71d-91ac6298247b", validation_alias="CARTESIA_VOICE_ID")
    cartesia_url: Annotated[str, Field(pattern=r"^wss?://[^/]+$")] = Field(
        default="wss://api.cartesia.ai", validation_alias="CARTESIA_URL"
    )
    stripe_secret_key: SecretStr | None = Field(default=None, validation_alias="STRIPE_SECRET_KEY")
    stripe_live: bool = False
    stripe_by: Literal["auto", "mcp", "rest"] = "auto"
    stripe_domains: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_domains)] = ()
    stripe_mcp_url: str = Field(default="https://mcp.stripe.com", validation_alias="STRIPE_MCP_URL")
    stripe_api_url: str = Field(default="https://api.stripe.com", validation_alias="STRIPE_API_URL")
    master_key: SecretStr | None = Field(default=None, validation_alias="MAYA_MASTER_KEY")
    stt: Literal["auto", "whisper", "sphinx"] = "auto"
    stt_model: str | None = None
    guard: bool = True
    guard_injection_model: str = (
        "protectai/deberta-v3-small-prompt-injection-v2@3897fe66d47d2e1649e669c3470bf2ba3ddecc22"
    )
    guard_toxicity_model: str = "unitary/unbiased-toxic-roberta@36295dd80b422dc49f40052021430dae76241adc"
    models_dir: Path = Field(default_factory=lambda: user_data_path("maya-kiosk") / "models")
    retention_days: Annotated[float, Field(gt=0)] = 30.0
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    tracing: Annotated[str | None, BeforeValidator(_collector)] = None
    log_transcripts: bool = False
    log_file: Path = Field(default_factory=default_log_file)
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "WARNING"


def load_settings() -> Settings:
    """The settings of this environment.

    Raises:
        SettingsError: a variable has a value that it cannot have.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = "_".join(str(part) for part in first["loc"]).upper()
        if variable.lower() in Settings.model_fields:
            variable = f"KIOSK_{variable}"
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{variable}: {reason[:1].lower()}{reason[1:]}") from None
    except UnicodeDecodeError:
        raise SettingsError(".env: not a text in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{error.filename or '.env'}: cannot be read: {in_words(error)}") from None
