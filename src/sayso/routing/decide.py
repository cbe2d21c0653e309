"""Ranked readings -> Decision: act, ask which one, or abstain, whichever is worth most.

In units of the good that one right action does: a right action is worth 1, a wrong one costs
`wrong`, a question costs `question` and is followed by the right action if one of the options was
meant, and giving up is worth nothing. With confidences p1 and p2 of the two best readings

    act = p1 - wrong (1 - p1)        ask = p1 + p2 - question        abstain = 0

so that, with nothing else in sight, Sayso acts from a confidence of wrong / (1 + wrong) on. That
number is the one setting, `caution`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.routing.rank import tipped
from sayso.types.readings import Decision, Hypothesis, Outcome

OPTIONS = 2  # readings offered when asking which one; more are hard to keep in mind by ear
REASONS = {  # feature of `understanding.personal` -> in words
    "enabled": "this person has enabled it",
    "enabled_likely": "this person has enabled it",
    "attention": "it is like what this person has enabled",
    "attended": "it is like what this person has enabled",
    "uses": "this person uses it often",
    "recency": "this person has used it lately",
    "hour": "this person uses it at this hour",
    "device": "this person uses it on such a device",
}
LEAST = 0.1  # confidence of an option that is worth naming


@dataclass(frozen=True, slots=True)
class Costs:
    """What a wrong action and a question cost, a right action being worth 1."""

    wrong: float = 1.5  # caution 0.6, as `RoutingSettings` has it
    question: float = 0.8

    @classmethod
    def of_caution(cls, caution: float) -> Costs:
        """The costs under which it takes that confidence to act. caution: in [0, 1)."""
        return cls(wrong=caution / (1.0 - caution))

    @property
    def caution(self) -> float:
        """The confidence that it takes to act, with nothing else in sight."""
        return self.wrong / (1.0 + self.wrong)


def decide(
    ranked: Sequence[Hypothesis],
    shortlist: Sequence[tuple[str, float]],
    costs: Costs,
) -> Decision:
    """What to do with readings that are ranked best first.

    Deterministic, hence its propensity is 1; `explore` may change that and nothing else.
    """
    options = choices(ranked)
    least = needed(ranked, costs)
    outcome, reason = _outcome(ranked, least, costs)
    return Decision(
        outcome=outcome,
        chosen=ranked[0] if outcome is Outcome.ACT else None,
        options=options if outcome is Outcome.ASK else (),
        hypotheses=tuple(ranked),
        shortlist=tuple(shortlist),
        threshold=least,
        reason=reason,
    )


def needed(ranked: Sequence[Hypothesis], costs: Costs) -> float:
    """The confidence that it takes to act on the best of these readings."""
    return (costs.wrong + otherwise(ranked, costs)) / (1.0 + costs.wrong)


def otherwise(ranked: Sequence[Hypothesis], costs: Costs) -> float:
    """What the better of asking and giving up is worth."""
    options = choices(ranked)
    asking = sum(option.confidence for option in options) - costs.question
    return max(0.0, asking) if options else 0.0


def rivals(ranked: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The readings that differ from the best one in more than slots, best first."""
    return [other for other in ranked[1:] if _key(other) != _key(ranked[0])]


def choices(ranked: Sequence[Hypothesis]) -> Sequence[Hypothesis]:
    """The readings to choose among, if there is a choice."""
    options = [*ranked[:1], *rivals(ranked)[: OPTIONS - 1]]
    likely = all(option.confidence >= LEAST for option in options)
    # "Did you mean stop or cancel?" helps nobody: one of the two must be a skill's own.
    own = any(not option.intent.startswith("AMAZON.") for option in options)
    choice = len(options) > 1 and likely and own
    return tuple(options) if choice else ()


def _outcome(ranked: Sequence[Hypothesis], least: float, costs: Costs) -> tuple[Outcome, str]:
    if not ranked:
        return Outcome.ABSTAIN, "no skill comes near"
    best = ranked[0].confidence
    second = next((rival.confidence for rival in rivals(ranked)), 0.0)
    if best >= least:
        return Outcome.ACT, f"{best:.0%} sure, {second:.0%} for the runner-up{_because(ranked)}"
    if otherwise(ranked, costs) > 0:
        return Outcome.ASK, f"{best:.0%} against {second:.0%}: too close"
    return Outcome.ABSTAIN, f"only {best:.0%} sure, {least:.0%} needed"


def _because(ranked: Sequence[Hypothesis]) -> str:
    """What is known besides the words, if that tipped it."""
    known = tipped(ranked)
    if known is None:
        return ""
    # What goes on around comes as `signal: clause`.
    return f"; {REASONS.get(known) or known.partition(': ')[2]}, which tipped it"


def _key(hypothesis: Hypothesis) -> tuple[str, str]:
    return hypothesis.skill, hypothesis.intent
