"""Second thoughts: a request that is not understood well may be one that went well before.

Asked after the first reading, so that a turn that is understood pays nothing, and only of requests
out of the blue. What is surely meant is read in place of what was said; what is likely is asked
about; for a few people, drawn by lot, neither is done, to see what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sayso.types.lessons import Arm
from sayso.types.turns import Basis, Context, Decision, Outcome, Rewriting, Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import Undone, asked
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.online.suggest import Online, Suggestion
from sayso.understanding.rewrites import draw

ONLINE = "online"  # id of the rewriting of a layer: `online-personal`, `online-global`
Again = Callable[[Utterance], tuple[Heard, Decision]]


def rethink(
    heard: Heard,
    decision: Decision,
    context: Context,
    online: Online | None,
    habits: Habits,
    undone: Undone,
    again: Again,
    holdout: float,
) -> tuple[Heard, Decision]:
    """What was heard, or what was probably meant, with the decision on it.

    undone: what this person has taken back, never to be done again.
    again: hears and decides on another text. holdout: share of people for whom it is left out.
    """
    if online is None or not _out_of_the_blue(heard, decision, context):
        return heard, decision
    if not online.indexes and habits is NOBODY:
        return heard, decision
    suggestion = online.suggest(asked(heard, decision, context), habits)
    if suggestion is None or undone.forbids(suggestion.said, fold(suggestion.meant)):
        return heard, decision
    arm = Arm.APPLIED if _lot(suggestion, context) >= holdout else Arm.HELD_OUT
    noted = Rewriting(
        f"{ONLINE}-{suggestion.layer}",
        heard.utterance.text,
        suggestion.meant,
        arm.value,
        suggestion.layer.value,
    )
    left = replace(heard, utterance=replace(heard.utterance, rewriting=noted))
    if arm is Arm.HELD_OUT:
        return left, decision
    then, instead = again(replace(heard.utterance, text=suggestion.meant, rewriting=noted))
    meant = instead.chosen
    if instead.outcome is not Outcome.ACT or meant is None:
        return heard, decision  # it is not understood either: what was said stands
    if suggestion.applies and not meant.side_effects:
        return then, replace(instead, reason=f"{suggestion.reason}; {instead.reason}")
    options = (meant,)
    reason = f"{suggestion.reason}; asked whether it was meant"
    return left, replace(decision, outcome=Outcome.ASK, chosen=None, options=options, reason=reason)


def _out_of_the_blue(heard: Heard, decision: Decision, context: Context) -> bool:
    return (
        heard.utterance.rewriting is None
        and context.awaiting is None
        and context.active is None
        and decision.basis in (Basis.WORDS, Basis.TRIAL)
    )


def _lot(suggestion: Suggestion, context: Context) -> float:
    return draw(f"{ONLINE}-{suggestion.layer}", context.user)
