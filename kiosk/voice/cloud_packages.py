"""What Gemini's and Cartesia's stages need of Python's packages: the extra `cloud`, which most kiosks do without."""

import importlib.util

from loguru import logger

from kiosk.settings import Settings

GEMINI, CARTESIA = "GEMINI_API_KEY", "CARTESIA_API_KEY"
PACKAGES = ("google.genai", "cartesia")
HOW = "uv sync --inexact --no-dev --extra cloud"


def are_installed() -> bool:
    """Whether a stage can run in the cloud."""
    return all(map(_is_here, PACKAGES))


def missed_by(key: str) -> str:
    """What is said of a key, by the name of its variable, that cannot be used without them."""
    return f"{key} is set, but the packages for the cloud are not installed, so the house serves: {HOW}"


def usable_keys(settings: Settings) -> set[str]:
    """The variables whose key puts stages into the cloud; those that cannot are told of in the log."""
    keys = {GEMINI: settings.gemini_api_key, CARTESIA: settings.cartesia_api_key}
    names = {name for name, key in keys.items() if key}
    if are_installed():
        return names
    for name in sorted(names):
        logger.warning(missed_by(name))
    return set()


def _is_here(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # not even the package that it would be in
        return False
