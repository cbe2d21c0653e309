"""Days of a small town."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import fields, replace

from sayso.evaluation.households.simulate import simulate
from sayso.evaluation.households.truth import Cause, Kind, Truth
from sayso.types.context import Context
from sayso.types.lessons import LoggedTurn
from sayso.types.readings import Rewriting, Utterance
from tests.evaluation.households.town import SIMPLE, ByHeart, by_heart, small_town


def lived(
    days: int = 3, people: int = 25, seed: int = 1, **manners: float
) -> tuple[list[LoggedTurn], list[Truth]]:
    town = small_town(people, seed, replace(SIMPLE, **manners))  # type: ignore[arg-type]
    rows, truth = [], []
    for some, true in simulate(town, by_heart(), days, seed):
        rows += some
        truth += true
    return rows, truth


def test_the_same_seed_gives_the_same_log_and_another_one_another() -> None:
    assert lived() == lived()
    assert lived()[0] != lived(seed=2)[0]


def test_rows_and_truth_go_together_and_ids_are_unique() -> None:
    rows, truth = lived()
    assert [row.id for row in rows] == [true.id for true in truth]
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.said == true.heard for row, true in zip(rows, truth, strict=True))


def test_turns_are_numbered_within_a_conversation_in_order_of_time() -> None:
    rows, _ = lived()
    seen: Counter[str] = Counter()
    for row, before in zip(rows, [rows[0], *rows], strict=False):
        assert before.at <= row.at
        assert row.turn == seen[row.conversation]
        seen[row.conversation] += 1


def test_the_log_does_not_hold_the_truth() -> None:
    names = {field.name for field in fields(LoggedTurn)}
    assert names.isdisjoint({"right", "goal", "spoken", "person", "cause", "rephrased_by"})


def test_requests_that_fail_are_said_again_and_the_truth_says_by_which() -> None:
    rows, truth = lived()
    by_id = {true.id: true for true in truth}
    again = [true for true in truth if true.rephrased_by]
    assert again
    for true in again:
        later = by_id[true.rephrased_by or ""]
        assert later.goal == true.goal
        assert not true.right or true.skill == "radio"  # a right one may fail at its question
    gaps = {row.id: row.at for row in rows}
    seconds = sorted(
        (gaps[true.rephrased_by or ""] - gaps[true.id]).total_seconds() for true in again
    )
    assert 3 < seconds[len(seconds) // 2] < 30


def test_follow_ups_with_other_slots_are_not_the_same_goal() -> None:
    _, truth = lived(follows=0.6)
    mine = [true for true in truth if true.kind is Kind.REQUEST and true.intent == "Play"]
    pairs = [
        (a, b)
        for a, b in itertools.pairwise(mine)
        if a.person == b.person and a.goal != b.goal and a.slots != b.slots
    ]
    assert pairs
    assert all(a.rephrased_by != b.id for a, b in pairs)


def test_a_failing_phrasing_fails_by_understanding_and_a_misheard_one_by_the_recogniser() -> None:
    _, truth = lived()
    wrong = [true for true in truth if true.kind is Kind.REQUEST and not true.right]
    assert {Cause.RECOGNISER, Cause.UNDERSTANDING} <= {true.cause for true in wrong}
    for true in wrong:
        if true.cause is Cause.RECOGNISER:
            assert true.spoken != true.heard


def test_a_question_is_answered_from_the_goal() -> None:
    rows, truth = lived()
    answers = [row for row, true in zip(rows, truth, strict=True) if true.kind is Kind.ANSWER]
    assert answers
    assert any(row.outcome == "act" and row.intent == "Stop" for row in answers)


def test_impatient_people_give_up() -> None:
    _, truth = lived(retries=0.0)
    assert not any(true.rephrased_by for true in truth)


def test_wrong_deeds_are_cut_short_more_often_than_right_ones() -> None:
    rows, truth = lived(days=6, barges=0.9)
    right = [
        row.barge_in_ms is not None for row, true in zip(rows, truth, strict=True) if true.right
    ]
    assert sum(right) / len(right) < 0.1


def test_what_is_wanted_does_not_depend_on_what_the_engine_makes_of_it() -> None:
    def goals(engine: ByHeart) -> list[tuple[str, str | None, str]]:
        town = small_town()
        found: dict[str, tuple[str, str | None, str]] = {}
        for _, truth in simulate(town, engine, 2, 1):  # type: ignore[arg-type]
            found |= {true.goal: (true.goal, true.intent, true.slots) for true in truth}
        return sorted(found.values())

    deaf = goals(ByHeart())
    clever = goals(by_heart())  # type: ignore[arg-type]
    shared = {goal for goal, *_ in deaf} & {goal for goal, *_ in clever}
    assert len(shared) > 0.8 * len(deaf)
    assert [x for x in deaf if x[0] in shared] == [x for x in clever if x[0] in shared]


class Rewrites:
    """Rewrites one failing text to one that works."""

    def apply(self, utterance: Utterance, context: Context, undone: object) -> Utterance:
        if utterance.text != "make it bubble":
            return utterance
        meant = "put the kettle on"
        found = Rewriting("r1", utterance.text, meant, "applied")
        return replace(utterance, text=meant, rewriting=found)


def test_rewrites_put_in_between_days_are_used_logged_and_judged() -> None:
    engine = by_heart()
    days = simulate(small_town(), engine, 2, 1)
    first, _ = next(days)
    assert not any(row.rewrite for row in first)
    engine.rewrites = Rewrites()  # type: ignore[assignment]
    second, truth = next(days)
    rewritten = [(row, true) for row, true in zip(second, truth, strict=True) if row.rewrite]
    assert rewritten
    for row, true in rewritten:
        assert (row.said, row.text, row.arm) == ("make it bubble", "put the kettle on", "applied")
        assert true.rewritten
        if true.intent == "Boil":
            assert true.right
            assert not true.plain_right


def test_decisions_out_of_the_blue_are_taken_once() -> None:
    engine = ByHeart()
    rows = [row for some, _ in simulate(small_town(40), engine, 3, 1) for row in some]  # type: ignore[arg-type]
    assert engine.asked < 2.5 * len({row.said for row in rows})
