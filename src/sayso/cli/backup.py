"""`sayso backup` and `sayso restore`: the whole home in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a zip file.")]
NewHome = Annotated[
    Path,
    typer.Argument(
        metavar="HOME",
        help="A new folder, or one with only a sayso.toml, which is kept: it may name "
        "another database.",
    ),
]


def backup(home: HomeFolder, file: File, as_json: AsJson = False) -> None:
    """Write settings, skills, what skills keep, and the log to one file, while others go on."""
    from sayso.runtime.archive import pack_home

    _tell("Backed up", pack_home(home, file), file, as_json)


def restore(file: File, home: NewHome, as_json: AsJson = False) -> None:
    """Make a home from a backup, as it was then."""
    from sayso.runtime.archive import unpack_home

    _tell("Restored", unpack_home(file, home), home, as_json)


def _tell(verb: str, counts: dict[str, int], place: Path, as_json: bool) -> None:
    if as_json:
        print_json({"place": str(place), "counts": counts})
        return
    listed = ", ".join(f"{count} {name}" for name, count in counts.items())
    console().print(f"{verb} {place}: {listed}")
