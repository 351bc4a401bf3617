"""Hugging Face on loopback: the list of a model's files, and each of them, by name and revision.

As there, the list names sizes and checksums, a small file is sent at once, and a large one from elsewhere: the hub
redirects to it, and it can be had from any byte on.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.server import Fake, Running

COMMIT = "0123456789abcdef0123456789abcdef01234567"
# As git's attributes at the hub have it.
_LARGE = (".bin", ".safetensors")


class FakeHub(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        models: folders by the model's name, "owner/name".

    Attributes:
        served: the files that were fetched, "owner/name/file".
        ranges: what was asked for of large files, "" for all.
        breaks_after: so many bytes of a large file are sent, and then the connection breaks; None: all.
        hangs: no more than the first bytes of a large file are sent, and the connection stays open.
        garbles: large files come with a byte changed.
        licence: what the models' cards say.
    """

    def __init__(self, models: dict[str, Path]) -> None:
        self._models = models
        self.served: list[str] = []
        self.ranges: list[str] = []
        self.breaks_after: int | None = None
        self.hangs = False
        self.garbles = False
        self.licence = "mit"
        super().__init__(0)

    @property
    def url(self) -> str:
        """What takes the place of Hugging Face's address."""
        return f"http://127.0.0.1:{self._port}"

    def _served(self, port: int) -> Running:
        routes = [
            Route("/api/models/{owner}/{name}/revision/{revision}", self._list),
            Route("/api/models/{owner}/{name}", self._list),
            Route("/{owner}/{name}/resolve/{revision}/{file:path}", self._file),
            Route("/storage/{owner}/{name}/{file:path}", self._stored),
        ]
        return Running(Starlette(routes=routes), port)

    async def _list(self, request: Request) -> Response:
        folder = self._folder(request)
        if folder is None:
            return JSONResponse({"error": "Repository not found"}, 401, {"X-Error-Code": "RepoNotFound"})
        if request.path_params.get("revision") == "no-such-revision":
            return JSONResponse({"error": "Invalid rev id"}, 404, {"X-Error-Code": "RevisionNotFound"})
        with_blobs = request.query_params.get("blobs") == "true"
        files = [_listed(path, with_blobs) for path in sorted(folder.iterdir())]
        card = {"license": self.licence}
        return JSONResponse({"id": self._name(request), "sha": COMMIT, "siblings": files, "cardData": card})

    async def _file(self, request: Request) -> Response:
        folder = self._folder(request)
        path = folder / request.path_params["file"] if folder else None
        if path is None or not path.is_file():
            return JSONResponse({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
        if request.method == "GET":
            self.served.append(f"{self._name(request)}/{path.name}")
        headers = {"X-Repo-Commit": request.path_params["revision"]}
        if path.suffix in _LARGE:
            return RedirectResponse(f"{self.url}/storage/{self._name(request)}/{path.name}", 302, headers)
        content = path.read_bytes()
        return Response(content, headers={**headers, "ETag": f'"{_blob(content)}"'}, media_type="text/plain")

    async def _stored(self, request: Request) -> Response:
        folder = self._folder(request)
        assert folder
        content = (folder / request.path_params["file"]).read_bytes()
        if self.garbles:
            content = bytes([content[0] ^ 1]) + content[1:]
        asked = request.headers.get("Range", "")
        self.ranges.append(asked)
        begin = int(asked.removeprefix("bytes=").removesuffix("-") or 0)
        if begin >= len(content):
            return Response(status_code=416)
        rest = content[begin:]
        headers = {"Content-Length": str(len(rest)), "Accept-Ranges": "bytes"}
        if asked:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        return StreamingResponse(self._sent(rest), 206 if asked else 200, headers)

    async def _sent(self, content: bytes) -> AsyncIterator[bytes]:
        if self.breaks_after is None and not self.hangs:
            yield content
            return
        yield content[: self.breaks_after or 1]
        if self.hangs:
            await asyncio.sleep(3600)
        raise ConnectionError("torn away")

    def _folder(self, request: Request) -> Path | None:
        return self._models.get(self._name(request))

    @staticmethod
    def _name(request: Request) -> str:
        return f"{request.path_params['owner']}/{request.path_params['name']}"


def _listed(path: Path, with_blobs: bool) -> dict[str, Any]:
    if not with_blobs:
        return {"rfilename": path.name}
    content = path.read_bytes()
    told: dict[str, Any] = {"rfilename": path.name, "size": len(content), "blobId": _blob(content)}
    if path.suffix in _LARGE:
        told["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
    return told


def _blob(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
