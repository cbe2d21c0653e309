"""The benchmark of the selection score asks what nobody has learnt from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmarks.asking import Listener, Past, time_of
from benchmarks.exact import Store, Turn
from benchmarks.personal import interval

from benchmarks import exact
from sayso.evaluation.people import Request
from sayso.types.people import Person
from sayso.understanding.fusion import FEATURES, Floats
from sayso.understanding.personal import PERSONAL, Moment

PHRASES = {
    "owls": ("why do owls hoot", "where do owls sleep"),
    "tides": ("when is high water", "when is low water", "how high is the sea"),
    "chess": ("play chess",),
}


def _fake_vectors(texts: list[str]) -> Floats:
    chance = np.random.default_rng(0)
    known = {word: chance.normal(size=8) for word in sorted({w for x in texts for w in x.split()})}
    sums = np.array([sum(known[word] for word in text.split()) for text in texts])
    vectors: Floats = (sums / np.linalg.norm(sums, axis=1, keepdims=True)).astype(np.float32)
    return vectors


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(exact, "_vectors", _fake_vectors)
    plain: dict[str, Any] = {"locale": "en-US", "reviews": 0, "category": None}
    rows = [
        {"id": id, "name": f"the {id}", "description": f"all of {id}", **plain} for id in PHRASES
    ]
    phrases = [
        {
            "id": id,
            "locale": "en-US",
            "phrase": x,
            "name_free": x,
            "kind": "ask",
            "selectable": True,
        }
        for id, own in PHRASES.items()
        for x in own
    ]
    return exact._store(rows, phrases)


def test_every_skill_with_two_phrases_loses_one_of_them_in_each_turn(store: Store) -> None:
    for gone in store.gone:
        assert sorted(store.owners[gone].tolist()) == [0, 1]


def test_each_phrase_of_such_a_skill_is_asked_once(store: Store) -> None:
    asked = sorted(store.texts[each.row] for each in store.asked)
    assert asked == sorted([*PHRASES["owls"], *PHRASES["tides"]])


def test_what_is_asked_is_no_example_in_its_turn(store: Store) -> None:
    for asked in store.asked:
        features = Turn(store, asked.turn).features(asked.row)
        assert features.shape == (len(PHRASES), len(FEATURES))
        assert features[asked.skill, FEATURES.index("example_cosine")] < 0.999


def test_words_that_only_a_lost_phrase_had_are_as_rare_as_can_be(store: Store) -> None:
    number, asked = next((n, x) for n, x in enumerate(store.asked) if "sea" in store.texts[x.row])
    rarities = Turn(store, store.asked[number].turn).rarities
    own = store.terms[store.bounds[asked.row] : store.bounds[asked.row + 1]]
    assert rarities[own].max() == rarities.max()


def test_habits_are_those_from_before_a_request() -> None:
    past = Past()
    assert past.uses() == {}
    request = Request("ana", 2, 20, "screen", "owls", frozenset())
    past.add(request)
    past.add(request)
    use = past.uses()["owls"]
    assert (use.count, use.last, dict(use.hours)) == (2, time_of(request), {20: 2})


def test_a_person_s_skills_are_candidates_however_far_they_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.asking.NEAREST", 1)
    scores = np.tile(np.array([9.0, 5.0, 0.0], np.float32), (len(store.asked), 1))
    heard = Listener(store, scores, 0).hear(0, Person(["chess"]), Moment(), "ana")
    assert heard.scores.tolist() == [9.0, 0.0]
    assert heard.features[:, PERSONAL.index("enabled")].tolist() == [0.0, 1.0]


def test_an_interval_is_wider_where_people_differ() -> None:
    names = np.repeat([f"person {n}" for n in range(20)], 10)
    alike = np.tile([0.0, 1.0], 100)
    apart = np.repeat([0.0, 1.0], 100)
    mean, low, high = interval(apart, names)
    assert mean == interval(alike, names)[0] == 0.5
    assert high - low > 0.2 > interval(alike, names)[2] - interval(alike, names)[1]
