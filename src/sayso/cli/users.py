"""`sayso users export` and `sayso users forget`: a person's own, handed out or removed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.output import AsJson, HomeFolder, console, plain, print_json, progress

if TYPE_CHECKING:
    from sayso.jobs.forget import Forgotten, Steps

Who = Annotated[str, typer.Argument(metavar="USER", help="Whose.")]

users = typer.Typer(
    help="Hand out or remove all that is kept of a person.",
    epilog="Begin with: sayso users export home ana ana.json",
    no_args_is_help=True,
)


@users.command("export", epilog="Example: sayso users export home ana ana.json")
def export(
    home: HomeFolder,
    user: Who,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A new file; standard output if not given."),
    ] = None,
) -> None:
    """Write all that is kept of a person as JSON: rows of the store, and what skills keep by name.

    docs/people.md says what that is, and what it cannot be.
    """
    from sayso.jobs.belongings import belongings
    from sayso.settings import read_settings
    from sayso.stores.store import Store

    with Store.open(read_settings(home).store.url, home) as store:
        theirs = belongings(home, store, user)
    if file is None:
        print_json(theirs)
        return
    _write(file, theirs)
    turns = len(theirs["store"].get("interactions", ()))
    console().print(f"Wrote {turns:,} turns of {user}, and what else is kept of them, to {file}.")


def _write(file: Path, theirs: dict[str, Any]) -> None:
    from sayso.errors import HomeError

    try:
        # For its owner alone: it holds what somebody said.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as opened:
            json.dump(plain(theirs), opened, indent=1)
    except OSError as error:
        raise HomeError(f"{file}: could not be written: {error}; name a new file") from error


@users.command("forget", epilog="Example: sayso users forget home ana --yes")
def forget(
    home: HomeFolder,
    user: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to go on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove all that is kept of a person, and prove that no text of theirs is left in the home.

    Rows of the store, votes, what skills keep under their name, their rows in exports/, backups in
    the home that hold a text of theirs, versions of the bundle that learnt of them what too few
    others say; the home is trained anew if need be. Then every file is searched. If a text is
    left, the file is named, and the exit code is 2.
    """
    from sayso.jobs import forget as job
    from sayso.settings import read_settings

    read_settings(home)  # before anybody is asked: is there a home?
    if not yes and not as_json:
        typer.confirm(f'Remove all that is kept of "{user}"?', abort=True, err=True)
    with progress(quiet=as_json) as tell:
        done = job.forget(home, user, _steps(home), tell)
    if as_json:
        print_json(done)
        return
    for line in _in_words(done):
        console().print(line)


def _steps(home: Path) -> Steps:
    """How this home learns."""
    from sayso.cli.train import train_home
    from sayso.jobs.forget import Steps

    return Steps(lambda: train_home(home, quiet=True), _withdraw(home))


def _withdraw(home: Path) -> Callable[[Path], Sequence[str]]:
    """Takes back what `sayso learn` has learnt. Raises MissingExtraError if it cannot."""
    from sayso import learned
    from sayso.errors import MissingExtraError

    try:
        from sayso.jobs.withdraw import withdraw
    except ImportError as error:
        if learned.current(home / learned.LEARNED) is not None:
            raise MissingExtraError(error.name or "scipy", "learn") from error
        return lambda home: ()
    return withdraw


def _in_words(done: Forgotten) -> Sequence[str]:
    rows = ", ".join(f"{count} of {name}" for name, count in done.rows.items())
    kept = ", ".join(f"{count} of {skill}" for skill, count in done.kept.items())
    return [
        f"Rows removed: {rows or 'none'}.",
        *([f"Votes withdrawn: {done.votes}."] if done.votes else ()),
        *([f"Entries of skills removed: {kept}."] if kept else ()),
        *(f"{file}: {count} rows removed." for file, count in done.exported.items()),
        *(f"{file}: removed, a backup that held them." for file in done.backups),
        *(f"Version {name} of the bundle: removed." for name in done.versions),
        *(["Trained anew, without what they alone had said."] if done.retrained else ()),
        *done.withdrawn,
        f"Searched {done.files} files, {done.size / 1e6:,.1f} MB unpacked, for {done.sought} texts:"
        f" none is left. {done.shared} others were said by others or written by developers; "
        f"{done.short} are shorter than 8 bytes.",
    ]
