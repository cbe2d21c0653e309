"""`sayso serve`: the HTTP door."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.output import HomeFolder


def serve(
    home: HomeFolder,
    host: Annotated[str | None, typer.Option(help="Address; [server] host if not given.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; [server] port if not given.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; [server] workers if not given.")
    ] = None,
) -> None:
    """Serve the home over HTTP until stopped; running turns are finished first."""
    from sayso.server.serve import serve as serve_home

    serve_home(home, host=host, port=port, workers=workers)
