"""Models from Hugging Face: a pinned revision, each file checked, and a broken download goes on where it broke off.

It needs none of Hugging Face's own libraries; `HF_ENDPOINT` names another hub, as it does for those.
"""

import fnmatch
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2

from kiosk.errors import OperatorError
from kiosk.files import written

HUB = "https://huggingface.co"
# What a fetched folder says of itself.
SOURCE = "source.json"
SILENT_SECS = 30.0
_CHUNK = 1 << 18
_BAR_WIDTH = 30

# Told how many bytes are there, and of how many.
Progress = Callable[[int, int], None]


class HubError(OperatorError):
    """A model cannot be fetched; the message says what to do."""


@dataclass(frozen=True)
class HubFile:
    """A file as the hub lists it.

    Parameters:
        size: in bytes.
        sha256: of its content, of the large ones; empty otherwise.
        blob: git's name for its content, of the small ones.
    """

    name: str
    size: int
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True)
class Listing:
    """What a repository holds at one commit."""

    id: str
    commit: str
    licence: str
    files: Sequence[HubFile]


def endpoint() -> str:
    """The hub's address."""
    return os.environ.get("HF_ENDPOINT", HUB).rstrip("/")


def fetch(
    model: str,
    wanted: Iterable[str],
    folder: Path,
    progress: Progress | None = None,
    silent_secs: float = SILENT_SECS,
) -> Listing:
    """Bring the files of `model` that `wanted` names into `folder`, which is there only once it is whole.

    Parameters:
        model: "owner/name@revision"; without a revision, what is newest.
        wanted: names of files, as "*.json"; of "this|that" the first that is there.
        progress: is told how far it is, as each piece comes.
        silent_secs: a hub that is silent for so long does not answer.

    Raises:
        HubError: the hub does not answer or has no such model, or what it sent is not what it should be.
        FileError: the folder cannot be written.
    """
    with httpx2.Client(follow_redirects=True, timeout=silent_secs) as client:
        listing = _listing(client, model)
        names = list(wanted)
        files = _chosen(listing.files, names)
        if not files:
            raise HubError(f"{model} cannot be fetched: it has none of {', '.join(names)}. Is it such a model?")
        unfinished = folder.with_name(f".{folder.name}.{listing.commit[:12]}.part")
        with written(unfinished):
            unfinished.mkdir(parents=True, exist_ok=True)
        _make_sure_of_room(model, files, unfinished)
        total = sum(file.size for file in files)
        done = 0
        for file in files:
            for size in _download(client, listing, file, unfinished / file.name):
                if progress:
                    progress(done + size, total)
            done += file.size
        listing = Listing(listing.id, listing.commit, listing.licence, tuple(files))
        with written(folder):
            (unfinished / SOURCE).write_text(json.dumps(asdict(listing), indent=1), encoding="utf-8")
            # What was there is no such model, or broken.
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
    return listing


