"""The steps of the dialogue policy, by name: `policy.py` says when each of them is taken.

`acting.py` acts or puts aside what is open, `asking.py` asks, `standard.py` follows words about the
conversation itself; what they have in common is in `moves.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sayso.dialogue.acting import act, apologise, call_off, digress, take_up, wait
from sayso.dialogue.asking import ask_again, ask_anew, ask_which, deny, remind
from sayso.dialogue.moves import Move, Skills
from sayso.dialogue.policy import Step
from sayso.dialogue.standard import admit, begin_anew, close, help_with, say_again, welcome
from sayso.types.context import Context
from sayso.types.readings import Decision

STEPS: Mapping[Step, Callable[[Decision, Context, Skills], Move]] = {
    Step.ACT: act,
    Step.DIGRESS: digress,
    Step.TAKE_UP: take_up,
    Step.ASK_WHICH: ask_which,
    Step.ASK_AGAIN: ask_again,
    Step.REMIND: remind,
    Step.ASK_ANEW: ask_anew,
    Step.DENY: deny,
    Step.CALL_OFF: call_off,
    Step.CLOSE: close,
    Step.HELP: help_with,
    Step.SAY_AGAIN: say_again,
    Step.BEGIN_ANEW: begin_anew,
    Step.APOLOGISE: apologise,
    Step.WAIT: wait,
    Step.WELCOME: welcome,
    Step.ADMIT: admit,
}
