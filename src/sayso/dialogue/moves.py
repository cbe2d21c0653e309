"""What happens next, and the ways to say so that every step of the policy has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.dialogue.phrases import phrase
from sayso.types.calls import Call, CallKind
from sayso.types.context import Aside, Context
from sayso.types.readings import Decision
from sayso.types.skills import Language, Skill
from sayso.types.turns import Reply

TOO_OFTEN = "EXCEEDED_MAX_REPROMPTS"
Skills = Mapping[str, Skill]


@dataclass(frozen=True, slots=True)
class Move:
    """What happens next.

    Exactly one of `reply` and `call` is set. ending: another skill's session to close first.
    dropped: sessions that waited and will not be come back to; their skills are told, too.
    """

    context: Context
    reply: Reply | None = None
    call: Call | None = None
    ending: Call | None = None
    dropped: Sequence[Aside] = ()


def say(
    speech: str,
    decision: Decision,
    context: Context,
    *,
    ended: bool = True,
    ending: Call | None = None,
    reprompt: str = "",
) -> Move:
    """A reply of Sayso's own. `reprompt` asks again where more is awaited; else the speech does."""
    again = None if ended else reprompt or speech
    reply = Reply(speech=speech, reprompt=again, ended=ended, decision=decision)
    return Move(context, reply=reply, ending=ending)


def end(skill: str, reason: str = "USER_INITIATED") -> Call:
    """What a skill is told whose session is over."""
    return Call(CallKind.SESSION_ENDED, skill, new_session=False, reason=reason)


def give_up(decision: Decision, context: Context) -> Move:
    """Nobody is asked a third time: all that is open or waits is dropped."""
    ending = end(context.active, TOO_OFTEN) if context.active is not None else None
    speech = phrase("cancelled", context.locale)
    return say(speech, decision, context.forgotten(), ending=ending)


def spoken(skill: str, context: Context, skills: Skills) -> tuple[Skill, Language]:
    """A skill, and what it is in the person's locale."""
    found = skills[skill]
    return found, found.language(context.locale) or found.languages[0]
