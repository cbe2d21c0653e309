"""Collisions that vectors tell, and collisions that somebody has accepted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sayso.errors import EvaluationError
from sayso.evaluation.collisions.baseline import read_baseline, write_baseline
from sayso.evaluation.collisions.nouns import Collision, Kind, Severity
from sayso.evaluation.collisions.samples import samples_of
from sayso.evaluation.collisions.vectors import by_meaning
from tests.evaluation.colliding import GAMES, found, player, skill

TWO = [
    skill("owls", {"Hoot": ["call an owl", "hoot to me", "what flies there"]}),
    skill("birds", {"Look": ["which bird is that", "what do i see"]}),
]


def meaning(rows: Sequence[Sequence[float]]) -> list[Collision]:
    vectors = np.array(rows, np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    samples = samples_of(TWO, "en-US")
    return list(by_meaning(samples, vectors, 1, lambda done: None))


def test_a_sample_nearer_to_another_skill_than_to_its_own_is_stolen() -> None:
    (one,) = meaning([[1, 0, 0], [1, 0.1, 0], [0, 1, 0.5], [0, 1, 0], [0, 1, 0.1]])
    assert (one.severity, one.kind) == (Severity.NOTE, Kind.STOLEN)
    assert one.said == "1 of 3 samples of owls, to birds"
    assert [site.sample for site in one.sites] == ["what flies there"]
    assert one.taker is not None
    assert one.taker.sample == "what do i see"
    assert one.cosine == pytest.approx(0.934, abs=0.001)


def test_intents_that_mean_the_same_are_noted_once() -> None:
    (one,) = meaning([[1, 0, 0], [1, 0.1, 0], [1, 0, 0.1], [1, 0.1, 0.1], [1, 0.2, 0]])
    assert (one.severity, one.kind) == (Severity.NOTE, Kind.MEANING)
    assert len(one.sites) == 5


def test_samples_that_are_far_from_each_other_are_none() -> None:
    assert meaning([[1, 0, 0], [1, 0.1, 0], [1, 0, 0.1], [0, 1, 0], [0, 1, 0.1]]) == []


def test_a_group_that_shrinks_stays_accepted_and_one_that_grows_is_new(tmp_path: Path) -> None:
    facts = [skill(f"facts-{at}", {"Tell": ["give me a fact"]}) for at in range(4)]
    two, three, four = (found(*facts[:count])[0] for count in (2, 3, 4))
    write_baseline(tmp_path / "known.json", [three])
    known = read_baseline(tmp_path / "known.json")
    assert [known.accepts(one) for one in (two, three, four)] == [True, True, False]


def test_what_takes_and_what_is_taken_are_accepted_together(tmp_path: Path) -> None:
    chess = skill("chess", {"Start": ["put on chess for me"]})
    (covered,) = found(player("games", GAMES), chess)
    write_baseline(tmp_path / "known.json", [covered])
    assert read_baseline(tmp_path / "known.json").accepts(covered)


@pytest.mark.parametrize("text", ["", "{}", '["x"]', '[{"kind": 1}]'])
def test_a_file_that_is_no_baseline_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(EvaluationError, match="write it again"):
        read_baseline(tmp_path / "known.json")
