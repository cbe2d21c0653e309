"""`sayso signing`: the key with which requests to HTTPS back-ends are signed."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.key import append
from sayso.cli.output import AsJson, HomeFolder, console, print_json


def signing(
    home: HomeFolder,
    renew: Annotated[bool, typer.Option(help="Make another key in the place of this one.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sign requests to HTTPS back-ends: makes a key if there is none, and turns signing on."""
    from sayso.errors import HomeError
    from sayso.fulfilment.signing import make_key, signer
    from sayso.settings import FILE_NAME, read_settings

    settings = read_settings(home).fulfilment.signing
    key, chain = home / settings.key, home / settings.chain
    made = renew or not key.exists()
    if made:
        make_key(key, chain)
    signer(key)  # whether it can be read
    if not chain.exists():
        raise HomeError(f"{chain}: not found; put the key's certificate there, or use --renew")
    if not settings.on:
        append(
            home / FILE_NAME, "\n[fulfilment.signing]\non = true\n", "signing cannot be turned on"
        )
    if as_json:
        print_json({"key": str(key), "chain": str(chain), "made": made})
        return
    done = "Made a new key" if made else "The key stands as it was"
    console().print(f"{done}: {key}, for nobody else to see.")
    console().print(f"Give back-ends its certificate: {chain}. Restart the server to use it.")
