"""Small skills and contexts that the tests of the dialogue speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sayso.dialogue.moves import Move
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.types.turns import Reply

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)

SET = Intent(
    "Set",
    samples=("set a timer for {duration}", "start a timer"),
    slots=(
        Slot("duration", "AMAZON.DURATION", required=True, ask=("For how long, {name}?",)),
        Slot("name", "AMAZON.SearchQuery"),
    ),
)
RESET = Intent(
    "Reset",
    samples=("forget all timers", "clear {name}"),
    slots=(Slot("name", "AMAZON.SearchQuery"),),
    confirm=("Forget {name}?", "Really?"),
)
TIMER = Skill(
    "timer",
    "Timer",
    languages=(
        Language("en-US", "kitchen timer", examples=("set a timer",), intents=(SET, RESET)),
    ),
)
OVEN = Skill(
    "oven",
    "Oven",
    languages=(
        Language("en-US", "my oven", intents=(Intent("Heat", samples=("heat the oven",)),)),
    ),
)
SKILLS: Mapping[str, Skill] = {"timer": TIMER, "oven": OVEN}


def context(**changes: Any) -> Context:
    """The first turn of a conversation, with changes."""
    return replace(Context("c1", NOW, turn=1), **changes)


def slot(name: str, value: str) -> SlotValue:
    return SlotValue(name, "any", value)


def reading(intent: str, *slots: SlotValue, skill: str = "timer") -> Hypothesis:
    return Hypothesis(skill, intent, slots, confidence=0.9)


def act(chosen: Hypothesis) -> Decision:
    return Decision(Outcome.ACT, chosen, hypotheses=(chosen,))


def ask(*options: Hypothesis) -> Decision:
    return Decision(Outcome.ASK, options=options, hypotheses=options)


def abstain(hypotheses: Sequence[Hypothesis] = ()) -> Decision:
    return Decision(Outcome.ABSTAIN, hypotheses=hypotheses)


def reply_of(move: Move) -> Reply:
    """The reply of a move that calls nobody."""
    assert move.reply is not None
    assert move.call is None
    return move.reply
