"""Policies step by step: each begins where the one above has proved better, and goes where worse.

Judged by the e-values of their trials, as rewrites are (`trials`). Asking in the place of giving up
(`routing.questions`) is tried from the safest step down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sayso.rewriting.trials import SURE
from sayso.routing.questions import STEPS
from sayso.types.lessons import Policy, RewriteState, Trial


def advance(
    before: Sequence[Policy], trials: Mapping[str, Trial], *, approval: bool, now: datetime
) -> list[Policy]:
    """The policies after a run. trials: by id.

    approval: nothing that is new is tried; what is proven stays.
    """
    known = {each.id: each for each in before}
    after: list[Policy] = []
    for name in STEPS:
        policy = known.get(name)
        if policy is None and not approval:
            policy = Policy(name, RewriteState.CANARY, now, "the step above has proved better")
        if policy is None:
            break
        policy = _judged(policy, trials.get(name, policy.trial), now)
        after.append(policy)
        if policy.state is not RewriteState.LIVE:
            break  # what is below is less sure still
    return after


def _judged(policy: Policy, trial: Trial, now: datetime) -> Policy:
    """The policy with what is known of it now."""
    policy = replace(policy, trial=trial)
    if policy.state is RewriteState.RETIRED:
        return policy
    if trial.worse >= SURE:
        reason = "it was worse where it was tried"
        return replace(policy, state=RewriteState.RETIRED, since=now, reason=reason)
    if policy.state is RewriteState.CANARY and trial.better >= SURE:
        reason = "better where it was tried"
        return replace(policy, state=RewriteState.LIVE, since=now, reason=reason)
    return policy
