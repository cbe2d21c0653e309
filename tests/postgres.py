"""A real PostgreSQL server for tests: its own folder, a Unix socket, no port, no trace left."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


class NoPostgres(Exception):
    """There is no server to be had here; the message says why."""


@contextmanager
def postgres_server() -> Iterator[Path]:
    """Runs a server; gives the folder of its socket. Raises NoPostgres."""
    programs = _programs()
    user, group = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="sayso-pg-"))  # short: a socket's path has 107 bytes
    data = folder / "data"
    try:
        if user is not None:
            os.chown(folder, user, group or -1)
        options = "--username=sayso --auth=trust --encoding=UTF8 --locale=C --no-sync"
        subprocess.run(
            [str(programs / "initdb"), "-D", str(data), *options.split()],
            check=True,
            capture_output=True,
            cwd=folder,
            user=user,
            group=group,
        )
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-F"],
                stderr=log,
                cwd=folder,
                user=user,
                group=group,
            )
        try:
            _wait_for(folder, server)
            yield folder
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(socket: Path) -> Iterator[str]:
    """The URL of an empty database, dropped afterwards."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with _admin(socket) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://sayso@/{name}?host={socket}"
    with _admin(socket) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _admin(socket: Path) -> psycopg.Connection:
    return psycopg.connect(host=str(socket), user="sayso", dbname="postgres", autocommit=True)


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise NoPostgres("no PostgreSQL here: neither initdb on PATH nor /usr/lib/postgresql/*/bin")


def _unprivileged() -> tuple[int | None, int | None]:
    """User and group to run the server as, since it refuses root; None means this one."""
    if os.geteuid() != 0:
        return None, None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _wait_for(socket: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            _admin(socket).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgres(f"PostgreSQL did not start: {(socket / 'log').read_text()[-500:]}")
