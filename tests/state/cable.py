"""A cable between a client and PostgreSQL that can be pulled when a commit goes through it."""

import contextlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url

Pull = Literal["before the commit", "after the commit", "after the commit, for good"]

# What PostgreSQL calls its socket in a directory.
SOCKET = ".s.PGSQL.5432"


class Cable:
    """Carries every connection to the server's socket; nothing is understood but that a commit is asked for."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = server
        self._pull: Pull | None = None
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET))
        self._listening.listen()
        self._carrying = [threading.Thread(target=self._accept)]
        self._carrying[0].start()

    def pull(self, when: Pull) -> None:
        """Be pulled at the next commit."""
        self._pull = when

    def close(self) -> None:
        """Carry no new connections."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def join(self) -> None:
        """Wait until nothing is carried any more."""
        for carrying in self._carrying:
            carrying.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                for carry in (self._ask, self._answer):
                    self._carrying.append(threading.Thread(target=carry, args=(client, server)))
                    self._carrying[-1].start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while asked := client.recv(65536):
                when = self._pull if b"COMMIT" in asked else None
                if when == "before the commit":
                    break
                if when == "after the commit, for good":
                    # A client that learns of it shall find no other way.
                    self.close()
                if when:
                    # The answer is waited for, and kept from the client.
                    client.shutdown(socket.SHUT_WR)
                    self._pull = None
                server.sendall(asked)
        self._pull = None
        for end in (server, client):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_WR if end is server else socket.SHUT_RDWR)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with server, client, contextlib.suppress(OSError):
            while answer := server.recv(65536):
                with contextlib.suppress(OSError):
                    client.sendall(answer)
            client.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cable_to(url: str) -> Iterator[tuple[Cable, str]]:
    """A cable to the server at `url`, which is reached through a socket, and the address of its other end."""
    server = Path(str(make_url(url).query["host"])) / SOCKET
    with tempfile.TemporaryDirectory(prefix="kiosk-cable-") as folder:
        cable = Cable(server, Path(folder))
        try:
            yield cable, make_url(url).update_query_dict({"host": folder}).render_as_string(hide_password=False)
        finally:
            cable.close()
            cable.join()
