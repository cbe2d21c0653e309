"""Which of the ways to deal with a turn are on trial or proven, and for whom.

A policy has an id that turns log as they log a rewrite's, with the arm that its person is in; so
`sayso learn` judges both alike (`rewriting.policies`). Threads may share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sayso.types.context import Context
from sayso.types.lessons import Arm, Policy, RewriteState
from sayso.understanding.rewrites import Shares


@dataclass(frozen=True, slots=True)
class Policies:
    """states: policy -> its state; one that is not there is not tried."""

    states: Mapping[str, RewriteState] = field(default_factory=dict)
    shares: Shares = field(default_factory=Shares)

    def arm(self, policy: str, context: Context) -> Arm | None:
        """Whether it is applied for who speaks, left out for them to compare, or not tried."""
        state = self.states.get(policy)
        if state not in (RewriteState.CANARY, RewriteState.LIVE):
            return None
        return self.shares.arm(policy, context, on_trial=state is RewriteState.CANARY)

    def given_up(self, policy: str) -> bool:
        """Whether it proved worse than doing without."""
        return self.states.get(policy) is RewriteState.RETIRED


NO_POLICIES = Policies()


def policies_of(policies: Sequence[Policy], shares: Shares) -> Policies:
    """As they serve."""
    return Policies({each.id: each.state for each in policies}, shares)
