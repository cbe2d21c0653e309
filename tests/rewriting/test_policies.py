"""Policies go down step by step, as their trials allow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sayso import learned
from sayso.events.engines import Engine
from sayso.rewriting.policies import LAYERS, picky_skills, policies_after, turned_on
from sayso.routing.kept import read_policies, write_policies
from sayso.routing.policies import policies_of
from sayso.routing.questions import STEPS
from sayso.types.lessons import Policy, RewriteState, Trial
from sayso.understanding.rewrites import Shares

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST, SECOND, THIRD = STEPS
BETTER, WORSE = Trial(better=40.0), Trial(worse=40.0)


def states(policies: list[Policy]) -> dict[str, str]:
    """Of the steps of asking."""
    return {each.id: each.state.value for each in policies if each.id in STEPS}


def after(before: list[Policy], **trials: Trial) -> list[Policy]:
    named = {name.replace("_", "-"): trial for name, trial in trials.items()}
    return policies_after(before, named, approval=False, now=NOW)


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
    assert states(policies_after([], {}, approval=True, now=NOW)) == {FIRST: "proposed"}


def test_second_thoughts_serve_from_the_beginning_and_go_where_they_prove_worse() -> None:
    ours, theirs = LAYERS
    begun = after([])
    assert [each.id for each in begun if each.state is RewriteState.LIVE] == [ours, theirs]
    gone = policies_after(begun, {theirs: WORSE}, approval=False, now=NOW)
    served = policies_of(gone, Shares())
    assert served.given_up(theirs)
    assert not served.given_up(ours)
    assert policies_after(gone, {theirs: BETTER}, approval=False, now=NOW)[1].state == "retired"


def test_who_turns_it_on_again_by_hand_has_the_last_word() -> None:
    gone = policies_after([], {LAYERS[1]: WORSE}, approval=False, now=NOW)
    again = policies_after(turned_on(gone, NOW), {LAYERS[1]: WORSE}, approval=False, now=NOW)
    assert not policies_of(again, Shares()).given_up(LAYERS[1])


def test_asking_for_a_value_is_tried_for_skills_that_turn_something_down() -> None:
    tried = policies_after([], {}, ["music"], approval=False, now=NOW)
    assert tried[-1].id == "value:music"
    assert tried[-1].state is RewriteState.CANARY
    later = policies_after(tried, {"value:music": BETTER}, [], approval=False, now=NOW)
    assert later[-1].state is RewriteState.LIVE, "it turns nothing down since it is asked"
    waits = policies_after([], {}, ["music"], approval=True, now=NOW)[-1]
    assert (waits.id, waits.state) == ("value:music", RewriteState.PROPOSED)


def test_skills_that_turn_something_down_for_enough_people_are_found(
    engine: Engine, tmp_path: Path
) -> None:
    rows = [
        {"user": user, "skill": skill, "outcome": outcome, "refused": refused}
        for user in range(3)
        for skill, outcome, refused in (
            ("music", "act", True),
            ("radio", "act", False),
            (None, "abstain", True),
        )
    ]
    rows += [{"user": 1, "skill": "quiz", "outcome": "act", "refused": True}] * 9
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "turns.parquet")
    assert picky_skills(engine, engine.read(tmp_path / "turns.parquet"), 3) == ["music"]


def test_policies_are_part_of_a_version(tmp_path: Path) -> None:
    assert read_policies(tmp_path) == []
    policies = after(after([]), question_60=BETTER)
    with learned.writing(tmp_path):
        learned.write(tmp_path, "learnt", "test", lambda draft: write_policies(draft, policies))
    assert read_policies(tmp_path) == policies
