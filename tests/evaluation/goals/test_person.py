"""Somebody with a goal says what is missing, what was wrong, and now and then something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from sayso.evaluation.goals.errands import Goal, read_errands
from sayso.evaluation.goals.manners import Manner, Slip
from sayso.evaluation.goals.person import Kind, Person
from sayso.evaluation.goals.wishes import Wish
from sayso.types.readings import Hypothesis
from tests.evaluation.goals.nouns import ERRANDS, NOW, SKILLS, written

LOUNGE, THIRTY = Wish("lounge", frozenset(("living room",))), Wish("30", frozenset(("30",)))
WISHES: Mapping[str, Sequence[Wish]] = {"level": (THIRTY,), "room": (LOUNGE,)}


def person(tmp_path: Path, manner: Manner, slots: Mapping[str, Sequence[Wish]] = WISHES) -> Person:
    (errand,), phrases = read_errands(written(tmp_path, ERRANDS), SKILLS)
    goal = Goal("lamps", "Dim", slots)
    return Person(goal, errand, manner, phrases, [errand], Random(1))


def test_who_tells_all_leaves_nothing_to_be_asked(tmp_path: Path) -> None:
    said = person(tmp_path, Manner()).open(NOW)
    assert (said.kind, said.text) == (Kind.OPENING, "make it 30 in the lounge")


def test_who_tells_less_answers_what_is_asked(tmp_path: Path) -> None:
    somebody = person(tmp_path, Manner(partial=True))
    assert somebody.open(NOW).text == "dim the lounge"
    answer = somebody.answer("level", NOW)
    assert answer.kind is Kind.ANSWER
    assert answer.text in ("30", "to 30")


def test_what_nobody_asks_for_is_told_with_the_answer(tmp_path: Path) -> None:
    somebody = person(tmp_path, Manner(partial=True))
    somebody.open(NOW)
    somebody._told.clear()
    answer = somebody.answer("level", NOW)
    assert answer.kind is Kind.OVER
    assert "30" in answer.text
    assert "in the lounge" in answer.text


def test_a_hesitation_and_a_digression_come_once_and_the_answer_after_them(tmp_path: Path) -> None:
    somebody = person(tmp_path, Manner(partial=True, hesitates=True, digresses=True))
    somebody.open(NOW)
    kinds = [somebody.answer("level", NOW).kind for _ in range(3)]
    assert kinds == [Kind.DIGRESSION, Kind.HESITATION, Kind.ANSWER]
    assert len(somebody.hopes) == 2


def test_a_slip_is_hoped_for_until_it_is_put_right(tmp_path: Path) -> None:
    somebody = person(tmp_path, Manner(slip=Slip.LATER))
    opening = somebody.open(NOW)
    assert opening.text != "make it 30 in the lounge"
    assert somebody.hopes == [somebody.slipped]
    assert somebody.slipped != somebody.goal
    mended = somebody.put_right()
    assert mended.kind is Kind.CORRECTION
    assert mended.text.startswith("no, ")
    assert somebody.hopes == [somebody.goal]


def test_a_slip_put_right_at_once_is_no_slip_any_more(tmp_path: Path) -> None:
    somebody = person(tmp_path, Manner(slip=Slip.AT_ONCE))
    assert ", no, " in somebody.open(NOW).text
    assert somebody.hopes == [somebody.goal]


def test_what_was_never_wanted_is_refused(tmp_path: Path) -> None:
    somebody = person(tmp_path, Manner())
    somebody.open(NOW)
    assert somebody.choose([Hypothesis("ovens", "Heat")]).kind is Kind.REFUSAL
    assert somebody.choose([Hypothesis("a", "b"), Hypothesis("lamps", "Dim")]).text == (
        "the second one"
    )
    assert somebody.answer("color", NOW).kind is Kind.REFUSAL
    assert somebody.agree("room", "hall", NOW).text == "no, lounge"
