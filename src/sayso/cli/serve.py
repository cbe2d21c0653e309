"""`sayso serve`: the HTTP door."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, print_line


def serve(
    home: HomeFolder,
    host: Annotated[str | None, typer.Option(help="Address; [server] host if not given.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; [server] port if not given.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; [server] workers if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the home over HTTP until stopped; running turns are finished first."""
    from sayso.server.serve import announce
    from sayso.server.serve import serve as serve_home

    on_ready = _print_url if as_json else announce
    serve_home(home, host=host, port=port, workers=workers, on_ready=on_ready)


def _print_url(url: str) -> None:
    print_line({"url": url})
