"""What a client tells of turns, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.types.lessons import Signal, SignalKind
from tests.server.conftest import Knock, SmallHome, keyed


def a_signal(**rest: Any) -> dict[str, Any]:
    return {"user": "ana", "conversation": "c1", "turn": 1, "kind": "barge_in", "value": 800} | rest


def post(knock: Knock, *signals: dict[str, Any]) -> Any:
    return knock("POST", "/v1/signals", json={"signals": signals})


def test_a_signal_reaches_the_home_as_a_noun(home: SmallHome, knock: Knock) -> None:
    answer = post(knock, a_signal(at="2026-05-04T07:00:00+02:00"))
    assert answer.status_code == 200
    assert answer.json() == {"signals": [{"status": "kept"}]}
    at = datetime(2026, 5, 4, 5, tzinfo=UTC)
    assert home.signalled == [Signal("ana", "c1", 1, SignalKind.BARGE_IN, 800.0, at)]


def test_a_signal_without_a_moment_is_of_just_now(home: SmallHome, knock: Knock) -> None:
    post(knock, a_signal())
    assert abs((datetime.now(UTC) - home.signalled[0].at).total_seconds()) < 60


def test_a_signal_of_no_turn_is_told_and_the_others_are_kept(home: SmallHome, knock: Knock) -> None:
    answer = post(knock, a_signal(turn=7), a_signal(kind="undone", value=1))
    assert answer.json() == {"signals": [{"status": "not_found"}, {"status": "kept"}]}
    assert len(home.signalled) == 2
    said = knock("GET", "/metrics").text
    assert 'sayso_signals_total{kind="undone",status="kept"} 1.0' in said
    assert 'sayso_signals_total{kind="barge_in",status="not_found"} 1.0' in said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "shrug"}, "signals.1.kind"),
        ({"value": -1}, "signals.1.value"),
        ({"value": 1e12}, "signals.1.value"),
        ({"kind": "helpful", "value": 0.5}, "signals.1.value"),
        ({"kind": "undone", "value": 0}, "signals.1.value"),
        ({"turn": -1}, "signals.1.turn"),
        ({"turn": 1.5}, "signals.1.turn"),
        ({"conversation": ""}, "signals.1.conversation"),
        ({"at": "2026-05-04T07:00:00"}, "signals.1.at"),
        ({"mood": "good"}, "signals.1.mood"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_place(
    home: SmallHome, knock: Knock, wrong: dict[str, Any], field: str
) -> None:
    answer = post(knock, a_signal(), a_signal(**wrong))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert home.signalled == []


def test_there_is_one_signal_at_least_and_not_too_many(knock: Knock) -> None:
    assert post(knock).status_code == 422
    assert post(knock, *[a_signal()] * 1000).status_code == 200
    assert post(knock, *[a_signal()] * 1001).status_code == 422


def test_a_talk_key_tells_of_its_own_user_alone() -> None:
    home, [key] = keyed(("talk", "ana"))
    knock = Knock(home, **{"X-API-Key": key})
    bare = {name: value for name, value in a_signal().items() if name != "user"}
    assert post(knock, bare).status_code == 200
    assert home.signalled[0].user == "ana"
    answer = post(knock, bare, a_signal(user="ben"))
    assert (answer.status_code, answer.json()["error"]["field"]) == (403, "user")
    assert len(home.signalled) == 1
