"""`sayso hermes`: the home on an MQTT broker, in the protocol of Snips and Rhasspy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, User, print_line

USERNAME, PASSWORD = "SAYSO_MQTT_USERNAME", "SAYSO_MQTT_PASSWORD"


def hermes(
    home: HomeFolder,
    host: Annotated[str, typer.Option(help="Of the broker.")] = "localhost",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="1883 if not given; 8883 with TLS.")
    ] = None,
    user: User = "anonymous",
    nlu_only: Annotated[
        bool, typer.Option("--nlu-only", help="Understand only; somebody else leads the dialogue.")
    ] = False,
    tls: Annotated[bool, typer.Option("--tls", help="Speak to the broker in secret.")] = False,
    ca: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Who signed its certificate; means --tls.")
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Our own with its key, in PEM; means --tls."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the home over Hermes (MQTT) until stopped; running turns are finished.

    The broker's user name and password are read from SAYSO_MQTT_USERNAME and SAYSO_MQTT_PASSWORD.
    """
    import asyncio
    import logging

    from sayso.protocols.hermes.broker import Address, tls_context
    from sayso.protocols.hermes.serve import serve
    from sayso.runtime.home import Home

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    secret = tls_context(ca, certificate) if tls or ca or certificate else None
    where = port or (8883 if secret else 1883)
    name, password = os.environ.get(USERNAME), os.environ.get(PASSWORD)
    address = Address(host, where, name, password, secret)

    def ready() -> None:
        if as_json:
            print_line({"broker": f"{host}:{where}"})
        else:
            typer.echo(f"Sayso listens on the broker {host}:{where}")

    with Home.open(home) as opened:
        asyncio.run(serve(opened, address, user, nlu_only=nlu_only, on_ready=ready))
