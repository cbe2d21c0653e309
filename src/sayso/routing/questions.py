"""Whether to ask "did you mean ...?" before giving up: learnt from what people make of it.

What a question costs, beside what an action is worth, is a matter of taste in `decide`, and set so
that few are asked. Whoever is not understood has to say it again either way; a guess that is right
half of the time may be worth more to them than a shrug, and what they do next tells. So giving up
is tried against asking, step by step: first where the likeliest readings add up to much, and
further down only where the step above has proved better (`rewriting.policies`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.routing.decide import choices
from sayso.routing.ground import is_open, on_trial
from sayso.types.turns import Basis, Context, Decision, Hypothesis, Outcome

# Policy -> what the confidences of the options must add up to; a question for the first that fits.
STEPS = {"question-60": 0.6, "question-45": 0.45, "question-30": 0.3}


def instead(decision: Decision, context: Context) -> tuple[str, Decision] | None:
    """The policy that would ask in the place of giving up, and the question; None to give up.

    Only of a request out of the blue, and never whether a skill was meant that is on trial.
    """
    lost = decision.outcome is Outcome.ABSTAIN and decision.basis is Basis.WORDS
    options = _options(decision.hypotheses, context) if lost and not is_open(context) else ()
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
