"""A back-end that fails, seen from the conversation: said plainly, and nothing of it is lost.

    out of the blue             an apology; whatever waited is come back to
    in a session, or answering  an apology, and all stands as before: the person may say it again
    once more in a row          an apology, and the session is over

Nothing is sent again by itself: a back-end that failed may have acted (`fulfilment/https.py` tries
to connect again, for nobody has heard anything then). Whoever says stop is never held.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.aside import come_back
from sayso.dialogue.moves import Move
from sayso.dialogue.phrases import phrase
from sayso.dialogue.policy import CLOSING
from sayso.types.calls import Call, CallKind
from sayso.types.context import Context
from sayso.types.readings import Decision
from sayso.types.skills import FulfilmentKind, Skill
from sayso.types.turns import Reply

PATIENCE = 1  # failures in a row that an open session survives


def after_failure(
    before: Context, move: Move, call: Call | None, skill: Skill | None
) -> tuple[Context, Reply]:
    """Where a turn leaves the conversation whose back-end has failed, and what is said.

    before: the conversation as the turn found it. move: what follows from the apology. call: the
    first that the turn made, to this skill. A reply template with a hole is heard all the same.
    """
    reply = move.reply or Reply("")
    written = skill is None or skill.fulfilment.kind is FulfilmentKind.REPLIES
    if call is None or written or before.failures >= PATIENCE or not _goes_on(before, call):
        return replace(move.context, failures=0), reply
    question = before.reprompt or before.last_speech
    again = replace(reply, reprompt=question or None, ended=False)
    return replace(before, failures=before.failures + 1, doubted=None), again


def given_up(move: Move, decision: Decision, skill: Skill) -> Move:
    """The apology for a skill that hands the dialogue back for ever."""
    speech = phrase("failed", move.context.locale, name=skill.name)
    context, reply = come_back(move.context.closed(), Reply(speech=speech, decision=decision))
    return Move(context, reply=reply)


def _goes_on(before: Context, call: Call) -> bool:
    """Whether the call was part of what was open."""
    pending = before.awaiting.pending if before.awaiting is not None else None
    mine = call.skill == before.active or (pending is not None and pending.skill == call.skill)
    intent = call.hypothesis.intent if call.hypothesis is not None else ""
    return mine and call.kind is not CallKind.SESSION_ENDED and intent not in CLOSING
