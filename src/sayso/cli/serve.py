"""`sayso serve`: the HTTP door."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_line


def serve(
    home: HomeFolder,
    host: Annotated[str | None, typer.Option(help="Address; [server] host if not given.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; [server] port if not given.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; [server] workers if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the home over HTTP until stopped; running turns are finished first."""
    from sayso.server.serve import serve as serve_home

    def ready(url: str) -> None:
        if as_json:
            print_line({"url": url})
        else:
            console().print(f"Sayso listens on {url}; end with Ctrl-C.")

    serve_home(home, host=host, port=port, workers=workers, on_ready=ready)
