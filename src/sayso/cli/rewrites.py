"""`sayso rewrites`: what people say in vain and how it is read, and the say that you have in it."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, table

if TYPE_CHECKING:
    from sayso.types.lessons import Policy, Rewrite, RewriteState

Either = TypeVar("Either", "Rewrite", "Policy")
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
    found = [each for each in _population(home) if state in (None, each.state.value)]
    policies = [x for x in _policies(home) if state in (None, x.state.value)]
    if as_json:
        print_json({"off": _off(home), "rewrites": found, "policies": policies})
        return
    if _off(home):
        console().print("Rewriting is off. Turn it on: sayso rewrites on", style="yellow")
    if not found:
        console().print(f"None. To learn from the log: sayso learn {home}")
    else:
        _show_all(found)
    if policies:
        shown = table("policy", "state", "wrong where applied", "where not", "why")
        for policy in policies:
            trial = policy.trial
            shown.add_row(
                policy.id,
                policy.state,
                f"{trial.applied_defects} of {trial.applied}",
                f"{trial.held_out_defects} of {trial.held_out}",
                policy.reason,
            )
        console().print(shown)


def _show_all(found: Sequence[Rewrite]) -> None:
    shown = table("id", "state", "what is said", "is read as", "people", "goes well", "why")
    for each in found:
        evidence = each.evidence
        gain = f"{evidence.before:.0%} -> {evidence.after:.0%}"
        shown.add_row(
            each.id, each.state, each.said, each.meant, f"{evidence.users:,}", gain, each.reason
        )
    console().print(shown)


@rewrites.command("show", epilog="Example: sayso rewrites show home 3f9c0a4b21de")
def show(
    home: HomeFolder,
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `sayso rewrites list` says.")],
    as_json: AsJson = False,
) -> None:
    """Show all that is known of one rewrite."""
    one = _chosen(_population(home), [id_])[0]
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
    from sayso.rewriting.kept import allow
    from sayso.rewriting.population import APPROVED
    from sayso.types.lessons import RewriteState

    def approved(each: Either) -> Either:
        if each.state not in (RewriteState.PROPOSED, RewriteState.RETIRED):
            return each
        return _moved(each, RewriteState.CANARY, APPROVED)

    _change(home, ids, approved, f"approved by {by or getpass.getuser()}", allow)
    _say(home, ids, "approved; it is tried from now on", as_json)


@rewrites.command("deny", epilog="Example: sayso rewrites deny home 3f9c0a4b21de")
def deny(home: HomeFolder, ids: Ids, by: By = None, as_json: AsJson = False) -> None:
    """Rule rewrites out: they stop at once and do not come back by themselves."""
    from sayso.rewriting.kept import deny as rule_out
    from sayso.rewriting.population import DENIED
    from sayso.types.lessons import RewriteState

    who = by or getpass.getuser()

    def denied(each: Either) -> Either:
        return _moved(each, RewriteState.RETIRED, DENIED)

    def also(folder: Path, ids: Sequence[str]) -> None:
        rule_out(folder, ids, who, datetime.now(UTC))

    _change(home, ids, denied, f"ruled out by {who}", also)
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

    serving = learned.go_back(home / learned.LEARNED, version)
    if as_json:
        print_json({"serves": serving})
        return
    console().print(f"{serving} serves.")


@rewrites.command("off", epilog="Example: sayso rewrites off home")
def off(home: HomeFolder, as_json: AsJson = False) -> None:
    """Read everything as it is said, at once, until `sayso rewrites on`."""
    _switch(home, off=True)
    if as_json:
        print_json({"off": True})
        return
    console().print("Nothing is rewritten from now on.")


@rewrites.command("on", epilog="Example: sayso rewrites on home")
def on(home: HomeFolder, as_json: AsJson = False) -> None:
    """Rewrite again after `sayso rewrites off`, and what was switched off because it did worse."""
    _switch(home, off=False)
    _turn_on(home)
    if as_json:
        print_json({"off": False})
        return
    console().print("What was learnt is used again.")


def _population(home: Path) -> list[Rewrite]:
    """Those that have come farthest first, then those that most people say."""
    from sayso.learned import LEARNED
    from sayso.rewriting.kept import read_population
    from sayso.settings import read_settings
    from sayso.types.lessons import RewriteState

    read_settings(home)
    order = ("live", "canary", "shadow", "proposed", "retired")
    assert set(order) == {state.value for state in RewriteState}
    found = read_population(home / LEARNED)
    return sorted(found, key=lambda x: (order.index(x.state), -x.evidence.users, x.id))


def _policies(home: Path) -> list[Policy]:
    from sayso.learned import LEARNED
    from sayso.routing.policies import read_policies

    return read_policies(home / LEARNED)


def _chosen(some: Sequence[Either], ids: Sequence[str]) -> list[Either]:
    """Those with these ids. Raises LearningError for one that is not there."""
    from sayso.errors import LearningError

    known = {each.id: each for each in some}
    for id_ in ids:
        if id_ not in known:
            raise LearningError(f'there is no rewrite "{id_}"; see: sayso rewrites list')
    return [known[id_] for id_ in ids]


def _moved(each: Either, state: RewriteState, reason: str) -> Either:
    return replace(each, state=state, reason=reason, since=datetime.now(UTC))


def _change(
    home: Path,
    ids: Sequence[str],
    change: Callable[[Any], Any],
    why: str,
    also: Callable[[Path, Sequence[str]], None],
) -> None:
    """A version in which these rewrites or policies are changed; all of them or none."""
    import sayso
    from sayso import learned
    from sayso.rewriting.kept import write_population
    from sayso.routing.policies import write_policies

    folder = home / learned.LEARNED
    with learned.writing(folder):
        population, policies = _population(home), _policies(home)
        _chosen(_both(population, policies), ids)

        def fill(draft: Path) -> None:
            write_population(draft, [change(x) if x.id in ids else x for x in population])
            write_policies(draft, [change(x) if x.id in ids else x for x in policies])

        also(folder, ids)
        learned.revise(folder, why, sayso.__version__, fill)


def _both(population: Sequence[Rewrite], policies: Sequence[Policy]) -> list[Any]:
    return [*population, *policies]


def _switch(home: Path, *, off: bool) -> None:
    from sayso import learned
    from sayso.errors import LearningError

    folder = home / learned.LEARNED
    with learned.writing(folder):
        now = learned.current(folder)
        if now is None:
            raise LearningError(f"{folder}: nothing was learnt yet; run: sayso learn {home}")
        learned.point(folder, now.folder.name, off=off)


def _turn_on(home: Path) -> None:
    """A version in which nothing is given up, if something was."""
    import sayso
    from sayso import learned
    from sayso.rewriting.policies import turned_on
    from sayso.routing.policies import write_policies

    folder = home / learned.LEARNED
    with learned.writing(folder):
        before = _policies(home)
        after = turned_on(before, datetime.now(UTC))
        if after != before:
            why = f"what had proved worse turned on by {getpass.getuser()}"
            version = sayso.__version__
            learned.revise(folder, why, version, lambda draft: write_policies(draft, after))


def _off(home: Path) -> bool:
    from sayso import learned

    now = learned.current(home / learned.LEARNED)
    return now is not None and now.off


def _say(home: Path, ids: Sequence[str], what: str, as_json: bool) -> None:
    if as_json:
        print_json(_chosen(_both(_population(home), _policies(home)), ids))
        return
    for id_ in ids:
        console().print(f"{id_} {what}")
