"""The log as off-policy evaluation reads it: what could be done, what was done, what it was worth.

Of each turn out of the blue the log holds every reading with its features, the decision, and the
probability with which it was taken. From these follows all that the serving policy might have done
there instead: it acts on the best reading or, where it explores, on the runner-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sayso.routing.decide import Costs, rivals
from sayso.routing.ground import Ground, settle
from sayso.routing.rank import Ranker
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome
from sayso.types.turns import Interaction

# "act", skill, intent; or "ask" and the same of each option, flat; or "abstain".
Action = tuple[str, ...]
NOTHING = "(nothing)"  # domain of a turn in which no skill was acted upon
_NOBODY = Context(conversation="", now=datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Logged:
    """One turn out of the blue.

    readings: best first, as the serving ranker had them.
    support: all that might have been done here -> its probability; they sum to 1.
    taken: what was done; usual: what is done without exploration.
    reward: what it was worth. group: turns of one group (a person) may depend on each other.
    domain: of the usual action.
    """

    readings: Sequence[Hypothesis]
    support: Mapping[Action, float]
    taken: Action
    usual: Action
    reward: float
    group: str
    domain: str = NOTHING


Policy = Callable[[Logged], Mapping[Action, float]]
"""What a policy would do in a turn: action -> probability; they sum to 1."""


@dataclass(frozen=True, slots=True)
class Log:
    """The rows that can be learnt from, and how many turns were left out, by reason."""

    rows: Sequence[Logged]
    left_out: Mapping[str, int]


def read_log(
    turns: Iterable[Interaction],
    rewards: Mapping[str, float],
    domains: Mapping[str, str] | None = None,
) -> Log:
    """The turns of a log with what they were worth.

    rewards: id of a turn -> its worth, higher is better; turns without one are left out.
    domains: skill -> its domain (a category of the store, say); by default each is its own.
    """
    rows, left_out = [], Counter[str]()
    for turn in turns:
        if turn.decision.basis is not Basis.WORDS:
            left_out[f"rests on: {turn.decision.basis}"] += 1
        elif turn.id not in rewards:
            left_out["nobody knows what it was worth"] += 1
        else:
            row = logged(turn.decision, rewards[turn.id], turn.user, domains)
            left_out["its propensity belongs to no known action"] += row is None
            rows += [row] if row is not None else []
    return Log(rows, +left_out)


def logged(
    decision: Decision, reward: float, group: str, domains: Mapping[str, str] | None = None
) -> Logged | None:
    """One decision as a row; None if what is logged of it cannot be."""
    support = support_of(decision)
    if support is None:
        return None
    taken, usual = action_of(decision), next(iter(support))
    skill = usual[1] if usual[0] == Outcome.ACT else NOTHING
    domain = (domains or {}).get(skill, skill)
    return Logged(decision.hypotheses, support, taken, usual, reward, group, domain)


def support_of(decision: Decision) -> Mapping[Action, float] | None:
    """All that might have been done in the place of a decision -> its probability.

    The usual action comes first. None where the propensity fits none of them.
    """
    taken, chance = action_of(decision), decision.propensity
    if chance == 1.0:
        return {taken: 1.0}
    known = decision.hypotheses[:1], rivals(decision.hypotheses)[:1]
    pair = [_acting(reading) for found in known for reading in found]
    if taken not in pair or len(pair) != len(known) or not 0.0 < chance < 1.0:
        return None
    return {action: chance if action == taken else 1.0 - chance for action in pair}


def action_of(decision: Decision) -> Action:
    """What a decision does, apart from slots."""
    if decision.chosen is not None:
        return _acting(decision.chosen)
    names = (name for option in decision.options for name in (option.skill, option.intent))
    return (str(decision.outcome), *names)


def ranked_by(ranker: Ranker, costs: Costs, ground: Ground | None = None) -> Policy:
    """The policy of a ranker: it ranks the same readings anew, then decides as an engine does."""
    guards = ground or Ground()

    def choose(row: Logged) -> Mapping[Action, float]:
        decision = settle(ranker.rank(row.readings), (), _NOBODY, costs, guards)
        return {action_of(decision): 1.0}

    return choose


def where_known(policy: Policy) -> Policy:
    """The policy where the log can tell what it is worth, and the usual action elsewhere."""

    def choose(row: Logged) -> Mapping[Action, float]:
        known = {action: p for action, p in policy(row).items() if action in row.support}
        usual = known.get(row.usual, 0.0) + max(0.0, 1.0 - sum(known.values()))
        return {**known, row.usual: usual}

    return choose


def _acting(reading: Hypothesis) -> Action:
    return (str(Outcome.ACT), reading.skill, reading.intent)
