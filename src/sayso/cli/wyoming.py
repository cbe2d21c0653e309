"""`sayso wyoming`: the home as a voice service of Home Assistant's."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, User, print_line


def wyoming(
    home: HomeFolder,
    uri: Annotated[
        str, typer.Option(help="Where to listen: tcp://host:port or unix:///path.")
    ] = "tcp://127.0.0.1:10400",
    user: User = "anonymous",
    network: Annotated[
        bool, typer.Option("--network", help="Let other machines in; Wyoming has no keys.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Serve the home over Wyoming, for Home Assistant; running turns are finished at the end."""
    import asyncio
    import logging

    from sayso.protocols.wyoming.serve import serve
    from sayso.runtime.home import Home

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    def ready(where: str) -> None:
        if as_json:
            print_line({"uri": where})
        else:
            typer.echo(f"Sayso listens on {where}")

    with Home.open(home) as opened:
        asyncio.run(serve(opened, uri, user, network=network, on_ready=ready))
