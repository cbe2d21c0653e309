"""Ranked readings -> Decision: act, ask which one, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.types.turns import Decision, Hypothesis, Outcome

OPTIONS = 2  # readings offered when asking which one; more are hard to keep in mind by ear


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence at which to act, least confidence of an option to ask about, lead to act."""

    act: float = 0.5
    ask: float = 0.2
    margin: float = 0.15


def decide(
    ranked: Sequence[Hypothesis],
    shortlist: Sequence[tuple[str, float]],
    thresholds: Thresholds,
) -> Decision:
    """What to do with readings that are ranked best first.

    Deterministic, hence its propensity is 1; exploration will change that and nothing else.
    """
    outcome, options, reason = _outcome(ranked, thresholds)
    return Decision(
        outcome=outcome,
        chosen=ranked[0] if outcome is Outcome.ACT else None,
        options=options,
        hypotheses=tuple(ranked),
        shortlist=tuple(shortlist),
        threshold=thresholds.act,
        reason=reason,
    )


def _outcome(
    ranked: Sequence[Hypothesis], thresholds: Thresholds
) -> tuple[Outcome, Sequence[Hypothesis], str]:
    if not ranked:
        return Outcome.ABSTAIN, (), "no skill comes near"
    best = ranked[0]
    rivals = [other for other in ranked[1:] if (other.skill, other.intent) != _key(best)]
    second = rivals[0].confidence if rivals else 0.0
    sure = best.confidence >= thresholds.act
    if sure and best.confidence - second >= thresholds.margin:
        return Outcome.ACT, (), f"{best.confidence:.0%} sure, {second:.0%} for the runner-up"
    options = tuple(h for h in (best, *rivals[: OPTIONS - 1]) if h.confidence >= thresholds.ask)
    if len(options) > 1 and sum(h.confidence for h in options) >= thresholds.act:
        return Outcome.ASK, options, f"{best.confidence:.0%} against {second:.0%}: too close"
    if sure:
        return Outcome.ACT, (), f"{best.confidence:.0%} sure"
    return Outcome.ABSTAIN, (), f"only {best.confidence:.0%} sure, {thresholds.act:.0%} needed"


def _key(hypothesis: Hypothesis) -> tuple[str, str]:
    return hypothesis.skill, hypothesis.intent
