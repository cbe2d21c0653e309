"""A real Mosquitto on loopback, with a configuration of its own, for as long as a test needs it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE_S = 20


def program(name: str = "mosquitto") -> str:
    """The path of a program of Mosquitto's; skips the test where it is not installed."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"{name} is not installed; on Debian: apt-get install mosquitto")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def mosquitto(folder: Path, *lines: str, port: int = 0) -> Iterator[int]:
    """The port of a running broker. lines: of its configuration, after the listener."""
    port = port or free_port()
    config = folder / f"mosquitto-{port}.conf"
    owner = ["user root"] if os.getuid() == 0 else []
    access = (
        []
        if any(line.startswith("allow_anonymous") for line in lines)
        else ["allow_anonymous true"]
    )
    told = [
        f"listener {port} 127.0.0.1",
        *owner,
        *access,
        *lines,
        "log_dest stderr",
        "set_tcp_nodelay true",
    ]
    config.write_text("\n".join(told) + "\n")
    with (folder / "mosquitto.log").open("w") as log:
        broker = subprocess.Popen([program(), "-c", str(config)], stderr=log, stdout=log)
        try:
            _until_it_listens(port, broker, folder / "mosquitto.log")
            yield port
        finally:
            broker.terminate()
            broker.wait(PATIENCE_S)


def _until_it_listens(port: int, broker: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert broker.poll() is None, log.read_text()
            time.sleep(0.02)
    raise AssertionError(log.read_text())
