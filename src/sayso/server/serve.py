"""Run the HTTP door: one process, or several workers on one port, until told to stop.

On SIGTERM or SIGINT a worker stops accepting, ends its event streams, finishes the turns it has
begun (they are answered and logged) and leaves.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sayso.errors import HomeError
from sayso.server.keys import check
from sayso.server.learning import learning
from sayso.settings import read_settings

BACKLOG = 2048


def announce(url: str) -> None:
    """Say where the server listens."""
    print(f"Sayso listens on {url}", flush=True)


def serve(
    home: Path,
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    on_ready: Callable[[str], None] = announce,
) -> None:
    """Serve a home until SIGTERM or SIGINT; what is not given is as sayso.toml says.

    Must be called in the main thread. port: 0 takes any free one.
    on_ready: told the server's URL once every worker answers.
    Raises HomeError, BundleError or StoreError where the home cannot be served.
    """
    settings = read_settings(home)
    said = settings.server
    host = said.host if host is None else host
    check(said.keys, host)
    count = workers or said.workers
    with (
        listen(host, said.port if port is None else port) as listening,
        learning(home, settings.learning.every_hours),
    ):
        ready = partial(on_ready, url_of(listening))
        if count == 1:
            from sayso.server.worker import Place, work

            work(home, listening, Place([0]), on_ready=ready)
            return
        from sayso.server.workers import supervise

        with TemporaryDirectory(prefix="sayso-metrics-") as metrics:
            supervise(home, listening, count, metrics=Path(metrics), on_ready=ready)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises HomeError where the address cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as on_failure:
            bound = on_failure.enter_context(socket.socket(family, kind, proto))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(BACKLOG)
            on_failure.pop_all()
    except OSError as error:
        raise HomeError(
            f"cannot listen on {host}:{port}: {error}; choose another address or port, "
            "in sayso.toml under [server] or with --host and --port"
        ) from error
    return bound


def url_of(bound: socket.socket) -> str:
    """Where a socket listens."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
