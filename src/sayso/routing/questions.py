"""Whether to ask "did you mean ...?" where it is not usual: learnt from what people make of it.

What a question costs, beside what an action is worth, is a matter of taste in `decide`, and set so
that few are asked. Whoever is not understood has to say it again either way; a guess that is right
half of the time may be worth more to them than a shrug, and what they do next tells. So giving up
is tried against asking, step by step: first where the likeliest readings add up to much, and
further down only where the step above has proved better (`rewriting.policies`).

And a skill that turns down what it has no value for ("Sorry, I don't know that one") may have one
that sounds like it: where a log shows such a skill, asking for the value is tried, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.routing.decide import choices
from sayso.routing.ground import is_open, on_trial
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, ResolutionStatus

# Policy -> what the confidences of the options must add up to; a question for the first that fits.
STEPS = {"question-60": 0.6, "question-45": 0.45, "question-30": 0.3}
VALUE = "value:"  # what policies begin with that ask for a value; the skill follows


def instead(decision: Decision, context: Context) -> tuple[str, Decision] | None:
    """The policy that would ask in the place of what was decided, and the question; None for none.

    Only of a request out of the blue, and never whether a skill was meant that is on trial.
    """
    if decision.basis is not Basis.WORDS or is_open(context):
        return None
    if decision.outcome is Outcome.ABSTAIN:
        return _giving_up(decision, context)
    if decision.outcome is Outcome.ACT and decision.chosen is not None:
        return _unknown_value(decision, decision.chosen)
    return None


def _unknown_value(decision: Decision, chosen: Hypothesis) -> tuple[str, Decision] | None:
    """The value that is most like one that nobody knows, or just what was said."""
    strange = [slot for slot in chosen.slots if slot.status is ResolutionStatus.NOT_MATCHED]
    if len(strange) != 1 or not strange[0].candidates:
        return None
    near = strange[0].candidates[0]
    known = replace(strange[0], normalised=near.value, status=ResolutionStatus.MATCHED)
    slots = tuple(known if slot is strange[0] else slot for slot in chosen.slots)
    options = (replace(chosen, slots=slots), chosen)
    reason = f'"{strange[0].value}" is none of its values, "{near.value}" is'
    asking = replace(decision, outcome=Outcome.ASK, chosen=None, options=options, reason=reason)
    return f"{VALUE}{chosen.skill}", asking


def _giving_up(decision: Decision, context: Context) -> tuple[str, Decision] | None:
    options = _options(decision.hypotheses, context)
    if not options:
        return None
    worth = sum(option.confidence for option in options)
    for policy, least in STEPS.items():
        if worth >= least:
            reason = f"only {worth:.0%} sure; asked, as that has served people better"
            return policy, replace(
                decision, outcome=Outcome.ASK, options=tuple(options), reason=reason
            )
    return None


def _options(ranked: Sequence[Hypothesis], context: Context) -> Sequence[Hypothesis]:
    """One of two readings, or the best alone, if it is a skill's own."""
    options = choices(ranked) or ranked[:1]
    own = any(not option.intent.startswith("AMAZON.") for option in options)
    trusted = not any(on_trial(option.skill, context) for option in options)
    return options if own and trusted else ()
