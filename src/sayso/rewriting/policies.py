"""Policies step by step: each begins where the one above has proved better, and goes where worse.

Judged by the e-values of their trials, as rewrites are (`trials`). Asking in the place of giving up
(`routing.questions`) is tried from the safest step down, asking for a value where a skill turns
down what it does not know; the layers of second thoughts serve from
the beginning, all but a tenth, and are given up where they prove worse. Who turns one on again by
hand has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sayso.rewriting.trials import SURE
from sayso.routing.questions import STEPS, VALUE
from sayso.types.lessons import Policy, RewriteState, Trial
from sayso.understanding.online.suggest import Layer

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from sayso.events.engines import Engine

LAYERS = tuple(layer.policy for layer in Layer)
SHIPPED, BY_HAND = "it comes with Sayso", "turned on by hand"
WORSE = "it was worse where it was tried"


def policies_after(
    before: Sequence[Policy],
    trials: Mapping[str, Trial],
    picky: Iterable[str] = (),
    *,
    approval: bool,
    now: datetime,
) -> list[Policy]:
    """The policies after a run. trials: by id. picky: skills that turn down what they do not know.

    approval: what is new waits for `sayso rewrites approve`.
    """
    known = {each.id: each for each in before}
    begins = RewriteState.PROPOSED if approval else RewriteState.CANARY
    after = [
        _judged(known.get(name) or Policy(name, RewriteState.LIVE, now, SHIPPED), trials, now)
        for name in LAYERS
    ]
    for name in STEPS:
        why = "the safest step" if name == next(iter(STEPS)) else "the step above is better"
        policy = known.get(name) or Policy(name, begins, now, why)
        policy = _judged(policy, trials, now)
        after.append(policy)
        if policy.state is not RewriteState.LIVE:
            break  # what is below is less sure still
    begun = {f"{VALUE}{skill}" for skill in picky}
    for name in sorted(begun.union(each for each in known if each.startswith(VALUE))):
        policy = known.get(name) or Policy(name, begins, now, "it turns down what it does not know")
        after.append(_judged(policy, trials, now))
    return after


def picky_skills(engine: Engine, turns: Table, people: int) -> list[str]:
    """Skills that turned down something that they were given to do for so many people."""
    refused = turns.filter((turns.outcome == "act") & turns.refused & turns.skill.notnull())
    found = refused.group_by("skill").aggregate(people=refused.user.nunique())
    rows = engine.fetch(found.filter(found.people >= people)).to_pylist()
    return sorted(row["skill"] for row in rows)


def turned_on(policies: Sequence[Policy], now: datetime) -> list[Policy]:
    """The same, whatever proved worse live again, by hand."""
    return [
        replace(each, state=RewriteState.LIVE, since=now, reason=BY_HAND)
        if each.state is RewriteState.RETIRED and each.reason == WORSE
        else each
        for each in policies
    ]


def _judged(policy: Policy, trials: Mapping[str, Trial], now: datetime) -> Policy:
    """The policy with what is known of it now."""
    trial = trials.get(policy.id, policy.trial)
    policy = replace(policy, trial=trial)
    if policy.state is RewriteState.RETIRED or policy.reason == BY_HAND:
        return policy
    if trial.worse >= SURE:
        return replace(policy, state=RewriteState.RETIRED, since=now, reason=WORSE)
    if policy.state is RewriteState.CANARY and trial.better >= SURE:
        reason = "better where it was tried"
        return replace(policy, state=RewriteState.LIVE, since=now, reason=reason)
    return policy
