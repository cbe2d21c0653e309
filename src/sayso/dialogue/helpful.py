"""\"Did I get that right?\": when it may be asked at all, how, and what was answered.

Nobody likes an assistant that asks this often: how seldom is for the caller to see to. Here is what
forbids it whatever the chances are: something failed, was turned down or taken back, a question is
open or has just been answered, a skill holds the conversation, nothing was said aloud.

An answer is a plain yes or no and nothing more. Anything else is a request, read as if nobody had
asked.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.markup import with_more
from sayso.dialogue.moves import Move
from sayso.dialogue.phrases import phrase
from sayso.dialogue.policy import NO
from sayso.skills.builtin_intents import PREFIX, phrases
from sayso.skills.refusals import is_refusal
from sayso.types.context import Context
from sayso.types.readings import LAUNCH, Basis, Decision, Hypothesis, Outcome, Utterance
from sayso.types.turns import Reply
from sayso.understanding.fold import fold

YES = "AMAZON.YesIntent"
# Chances of a defect between which an answer tells most. Below, nearly all would say yes, and be
# bothered for it; of those in between, three in ten went wrong among simulated people.
MIDDLING = (0.2, 0.8)


def may_ask(before: Context, after: Context, decision: Decision, reply: Reply) -> bool:
    """Whether a person may be asked if this turn was right, however rarely that is done.

    before, after: the context as the turn found it and as it leaves it; reply: as it would be
    given otherwise.
    """
    chosen = decision.chosen
    out_of_the_blue = decision.basis in (Basis.WORDS, Basis.TRIAL)
    if decision.outcome is not Outcome.ACT or chosen is None or not out_of_the_blue:
        return False
    small_talk = chosen.intent == LAUNCH or chosen.intent.startswith(PREFIX)
    quiet = before.awaiting is None and before.active is None and before.doubted is None
    over = reply.ended and after.awaiting is None and after.active is None
    if small_talk or not (quiet and over):
        return False
    return bool(reply.speech) and not is_refusal(reply.speech, before.locale)


def asked(reply: Reply, locale: str) -> Reply:
    """The reply with the question at its end. It is open for an answer, and does not insist."""
    question = phrase("right", locale)
    ssml = with_more(reply.ssml, question)
    return replace(reply, speech=f"{reply.speech} {question}", ssml=ssml, ended=False)


def answered(utterance: Utterance, context: Context) -> tuple[Decision, Move] | None:
    """What follows a yes or a no to that question; None for all else, or where none was asked."""
    doubted = context.doubted
    if doubted is None:
        return None
    said = fold(utterance.text)
    for intent, thanks in ((YES, "right_yes"), (NO, "right_no")):
        if said in {fold(each) for each in phrases(intent, context.locale)}:
            chosen = Hypothesis(doubted.skill, intent, confidence=1.0)
            decision = Decision(
                Outcome.ACT,
                chosen,
                hypotheses=(chosen,),
                reason="says whether the turn before was right",
                basis=Basis.OPINION,
            )
            reply = Reply(phrase(thanks, context.locale), decision=decision)
            return decision, Move(replace(context, doubted=None), reply=reply)
    return None


def was_right(decision: Decision) -> bool:
    """What was answered. decision: as `answered` gives it."""
    return decision.chosen is not None and decision.chosen.intent == YES
