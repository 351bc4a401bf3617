"""Hugging Face on loopback: the list of a model's files, and each of them, by name and revision."""

import hashlib
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.server import Fake, Running

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        models: folders by the model's name, "owner/name".

    Attributes:
        served: the files that were fetched, "owner/name/file".
    """

    def __init__(self, models: dict[str, Path]) -> None:
        self._models = models
        self.served: list[str] = []
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
        ]
        return Running(Starlette(routes=routes), port)

    async def _list(self, request: Request) -> Response:
        folder = self._folder(request)
        if folder is None:
            return JSONResponse({"error": "Repository not found"}, 404, {"X-Error-Code": "RepoNotFound"})
        files = [{"rfilename": path.name} for path in sorted(folder.iterdir())]
        return JSONResponse({"id": self._name(request), "sha": COMMIT, "siblings": files})

    async def _file(self, request: Request) -> Response:
        folder = self._folder(request)
        path = folder / request.path_params["file"] if folder else None
        if path is None or not path.is_file():
            return JSONResponse({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
        content = path.read_bytes()
        if request.method == "GET":
            self.served.append(f"{self._name(request)}/{path.name}")
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": COMMIT}
        return Response(content, headers=headers, media_type="application/octet-stream")

    def _folder(self, request: Request) -> Path | None:
        return self._models.get(self._name(request))

    @staticmethod
    def _name(request: Request) -> str:
        return f"{request.path_params['owner']}/{request.path_params['name']}"
