"""`sayso key`: an API key for the HTTP door."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
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
    # A TOML basic string; JSON's escapes are a subset of TOML's.
    lines += [f"user = {json.dumps(user)}"] if user else []
    append(home / FILE_NAME, "\n".join(lines) + "\n", "a key cannot be added")
    if as_json:
        print_json({"key": secret, "role": role, "user": user})
        return
    console().print(f"{secret}\nAdded to {home / FILE_NAME}; restart the server to use it.")


def append(settings: Path, text: str, trouble: str) -> None:
    """Add tables to a sayso.toml; it stays as it was if it would not be valid then.

    trouble: what cannot be done then, for the HomeError.
    """
    from sayso.errors import HomeError
    from sayso.settings import read_settings

    settings = settings.resolve()
    with TemporaryDirectory(prefix=".sayso-", dir=settings.parent) as scratch:
        draft = Path(shutil.copy(settings, scratch))
        with draft.open("a", encoding="utf-8") as file:
            file.write(text)
        try:
            read_settings(draft.parent)
        except HomeError as error:
            raise HomeError(
                f"{settings}: {trouble} below what stands there; add it by hand, as a table of its "
                f"own:\n{text.strip()}"
            ) from error
        os.replace(draft, settings)