def source_of(folder: Path) -> Listing | None:
    """Where the files in `folder` were fetched from, if they were."""
    try:
        told = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
        files = tuple(HubFile(**file) for file in told.pop("files"))
        return Listing(**told, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def damage(folder: Path, *, thoroughly: bool = False) -> str:
    """What is wrong with the files that were fetched into `folder`, in words; nothing: empty.

    Parameters:
        thoroughly: also read them.
    """
    listing = source_of(folder)
    for file in listing.files if listing else ():
        path = folder / file.name
        if not path.is_file():
            return f"{file.name} is missing"
        if path.stat().st_size != file.size:
            return f"{file.name} has {path.stat().st_size:,} bytes and should have {file.size:,}"
        if thoroughly and not _is_whole(path, file):
            return f"{file.name} is not what was fetched"
    return ""


def bar(name: str) -> Progress:
    """A progress bar on stderr, where that is a terminal."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            full = _BAR_WIDTH * done // max(total, 1)
            end = "\n" if done >= total else ""
            mark = f"{'#' * full:<{_BAR_WIDTH}}"
            print(
                f"\r{name}  [{mark}]  {done / 1e6:,.0f} of {total / 1e6:,.0f} MB", end=end, file=sys.stderr, flush=True
            )

    return show


def _listing(client: httpx2.Client, model: str) -> Listing:
    name, _, revision = model.partition("@")
    address = f"{endpoint()}/api/models/{name}/revision/{revision or 'main'}?blobs=true"
    try:
        answer = client.get(address)
        if answer.status_code in (401, 403, 404):
            raise HubError(f"{model} cannot be fetched: the hub has no such model, or no such revision of it")
        answer.raise_for_status()
        told = answer.json()
        files = tuple(_file(told) for told in told["siblings"])
        licence = str((told.get("cardData") or {}).get("license") or "")
        return Listing(name, str(told["sha"]), licence, files)
    except httpx2.HTTPError as error:
        raise HubError(_no_answer(model, error)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HubError(f"{model} cannot be fetched: {endpoint()} answers as no hub does") from None


def _file(told: dict[str, Any]) -> HubFile:
    lfs = told.get("lfs") or {}
    size = int(lfs.get("size") or told.get("size") or 0)
    return HubFile(told["rfilename"], size, lfs.get("sha256") or "", "" if lfs else told.get("blobId") or "")


def _chosen(files: Sequence[HubFile], wanted: Sequence[str]) -> list[HubFile]:
    # A hub's answer names no place on this machine.
    at_top = {file.name: file for file in files if Path(file.name).name == file.name}
    found: dict[str, HubFile] = {}
    for patterns in wanted:
        matches = (fnmatch.filter(at_top, pattern) for pattern in patterns.split("|"))
        found |= {name: at_top[name] for name in next(filter(None, matches), [])}
    return list(found.values())


def _make_sure_of_room(model: str, files: Sequence[HubFile], unfinished: Path) -> None:
    here = sum(path.stat().st_size for path in unfinished.iterdir())
    missing = sum(file.size for file in files) - here
    free = shutil.disk_usage(unfinished).free
    if missing > free:
        raise HubError(
            f"{model} cannot be fetched: it takes {missing / 1e6:,.0f} MB more, and {unfinished.parent} has "
            f"{free / 1e6:,.0f} MB of room. Make room, or have KIOSK_MODELS_DIR name another disk."
        )


def _download(client: httpx2.Client, listing: Listing, file: HubFile, path: Path) -> Iterator[int]:
    """Fetch what is missing of a file; yields how much of it is there."""
    begin = path.stat().st_size if path.exists() else 0
    if begin < file.size or not file.size:
        yield from _append(client, listing, file, path, begin)
    if path.stat().st_size < file.size:
        raise HubError(f"{listing.id} was not fetched whole: {file.name} broke off. Ask again: it goes on from there.")
    if not _is_whole(path, file):
        with suppress(OSError):
            path.unlink()
        raise HubError(f"{listing.id} cannot be used: {file.name} has a wrong checksum. Ask again: it is fetched anew.")
    yield file.size


def _append(client: httpx2.Client, listing: Listing, file: HubFile, path: Path, begin: int) -> Iterator[int]:
    address = f"{endpoint()}/{listing.id}/resolve/{listing.commit}/{file.name}"
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={begin}-"} if begin else {})
    try:
        with client.stream("GET", address, headers=headers) as answer:
            answer.raise_for_status()
            goes_on = answer.status_code == httpx2.codes.PARTIAL_CONTENT
            size = begin if goes_on else 0
            with written(path), path.open("ab" if goes_on else "wb") as out:
                for chunk in answer.iter_raw():
                    out.write(chunk)
                    size += len(chunk)
                    yield size
    except httpx2.HTTPError as error:
        raise HubError(_no_answer(listing.id, error)) from None


def _is_whole(path: Path, file: HubFile) -> bool:
    if file.size and path.stat().st_size != file.size:
        return False
    if not file.sha256 and not file.blob:
        return True
    digest = hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {path.stat().st_size}\0".encode())
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest() == (file.sha256 or file.blob)


def _no_answer(model: str, error: httpx2.HTTPError) -> str:
    told = f"answers {error.response.status_code}" if isinstance(error, httpx2.HTTPStatusError) else "does not answer"
    return f"{model} cannot be fetched: {endpoint()} {told}. Check the network and ask again: it goes on from there."
