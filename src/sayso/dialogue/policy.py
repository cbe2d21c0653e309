"""The dialogue policy, as a table: what is open x what was heard -> the step that follows.

Each step is a function, named in `steps.py`. What is open is told by the context, what was
heard by the decision; a cell that would mean nothing is not there, and falls to ACT.

The words alone may say what was heard (`answers.py`): a yes, a stop, values for what is open. All
else is read and routed like any request, and comes back here as a REQUEST or as NOTHING.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sayso.dialogue.aside import waiting_for
from sayso.types.context import Asked, Context
from sayso.types.readings import LAUNCH, Basis, Decision, Outcome

CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
HELP, REPEAT, NO = "AMAZON.HelpIntent", "AMAZON.RepeatIntent", "AMAZON.NoIntent"
YES, START_OVER = "AMAZON.YesIntent", "AMAZON.StartOverIntent"


class State(StrEnum):
    """What is open when somebody speaks."""

    QUIET = "quiet"  # nothing
    SESSION = "session"  # a skill holds the conversation and has asked what it likes
    SLOT = "slot"  # a value was asked for
    VALUE = "value"  # is this value right?
    CONFIRM = "confirm"  # shall it be done?
    WHICH = "which"  # which one did you mean?


class Act(StrEnum):
    """What was heard."""

    SILENCE = "silence"
    STOP = "stop"
    HELP = "help"
    REPEAT = "repeat"
    START_OVER = "start over"
    NO = "no"  # and nothing more; a no with a value is an ANSWER
    ANSWER = "answer"  # a yes, a value or several, the option that is meant
    BEHIND = "behind"  # an answer to a question that waits behind the session
    REQUEST = "request"  # something else, understood
    UNCLEAR = "unclear"  # one of several things
    NOTHING = "nothing"  # nothing that is understood
    THANKS = "thanks"
    REGRET = "regret"  # what was done is to be taken back, and nobody knows how


class Step(StrEnum):
    """What is done about it."""

    ACT = "act"  # ask what is missing, else call the skill
    DIGRESS = "digress"  # put aside what is open, act, and come back
    TAKE_UP = "take up"  # the question that waits; the session waits meanwhile
    ASK_WHICH = "ask which"
    ASK_AGAIN = "ask again"  # once; then give up
    REMIND = "remind"  # of the session that is open, once; then close it
    ASK_ANEW = "ask anew"  # the value that was said back and is wrong
    DENY = "deny"  # a back-end that asked is told of the no; else the question is called off
    CALL_OFF = "call off"  # drop the question; what waits behind it is come back to
    CLOSE = "close"  # drop all that is open or waits
    HELP = "help"
    SAY_AGAIN = "say again"
    BEGIN_ANEW = "begin anew"
    APOLOGISE = "apologise"  # it was not understood, and nothing is open
    WAIT = "wait"  # say nothing
    WELCOME = "welcome"  # for thanks
    ADMIT = "admit"  # that it cannot be taken back


_ASKED: Mapping[Act, Step] = {
    Act.SILENCE: Step.ASK_AGAIN,
    Act.STOP: Step.CLOSE,
    Act.HELP: Step.HELP,
    Act.REPEAT: Step.SAY_AGAIN,
    Act.START_OVER: Step.BEGIN_ANEW,
    Act.NO: Step.CALL_OFF,
    Act.ANSWER: Step.ACT,
    Act.REQUEST: Step.DIGRESS,
    Act.UNCLEAR: Step.ASK_WHICH,
    Act.NOTHING: Step.ASK_AGAIN,
}
TABLE: Mapping[State, Mapping[Act, Step]] = {
    State.QUIET: {
        Act.SILENCE: Step.WAIT,
        Act.STOP: Step.CLOSE,
        Act.HELP: Step.HELP,
        Act.REPEAT: Step.SAY_AGAIN,
        Act.REQUEST: Step.ACT,
        Act.ANSWER: Step.ACT,  # what was done is put right
        Act.UNCLEAR: Step.ASK_WHICH,
        Act.NOTHING: Step.APOLOGISE,
        Act.THANKS: Step.WELCOME,
        Act.REGRET: Step.ADMIT,
    },
    State.SESSION: {
        Act.SILENCE: Step.REMIND,
        Act.STOP: Step.CLOSE,
        Act.HELP: Step.HELP,
        Act.REPEAT: Step.SAY_AGAIN,
        Act.START_OVER: Step.BEGIN_ANEW,
        Act.REQUEST: Step.DIGRESS,
        Act.ANSWER: Step.ACT,
        Act.BEHIND: Step.TAKE_UP,
        Act.UNCLEAR: Step.ASK_WHICH,
        Act.NOTHING: Step.APOLOGISE,
    },
    State.SLOT: {**_ASKED, Act.NO: Step.ACT},
    State.VALUE: {**_ASKED, Act.NO: Step.ASK_ANEW},
    State.CONFIRM: {**_ASKED, Act.NO: Step.DENY},
    # Who is asked which one and says something else has dropped the first request.
    State.WHICH: {**_ASKED, Act.START_OVER: Step.CALL_OFF, Act.REQUEST: Step.ACT},
}


def step(state: State, act: Act) -> Step:
    """What follows."""
    return TABLE[state].get(act, Step.ACT)


def state_of(context: Context) -> State:
    """What is open."""
    awaiting = context.awaiting
    if awaiting is None:
        return State.QUIET if context.active is None else State.SESSION
    if awaiting.asked is Asked.CONFIRM:
        return State.VALUE if awaiting.slot else State.CONFIRM
    return State.SLOT if awaiting.asked is Asked.SLOT else State.WHICH


_BY_INTENT: Mapping[str, Act] = {
    **dict.fromkeys(CLOSING, Act.STOP),
    HELP: Act.HELP,
    REPEAT: Act.REPEAT,
    START_OVER: Act.START_OVER,
    NO: Act.NO,
}


_BY_BASIS: Mapping[Basis, Act] = {
    Basis.SILENCE: Act.SILENCE,
    Basis.DISMISSAL: Act.STOP,
    Basis.THANKS: Act.THANKS,
    Basis.REGRET: Act.REGRET,
}


def act_of(decision: Decision, context: Context) -> Act:
    """What was heard, as the decision has it."""
    chosen, awaiting = decision.chosen, context.awaiting
    if decision.basis in _BY_BASIS:
        return _BY_BASIS[decision.basis]
    if chosen is None:
        return Act.UNCLEAR if decision.outcome is Outcome.ASK else Act.NOTHING
    if chosen.intent in _BY_INTENT:
        return _BY_INTENT[chosen.intent]
    if decision.basis is Basis.ANSWER and waiting_for(chosen, context) is not None:
        return Act.BEHIND
    pending = awaiting.pending if awaiting is not None else None
    goes_on = pending is not None and (chosen.skill, chosen.intent) == (
        pending.skill,
        pending.intent,
    )
    same_session = awaiting is None and chosen.skill == context.active and chosen.intent != LAUNCH
    if goes_on or same_session or decision.basis is Basis.ANSWER:
        return Act.ANSWER
    return Act.REQUEST
