"""The measures, on decisions small enough to count by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import EvaluationError
from sayso.evaluation.score import Judged, Report, report
from sayso.evaluation.testset import Expectation, ExpectedSlot
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue


def said(name: str, value: str, start: int | None = None, end: int | None = None) -> SlotValue:
    return SlotValue(name, "any", value, start, end)


def reading(intent: str, *slots: SlotValue, skill: str = "timer") -> Hypothesis:
    return Hypothesis(skill, intent, slots)


def row(
    want: str | None,
    got: Hypothesis | None,
    *slots: ExpectedSlot,
    outcome: Outcome | None = None,
    told: bool = True,
    skill: str | None = None,
    ms: float = 1.0,
) -> Judged:
    """A row where `want` was expected and `got` read; acted upon unless `outcome` says else."""
    outcome = outcome or (Outcome.ACT if got is not None else Outcome.ABSTAIN)
    chosen = got if outcome is Outcome.ACT else None
    decision = Decision(outcome, chosen, hypotheses=() if got is None else (got,))
    return Judged(Expectation("text", want, skill, slots if told else None), decision, ms)


def test_intent_accuracy_counts_the_first_reading_acted_upon_or_not() -> None:
    found = report(
        [
            row("Set", reading("Set")),
            row("Set", reading("Set"), outcome=Outcome.ASK),
            row("Set", reading("Stop")),
            row("Set", None),
        ]
    )
    assert found.intent_accuracy == 0.5
    assert (found.acted_right, found.acted_wrong, found.asked, found.abstained) == (0.25,) * 4


def test_the_skill_counts_where_it_is_told() -> None:
    rows = [
        row("Set", reading("Set", skill="alarm"), skill="timer"),
        row("Set", reading("Set", skill="alarm")),
    ]
    assert report(rows).intent_accuracy == 0.5


def test_macro_f1_is_the_mean_over_expected_intents() -> None:
    rows = [
        *[row("A", reading("A"))] * 3,
        row("A", reading("B")),
        row("B", reading("B")),
    ]
    # A: precision 1, recall 3/4, F1 6/7; B: precision 1/2, recall 1, F1 2/3.
    assert report(rows).macro_f1 == pytest.approx((6 / 7 + 2 / 3) / 2)


def test_slots_count_by_exact_span_where_it_is_told() -> None:
    got = reading("Set", said("time", "six", 11, 14), said("day", "monday", 18, 24))
    want = (ExpectedSlot("time", "six", 11, 14), ExpectedSlot("day", "monday", 15, 24))
    found = report([row("Set", got, *want)])
    assert found.slot_f1 == pytest.approx(1 / 2)  # one right, one made up, one missed
    assert found.semer == pytest.approx(1 / 3)  # one substitution; two slots and an intent
    assert found.irer == 1.0


def test_slots_count_by_value_where_no_span_is_told() -> None:
    got = reading("Set", replace(said("time", "Half Past Six"), normalised="06:30"))
    by_words = row("Set", got, ExpectedSlot("time", "half past six"))
    by_value = row("Set", got, ExpectedSlot("time", "06:30"))
    wrong = row("Set", got, ExpectedSlot("time", "six"))
    assert report([by_words, by_value]).slot_f1 == 1.0
    assert report([wrong]).slot_f1 == 0.0


def test_the_same_slot_twice_must_be_found_twice() -> None:
    got = reading("Add", said("what", "milk"))
    want = (ExpectedSlot("what", "milk"), ExpectedSlot("what", "milk"))
    found = report([row("Add", got, *want)])
    assert found.slot_f1 == pytest.approx(2 / 3)
    assert found.semer == pytest.approx(1 / 3)


def test_semantic_error_rate_counts_the_intent_as_one_more_slot() -> None:
    rows = [
        row("Set", reading("Set", said("a", "1"), said("b", "2")), ExpectedSlot("a", "1")),
        row("Set", reading("Stop"), ExpectedSlot("a", "1")),
        row("Set", reading("Set", said("a", "9")), ExpectedSlot("a", "1")),
        row("Set", None),
    ]
    # One insertion; an intent and a deletion; a substitution; an intent. Three slots, four intents.
    assert report(rows).semer == pytest.approx(5 / 7)
    assert report(rows).irer == 1.0


def test_rows_that_tell_no_slots_count_in_no_slot_measure() -> None:
    found = report([row("Set", reading("Set", said("a", "1")), told=False)])
    assert (found.slot_f1, found.semer, found.irer) == (None, None, None)
    assert found.intent_accuracy == 1.0


def test_no_slot_expected_and_none_found_is_nothing_to_measure() -> None:
    found = report([row("Set", reading("Set"))])
    assert found.slot_f1 is None
    assert (found.semer, found.irer) == (0.0, 0.0)


def test_out_of_scope_rows_stand_apart() -> None:
    rows = [
        row("Set", reading("Set")),
        row(None, reading("Set")),
        row(None, reading("Set"), outcome=Outcome.ABSTAIN),
        row(None, reading("Set"), outcome=Outcome.ASK),
    ]
    found = report(rows)
    assert (found.rows, found.out_of_scope_rows) == (4, 3)
    assert found.intent_accuracy == 1.0
    assert found.out_of_scope_recall == pytest.approx(1 / 3)


def test_wrong_actions_count_on_what_is_in_and_on_what_is_out_of_scope() -> None:
    rows = [
        *[row("Set", reading("Set"))] * 6,
        row("Set", reading("Stop")),
        row("Set", reading("Stop"), outcome=Outcome.ASK),
        row(None, reading("Set")),
        row(None, reading("Set"), outcome=Outcome.ABSTAIN),
    ]
    assert report(rows).wrong_actions_per_1000 == pytest.approx(200.0)


def test_a_set_of_out_of_scope_rows_alone_has_no_accuracy() -> None:
    found = report([row(None, None)])
    assert (found.intent_accuracy, found.macro_f1, found.acted_right) == (None, None, None)
    assert found.out_of_scope_recall == 1.0


def test_latency_is_in_percentiles_of_all_rows() -> None:
    found = report([row("Set", reading("Set"), ms=float(ms)) for ms in range(101)])
    assert (found.p50_ms, found.p99_ms) == (50.0, 99.0)


def test_confusions_name_the_most_frequent_first() -> None:
    rows = [
        row("A", reading("A")),
        row("B", reading("A")),
        *[row("A", reading("B"))] * 2,
        row("A", None),
        row("A", reading("A", skill="alarm"), skill="timer"),
    ]
    assert report(rows).confusions[0] == ("A", "B", 2)
    assert set(report(rows).confusions[1:]) == {
        ("B", "A", 1),
        ("A", "nothing", 1),
        ("timer.A", "alarm.A", 1),
    }


def found_report() -> Report:
    return report([row("A", reading("A")), row("A", reading("B")), row(None, None)])


def test_goals_that_are_missed_are_told_in_words() -> None:
    goals = [("intent_accuracy", 0.9), ("out_of_scope_recall", 1.0), ("macro_f1", 0.1)]
    assert found_report().missed(goals) == ["intent_accuracy is 0.5000, less than 0.9"]


@pytest.mark.parametrize("measure", ["accuracy", "", "confusions", "missed", "slot_f1"])
def test_a_goal_without_a_measure_names_those_there_are(measure: str) -> None:
    with pytest.raises(EvaluationError, match=r"there are .*intent_accuracy"):
        found_report().missed([(measure, 0.9)])


def test_a_report_is_plain_json() -> None:
    raw = json.loads(json.dumps(found_report().to_json()))
    assert raw["intent_accuracy"] == 0.5
    assert raw["confusions"] == [["A", "B", 1]]


names = st.sampled_from(["A", "B"])
found_slots = st.lists(st.builds(said, names, names), max_size=3)
wanted_slots = st.lists(st.builds(ExpectedSlot, names, names), max_size=3)
judged = st.builds(
    lambda want, got, slots, wanted: row(want, reading(got, *slots), *wanted),
    st.one_of(st.none(), names),
    names,
    found_slots,
    wanted_slots,
)


@given(st.lists(judged, min_size=1, max_size=8))
def test_every_share_lies_between_nothing_and_all(rows: Sequence[Judged]) -> None:
    raw: dict[str, Any] = report(rows).to_json()
    for name in ("intent_accuracy", "macro_f1", "slot_f1", "irer", "out_of_scope_recall"):
        assert raw[name] is None or 0 <= raw[name] <= 1
    told = [raw[name] for name in ("acted_right", "acted_wrong", "asked", "abstained")]
    assert told == [None] * 4 or sum(told) == pytest.approx(1)


@given(st.lists(st.tuples(names, wanted_slots), min_size=1, max_size=6))
def test_perfect_readings_score_perfectly(rows: Sequence[tuple[str, list[ExpectedSlot]]]) -> None:
    found = report(
        [
            row(intent, reading(intent, *(said(slot.name, slot.value) for slot in slots)), *slots)
            for intent, slots in rows
        ]
    )
    assert (found.intent_accuracy, found.macro_f1, found.semer, found.irer) == (1, 1, 0, 0)
    assert found.slot_f1 in (None, 1)
