"""What people decide about rewrites and policies: approved, ruled out, or all of them off and on.

Each decision is a version of what was learnt, or a pointer to one: every process that serves the
home takes it up. `folder` is its `learned/`; whatever cannot be read or written is a LearningError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import sayso
from sayso import learned
from sayso.errors import LearningError
from sayso.rewriting import kept
from sayso.rewriting.kept import read_population, write_population
from sayso.rewriting.policies import turned_on
from sayso.rewriting.population import APPROVED, DENIED
from sayso.routing.kept import read_policies, write_policies
from sayso.types.lessons import Policy, Rewrite, RewriteState

Either = TypeVar("Either", Rewrite, Policy)
_FARTHEST = (
    RewriteState.LIVE,
    RewriteState.CANARY,
    RewriteState.SHADOW,
    RewriteState.PROPOSED,
    RewriteState.RETIRED,
)


def population(folder: Path) -> list[Rewrite]:
    """The rewrites: those that have come farthest first, then those that most people say."""
    found = read_population(folder)
    return sorted(found, key=lambda x: (_FARTHEST.index(x.state), -x.evidence.users, x.id))


def named(some: Sequence[Either], ids: Sequence[str]) -> list[Either]:
    """Those with these ids. Raises LearningError for one that is not there."""
    known = {each.id: each for each in some}
    for id_ in ids:
        if id_ not in known:
            raise LearningError(f'there is no rewrite "{id_}"; see: sayso rewrites list')
    return [known[id_] for id_ in ids]


def chosen(folder: Path, ids: Sequence[str]) -> list[Any]:
    """The rewrites and policies with these ids. Raises LearningError for one that is not there."""
    both: list[Any] = [*read_population(folder), *read_policies(folder)]
    return named(both, ids)


def approve(folder: Path, ids: Sequence[str], by: str, now: datetime) -> None:
    """Let what is proposed be tried, and what was ruled out no longer be so; all or none."""

    def approved(each: Either) -> Either:
        if each.state not in (RewriteState.PROPOSED, RewriteState.RETIRED):
            return each
        return replace(each, state=RewriteState.CANARY, reason=APPROVED, since=now)

    with learned.writing(folder):
        chosen(folder, ids)
        kept.allow(folder, ids)
        _revise(folder, ids, approved, f"approved by {by}")


def deny(folder: Path, ids: Sequence[str], by: str, now: datetime) -> None:
    """Rule out: it stops at once and does not come back by itself; all or none."""

    def denied(each: Either) -> Either:
        return replace(each, state=RewriteState.RETIRED, reason=DENIED, since=now)

    with learned.writing(folder):
        chosen(folder, ids)
        kept.deny(folder, ids, by, now)
        _revise(folder, ids, denied, f"ruled out by {by}")


def _revise(folder: Path, ids: Sequence[str], change: Callable[[Any], Any], why: str) -> None:
    rewrites, policies = read_population(folder), read_policies(folder)

    def fill(draft: Path) -> None:
        write_population(draft, [change(x) if x.id in ids else x for x in rewrites])
        write_policies(draft, [change(x) if x.id in ids else x for x in policies])

    learned.revise(folder, why, sayso.__version__, fill)


def is_off(folder: Path) -> bool:
    """Whether everything is read as it is said."""
    now = learned.current(folder)
    return now is not None and now.off


def switch(folder: Path, *, off: bool) -> None:
    """Read everything as it is said, or use again what was learnt."""
    with learned.writing(folder):
        now = learned.current(folder)
        if now is None:
            told = f"{folder}: nothing was learnt yet; run: sayso learn {folder.parent}"
            raise LearningError(told)
        learned.point(folder, now.folder.name, off=off)


def turn_on(folder: Path, by: str, now: datetime) -> None:
    """Use again the policies that were given up because they did worse."""
    with learned.writing(folder):
        before = read_policies(folder)
        after = turned_on(before, now)
        if after != before:
            why = f"what had proved worse turned on by {by}"
            learned.revise(folder, why, sayso.__version__, lambda x: write_policies(x, after))
