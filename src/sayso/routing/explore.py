"""Now and then the runner-up, with a known probability: what a log must hold to teach anything.

A log in which the same words always went to the same skill cannot tell whether another would have
done better. Where two readings are worth nearly as much, the second is acted upon with probability
`share`, and either way the log keeps the exact probability of what was done (its propensity), which
`sayso.evaluation.off_policy` needs. After Kachuee et al. 2022, arXiv:2204.07135: exploration is
bounded, and more tightly in some domains than in others.

Never explored: an intent with side effects, a skill on trial, a skill that was named, an open
session or question, a sentence outside any conversation. The share is 0 until somebody sets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from sayso.routing.decide import Costs, rivals
from sayso.routing.ground import on_trial
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome

# Most that trying the runner-up may cost on average, a right action being worth 1: what a wrong
# action costs at the caution that nobody has to set.
NEAR = 1.5


@dataclass(frozen=True, slots=True)
class Exploration:
    """How often the runner-up is tried where it may be, of each person's turns.

    share: in [0, 0.5]; of_skill: another share for a skill; of two skills the smaller one counts.
    """

    share: float = 0.0
    of_skill: Mapping[str, float] = field(default_factory=dict)

    def between(self, one: Hypothesis, other: Hypothesis) -> float:
        """How often `other` is tried in the place of `one`."""
        shares = (self.of_skill.get(each.skill, self.share) for each in (one, other))
        return min(shares)


def explore(
    decision: Decision, context: Context, exploration: Exploration, costs: Costs, chance: float
) -> Decision:
    """The decision with its propensity, or the runner-up with its own.

    chance: uniform in [0, 1); see `draw`.
    """
    tried = alternative(decision, context, costs)
    if tried is None or decision.chosen is None:
        return decision
    share = exploration.between(decision.chosen, tried)
    if share <= 0.0:
        return decision
    if chance >= share:
        return replace(decision, propensity=1.0 - share)
    reason = f"explored: {tried.confidence:.0%} sure, {decision.chosen.confidence:.0%} for the best"
    return replace(decision, chosen=tried, propensity=share, reason=reason)


def alternative(decision: Decision, context: Context, costs: Costs) -> Hypothesis | None:
    """The reading that may be tried in the place of the chosen one, or None."""
    chosen = decision.chosen
    runner_up = next(iter(rivals(decision.hypotheses)), None)
    if chosen is None or runner_up is None or decision.outcome is not Outcome.ACT:
        return None
    apart = (1.0 + costs.wrong) * (chosen.confidence - runner_up.confidence)
    safe = not (chosen.side_effects or runner_up.side_effects or on_trial(runner_up.skill, context))
    asked = decision.basis is Basis.WORDS and context.conversation != ""
    return runner_up if safe and asked and apart <= NEAR else None


def draw(context: Context) -> float:
    """A number in [0, 1) of this turn's own: the same when the turn is replayed."""
    turn = "\0".join((context.user, context.conversation, str(context.turn)))
    digest = blake2b(turn.encode(errors="surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53
