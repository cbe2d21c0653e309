"""Before what is right is done, what was done wrong is taken back, if its skill knows how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sayso.dialogue.conclude import in_session
from sayso.dialogue.moves import Move
from sayso.dialogue.undoing import is_undone, undo_call
from sayso.fulfilment import Backends
from sayso.types.calls import Answer
from sayso.types.context import Context
from sayso.types.readings import Decision, Outcome
from sayso.types.skills import Skill
from sayso.types.turns import Reply


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of an undo, and the move that goes on after it.

    reply: what the skill said to it, None where nothing was taken back: then the move is as it
    was, and its back-end is told what it puts right.
    """

    move: Move
    answer: Answer
    reply: Reply | None = None


def take_back(
    move: Move, decision: Decision, skills: Mapping[str, Skill], backends: Backends
) -> TakenBack | None:
    """Call the undo of what the move's call puts right; None where there is nothing to call."""
    call, context = move.call, move.context
    if call is None or call.hypothesis is None:
        return None
    skill = skills[call.skill]
    undo = undo_call(call, skill, skill.language(context.locale) or skill.languages[0])
    if undo is None:
        return None
    answer = backends.answer(skill, undo, context)
    if not is_undone(answer):
        return TakenBack(move, answer)
    told = replace(decision, outcome=Outcome.ACT, chosen=undo.hypothesis, options=())
    reply = Reply(answer.speech, ssml=answer.ssml, card=answer.card, decision=told)
    after = _after(in_session(answer, context, skill.id), context, call.skill)
    right = replace(call.hypothesis, corrects=None)
    again = replace(call, hypothesis=right, new_session=after.active != call.skill)
    return TakenBack(
        replace(move, context=after, call=again), answer, replace(reply, data=answer.data)
    )


def _after(after: Context, before: Context, skill: str) -> Context:
    """The context of the call that follows: in the session that the undo keeps, or in one anew."""
    if after.active == skill:
        return after
    session = f"{before.conversation}.{before.turn}.{skill}.2"
    return replace(after, session=session)
