"""A real PostgreSQL for tests and benchmarks: a private server in a directory of its own, and fresh databases on it.

It writes as durably as the one in a bar: nothing is switched off to make it faster.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url


def find_programs() -> Path | None:
    """The directory of `initdb` and `pg_ctl`, the newest if there are several; None if there is none."""
    # Debian keeps them off the PATH.
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += reversed(packaged)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


class Cluster:
    """A PostgreSQL server that is reached through a socket in a directory that only its user can enter."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self._programs = programs
        self._directory = directory
        self._user = _someone_else() if os.geteuid() == 0 else {}
        if self._user:
            os.chown(directory, self._user["user"], self._user["group"])
        self._run("initdb", "--auth=trust", "--username=kiosk", "--encoding=UTF8", "--no-locale", "--no-sync")

    @property
    def url(self) -> str:
        """The address of the server's own database."""
        return f"postgresql://kiosk@/postgres?host={self._directory}"

    def start(self) -> None:
        """Start the server, or start it again, and wait until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self._directory}"
        self._run("pg_ctl", "start", "--wait", "--silent", "-o", options, "--log", str(self._directory / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop the server, which breaks all connections; in the mode "immediate" it dies as in a power cut."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, "--pgdata", self._directory / "data", *arguments]
        # A pipe would stay open as long as the server, which inherits it.
        with (self._directory / "output").open("w+b") as output:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self._directory, **self._user
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")


@contextlib.contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """A private server, which is stopped and removed in the end."""
    # The name of a socket has little more than a hundred characters: a test's own directory is too deep.
    with tempfile.TemporaryDirectory(prefix="kiosk-postgres-") as directory:
        cluster = Cluster(programs, Path(directory))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


@contextlib.contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The address of an empty database on the server at the address `server`; it is dropped in the end."""
    name = f"kiosk_test_{uuid4().hex}"
    _tell(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _tell(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _tell(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _someone_else() -> dict[str, Any]:
    # PostgreSQL refuses to run as root.
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
