"""Estimates from a log, held against a truth that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from sayso.errors import EvaluationError
from sayso.evaluation.logged import Action, Logged, Policy, ranked_by, read_log, where_known
from sayso.evaluation.off_policy import FEWEST, Report, evaluate_policy
from sayso.evaluation.simulated_log import World, draw_log, situations, truth
from sayso.routing.decide import Costs
from sayso.routing.rank import Ranker
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome
from sayso.types.turns import Interaction
from tests.stores.nouns import a_turn

WORLD = World(caution=0.4, share=0.25)
POOL = situations(WORLD, 400, seed=3)
BETTER = ranked_by(WORLD.meant, WORLD.costs)
SAME = ranked_by(WORLD.serves, WORLD.costs)
WORSE = ranked_by(Ranker({"cosine": 3.0, "accept": -1.0, "carrier": 2.0}, 0.0), WORLD.costs)
LOGS, ROWS = 60, 400


def remembered(policy: Policy) -> Policy:
    """The policy, asked once for each situation of the pool."""
    known: dict[int, Mapping[Action, float]] = {}

    def choose(row: Logged) -> Mapping[Action, float]:
        if id(row.readings) not in known:
            known[id(row.readings)] = policy(row)
        return known[id(row.readings)]

    return choose


@dataclass(frozen=True)
class Trial:
    """One candidate on many logs."""

    true: float
    reports: list[Report]

    def held(self, name: str) -> float:
        found = [report.estimates[name] for report in self.reports]
        return float(np.mean([x.low <= self.true <= x.high for x in found]))

    def deviation(self, name: str) -> float:
        return float(np.std([report.estimates[name].value for report in self.reports]))

    def width(self, name: str) -> float:
        found = [report.estimates[name] for report in self.reports]
        return float(np.mean([x.high - x.low for x in found]))

    def off(self, name: str) -> float:
        found = [report.estimates[name].value for report in self.reports]
        return float(np.mean(found)) - self.true


def tried(candidate: Policy) -> Trial:
    policy = remembered(candidate)
    reports = [
        evaluate_policy(draw_log(WORLD, POOL, ROWS, seed)[0], policy) for seed in range(LOGS)
    ]
    return Trial(truth(WORLD, POOL, policy), reports)


@pytest.fixture(scope="module")
def better() -> Trial:
    return tried(where_known(BETTER))


@pytest.fixture(scope="module")
def worse() -> Trial:
    return tried(where_known(WORSE))


def test_the_simulated_candidates_are_what_their_names_say(better: Trial, worse: Trial) -> None:
    assert worse.true + 0.03 < truth(WORLD, POOL, SAME) < better.true - 0.02


@pytest.mark.parametrize("name", ["ips", "clipped", "snips", "dr"])
def test_intervals_hold_the_truth_about_95_times_in_100(
    name: str, better: Trial, worse: Trial
) -> None:
    for trial in (better, worse):
        assert trial.held(name) >= 0.9
        # Not by being wide: they are no wider than the estimates vary.
        assert trial.width(name) < 1.3 * 2 * 1.96 * trial.deviation(name)


def test_the_middle_lies_on_the_truth(better: Trial, worse: Trial) -> None:
    for trial in (better, worse):
        for name in ("ips", "snips", "dr"):
            assert abs(trial.off(name)) < 3 * trial.deviation(name) / math.sqrt(LOGS)


def test_doubly_robust_is_narrower_than_ips(better: Trial, worse: Trial) -> None:
    for trial in (better, worse):
        assert trial.deviation("dr") < trial.deviation("ips")
        assert trial.width("dr") < trial.width("ips")


def test_the_guess_alone_is_not_to_be_trusted(better: Trial) -> None:
    assert better.held("direct") < 0.7


def test_a_worse_candidate_is_never_released(worse: Trial) -> None:
    assert not any(report.released for report in worse.reports)


def test_a_better_candidate_is_released_from_a_log_that_is_long_enough() -> None:
    rows, _ = draw_log(WORLD, POOL, 3000, seed=1)
    report = evaluate_policy(rows, where_known(BETTER), floor=0.5)
    assert report.telling >= FEWEST
    assert report.gain.low > 0
    assert report.released, report.objections
    assert report.to_json()["released"] is True


def test_few_telling_turns_decide_nothing() -> None:
    rows, _ = draw_log(WORLD, POOL, 120, seed=1)
    report = evaluate_policy(rows, where_known(BETTER), floor=0.0)
    assert report.telling < FEWEST
    assert f"{FEWEST} are needed" in report.objections[0]


def test_what_changes_nothing_gains_nothing() -> None:
    rows, _ = draw_log(WORLD, POOL, 1000, seed=1)
    report = evaluate_policy(rows, SAME)
    assert (report.gain.low, report.gain.value, report.gain.high) == (0.0, 0.0, 0.0)
    assert not report.released
    assert all(each.share == 1.0 for each in report.agreements)


def test_a_log_without_exploration_releases_nobody_who_differs() -> None:
    rows, _ = draw_log(replace(WORLD, share=0.0), POOL, 3000, seed=1)
    report = evaluate_policy(rows, BETTER, floor=0.0)
    assert report.unknown > 0.1
    assert report.telling == 0
    assert report.gain.high < 0  # what nobody knows counts with the least reward there is
    assert not report.released


def test_what_is_unknown_never_makes_a_candidate_look_better_than_it_is() -> None:
    true = truth(WORLD, POOL, BETTER)
    for seed in range(10):
        rows, _ = draw_log(WORLD, POOL, 1000, seed)
        report = evaluate_policy(rows, BETTER)
        assert report.unknown > 0
        assert report.estimates["dr"].value < true
        assert report.estimates["ips"].value < true


def test_each_domain_has_a_floor_of_its_own() -> None:
    rows, _ = draw_log(WORLD, POOL, 3000, seed=1)
    lax = evaluate_policy(rows, where_known(BETTER), floor=0.5)
    domain = min(lax.agreements, key=lambda each: each.share)
    assert domain.share < 1.0
    strict = evaluate_policy(rows, where_known(BETTER), floor=0.5, floors={domain.domain: 1.0})
    assert lax.released
    (objection,) = strict.objections
    assert objection.startswith(f"{domain.domain}: agrees in ")


def test_turns_of_one_person_count_as_one_voice() -> None:
    rows, _ = draw_log(WORLD, POOL, 400, seed=1)
    copies = [replace(row, group=row.group) for row in rows for _ in range(4)]
    apart = [replace(row, group=str(at)) for at, row in enumerate(copies)]
    alone, together, fooled = (
        evaluate_policy(each, where_known(BETTER)).estimates["ips"]
        for each in (rows, copies, apart)
    )
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.01)
    assert fooled.high - fooled.low < 0.6 * (alone.high - alone.low)


def test_rewards_below_the_least_and_empty_logs_are_refused() -> None:
    rows, _ = draw_log(WORLD, POOL, 10, seed=1)
    for reward in (-1.0, math.nan):
        with pytest.raises(EvaluationError, match="least"):
            evaluate_policy([replace(rows[0], reward=reward)], SAME)
    with pytest.raises(EvaluationError, match="no rows"):
        evaluate_policy([], SAME)


LAMP = Hypothesis("lamp", "On", confidence=0.6, features={"cosine": 0.2})
TV = Hypothesis("tv", "On", confidence=0.3, features={"cosine": 0.1})
TRIED = Decision(Outcome.ACT, TV, hypotheses=(LAMP, TV), propensity=0.1)


def turn(number: int, decision: Decision) -> Interaction:
    plain = a_turn(number)
    return replace(plain, decision=decision, reply=replace(plain.reply, decision=decision))


def test_a_turn_of_the_log_becomes_a_row() -> None:
    log = read_log([turn(1, TRIED)], {"ana/kitchen/1": 1.0}, {"lamp": "house"})
    (row,) = log.rows
    assert row.support == {("act", "lamp", "On"): pytest.approx(0.9), ("act", "tv", "On"): 0.1}
    assert (row.taken, row.usual) == (("act", "tv", "On"), ("act", "lamp", "On"))
    assert (row.reward, row.group, row.domain) == (1.0, "ana", "house")
    assert log.left_out == {}


def test_turns_that_teach_nothing_are_left_out_and_counted() -> None:
    named = replace(TRIED, basis=Basis.NAMED)
    stray = replace(TRIED, chosen=Hypothesis("radio", "On"))
    turns = [turn(1, TRIED), turn(2, named), turn(3, TRIED), turn(4, stray)]
    log = read_log(turns, {f"ana/kitchen/{number}": 1.0 for number in (1, 2, 4)})
    assert len(log.rows) == 1
    assert log.left_out == {
        "rests on: named": 1,
        "nobody knows what it was worth": 1,
        "its propensity belongs to no known action": 1,
    }


def test_a_candidate_ranks_the_logged_readings_anew() -> None:
    (row,) = read_log([turn(1, TRIED)], {"ana/kitchen/1": 1.0}).rows
    costs = Costs.of_caution(0.5)
    assert ranked_by(Ranker({"cosine": 50.0}, -9.0), costs)(row) == {("act", "lamp", "On"): 1.0}
    assert ranked_by(Ranker({"cosine": -50.0}, -9.0), costs)(row) == {("act", "tv", "On"): 1.0}
    assert ranked_by(Ranker({}, 9.0), costs)(row) == {("abstain",): 1.0}
    assert where_known(ranked_by(Ranker({}, 9.0), costs))(row) == {row.usual: 1.0}


def test_a_row_keeps_the_marks_of_side_effects_so_that_a_candidate_is_guarded_too() -> None:
    costly = replace(TRIED, hypotheses=(replace(LAMP, side_effects=True), TV), chosen=TV)
    (row,) = read_log([turn(1, costly)], {"ana/kitchen/1": 1.0}).rows
    bold = Ranker({"cosine": 20.0}, 0.0)  # .88 for the lamp
    assert ranked_by(bold, Costs.of_caution(0.5))(row)[("ask", "lamp", "On", "tv", "On")] == 1.0
