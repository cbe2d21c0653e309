"""What is open takes its answers: first what can only be one, at last what means nothing else."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.answers import answer
from sayso.dialogue.aside import taken_up
from sayso.dialogue.awaited import is_thinking
from sayso.dialogue.commands import dismisses, thanks, undoes
from sayso.dialogue.loose import is_free, loose_answer
from sayso.dialogue.unasked import offered_back, put_right_instead
from sayso.dialogue.undoing import leaves_something
from sayso.types.context import Asked, Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, ResolutionStatus
from sayso.understanding.contract import Heard
from sayso.understanding.view import View

FALLBACK = "AMAZON.FallbackIntent"
SURE_OF_A_CHANGE = 0.6  # confidence at which a sentence is no longer taken for a slot's free text


def answered(heard: Heard, context: Context, view: View) -> Decision | None:
    """The decision that follows if this answers what the last reply asked, or puts it off."""
    if is_thinking(heard, context, view.installed):
        return Decision(Outcome.ABSTAIN, reason="not answered yet", basis=Basis.SILENCE)
    chosen = put_right_instead(heard, context, view.installed)
    chosen = chosen or answer(heard, context, view.installed)
    if chosen is None:
        return None
    reason = "answers the question"
    return Decision(Outcome.ACT, chosen, hypotheses=(chosen,), reason=reason, basis=Basis.ANSWER)


def last_resort(decision: Decision, heard: Heard, context: Context, view: View) -> Decision:
    """An open question takes words that mean nothing else; a session, its fallback intent.

    A word to stop, or thanks, is heard though no skill has it for its own.
    """
    # What is surely another request is not looked through for answers: that takes a while.
    sure = _is_another(decision, context, view)
    loose = None if sure else loose_answer(heard, context, view.installed)
    if loose is not None and not _sure_of_a_change(decision, loose, context, view):
        chosen = _with_more(loose, decision.chosen)
        return _as_answer(decision, chosen, "taken as the answer to the question")
    behind = _answers_behind(decision, heard, context, view)
    if behind is not None:
        return _as_answer(decision, behind, "answers the question that waits")
    held = view.installed.get(context.active or "")
    lost = decision.outcome is Outcome.ABSTAIN and context.awaiting is None
    remark = _remark(heard, context, view) if lost else None
    if remark is not None:
        return replace(decision, basis=remark, reason="no skill takes it for itself")
    back = offered_back(heard, context, view.installed) if lost else None
    if back is not None:
        reason = "a no to what was done: may it be taken back?"
        return replace(decision, outcome=Outcome.ASK, options=(back,), reason=reason)
    if lost and held is not None and held.language.intent(FALLBACK) is not None:
        chosen = Hypothesis(held.skill.id, FALLBACK)
        return replace(decision, outcome=Outcome.ACT, chosen=chosen)
    return decision


def _as_answer(decision: Decision, chosen: Hypothesis, reason: str) -> Decision:
    return replace(
        decision,
        outcome=Outcome.ACT,
        chosen=chosen,
        options=(),
        reason=reason,
        basis=Basis.ANSWER,
    )


def _answers_behind(
    decision: Decision, heard: Heard, context: Context, view: View
) -> Hypothesis | None:
    """The answer to a question that waits behind the open session; None if it is none.

    What the session's own skill understands is for that, as is somebody's sample for them. Where
    nothing else is understood, words around a value that is known do not matter.
    """
    chosen = decision.chosen
    if context.active is None or context.awaiting is not None:
        return None
    if chosen is not None and (
        chosen.skill == context.active or chosen.features.get("known", 0.0) > 0
    ):
        return None
    if any(each.skill == context.active for each in decision.options):
        return None
    places = [at for at, each in enumerate(context.aside) if each.awaiting is not None]
    asked = taken_up(context, places[-1]) if places else None
    if asked is None or asked.awaiting is None or asked.awaiting.asked is not Asked.SLOT:
        return None
    found = answer(heard, asked, view.installed)
    nothing_else = decision.outcome is Outcome.ABSTAIN
    if found is None and nothing_else and not is_free(asked, view.installed):
        found = loose_answer(heard, asked, view.installed)
    slot = asked.awaiting.slot
    known = found is not None and any(
        each.name == slot and each.status is ResolutionStatus.MATCHED for each in found.slots
    )
    return found if known else None


def _remark(heard: Heard, context: Context, view: View) -> Basis | None:
    """What is said of the conversation where no question is open; None for anything else."""
    if undoes(heard, context.locale) and _left_something(context, view):
        return Basis.REGRET
    if dismisses(heard, context.locale):
        return Basis.DISMISSAL
    quiet = context.active is None
    return Basis.THANKS if quiet and thanks(heard, context.locale) else None


def _left_something(context: Context, view: View) -> bool:
    """Whether what was done last may have changed something; how to undo that is not known."""
    done = context.done if context.active is None else None
    held = view.installed.get(done.skill) if done is not None else None
    if done is None or held is None:
        return False
    return leaves_something(held.skill, held.language, done.intent)


def _with_more(loose: Hypothesis, chosen: Hypothesis | None) -> Hypothesis:
    """The answer, with what else is said in the same breath: `game night, thanks, at nine`."""
    if chosen is None or (chosen.skill, chosen.intent) != (loose.skill, loose.intent):
        return loose
    filled = {slot.name for slot in loose.slots}
    more = [slot for slot in chosen.slots if slot.name not in filled]
    known = [slot for slot in more if slot.status is ResolutionStatus.MATCHED]
    return replace(loose, slots=(*loose.slots, *known))


def _is_another(decision: Decision, context: Context, view: View) -> bool:
    """Whether it is surely another request than the one that a question is about."""
    chosen, awaiting = decision.chosen, context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if chosen is None or pending is None or chosen.confidence < SURE_OF_A_CHANGE:
        return False
    another = (chosen.skill, chosen.intent) != (pending.skill, pending.intent)
    return another and not is_free(context, view.installed)


def _sure_of_a_change(decision: Decision, loose: Hypothesis, context: Context, view: View) -> bool:
    """Whether a sentence is another request rather than what was asked for.

    Any words may be a message: there it takes a sentence that some skill has as its sample. Of
    words that are no known value it is enough that they hold one of what is asked for instead. What
    brings the value and reads as the same request again goes on with that.

    loose: the reading in which it is the answer.
    """
    chosen = decision.chosen
    asked = context.awaiting.slot if context.awaiting is not None else None
    matched = ResolutionStatus.MATCHED
    known = any(each.status is matched for each in loose.slots if each.name == asked)
    better = not known and any(each.status is matched for each in chosen.slots) if chosen else False
    if chosen is None or (chosen.confidence < SURE_OF_A_CHANGE and not better):
        return False
    if known and (chosen.skill, chosen.intent) == (loose.skill, loose.intent):
        return False
    return not is_free(context, view.installed) or chosen.features.get("known", 0.0) > 0
