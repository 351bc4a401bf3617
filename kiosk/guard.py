"""`guard`: llm-guard's models, brought to this machine once, so that the kiosk needs no network for them."""

import shutil

from kiosk.errors import OperatorError
from kiosk.files import in_words, is_operators
from kiosk.security.guard import GuardState, guard_of, is_installed, models_of
from kiosk.settings import Settings

# What a text classifier is loaded from; a repository may hold it in several forms, each of half a gigabyte.
WANTED = ["*.json", "*.txt", "*.model", "model.safetensors"]
OLDER_FORM = ["*.json", "*.txt", "*.model", "pytorch_model.bin"]


class GuardError(OperatorError):
    """llm-guard cannot be had."""


def fetch(settings: Settings) -> None:
    """Bring both models to `settings.models_dir`, load them once, and print how it went.

    Raises:
        GuardError: llm-guard is not installed, a model cannot be fetched, or cannot be loaded.
    """
    if not is_installed():
        raise GuardError("llm-guard is not installed: run scripts/install_guard.sh")
    from huggingface_hub import HfApi, snapshot_download  # pyright: ignore[reportMissingImports]
    from huggingface_hub.errors import HfHubHTTPError  # pyright: ignore[reportMissingImports]

    api = HfApi()
    for model in models_of(settings):
        folder = model.folder(settings.models_dir)
        if model.is_here(settings.models_dir):
            print(f"{model.id} is in {folder}")
            continue
        name, _, revision = model.id.partition("@")
        unfinished = folder.with_name(f".{folder.name}.part")
        try:
            files = api.model_info(name, revision=revision or None).siblings or []
            is_new = any(file.rfilename == "model.safetensors" for file in files)
            snapshot_download(
                name, revision=revision or None, local_dir=unfinished, allow_patterns=WANTED if is_new else OLDER_FORM
            )
        except (HfHubHTTPError, ValueError) as error:
            raise GuardError(f"{model.id} cannot be fetched: {_first_line(error)}. Is there such a model?") from None
        except OSError as error:
            if is_operators(error):
                raise GuardError(f"{folder.parent}: {model.id} cannot be put there: {in_words(error)}") from None
            raise GuardError(
                f"{model.id} cannot be fetched: Hugging Face does not answer. Check the network."
            ) from None
        shutil.rmtree(unfinished / ".cache", ignore_errors=True)
        # A model that is half there would be taken for one.
        unfinished.replace(folder)
        print(f"{model.id} is now in {folder}")
    _load_once(settings)


def _load_once(settings: Settings) -> None:
    guard = guard_of(settings)
    if not guard:
        raise GuardError("KIOSK_GUARD is off, or a model has no config.json: the rules alone decide")
    guard.start()
    try:
        guard.wait_until(GuardState.READY, GuardState.BROKEN)
        if guard.state is GuardState.BROKEN:
            raise GuardError(f"llm-guard cannot be used: {guard.trouble}")
        print("llm-guard has loaded them: the kiosk asks it from its next start on")
    finally:
        guard.close()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".:")
