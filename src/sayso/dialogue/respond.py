"""Decision + Context -> a Move: a reply of Sayso's own, or a call to the skill's back-end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sayso.dialogue.aside import come_back, dropped
from sayso.dialogue.moves import Move
from sayso.dialogue.policy import act_of, state_of, step
from sayso.dialogue.steps import STEPS
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision
from sayso.types.skills import Skill


def respond(decision: Decision, context: Context, skills: Mapping[str, Skill]) -> Move:
    """The move that follows a decision, as the policy has it. Skills are those installed, by id."""
    if decision.basis is not Basis.SILENCE:
        context = replace(context, silences=0)
    move = STEPS[step(state_of(context), act_of(decision, context))](decision, context, skills)
    after, reply = move.context, move.reply
    if reply is not None:
        after, reply = come_back(after, reply)
    return replace(move, context=after, reply=reply, dropped=dropped(context, after))
