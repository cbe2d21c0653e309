from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sayso.rewriting.population import APPROVED, DENIED, WORSE, Mined, Rules, advance
from sayso.types.lessons import Evidence, Rewrite, RewriteState, Trial

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLAIN = Evidence(60, 50, 0.05, 0.15, 0.9, 0.8, 20.0)
THIN = Evidence(60, 50, 0.3, 0.4, 0.6, 0.5, 4.0)
MINED = Mined("en", "play maj", "play imagine", PLAIN)
BETTER, HARMFUL = Trial(better=50.0, worse=0.01), Trial(better=0.01, worse=50.0)


def run(
    population: Sequence[Rewrite],
    mined: Sequence[Mined] = (MINED,),
    trial: Trial | None = None,
    denied: Sequence[str] = (),
    rules: Rules | None = None,
    version: str = "v",
) -> list[Rewrite]:
    return advance(
        population,
        mined,
        {MINED.id: trial} if trial is not None else {},
        frozenset(denied),
        rules=rules or Rules(),
        now=NOW,
        version=version,
    )


def state(population: Sequence[Rewrite]) -> RewriteState:
    return population[0].state


def test_what_is_plainly_better_is_tried_at_once() -> None:
    (one,) = run([])
    assert (one.state, one.reason) == (RewriteState.CANARY, "plainly better")


def test_what_is_a_little_better_is_looked_at_in_the_shadow_first() -> None:
    thin = replace(MINED, evidence=THIN)
    shadow = run([], [thin])
    assert state(shadow) is RewriteState.SHADOW
    assert state(run(shadow, [thin])) is RewriteState.CANARY


def test_a_canary_lives_once_its_trial_says_so() -> None:
    canary = run([])
    assert state(run(canary)) is RewriteState.CANARY
    live = run(canary, trial=BETTER)
    assert (live[0].state, live[0].trial) == (RewriteState.LIVE, BETTER)


def test_what_does_harm_is_retired_and_does_not_come_back() -> None:
    retired = run(run(run([]), trial=BETTER), trial=HARMFUL)
    assert (retired[0].state, retired[0].reason) == (RewriteState.RETIRED, WORSE)
    assert state(run(retired)) is RewriteState.RETIRED


def test_what_lost_its_support_is_retired_and_comes_back_with_it() -> None:
    live = run(run([]), trial=BETTER)
    gone = run(live, [replace(MINED, barred="too few people")])
    assert (gone[0].state, gone[0].reason) == (RewriteState.RETIRED, "too few people")
    assert state(run(live, [])) is RewriteState.RETIRED
    assert state(run(gone)) is RewriteState.CANARY


def test_what_people_ruled_out_stays_out() -> None:
    denied = run(run([]), denied=[MINED.id])
    assert (denied[0].state, denied[0].reason) == (RewriteState.RETIRED, DENIED)
    assert state(run(denied)) is RewriteState.RETIRED
    assert state(run([], denied=[MINED.id])) is RewriteState.RETIRED


def test_where_approval_is_asked_for_nothing_is_applied_without_it() -> None:
    ask = Rules(approval=True)
    proposed = run([], rules=ask)
    assert state(run(proposed, rules=ask)) is RewriteState.PROPOSED
    approved = [
        replace(proposed[0], state=RewriteState.CANARY, reason=APPROVED)
    ]  # as the verb does
    assert state(run(approved, rules=ask)) is RewriteState.CANARY


def test_a_barred_one_is_never_proposed() -> None:
    assert run([], [replace(MINED, barred="not surely better")]) == []


def test_one_request_has_one_rewrite_at_most() -> None:
    other = replace(MINED, meant="play magic")
    both = run(run(run([]), trial=BETTER), [MINED, other])
    served = [each for each in both if each.state is not RewriteState.RETIRED]
    assert [each.meant for each in served] == ["play imagine"]


def test_the_same_run_again_changes_nothing() -> None:
    first = run([], version="1")
    again = run(first, version="2")
    assert again == first


def test_a_change_is_dated_and_names_its_version() -> None:
    canary = run([], version="1")
    live = run(canary, trial=BETTER, version="2")
    assert (canary[0].version, live[0].version) == ("1", "2")
