"""`sayso rewrites`: what people say in vain and how it is read, and the say that you have in it."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, table

if TYPE_CHECKING:
    from sayso.types.lessons import Policy, Rewrite

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As `sayso rewrites list` says.")]
By = Annotated[str | None, typer.Option(help="Who decides; default: you.")]

rewrites = typer.Typer(
    help="See what people say in vain and how it is read instead; approve it, or rule it out.",
    epilog="Begin with: sayso rewrites list home",
    no_args_is_help=True,
)


@rewrites.command("list", epilog="Example: sayso rewrites list home --state live")
def list_(
    home: HomeFolder,
    state: Annotated[
        str | None,
        typer.Option(help="Only those proposed, shadow, canary, live or retired."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the rewrites, those that have come farthest first, and what else is on trial."""
    from sayso.rewriting import by_hand
    from sayso.routing.kept import read_policies

    folder = _learned(home)
    found = [x for x in by_hand.population(folder) if state in (None, x.state.value)]
    policies = [x for x in read_policies(folder) if state in (None, x.state.value)]
    off = by_hand.is_off(folder)
    if as_json:
        print_json({"off": off, "rewrites": found, "policies": policies})
        return
    if off:
        console().print("Rewriting is off. Turn it on: sayso rewrites on", style="yellow")
    if not found:
        console().print(f"None. To learn from the log: sayso learn {home}")
    else:
        _show_all(found)
    if policies:
        _show_policies(policies)


def _show_all(found: Sequence[Rewrite]) -> None:
    shown = table("id", "state", "what is said", "is read as", "people", "goes well", "why")
    for each in found:
        evidence = each.evidence
        gain = f"{evidence.before:.0%} -> {evidence.after:.0%}"
        shown.add_row(
            each.id, each.state, each.said, each.meant, f"{evidence.users:,}", gain, each.reason
        )
    console().print(shown)


def _show_policies(policies: Sequence[Policy]) -> None:
    shown = table("policy", "state", "wrong where applied", "where not", "why")
    for each in policies:
        trial = each.trial
        applied = f"{trial.applied_defects} of {trial.applied}"
        left = f"{trial.held_out_defects} of {trial.held_out}"
        shown.add_row(each.id, each.state, applied, left, each.reason)
    console().print(shown)


@rewrites.command("show", epilog="Example: sayso rewrites show home 3f9c0a4b21de")
def show(
    home: HomeFolder,
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `sayso rewrites list` says.")],
    as_json: AsJson = False,
) -> None:
    """Show all that is known of one rewrite."""
    from sayso.rewriting import by_hand

    (one,) = by_hand.named(by_hand.population(_learned(home)), [id_])
    if as_json:
        print_json(one)
        return
    evidence, trial = one.evidence, one.trial
    lines = (
        f'"{one.said}" is read as "{one.meant}" ({one.language})',
        f"{one.state} since {one.since:%Y-%m-%d %H:%M} ({one.version}): {one.reason}",
        f"{evidence.users:,} people said it, {evidence.voters:,} of them went on to what it is "
        "read as",
        f"left alone it goes well {evidence.before:.0%} of the time (at most "
        f"{evidence.before_high:.0%}), as rewritten {evidence.after:.0%} (at least "
        f"{evidence.after_low:.0%}); {evidence.lift:.0f} times likelier to end well so",
        f"tried: {trial.applied_defects} of {trial.applied} went wrong where applied, "
        f"{trial.held_out_defects} of {trial.held_out} where held out; e-value for better "
        f"{trial.better:.3g}, for worse {trial.worse:.3g}",
    )
    for line in lines:
        console().print(line)


@rewrites.command("approve", epilog="Example: sayso rewrites approve home 3f9c0a4b21de")
def approve(home: HomeFolder, ids: Ids, by: By = None, as_json: AsJson = False) -> None:
    """Let proposed rewrites be tried, or ones that were ruled out be so no longer."""
    from sayso.rewriting import by_hand

    by_hand.approve(_learned(home), ids, by or getpass.getuser(), datetime.now(UTC))
    _say(home, ids, "approved; it is tried from now on", as_json)


@rewrites.command("deny", epilog="Example: sayso rewrites deny home 3f9c0a4b21de")
def deny(home: HomeFolder, ids: Ids, by: By = None, as_json: AsJson = False) -> None:
    """Rule rewrites out: they stop at once and do not come back by themselves."""
    from sayso.rewriting import by_hand

    by_hand.deny(_learned(home), ids, by or getpass.getuser(), datetime.now(UTC))
    _say(home, ids, "ruled out", as_json)


@rewrites.command("rollback", epilog="Example: sayso rewrites rollback home")
def rollback(
    home: HomeFolder,
    version: Annotated[
        str | None,
        typer.Argument(
            metavar="[VERSION]", help="A folder in learned/versions; or the one before."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve what was learnt before, at once, in every process that serves the home."""
    from sayso import learned

    serving = learned.go_back(_learned(home), version)
    if as_json:
        print_json({"serves": serving})
        return
    console().print(f"{serving} serves.")


@rewrites.command("off", epilog="Example: sayso rewrites off home")
def off(home: HomeFolder, as_json: AsJson = False) -> None:
    """Read everything as it is said, at once, until `sayso rewrites on`."""
    from sayso.rewriting import by_hand

    by_hand.switch(_learned(home), off=True)
    if as_json:
        print_json({"off": True})
        return
    console().print("Nothing is rewritten from now on.")


@rewrites.command("on", epilog="Example: sayso rewrites on home")
def on(home: HomeFolder, as_json: AsJson = False) -> None:
    """Rewrite again after `sayso rewrites off`, and what was switched off because it did worse."""
    from sayso.rewriting import by_hand

    by_hand.switch(_learned(home), off=False)
    by_hand.turn_on(_learned(home), getpass.getuser(), datetime.now(UTC))
    if as_json:
        print_json({"off": False})
        return
    console().print("What was learnt is used again.")


def _learned(home: Path) -> Path:
    """Where a home keeps what was learnt. Raises HomeError for what is no home."""
    from sayso.learned import LEARNED
    from sayso.settings import read_settings

    read_settings(home)
    return home / LEARNED


def _say(home: Path, ids: Sequence[str], what: str, as_json: bool) -> None:
    from sayso.rewriting import by_hand

    if as_json:
        print_json(by_hand.chosen(_learned(home), ids))
        return
    for id_ in ids:
        console().print(f"{id_} {what}")
