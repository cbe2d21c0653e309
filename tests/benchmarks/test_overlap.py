"""Pseudo-labels beside labels that were hidden."""

from __future__ import annotations

import numpy as np
from benchmarks.overlapping.figures import by_confidence, judged, recalls
from benchmarks.overlapping.refusals import simulated
from benchmarks.overlapping.worlds import World

from sayso.labels.agreed import Agreement, Guess
from sayso.understanding.shortlist import Examples, Index

ALONG, ACROSS = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def skill(name: str, text: str, vector: np.ndarray) -> Examples:
    return Examples(name, ["Ask"], [text], vector[None, :])


WORLD = World(
    [
        skill("jester", "a joke", ALONG),
        skill("clown", "a jest", ALONG),
        skill("sea", "tide", ACROSS),
    ],
    {
        "a joke": frozenset({"jester", "clown"}),
        "a jest": frozenset({"jester", "clown"}),
        "tide": frozenset({"sea"}),
        "a laugh": frozenset({"jester", "clown"}),
    },
    frozenset({"a joke", "a jest"}),
    ["a laugh"],
    {"a joke": ALONG, "a jest": ALONG, "tide": ACROSS, "a laugh": ALONG},
)
MODEL = [
    [Guess("clown", "Ask", 0.9), Guess("sea", "Ask", 0.7)],
    [Guess("sea", "Ask", 0.8)],
    [Guess("clown", "Ask", 0.9)],
]


def test_of_two_hidden_labels_one_is_found_beside_two_that_are_wrong() -> None:
    figures = judged(WORLD, [MODEL, MODEL], Agreement(of_a_skill=9))
    assert (figures["labels"], figures["precision"], figures["recall"]) == (3, 0.333, 0.5)


def test_precision_is_told_for_each_bin_of_confidence() -> None:
    bins = by_confidence(WORLD, [MODEL, MODEL], Agreement(of_a_skill=9))
    assert [(row["from"], row["precision"]) for row in bins] == [(0.7, 0.333)]


def test_all_is_told_from_any() -> None:
    found = recalls(WORLD, Index(WORLD.skills), WORLD.unseen)
    assert (found["any@1"], found["all@5"]) == (1.0, 1.0)
    half = recalls(WORLD, Index(WORLD.skills[1:]), WORLD.unseen)
    assert (half["any@5"], half["all@5"], half["share@5"]) == (1.0, 0.0, 0.5)


def test_a_skill_that_refuses_what_it_does_not_fit_gives_way() -> None:
    vectors = {**WORLD.vectors, "a laugh": np.array([0.96, 0.28], np.float32)}
    told = {"a laugh": frozenset({"clown"})}
    world = World(WORLD.skills[:2], told, frozenset(), ["a laugh", "a laugh"], vectors)
    rounds = simulated(world, seed=1)["rounds"]
    assert (rounds[0]["labels"], rounds[0]["asked_before"]) == (0, 0.0)
    assert rounds[-1]["asked_before"] == 1.0
