"""Safe ground: what is costly to do by mistake, and skills that nobody has approved yet.

Two guards stand between the ranking and the act. They turn an act into a question, or decide as if
a new skill were not installed; they never make Sayso act where it would not have without the skill.

    side effects   an intent that its developer has marked is acted upon from a higher confidence on
    trial          a new skill that nobody has approved needs a higher confidence as well, and is
                   given a small share of all requests. Beyond it the skill stands back: the turn is
                   decided as if it were not installed, and only where nobody else is meant at all
                   is the person asked whether it was

A skill that was named or that holds the conversation is not on trial there, nor for a person who
has enabled it. After the guardrails of large assistants: a confidence floor, a cap on traffic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sayso.routing.decide import Costs, choices, decide, needed
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome


@dataclass(frozen=True, slots=True)
class Ground:
    """What the guards demand.

    side_effects, trial: costs under which a marked intent, and a skill on trial, are acted upon.
    share: of the latest requests, what a skill on trial may be given.
    """

    side_effects: Costs = field(default_factory=lambda: Costs.of_caution(0.9))
    trial: Costs = field(default_factory=lambda: Costs.of_caution(0.8))
    share: float = 0.05


def settle(
    ranked: Sequence[Hypothesis],
    shortlist: Sequence[tuple[str, float]],
    context: Context,
    costs: Costs,
    ground: Ground,
) -> Decision:
    """What to do with ranked readings, best first, in a context: `decide`, and the guards."""
    usual = decide(ranked, shortlist, costs)
    held_back = {skill for skill in _skills(ranked) if _has_had_its_share(skill, context, ground)}
    if not held_back:
        return _guarded(usual, ranked, context, costs, ground)
    left = without(ranked, held_back)
    rest = _guarded(decide(left, shortlist, costs), left, context, costs, ground)
    if rest.outcome is Outcome.ABSTAIN and usual.chosen is not None:
        reason = f"{usual.chosen.skill} is new and has had its share of requests"
        return _asked(usual, ranked, Basis.TRIAL, usual.threshold, reason)
    basis = Basis.TRIAL if rest.basis is Basis.WORDS else rest.basis
    return replace(rest, hypotheses=tuple(ranked), basis=basis)


def on_trial(skill: str, context: Context) -> bool:
    """Whether a skill is new to this person, approved by nobody, and not in conversation."""
    mine = skill == context.active or skill in context.person.enabled
    return skill in context.trial and not mine


def without(ranked: Sequence[Hypothesis], skills: set[str]) -> list[Hypothesis]:
    """The readings of the other skills, as confident as if these were not installed."""
    gone = sum(reading.confidence for reading in ranked if reading.skill in skills)
    left = max(1.0 - gone, 1e-9)
    return [
        replace(reading, confidence=min(reading.confidence / left, 1.0))
        for reading in ranked
        if reading.skill not in skills
    ]


def is_open(context: Context) -> bool:
    """Whether a session or a question is: what is said then is no request out of the blue."""
    return context.active is not None or context.awaiting is not None


def _has_had_its_share(skill: str, context: Context, ground: Ground) -> bool:
    return on_trial(skill, context) and context.trial[skill] >= ground.share


def _guarded(
    decision: Decision, ranked: Sequence[Hypothesis], context: Context, costs: Costs, ground: Ground
) -> Decision:
    """The decision, or a question in place of an act for which the confidence is too low."""
    chosen = decision.chosen
    basis = Basis.SESSION if is_open(context) else Basis.WORDS
    if chosen is None:
        return replace(decision, basis=basis)
    demands = [("", costs)]
    if chosen.side_effects:
        demands.append((f"{chosen.intent} has side effects", ground.side_effects))
    if on_trial(chosen.skill, context):
        demands.append((f"{chosen.skill} is new", ground.trial))
        basis = Basis.TRIAL
    why, strictest = max(demands, key=lambda demand: demand[1].wrong)
    least = needed(ranked, strictest)
    if chosen.confidence >= least:
        return replace(decision, basis=basis, threshold=least)
    reason = f"{why}: {chosen.confidence:.0%} sure, {least:.0%} needed to act"
    return _asked(decision, ranked, basis, least, reason)


def _asked(
    decision: Decision, ranked: Sequence[Hypothesis], basis: Basis, least: float, reason: str
) -> Decision:
    """A question in place of the act: which of two, or, where there are not two, "this one?"."""
    return replace(
        decision,
        outcome=Outcome.ASK,
        chosen=None,
        options=choices(ranked) or tuple(ranked[:1]),
        hypotheses=tuple(ranked),
        threshold=least,
        reason=reason,
        basis=basis,
    )


def _skills(ranked: Sequence[Hypothesis]) -> set[str]:
    return {reading.skill for reading in ranked}
