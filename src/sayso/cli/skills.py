"""`sayso skills`: look through the catalogue, and choose what one wants to have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, Locale, console, print_json, table

if TYPE_CHECKING:
    from rich.table import Table

    from sayso.runtime.people import Found

Whose = Annotated[str, typer.Option("--user", metavar="USER", help="Whose skills.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of skills.")]

skills = typer.Typer(
    help="Look through the skills, enable those that a person wants to have.",
    epilog='Begin with: sayso skills search home "something that tells bedtime stories"',
    no_args_is_help=True,
)


@skills.command("list", epilog="Example: sayso skills list home --user ana")
def list_(
    home: HomeFolder,
    user: Annotated[
        str | None,
        typer.Option(help="Only what this person has enabled or used; everything if not given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the installed skills, or what a person has enabled and uses."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        found = opened.catalogue() if user is None else opened.skills_of(user)
        neutral = user is not None and opened.person(user).neutral
    if as_json:
        print_json({"user": user, "neutral": neutral, "skills": found})
        return
    console().print(_listed(found) if found else "None yet. Look with: sayso skills search")
    if neutral:
        console().print("Neutral ranking is on: none of it counts.", style="yellow")


@skills.command(
    "search",
    epilog='Example: sayso skills search home "something that tells bedtime stories" --user ana',
)
def search(
    home: HomeFolder,
    text: Annotated[str, typer.Argument(help="What the skill is to do, in any words.")],
    user: Annotated[str, typer.Option(help="Who looks.")] = "anonymous",
    count: Annotated[int, typer.Option("--count", "-k", min=1, max=1000, help="How many.")] = 10,
    locale: Locale = None,
    as_json: AsJson = False,
) -> None:
    """Find the skills that fit a description best."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        found = opened.find_skills(text, user, count, locale)
    if as_json:
        print_json({"user": user, "skills": found})
        return
    console().print(_listed(found) if found else "Nothing fits. See all with: sayso skills list")


@skills.command("enable", epilog="Example: sayso skills enable home storyteller --user ana")
def enable(home: HomeFolder, ids: Ids, user: Whose, as_json: AsJson = False) -> None:
    """Enable skills for a person: they are preferred from then on."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        _tell(user, "enabled", opened.enable(user, *ids), ids, as_json)


@skills.command("disable", epilog="Example: sayso skills disable home storyteller --user ana")
def disable(home: HomeFolder, ids: Ids, user: Whose, as_json: AsJson = False) -> None:
    """Disable skills for a person: they are no longer preferred, and found all the same."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        _tell(user, "disabled", opened.disable(user, *ids), ids, as_json)


class Switch(StrEnum):
    """A switch's two ends."""

    ON = "on"
    OFF = "off"


@skills.command("neutral", epilog="Example: sayso skills neutral home on --user ana")
def neutral(
    home: HomeFolder,
    switch: Annotated[Switch, typer.Argument(metavar="SWITCH", help="`on` or `off`.")],
    user: Whose,
    as_json: AsJson = False,
) -> None:
    """Rank for a person as for anybody, whatever they have enabled and used; or no longer."""
    from sayso.runtime.home import Home

    on = switch is Switch.ON
    with Home.open(home) as opened:
        opened.neutral(user, on)
    if as_json:
        print_json({"user": user, "neutral": on})
        return
    console().print(f"Neutral ranking is {switch} for {user}.")


def _tell(user: str, verb: str, changed: int, ids: Sequence[str], as_json: bool) -> None:
    if as_json:
        print_json({"user": user, verb: changed, "skills": list(ids)})
        return
    was = len(set(ids)) - changed
    rest = f"; {was} {'was' if was == 1 else 'were'} so before" if was else ""
    console().print(f"{changed} {verb} for {user}{rest}.")


def _listed(found: Sequence[Found]) -> Table:
    from rich.text import Text

    now = datetime.now(UTC)
    shown = table("", "id", "name", "what it does", "turns lately")
    for each in found:
        mark = Text("enabled", "green") if each.enabled else ""
        turns = f"{each.use.weight(now):.1f}" if each.use else ""
        shown.add_row(mark, each.id, each.name, each.description, turns)
    return shown
