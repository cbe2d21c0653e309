"""`sayso approve`: a skill that was installed live is new no longer."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, table

if TYPE_CHECKING:
    from sayso.stores.store import Store


def approve(
    home: HomeFolder,
    skills: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SKILL]...", help="Whom to trust; without any, who is on trial."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who approves; default: you.")] = None,
    as_json: AsJson = False,
) -> None:
    """Trust skills that were installed live as much as the others, or list those on trial."""
    from sayso.settings import read_settings
    from sayso.stores.store import Store

    settings = read_settings(home)
    since = datetime.now(UTC) - timedelta(days=settings.routing.new_skill_days)
    with Store.open(settings.store.url, home) as store:
        if skills:
            _approve(store, skills, by or getpass.getuser(), since)
        shares = store.trials.shares(since)
    if as_json:
        print_json({"approved": skills or [], "on_trial": shares})
        return
    for skill in skills or ():
        console().print(f"{skill} is approved")
    if not skills:
        _show(shares, settings.routing.new_skill_share)


def _approve(store: Store, skills: Sequence[str], by: str, since: datetime) -> None:
    """All of them or none. Raises SkillError for one that is not on trial."""
    from sayso.errors import SkillError

    waiting = store.trials.shares(since)
    for skill in skills:
        if skill not in waiting:
            there = ", ".join(sorted(waiting)) or "nobody"
            raise SkillError(f'"{skill}" is not on trial; on trial: {there}')
    for skill in skills:
        store.trials.approve(skill, by, datetime.now(UTC))


def _show(shares: dict[str, float], most: float) -> None:
    if not shares:
        console().print("no skill is on trial")
        return
    shown = table("on trial", "given of the latest requests", "at most")
    for skill, share in sorted(shares.items()):
        shown.add_row(skill, f"{share:.1%}", f"{most:.1%}")
    console().print(shown)
