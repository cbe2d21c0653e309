"""Run the HTTP door: one process, or several workers on one port, until told to stop.

On SIGTERM or SIGINT a worker stops accepting, ends its event streams, finishes the turns it has
begun (they are answered and logged) and leaves. The parent of several workers passes the signal
on, replaces a worker that dies, and takes them along if it dies itself.
"""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sayso.errors import HomeError, SaysoError
from sayso.server.keys import check
from sayso.settings import Settings, read_settings

GRACE_S = 30  # for turns that have begun; a back-end has far less
BACKLOG = 2048


def serve(
    home: Path,
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    on_ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve a home until SIGTERM or SIGINT; what is not given is as sayso.toml says.

    on_ready: told the server's URL once every worker answers.
    Raises HomeError, BundleError or StoreError where the home cannot be served: a worker's own
    complaint is raised here.
    """
    settings = read_settings(home)
    at = host or settings.server.host
    check(settings.server.keys, at)
    listening = _listen(at, settings.server.port if port is None else port)
    ...
