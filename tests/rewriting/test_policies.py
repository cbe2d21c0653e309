"""Policies go down step by step, as their trials allow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sayso import learned
from sayso.rewriting.policies import advance
from sayso.routing.policies import read_policies, write_policies
from sayso.routing.questions import STEPS
from sayso.types.lessons import Policy, Trial

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST, SECOND, THIRD = STEPS
BETTER, WORSE = Trial(better=40.0), Trial(worse=40.0)


def states(policies: list[Policy]) -> dict[str, str]:
    return {each.id: each.state.value for each in policies}


def after(before: list[Policy], **trials: Trial) -> list[Policy]:
    named = {name.replace("_", "-"): trial for name, trial in trials.items()}
    return advance(before, named, approval=False, now=NOW)


def test_the_safest_step_is_tried_first_and_the_next_once_it_is_proven() -> None:
    begun = after([])
    assert states(begun) == {FIRST: "canary"}
    assert after(begun) == begun, "twice the same run changes nothing"
    then = after(begun, question_60=BETTER)
    assert states(then) == {FIRST: "live", SECOND: "canary"}


def test_what_is_worse_goes_and_nothing_below_it_is_tried() -> None:
    then = after(after([]), question_60=BETTER)
    gone = after(then, question_45=WORSE)
    assert states(gone) == {FIRST: "live", SECOND: "retired"}
    assert states(after(gone, question_45=BETTER)) == {FIRST: "live", SECOND: "retired"}


def test_a_proven_step_goes_too_if_it_is_worse_later_with_all_below() -> None:
    then = after(after([]), question_60=BETTER)
    assert states(after(then, question_60=WORSE)) == {FIRST: "retired"}


def test_nothing_is_tried_unapproved() -> None:
    assert advance([], {}, approval=True, now=NOW) == []


def test_policies_are_part_of_a_version(tmp_path: Path) -> None:
    assert read_policies(tmp_path) == []
    policies = after(after([]), question_60=BETTER)
    with learned.writing(tmp_path):
        learned.write(tmp_path, "learnt", "test", lambda draft: write_policies(draft, policies))
    assert read_policies(tmp_path) == policies
