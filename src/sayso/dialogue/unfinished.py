"""A costly request that asks something before it is done: that is asked at once.

Whether it was meant is asked of a costly intent that is not quite sure. If it cannot be done
without an answer or a yes anyway, one question does for both: `Which door?` is as safe as `did you
mean: unlock it?`.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.routing.decide import Costs, needed
from sayso.types.readings import Decision, Outcome
from sayso.types.skills import Language


def asked_by_itself(
    decision: Decision, language: Language | None, costs: Costs, *, answering: bool = False
) -> Decision:
    """The decision to act, where the first option asks something itself and is sure but for cost.

    language: in which the option's skill has its intent. costs: of an intent that is not costly.
    answering: whether a question is open, which what else may be meant may answer.
    """
    lone = len(decision.options) == 1
    option = decision.options[0] if lone or (decision.options and not answering) else None
    if option is None or language is None or decision.outcome is not Outcome.ASK:
        return decision
    intent = language.intent(option.intent)
    filled = {slot.name for slot in option.slots}
    lacks = [x for x in intent.slots if x.required and x.name not in filled] if intent else []
    least = needed(decision.hypotheses, costs)
    agreed = intent is not None and bool(intent.confirm)
    asks = bool(lacks) or agreed
    if not (option.side_effects and asks and option.confidence >= least):
        return decision
    first = lacks[0].name if lacks else "a yes"
    reason = f"{option.confidence:.0%} sure, and {first} is asked for before it is done"
    return replace(
        decision, outcome=Outcome.ACT, chosen=option, options=(), threshold=least, reason=reason
    )
