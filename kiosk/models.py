"""`models`: which weights are on this machine, and how those of the hub come to it, for a kiosk without a network."""

from collections.abc import Iterator
from pathlib import Path

from kiosk import hub, weights
from kiosk.errors import OperatorError
from kiosk.security.guard import GuardState, guard_of, is_installed, models_of
from kiosk.settings import Settings

# What a text classifier is loaded from; a repository may hold it in several forms, each of half a gigabyte.
CLASSIFIER = ("*.json", "*.txt", "*.model", "model.safetensors|pytorch_model.bin")


class ModelsError(OperatorError):
    """A model is here, and cannot be used."""


def show(settings: Settings) -> None:
    """Print a line for each model that the kiosk uses or could use: size, licence, source, and whether it is here."""
    for line in _lines(settings):
        print(line)


def fetch(settings: Settings) -> None:
    """Bring the models that `settings` ask for to `settings.models_dir`, and print how it went.

    Raises:
        HubError, FileError: one cannot be fetched.
        WeightsError, ModelsError: one is here, and cannot be used.
    """
    _fetch_ears(settings)
    if is_installed():
        _fetch_guard(settings)


def _lines(settings: Settings) -> Iterator[str]:
    used = weights.chosen(settings)
    for model in dict.fromkeys([used.id, weights.BUNDLED, *weights.SUGGESTED]):
        found = weights.weights_of(model, settings)
        use, name = "ears" if found.id == used.id else "", model.partition("@")[0]
        yield _line(use, name, found.size, found.licence, found.source, found.trouble or "here")
    if is_installed():
        for model in models_of(settings):
            folder = model.folder(settings.models_dir)
            source = hub.source_of(folder)
            is_here = "here" if model.is_here(settings.models_dir) else "not here"
            size = sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
            licence = source.licence if source else ""
            yield _line("guard", model.id.partition("@")[0], size, licence, f"hub, {model.id}", is_here)


def _line(use: str, name: str, size: int, licence: str, source: str, is_here: str) -> str:
    megabytes = f"{size / 1e6:,.0f} MB" if size else "?"
    return f"{use or '-':<6}{name:<52}{megabytes:>8}  {licence or '?':<12}{source}: {is_here}"


def _fetch_ears(settings: Settings) -> None:
    used = weights.chosen(settings)
    if used.source.startswith("hub") and (used.trouble or hub.damage(used.folder, thoroughly=True)):
        _bring(used.id, weights.WANTED, used.folder)
    if trouble := used.trouble:
        raise weights.WeightsError(f"{used.id}: {trouble}")
    print(f"{used.id} is in {used.folder}")


def _fetch_guard(settings: Settings) -> None:
    for model in models_of(settings):
        folder = model.folder(settings.models_dir)
        if not model.is_here(settings.models_dir):
            _bring(model.id, CLASSIFIER, folder)
        print(f"{model.id} is in {folder}")
    _load_once(settings)


def _bring(model: str, wanted: tuple[str, ...], folder: Path) -> None:
    listing = hub.fetch(model, wanted, folder, hub.bar(model.partition("@")[0]))
    print(f"{listing.id} was fetched at {listing.commit}")


def _load_once(settings: Settings) -> None:
    guard = guard_of(settings)
    if not guard:
        raise ModelsError("KIOSK_GUARD is off, or a model has no config.json: the rules alone decide")
    guard.start()
    try:
        guard.wait_until(GuardState.READY, GuardState.BROKEN)
        if guard.state is GuardState.BROKEN:
            raise ModelsError(f"llm-guard cannot be used: {guard.trouble}")
        print("llm-guard has loaded them: the kiosk asks it from its next start on")
    finally:
        guard.close()
