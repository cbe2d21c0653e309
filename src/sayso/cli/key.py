"""`sayso key`: an API key for the HTTP door."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json


def key(
    home: HomeFolder,
    role: Annotated[str, typer.Option(help="`talk` as one user, or `admin`.")] = "talk",
    user: Annotated[str | None, typer.Option(help="The user a `talk` key is bound to.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown once; sayso.toml keeps its SHA-256 alone."""
    from sayso.errors import HomeError
    from sayso.server.keys import new_key
    from sayso.settings import FILE_NAME, read_settings

    read_settings(home)
    if role not in ("talk", "admin") or (role == "talk" and not user):
        raise HomeError("--role is talk, with --user NAME, or admin")
    secret, digest = new_key()
    lines = ["", "[[server.keys]]", f'sha256 = "{digest}"', f'role = "{role}"']
    lines += [f"user = {_quoted(user)}"] if user else []
    with (home / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    read_settings(home)
    if as_json:
        print_json({"key": secret, "role": role, "user": user})
        return
    console().print(f"{secret}\nAdded to {home / FILE_NAME}; restart the server to use it.")


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's."""
    import json

    return json.dumps(text)
