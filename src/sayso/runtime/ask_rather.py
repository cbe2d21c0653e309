"""A question in the place of giving up, for those for whom that is tried or has proved better."""

from __future__ import annotations

from dataclasses import replace

from sayso.routing.policies import Policies
from sayso.routing.questions import instead
from sayso.types.context import Context
from sayso.types.lessons import Arm
from sayso.types.readings import Decision, Rewriting
from sayso.understanding.contract import Heard

LAYER = "question"


def ask_rather(
    heard: Heard, decision: Decision, context: Context, policies: Policies
) -> tuple[Heard, Decision]:
    """What was heard, with the arm of this person in it, and what to do.

    A turn that is part of another trial is left alone, or neither could be judged.
    """
    if not policies.states or heard.utterance.rewriting is not None:
        return heard, decision
    found = instead(decision, context)
    arm = policies.arm(found[0], context) if found is not None else None
    if found is None or arm is None:
        return heard, decision
    policy, question = found
    text = heard.utterance.text
    noted = Rewriting(policy, text, text, arm.value, LAYER)
    left = replace(heard, utterance=replace(heard.utterance, rewriting=noted))
    return left, question if arm is Arm.APPLIED else decision
