"""`sayso import`: somebody else's skills become skill folders of this home."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace as replaced
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, complain, console, print_json

if TYPE_CHECKING:
    from sayso.formats.format import Format, Imported


def import_(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="Folder, zip or file of skills; the format is found out. With --live, the address "
            "or the command of an MCP server, or a client's configuration.",
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="HOME", help="Home that takes the skills.")],
    format: Annotated[
        str | None, typer.Option(metavar="NAME", help="Format, where it is found out wrongly.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Replace skills of the same ids.")] = False,
    client: Annotated[
        bool,
        typer.Option("--client", help="Whoever asks does it, as in the other system."),
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Ask MCP servers for their tools (extra `mcp`).")
    ] = False,
    env: Annotated[
        list[str],
        typer.Option(
            metavar="NAME", help="Variable that the command of --live needs; may be repeated."
        ),
    ] = [],  # noqa: B006
    header: Annotated[
        list[str],
        typer.Option(
            metavar="NAME:VALUE",
            help="Header for the address of --live: 'Authorization: Bearer ${NOTES_TOKEN}'.",
        ),
    ] = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Import skills of another system; says of every line if it was read, mapped or skipped."""
    from sayso.formats.install import TESTS, install
    from sayso.formats.known import import_skills
    from sayso.runtime.skill_files import SKILLS
    from sayso.settings import read_settings

    settings = read_settings(to)
    if live:
        private = settings.fulfilment.private_addresses
        kind, found = _asked(source, env, header, private_addresses=private)
    else:
        kind, found = import_skills(Path(source), format)
    found = _left_to_clients(found) if client else found
    folders = install(found, to / SKILLS, replace)
    if as_json:
        told = {id: str(folder) for id, folder in folders.items()}
        accounting, unused = found.accounting, found.unused
        tests = {id: sorted(sets) for id, sets in found.tests.items()}
        print_json(
            {
                "format": kind.name,
                "skills": told,
                "accounting": accounting,
                "unused": unused,
                "tests": tests,
            }
        )
        return
    console().print(found.table())
    names = ", ".join(skill.name for skill in found.skills[:3])
    more = f" and {len(found.skills) - 3} more" if len(found.skills) > 3 else ""
    for id, sets in found.tests.items():
        for name, rows in sets.items():
            file = folders[id] / TESTS / f"{name}.jsonl"
            console().print(f"{len(rows)} rows of a test set: sayso eval {to} {file}")
    mute = [skill.name for skill in found.skills if not any(x.intents for x in skill.languages)]
    if mute:
        console().print(
            f"{', '.join(mute[:3])}: words alone; write intents that use them, or nobody reaches it"
        )
    console().print(f"Imported {names}{more} ({kind.title}). Next: sayso train {to}")


def _left_to_clients(found: Imported) -> Imported:
    """The same skills, done and answered by whoever asks; those with a back-end keep theirs."""
    from sayso.types.skills import Fulfilment, FulfilmentKind

    theirs = Fulfilment(FulfilmentKind.CLIENT)
    replies = FulfilmentKind.REPLIES
    skills = [
        replaced(skill, fulfilment=theirs) if skill.fulfilment.kind is replies else skill
        for skill in found.skills
    ]
    return replaced(found, skills=skills)


def _asked(
    source: str, env: Sequence[str], headers: Sequence[str], *, private_addresses: bool
) -> tuple[Format, Imported]:
    """The skills of MCP servers that are asked for their tools now."""
    from sayso.cli.live import ask_servers
    from sayso.errors import MissingExtraError
    from sayso.formats.known import import_skills

    if find_spec("mcp") is None:
        raise MissingExtraError("mcp", "mcp")
    with TemporaryDirectory(prefix="sayso-import-") as folder:
        complaints = ask_servers(
            source,
            Path(folder),
            env=env,
            headers=headers,
            environment=os.environ,
            private_addresses=private_addresses,
        )
        for complaint in complaints:
            complain(complaint)
        return import_skills(Path(folder), "mcp")
