"""Asking in the place of giving up: what would be asked, by which step, and for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sayso.routing.policies import Policies
from sayso.routing.questions import STEPS, instead
from sayso.runtime.ask_rather import ask_rather
from sayso.types.context import Context
from sayso.types.lessons import Arm, RewriteState
from sayso.types.readings import (
    Basis,
    Candidate,
    Decision,
    Hypothesis,
    Outcome,
    ResolutionStatus,
    Rewriting,
    SlotValue,
    Utterance,
)
from sayso.understanding.contract import Heard
from sayso.understanding.rewrites import Shares

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONTEXT = Context("c", NOON, "ana")
EVERYONE = Shares(canary=1.0, holdout=0.0)


def lost(*confidences: float, basis: Basis = Basis.WORDS) -> Decision:
    ranked = tuple(
        Hypothesis(skill, "Play", confidence=one)
        for skill, one in zip(("music", "radio", "quiz"), confidences, strict=False)
    )
    return Decision(Outcome.ABSTAIN, hypotheses=ranked, basis=basis)


def heard(text: str) -> Heard:
    return Heard(Utterance(text, text), ())


@pytest.mark.parametrize(
    ("confidences", "policy", "options"),
    [
        ((0.45, 0.3), "question-60", 2),
        ((0.5, 0.05), "question-45", 1),
        ((0.2, 0.15), "question-30", 2),
        ((0.2, 0.05), None, 0),
        ((), None, 0),
    ],
)
def test_the_likelier_the_readings_the_sooner_it_is_asked(
    confidences: tuple[float, ...], policy: str | None, options: int
) -> None:
    found = instead(lost(*confidences), CONTEXT)
    assert (found[0] if found else None) == policy
    assert (len(found[1].options) if found else 0) == options


def test_nothing_is_asked_of_what_is_no_request_out_of_the_blue() -> None:
    assert instead(lost(0.5, 0.3), replace(CONTEXT, active="music")) is None
    assert instead(lost(0.5, 0.3, basis=Basis.SESSION), CONTEXT) is None


def acted(*slots: SlotValue) -> Decision:
    return Decision(Outcome.ACT, Hypothesis("music", "Play", slots, confidence=0.9))


def slot(score: float | None, *, known: bool = False) -> SlotValue:
    """`marlo quill rio`, which is somewhat like a value, or like none."""
    status = ResolutionStatus.MATCHED if known else ResolutionStatus.NOT_MATCHED
    near = () if score is None else (Candidate("Marlo Quill Trio", None, score),)
    said = "marlo quill rio"
    return SlotValue("artist", "ARTIST", said, 5, 20, said, status, near)


def test_a_value_that_nobody_knows_is_asked_for_beside_just_what_was_said() -> None:
    found = instead(acted(slot(0.8)), CONTEXT)
    assert found is not None
    policy, question = found
    assert policy == "value:music"
    assert question.outcome is Outcome.ASK
    assert question.chosen is None
    meant, said = (option.slots[0] for option in question.options)
    assert (meant.normalised, meant.status) == ("Marlo Quill Trio", ResolutionStatus.MATCHED)
    assert said == slot(0.8)


@pytest.mark.parametrize(
    "slots", [(), (slot(0.8, known=True),), (slot(None),), (slot(0.8), slot(0.9))]
)
def test_what_is_known_or_like_nothing_is_acted_upon(slots: tuple[SlotValue, ...]) -> None:
    assert instead(acted(*slots), CONTEXT) is None


def test_nobody_is_asked_whether_they_meant_a_skill_on_trial() -> None:
    assert instead(lost(0.5), replace(CONTEXT, trial={"music": 0.0})) is None


def test_a_proven_step_asks_all_but_those_held_out() -> None:
    policies = Policies({"question-60": RewriteState.LIVE}, Shares(canary=0.5, holdout=0.1))
    arms = []
    for person in range(300):
        context = replace(CONTEXT, user=f"p{person}")
        left, decision = ask_rather(heard("plei quin"), lost(0.5, 0.2), context, policies)
        assert left.utterance.rewriting is not None
        assert left.utterance.text == "plei quin"
        arms.append(left.utterance.rewriting.arm)
        asked = decision.outcome is Outcome.ASK
        assert asked == (arms[-1] == Arm.APPLIED)
    assert 0.84 <= arms.count(Arm.APPLIED) / len(arms) <= 0.96


def test_a_step_that_is_not_tried_or_was_given_up_changes_nothing() -> None:
    said = heard("plei quin")
    for states in ({}, {"question-60": RewriteState.RETIRED}, {"question-45": RewriteState.LIVE}):
        policies = Policies(states, EVERYONE)
        assert ask_rather(said, lost(0.5, 0.2), CONTEXT, policies) == (said, lost(0.5, 0.2))


def test_a_turn_that_is_on_trial_already_is_left_alone() -> None:
    policies = Policies(dict.fromkeys(STEPS, RewriteState.LIVE), EVERYONE)
    noted = Rewriting("r", "plei quin", "play queen", Arm.HELD_OUT)
    said = Heard(replace(heard("plei quin").utterance, rewriting=noted), ())
    assert ask_rather(said, lost(0.5, 0.2), CONTEXT, policies)[1].outcome is Outcome.ABSTAIN
