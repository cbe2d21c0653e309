"""Second thoughts: a request that is not understood well may be one that went well before.

Asked after the first reading, which tells how surely it is understood, and only of requests out of
the blue. What is surely meant is read in place of what was said; what is likely is asked
about, beside what was understood or what is nearly as likely; for a few people, drawn by lot,
neither is done, to see what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sayso.types.context import Context
from sayso.types.lessons import Arm
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, Rewriting, Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.online.entries import Undone, asked
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.online.suggest import Online, Suggestion
from sayso.understanding.rewrites import Shares

Again = Callable[[Utterance], tuple[Heard, Decision]]


def rethink(
    heard: Heard,
    decision: Decision,
    context: Context,
    online: Online | None,
    habits: Habits,
    undone: Undone,
    again: Again,
    shares: Shares,
) -> tuple[Heard, Decision]:
    """What was heard, or what was probably meant, with the decision on it.

    undone: what this person has taken back, never to be done again.
    again: hears and decides on another text. shares: of people for whom it is left out.
    """
    if online is None or not _out_of_the_blue(heard, decision, context):
        return heard, decision
    if not online.indexes and habits is NOBODY:
        return heard, decision
    suggestion = online.suggest(asked(heard, decision, context), habits, undone)
    if suggestion is None:
        return heard, decision
    noted = Rewriting(
        suggestion.layer.policy,
        heard.utterance.text,
        suggestion.meant,
        Arm.APPLIED.value,
        suggestion.layer.value,
    )
    then, instead = again(replace(heard.utterance, text=suggestion.meant, rewriting=noted))
    options = _options(decision, instead, suggestion, heard, again)
    applies = suggestion.applies and bool(options) and not options[0].side_effects
    if not options or not (applies or _differ(options, decision)):
        return heard, decision  # it is not understood either, or nothing else: what was said stands
    if shares.arm(suggestion.layer.policy, context, on_trial=False) is Arm.HELD_OUT:
        # Only now: who is held out must be in the place of those for whom it would be done.
        return _noting(heard, replace(noted, arm=Arm.HELD_OUT.value)), decision
    if applies:
        return then, replace(instead, reason=f"{suggestion.reason}; {instead.reason}")
    reason = f"{suggestion.reason}; asked whether it was meant"
    asking = replace(decision, outcome=Outcome.ASK, chosen=None, options=options, reason=reason)
    return _noting(heard, noted), asking


def _options(
    decision: Decision, instead: Decision, suggestion: Suggestion, heard: Heard, again: Again
) -> tuple[Hypothesis, ...]:
    """What is probably meant, and what is offered beside it; nothing that is not understood."""
    if instead.outcome is not Outcome.ACT or instead.chosen is None:
        return ()
    other = decision.chosen if decision.outcome is Outcome.ACT else None
    if suggestion.other and not suggestion.applies:
        other = again(replace(heard.utterance, text=suggestion.other))[1].chosen
    alone = other is None or _reading(other) == _reading(instead.chosen)
    return (instead.chosen,) if alone or other is None else (instead.chosen, other)


def _differ(options: tuple[Hypothesis, ...], decision: Decision) -> bool:
    """Whether there is anything to ask."""
    chosen = decision.chosen
    return chosen is None or any(_reading(one) != _reading(chosen) for one in options)


def _noting(heard: Heard, rewriting: Rewriting) -> Heard:
    return replace(heard, utterance=replace(heard.utterance, rewriting=rewriting))


def _reading(of: Hypothesis) -> tuple[str, str, list[tuple[str, str]]]:
    return of.skill, of.intent, [(slot.name, slot.normalised or slot.value) for slot in of.slots]


def _out_of_the_blue(heard: Heard, decision: Decision, context: Context) -> bool:
    return (
        heard.utterance.rewriting is None
        and context.awaiting is None
        and context.active is None
        and decision.basis in (Basis.WORDS, Basis.TRIAL)
    )
