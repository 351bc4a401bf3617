"""What every fake of a cloud stands on."""

import asyncio
import socket
import threading
from typing import Any

import uvicorn
from starlette.types import ASGIApp


class Running(uvicorn.Server):
    """A server on a thread, which can be torn away in the middle of anything."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        super().__init__(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=0))
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._up = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self.run, args=([self._socket],), name="fake")
        self._thread.start()
        if not self._up.wait(20):
            raise RuntimeError("the fake does not start")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._up.set()

    def stop(self) -> None:
        """Cut all connections and end."""
        assert self._loop
        self._loop.call_soon_threadsafe(self._cut)
        self._thread.join()

    def _cut(self) -> None:
        self.should_exit = True
        for listening in self.servers:
            listening.close()
        self._socket.close()
        for connection in list(self.server_state.connections):
            transport: Any = getattr(connection, "transport", None)
            if transport:
                transport.abort()
