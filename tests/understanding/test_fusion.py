"""The figures that speak for a skill, and the score made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sayso.understanding.fusion import (
    EXAMPLE,
    FEATURES,
    LINE,
    NAME,
    Evidence,
    Fusion,
    features_of,
    shipped,
)

RARITIES = {"owls": 4.0, "hoot": 3.0, "why": 1.0, "why owls": 5.0, "owls hoot": 7.0}
OWL = [
    (EXAMPLE, 0.9, "owls hoot"),
    (EXAMPLE, 0.5, "why"),
    (NAME, 0.6, "owls"),
    (LINE, 0.2, "hoot"),
]
CHESS = [(NAME, 0.3, "chess")]


def evidence(*candidates: list[tuple[int, float, str]]) -> Evidence:
    """What is found for "why owls hoot" if these are the rows of each candidate."""
    rows = [row for candidate in candidates for row in candidate]
    held = [[f" {term} " in f" {text} " for term in RARITIES] for _, _, text in rows]
    sizes = [sum(RARITIES.get(word, 2.0) for word in text.split()) for _, _, text in rows]
    lengths = [len(candidate) for candidate in candidates]
    return Evidence(
        starts=np.cumsum([0, *lengths[:-1]]),
        kinds=np.array([kind for kind, _, _ in rows]),
        cosines=np.array([cosine for _, cosine, _ in rows], np.float32),
        turned=np.array([cosine / 2 for _, cosine, _ in rows], np.float32),
        held=np.array(held),
        own_words=np.array(sizes, np.float32),
        own_terms=np.array(sizes, np.float32),
        rarities=np.array(list(RARITIES.values()), np.float32),
        are_pairs=np.array([" " in term for term in RARITIES]),
    )


def named(row: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURES, row.tolist(), strict=True))


def test_cosines_are_those_of_the_nearest_row_of_each_kind() -> None:
    found = named(features_of(evidence(OWL))[0])
    assert found["example_cosine"] == pytest.approx(0.9)
    assert found["name_cosine"] == pytest.approx(0.6)
    assert found["line_cosine"] == pytest.approx(0.2)
    assert found["second_cosine"] == pytest.approx(0.6)


def test_two_rows_that_are_equally_near_are_first_and_second() -> None:
    twice = [(EXAMPLE, 0.9, "why"), (EXAMPLE, 0.9, "hoot"), (NAME, 0.1, "owls")]
    assert named(features_of(evidence(twice))[0])["second_cosine"] == pytest.approx(0.9)


def test_words_count_by_their_rarity_and_all_rows_of_a_kind_count_together() -> None:
    found = named(features_of(evidence(OWL))[0])
    assert found["example_words"] == pytest.approx(1.0)
    assert found["line_words"] == pytest.approx(3 / 8)
    assert found["name_words"] == pytest.approx(4 / 8)
    assert found["example_pairs"] == found["all_pairs"] == pytest.approx(7 / 12)
    assert found["example_dice"] == pytest.approx(2 * 7 / (8 + 7))


def test_what_a_skill_lacks_is_nought() -> None:
    found = named(features_of(evidence(CHESS))[0])
    assert found["name_cosine"] == pytest.approx(0.3)
    assert all(found[name] == 0 for name in FEATURES if name.startswith(("example", "line", "all")))


def test_an_utterance_without_words_has_features() -> None:
    silent = replace(
        evidence(OWL, CHESS),
        held=np.zeros((5, 0), np.bool_),
        rarities=np.zeros(0, np.float32),
        are_pairs=np.zeros(0, np.bool_),
    )
    assert np.isfinite(features_of(silent)).all()


def test_a_skill_has_the_same_score_whoever_stands_beside_it() -> None:
    alone = shipped().scores(features_of(evidence(OWL)))
    beside = shipped().scores(features_of(evidence(CHESS, OWL, CHESS)))
    assert alone[0] == pytest.approx(beside[1], abs=1e-5)


def test_the_shipped_weights_find_the_owls() -> None:
    owls, chess = shipped().scores(features_of(evidence(OWL, CHESS)))
    assert owls > chess + 2


def test_what_is_nearer_scores_more_by_its_cosine() -> None:
    far = [(kind, cosine / 2, text) for kind, cosine, text in OWL]
    row, other = features_of(evidence(OWL, far))
    added, less = shipped().contributions(row), shipped().contributions(other)
    assert added["example_cosine"] > less["example_cosine"]
    assert set(added) == set(FEATURES)


def test_a_contribution_is_the_score_less_that_without_it() -> None:
    row = features_of(evidence(OWL))[0]
    fusion = shipped()
    without = row.copy()
    without[FEATURES.index("name_words")] = fusion.mean[FEATURES.index("name_words")]
    expected = fusion.scores(row[None])[0] - fusion.scores(without[None])[0]
    assert fusion.contributions(row)["name_words"] == pytest.approx(expected, abs=1e-5)


def test_weights_survive_json() -> None:
    table = features_of(evidence(OWL, CHESS))
    again = Fusion.from_json(shipped().to_json())
    assert np.array_equal(again.scores(table), shipped().scores(table))


def test_weights_of_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="other features"):
        Fusion.from_json({**shipped().to_json(), "features": ["charm"]})
