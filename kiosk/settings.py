"""The settings of a kiosk: environment variables, or a .env file beside it. See .env.example."""

from pathlib import Path
from typing import Annotated

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kiosk.errors import OperatorError


class SettingsError(OperatorError, ValueError):
    """A setting that cannot be used; the message is one line that names the variable."""


def find_assets() -> Path:
    """The folder with menu, pictures and recordings: beside the package, or inside it when installed."""
    package = Path(__file__).parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"


class Settings(BaseSettings):
    """What an operator can set.

    Parameters:
        store_url: where tabs are kept: "sqlite:///PATH", or "memory:" to forget them at the end.
        menu: the menu file.
        cache_dir: where what was made from the menu is kept between starts.
        microphone: the input device, by number or part of its name; the system's default otherwise.
        speaker: the output device, likewise.
        fullscreen: whether the window takes the whole screen.
        simulated_payment_secs: after how long a simulated guest pays a shown link.
        log_level: the least serious message that is written to stderr.
    """

    model_config = SettingsConfigDict(env_prefix="KIOSK_", env_file=".env", extra="ignore")

    store_url: str = Field(default_factory=lambda: f"sqlite:///{user_data_path('maya-kiosk') / 'kiosk.db'}")
    menu: Path = Field(default_factory=lambda: find_assets() / "menu.toml")
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("maya-kiosk"))
    microphone: str | None = None
    speaker: str | None = None
    fullscreen: bool = True
    simulated_payment_secs: Annotated[float, Field(ge=0)] = 8.0
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
        variable = "KIOSK_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{variable}: {first['msg'][:1].lower()}{first['msg'][1:]}") from None
