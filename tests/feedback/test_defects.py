"""How probably a turn went wrong: signals, models, and what is named."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.feedback import defects
from sayso.feedback.defects import (
    LEAST_ANSWERS,
    chosen,
    estimate,
    from_truth,
    learnt,
    packaged,
    weak_labels,
)
from sayso.feedback.evidence import FIELDS, NAMES, Bins, place, step

pytest.importorskip("sklearn", reason="scikit-learn is not installed: sayso[learn]")


def bins(*turns: dict[str, str]) -> Bins:
    """Turns of which only this is known; all else says least."""
    rows = np.tile(np.array([field.neutral for field in FIELDS], np.int64), (len(turns), 1))
    for row, told in zip(rows, turns, strict=True):
        for name, value in told.items():
            row[place(name)] = step(name, value)
    return rows


def test_an_answer_counts_more_than_anything_else() -> None:
    told, field = weak_labels(
        bins(
            {"helpful": "yes", "undone": "yes", "broken": "failed"},
            {"helpful": "no", "dwell": "long"},
            {"dwell": "long"},
            {"barge_in": "early"},
        )
    )
    assert told[:3].tolist() == [0.05, 0.95, 0.05]
    assert np.isnan(told[3])
    assert [NAMES[at] for at in field[:3]] == ["helpful", "helpful", "dwell"]


def test_what_was_not_understood_and_said_again_failed() -> None:
    told, _ = weak_labels(
        bins(
            {"outcome": "abstained", "rephrased": "surely"},
            {"outcome": "abstained"},
            {"outcome": "asked", "rephrased": "surely"},
        )
    )
    assert told[0] > 0.9
    assert np.isnan(told[1:]).all()


def test_the_packaged_model_knows_good_from_bad() -> None:
    good, quiet, bad, worse = packaged().predict(
        bins(
            {"next": "thanks", "dwell": "long"},
            {"next": "silence", "pause": "none", "before": "first"},
            {"outcome": "abstained", "rephrased": "surely", "confidence": "none"},
            {"broken": "failed", "helpful": "no"},
        ).astype(np.float32)
    )
    assert good < 0.05
    assert quiet < 0.15
    assert min(bad, worse) > 0.8


def test_the_strongest_evidence_is_named_first() -> None:
    rows = bins(
        {"outcome": "abstained", "rephrased": "surely", "confidence": "none"},
        {"dwell": "long", "next": "thanks"},
    )
    chances, named = estimate(rows, packaged())
    assert chances[0] > chances[1]
    assert {each.split("=")[0] for each in named[0].split("+")} <= set(NAMES)
    assert "rephrased=surely" in named[0]
    assert named[1] == ""


def crowd(
    random: np.random.Generator, many: int
) -> tuple[Bins, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Turns of people whose manners are odd: they barge in when content, and stop when not."""
    wrong = random.random(many) < 0.3
    rows = bins(*[{}] * many)
    rows[:, place("barge_in")] = np.where(random.random(many) < 0.8, ~wrong, wrong)
    rows[:, place("next")] = np.where(
        wrong & (random.random(many) < 0.7), step("next", "stop"), step("next", "other")
    )
    answered = random.random(many) < 0.3
    rows[answered, place("helpful")] = np.where(
        wrong[answered], step("helpful", "no"), step("helpful", "yes")
    )
    undone = wrong & (random.random(many) < 0.3)
    rows[undone, place("undone")] = 1
    long = ~wrong & (random.random(many) < 0.3)
    rows[long, place("dwell")] = step("dwell", "long")
    return rows, wrong


def counted(rows: Bins) -> tuple[Bins, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    return distinct, counts.astype(np.int64)


def test_a_home_of_odd_manners_learns_its_own_model() -> None:
    rows, wrong = crowd(np.random.default_rng(0), 20_000)
    choice = chosen(*counted(rows))
    assert choice.own, choice.reason
    held, truth = crowd(np.random.default_rng(1), 4000)
    ours = choice.model.predict(held.astype(np.float32))
    theirs = packaged().predict(held.astype(np.float32))
    assert ((ours - truth) ** 2).mean() < 0.8 * ((theirs - truth) ** 2).mean()
    assert wrong.any()


def test_few_answers_keep_the_packaged_model() -> None:
    rows, _ = crowd(np.random.default_rng(0), LEAST_ANSWERS)
    choice = chosen(*counted(rows))
    assert not choice.own
    assert "fewer than" in choice.reason


def test_signals_of_one_kind_teach_nothing() -> None:
    rows = bins(*[{"undone": "yes"}] * 10)
    assert learnt(rows, np.full(10, 1000)) is None


def test_signals_that_contradict_the_answers_keep_the_packaged_model() -> None:
    rows, wrong = crowd(np.random.default_rng(0), 20_000)
    random = np.random.default_rng(3)
    rows[:, place("undone")] = ~wrong & (random.random(len(rows)) < 0.3)
    long = wrong & (random.random(len(rows)) < 0.3)
    rows[:, place("dwell")] = np.where(long, step("dwell", "long"), step("dwell", "untold"))
    right = from_truth(rows, wrong, np.arange(len(rows)))
    assert not chosen(*counted(rows), base=right).own


def test_the_packaged_model_has_these_features() -> None:
    assert packaged().names == NAMES
    assert defects.SHIPPED.endswith(".npz")
