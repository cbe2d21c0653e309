"""Which later turn says the same again, by all that is known of the conversation."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.feedback.rephrased import AHEAD, FEATURES, choose, detect, packaged, pairs

COLUMNS = (
    *("words", "gap_s", "outcome", "skill", "intent", "slots", "confidence"),
    *("failed", "refused", "barge_in_ms"),
)


def turn(words: str, gap_s: float = 0.0, **changed: Any) -> dict[str, Any]:
    read = {"skill": "music", "intent": "Play", "slots": "{}", "confidence": 0.8}
    signals = {"failed": False, "refused": False, "barge_in_ms": None}
    return {"words": words, "gap_s": gap_s, "outcome": "act", **read, **signals, **changed}


def lost(words: str, gap_s: float = 0.0) -> dict[str, Any]:
    nothing: dict[str, Any] = {"skill": None, "intent": None, "confidence": None}
    return turn(words, gap_s, outcome="abstain", **nothing)


def windows(*rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {
        f"{name}_{k}": [row[k][name] if k < len(row) else None for row in rows]
        for k in range(AHEAD + 1)
        for name in COLUMNS
    }


def place(*row: dict[str, Any]) -> int:
    return int(detect(windows(list(row)))[0][0])


def test_what_was_not_understood_and_is_said_again_is_a_rephrase() -> None:
    assert place(lost("play some jess"), turn("play some jazz", 5.0)) == 1


def test_the_same_words_after_a_success_are_another_wish() -> None:
    good = turn("next song", confidence=0.95)
    again = turn("next song", 40.0, confidence=0.95)
    failed = lost("next song")
    said, chances = detect(windows([good, again], [failed, turn("next song", 5.0)]))
    assert said[1] == 1
    assert chances[0] < chances[1]


def test_another_title_after_a_song_that_played_is_no_rephrase() -> None:
    def played(title: str, gap_s: float = 0.0) -> dict[str, Any]:
        return turn(f"play {title}", gap_s, slots=json.dumps({"title": title}), confidence=0.95)

    assert place(played("yellow river"), played("moonlight", 30.0)) == 0


def test_a_word_of_protest_in_between_is_passed_over() -> None:
    protest = turn("no", 4.0, skill="sayso", intent="Stop", confidence=0.9)
    again = turn("what is the weather in paris", 8.0, skill="weather", intent="Ask")
    assert place(lost("what is the whether in parris"), protest, again) == 2


def test_a_turn_that_nothing_like_it_follows_has_none() -> None:
    assert place(turn("what time is it"), turn("tell me a joke", 20.0)) == 0


def test_no_windows_have_no_rephrases() -> None:
    places, chances = detect({name: [] for name in windows([turn("a")])})
    assert (len(places), len(chances)) == (0, 0)


def test_of_two_candidates_alike_the_nearer_is_chosen() -> None:
    at = np.array([[0, 1], [0, 2], [2, 1]])
    places, best = choose(at, np.array([0.7, 0.7, 0.2]), 3)
    assert places.tolist() == [1, 0, 1]
    assert best.tolist() == [0.7, 0.0, 0.2]


def test_a_window_is_judged_alike_whatever_stands_beside_it() -> None:
    one = [lost("play jess"), turn("play jazz", 4.0), turn("stop", 9.0)]
    other = [turn("lamp on"), turn("lamp on", 3.0)]
    (alone,), (chance,) = detect(windows(one))
    places, chances = detect(windows(other, one, other))
    assert (places[1], chances[1]) == (alone, chance)


def test_the_packaged_model_is_of_these_features() -> None:
    assert packaged().names == FEATURES


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(
            st.builds(
                lambda words, slots, gap: turn(words, gap, slots=slots),
                st.text("abc 1é", max_size=8).map(str.strip),
                st.sampled_from(['{"a": "b"}', "{}", "", "no json", "[1]", '{"a": 3}']),
                st.floats(0, 45),
            ),
            min_size=2,
            max_size=AHEAD + 1,
        ),
        max_size=4,
    )
)
def test_any_log_gives_places_that_are_there(rows: list[list[dict[str, Any]]]) -> None:
    places, chances = detect(windows(*rows))
    assert all(0 <= at < len(row) for at, row in zip(places, rows, strict=True))
    assert all(0 <= chance <= 10_000 for chance in chances)


@pytest.mark.parametrize("missing", ["confidence", "barge_in_ms", "failed", "refused", "outcome"])
def test_a_log_that_lacks_a_column_is_read_all_the_same(missing: str) -> None:
    table = windows([lost("play jess"), turn("play jazz", 4.0)])
    for k in range(AHEAD + 1):
        table[f"{missing}_{k}"] = [None]
    at, features = pairs(table)
    assert at.tolist() == [[0, 1]]
    assert features.shape == (1, len(FEATURES))
