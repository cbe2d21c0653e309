"""What devices report comes from outside: it is cut to a bounded size and read without raising."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.situation.state import (
    DEEPEST,
    LONGEST,
    MOST_KEYS,
    MOST_VALUES,
    Report,
    bounded,
    reports,
    spoken,
)

KEYS = st.one_of(st.text(max_size=12), st.text(max_size=3 * LONGEST), st.integers(), st.none())
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=3 * LONGEST),
        st.binary(max_size=9),
        st.just(10**300),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=8), st.tuples(inner)
    ),
    max_leaves=40,
)


def depth(node: Any) -> int:
    if isinstance(node, dict):
        return 1 + max(map(depth, node.values()), default=0)
    return 1 + max(map(depth, node), default=0) if isinstance(node, list) else 0


@given(VALUES)
def test_whatever_is_reported_is_cut_to_size_and_read(state: Any) -> None:
    kept = bounded(state)
    assert depth(kept) <= DEEPEST
    assert bounded(kept) == kept or "nan" in str(kept)
    json.dumps(kept)
    for report in reports(kept):
        assert report.thing
        assert len(report.thing) <= LONGEST


def test_ten_thousand_keys_are_cut_off() -> None:
    assert len(bounded({f"lamp {n}": "on" for n in range(10_000)})) == MOST_KEYS
    wide = {f"room {n}": {f"lamp {m}": "on" for m in range(100)} for n in range(100)}
    assert sum(map(len, bounded(wide).values())) == MOST_VALUES


def test_a_state_within_itself_ends() -> None:
    state: dict[str, Any] = {"oven": "on"}
    state["oven again"] = state
    assert depth(bounded(state)) == DEEPEST


@pytest.mark.parametrize("state", [None, 3, "on", ["oven"], {3: "on"}, {"oven": object()}])
def test_what_is_no_state_is_an_empty_one(state: object) -> None:
    assert bounded(state) == {}


def found(state: dict[str, Any]) -> list[Report]:
    return list(reports(bounded(state)))


@pytest.mark.parametrize(
    ("state", "report"),
    [
        ({"oven": "on"}, Report("oven", "on", True)),
        ({"oven": True}, Report("oven", "on", True)),
        ({"oven": "OFF"}, Report("oven", "off", False)),
        ({"oven": {"power": "on"}}, Report("oven", "on", True)),
        ({"home": {"smartOven_2": {"state": "idle"}}}, Report("home smart oven", "idle", False)),
        ({"washer": "rinsing"}, Report("washer", "rinsing", None)),
        ({"volume": 3}, Report("volume", "", None)),
    ],
)
def test_things_have_names_and_are_on_or_off_or_neither(
    state: dict[str, Any], report: Report
) -> None:
    assert found(state) == [report]


def test_a_long_text_is_no_state() -> None:
    assert found({"playing": "the first of the four seasons"}) == []


def test_keys_are_spoken_as_words() -> None:
    assert spoken("washingMachine_1.power") == "washing machine power"
