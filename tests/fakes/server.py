"""What every fake of a cloud stands on."""

import asyncio
import contextlib
import itertools
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response


class Running(uvicorn.Server):
    """A server on a thread, which can be torn away in the middle of anything."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        super().__init__(uvicorn.Config(app, log_level="critical"))
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
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._up.set()

    async def main_loop(self) -> None:
        """As uvicorn's, which looks ten times a second whether it is over, and learns it at once."""
        ticks = itertools.count()
        while not await self.on_tick(next(ticks)):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self._over.wait()

    def stop(self) -> None:
        """Cut all connections and end."""
        assert self._loop
        self._loop.call_soon_threadsafe(self._cut)
        self._thread.join()

    def _cut(self) -> None:
        self.should_exit = True
        self._over.set()
        for listening in self.servers:
            listening.close()
        self._socket.close()
        self._abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut whatever is there yet: uvicorn's own would give it a tenth of a second to end well."""
        # One may have been on its way in when the others were cut; an abort takes a turn of the loop, too.
        for _ in range(5):
            await asyncio.sleep(0)
            self._abort()
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    def _abort(self) -> None:
        for connection in list(self.server_state.connections):
            transport: Any = getattr(connection, "transport", None)
            if transport:
                transport.abort()


class RunningSockets:
    """A server of websockets on a thread, which can be torn away in the middle of anything.

    Parameters:
        handle: serves one connection.
        admit: called before; may answer with a refusal.
    """

    def __init__(
        self,
        handle: Callable[[ServerConnection], Awaitable[None]],
        admit: Callable[[ServerConnection, Request], Response | None],
        port: int,
    ) -> None:
        self._handle, self._admit = handle, admit
        self.port = port
        self._up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._connections: set[ServerConnection] = set()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), name="fake")
        self._thread.start()
        if not self._up.wait(20):
            raise RuntimeError("the fake does not start")

    def stop(self) -> None:
        """Cut all connections and end."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    def cut(self, path: str) -> None:
        """Cut the connections to `path`."""
        self._loop.call_soon_threadsafe(self._cut, path)

    def close(self, path: str, reason: str) -> None:
        """Close the connections to `path` in order, and return when they are closed."""
        asyncio.run_coroutine_threadsafe(self._close(path, reason), self._loop).result(20)

    async def _close(self, path: str, reason: str) -> None:
        for connection in self._connected_to(path):
            await connection.close(1000, reason)

    def _cut(self, path: str) -> None:
        for connection in self._connected_to(path):
            connection.transport.abort()

    def _connected_to(self, path: str) -> list[ServerConnection]:
        return [each for each in self._connections if each.request and each.request.path.startswith(path)]

    async def _serve(self) -> None:
        async with serve(self._keep, "127.0.0.1", self.port, process_request=self._admit, close_timeout=0) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._up.set()
            await self._over.wait()
            self._cut("/")
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _keep(self, connection: ServerConnection) -> None:
        self._connections.add(connection)
        try:
            await self._handle(connection)
        except ConnectionClosed:
            pass
        finally:
            self._connections.discard(connection)


class Fake(ABC):
    """A fake of a cloud on a port of its own, from `with` to its end.

    Parameters:
        port: 0: a free one.

    Attributes:
        mangle: what becomes of each message on its way to the client.
    """

    def __init__(self, port: int = 0) -> None:
        self.mangle: Callable[[bytes], bytes] = bytes
        self._port = port
        self._server: Running | RunningSockets | None = None

    @abstractmethod
    def _served(self, port: int) -> Running | RunningSockets:
        """Its server, running."""

    def go_away(self) -> None:
        """Cut every connection, and refuse new ones; what it knows stays."""
        assert self._server
        self._server.stop()
        self._server = None

    def come_back(self) -> None:
        """Be there again, at the same address."""
        self._server = self._served(self._port)
        self._port = self._server.port

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self.go_away()
