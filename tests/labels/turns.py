"""Turns as the log has them, in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, SlotValue, Utterance
from sayso.types.turns import Interaction, Reply, Trace, TurnRequest

START = datetime(2026, 5, 4, 7, tzinfo=UTC)


def turn(
    text: str,
    *,
    user: str = "ana",
    number: int = 1,
    skill: str = "quiz",
    intent: str = "Start",
    named: bool = False,
    speech: str = "Here you are.",
    ended: bool = True,
    failure: str | None = None,
    confidence: float = 0.9,
    rival: float = 0.0,
    slots: tuple[SlotValue, ...] = (),
    outcome: Outcome = Outcome.ACT,
) -> Interaction:
    """One turn. named: said as "ask lemon quiz to ..."; the text is what was left.

    rival: confidence of another reading.
    """
    chosen = Hypothesis(skill, intent, slots, confidence=confidence)
    readings = (chosen, Hypothesis(skill, "Other", confidence=rival))
    decision = Decision(
        outcome,
        chosen if outcome is Outcome.ACT else None,
        hypotheses=readings,
        basis=Basis.NAMED if named else Basis.WORDS,
    )
    raw = f"ask lemon quiz to {text}" if named else text
    return Interaction(
        id=f"{user}/{number}/{text}",
        at=START + timedelta(minutes=number),
        user=user,
        conversation="kitchen",
        turn=number,
        request=TurnRequest(raw, user),
        utterance=Utterance(raw, text),
        decision=decision,
        reply=Reply(speech, decision=decision, ended=ended, trace=Trace(failure=failure)),
        locale="en-US",
        time_zone="UTC",
    )
