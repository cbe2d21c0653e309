"""A costly request that lacks something does nothing yet: what it lacks is asked for at once.

Whether it was meant is asked of a costly intent that is not quite sure. If it cannot act without an
answer anyway, one question does for both: `Which door?` is as safe as `did you mean: unlock it?`.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.routing.decide import Costs, needed
from sayso.types.skills import Language
from sayso.types.turns import Decision, Outcome


def asked_by_itself(decision: Decision, language: Language | None, costs: Costs) -> Decision:
    """The decision to act, where the one option lacks a required slot and is sure but for its cost.

    language: in which the option's skill has its intent. costs: of an intent that is not costly.
    """
    option = decision.options[0] if len(decision.options) == 1 else None
    if option is None or language is None or decision.outcome is not Outcome.ASK:
        return decision
    intent = language.intent(option.intent)
    filled = {slot.name for slot in option.slots}
    lacks = [x for x in intent.slots if x.required and x.name not in filled] if intent else []
    least = needed(decision.hypotheses, costs)
    if not (option.side_effects and lacks and option.confidence >= least):
        return decision
    reason = f"{option.confidence:.0%} sure, and {lacks[0].name} is asked for before it is done"
    return replace(
        decision, outcome=Outcome.ACT, chosen=option, options=(), threshold=least, reason=reason
    )
