from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from sayso.errors import RequestError
from sayso.server.api.turns import AlternativeBody, DeviceBody, HappeningBody, TurnBody
from sayso.types.context import Device, Happening
from sayso.types.readings import Alternative
from sayso.types.turns import TurnRequest
from tests.server.conftest import Knock, SmallHome


def test_turn_is_taken_and_the_reply_comes_back_whole(knock: Knock) -> None:
    answer = knock("POST", "/v1/turns", json={"text": "wake me at six", "user": "ana"})
    assert answer.status_code == 200
    reply = answer.json()
    assert (reply["speech"], reply["ended"], reply["conversation"]) == ("Done.", True, "c1")
    assert reply["decision"]["outcome"] == "act"
    assert reply["decision"]["chosen"]["slots"][0]["normalised"] == "06:00"
    assert reply["decision"]["shortlist"] == [["alarms", 1.0]]
    assert reply["trace"]["timings"] == {"hear": 1.5, "route": 0.5}


def test_all_that_a_request_may_say_reaches_the_runtime(home: SmallHome, knock: Knock) -> None:
    body = {
        "alternatives": [{"text": "wake me", "score": -1.5}, {"text": "make me"}],
        "user": "ana",
        "conversation": "c9",
        "device": {
            "id": "kitchen",
            "type": "speaker",
            "state": {"volume": 3, "on": [True]},
            "capabilities": ["screen"],
            "place": "hall",
        },
        "locale": "en-US",
        "time_zone": "Europe/Berlin",
        "now": "2026-03-01T06:00:00+01:00",
        "idempotency_key": "k1",
        "happened": [{"text": "the bell rang", "at": "2026-03-01T05:59:00+01:00"}],
    }
    assert knock("POST", "/v1/turns", json=body).status_code == 200
    assert home.taken == [
        TurnRequest(
            user="ana",
            conversation="c9",
            alternatives=(Alternative("wake me", -1.5), Alternative("make me")),
            device=Device("kitchen", "speaker", {"volume": 3, "on": [True]}, ("screen",), "hall"),
            locale="en-US",
            time_zone="Europe/Berlin",
            now=datetime(2026, 3, 1, 5, tzinfo=UTC),
            idempotency_key="k1",
            happened=(Happening("the bell rang", at=datetime(2026, 3, 1, 4, 59, tzinfo=UTC)),),
        )
    ]


def test_body_has_the_fields_of_the_noun_and_no_others() -> None:
    for body, noun in (
        (TurnBody, TurnRequest),
        (DeviceBody, Device),
        (AlternativeBody, Alternative),
        (HappeningBody, Happening),
    ):
        assert list(body.model_fields) == [field.name for field in fields(noun)]


def test_absent_fields_are_the_nouns_defaults(home: SmallHome, knock: Knock) -> None:
    knock("POST", "/v1/turns", json={"text": "hi"})
    assert home.taken == [TurnRequest(text="hi")]


def test_key_in_the_header_acts_once(home: SmallHome, knock: Knock) -> None:
    for _ in range(2):
        answer = knock("POST", "/v1/turns", json={"text": "hi"}, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 200
    assert [request.idempotency_key for request in home.taken] == ["k1"]


def test_two_different_keys_in_one_request_are_refused(knock: Knock) -> None:
    answer = knock(
        "POST",
        "/v1/turns",
        json={"text": "hi", "idempotency_key": "a"},
        headers={"Idempotency-Key": "b"},
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "idempotency_key"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": 5}, "text"),
        ({"text": "x", "device": {"id": 7}}, "device.id"),
        ({"text": "x", "device": {"id": ""}}, "device.id"),
        ({"text": "x", "device": "kitchen"}, "device"),
        ({"text": "x", "alternatives": [{"text": "a"}, {"score": 1}]}, "alternatives.1.text"),
        ({"text": "x", "now": "2026-03-01T06:00:00"}, "now"),
        ({"text": "x", "now": "9999-12-31T23:59:59Z"}, "now"),
        ({"text": "x", "user": "a\u0000b"}, "user"),
        ({"text": "x", "conversation": "c" * 201}, "conversation"),
        ({"text": "x", "volume": 3}, "volume"),
        ({"text": "x", "device": {"state": []}}, "device.state"),
        ({"text": "x", "device": {"capabilities": "screen"}}, "device.capabilities"),
        ({"text": "x", "device": {"place": 3}}, "device.place"),
        ({"text": "x", "happened": [{"at": "2026-03-01T06:00:00"}]}, "happened.0.at"),
        ({"text": "x", "happened": [{"text": "y" * 201}]}, "happened.0.text"),
    ],
)
def test_wrong_type_names_its_field(body: object, field: str, knock: Knock) -> None:
    answer = knock("POST", "/v1/turns", json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["type"], error["field"]) == ("request", field)
    assert error["message"]


def test_complaint_of_the_runtime_names_its_field(home: SmallHome, knock: Knock) -> None:
    home.failure = RequestError('unknown locale "xx"', field="locale")
    answer = knock("POST", "/v1/turns", json={"text": "hi", "locale": "xx"})
    assert answer.status_code == 422
    assert answer.json() == {
        "error": {"type": "request", "message": 'unknown locale "xx"', "field": "locale"}
    }


def test_every_complaint_is_listed(knock: Knock) -> None:
    error = knock("POST", "/v1/turns", json={"text": 5, "user": 6}).json()["error"]
    assert [problem["field"] for problem in error["problems"]] == ["text", "user"]


def test_understand_reads_and_logs_nothing(home: SmallHome, knock: Knock) -> None:
    answer = knock("POST", "/v1/understand", json={"text": "wake me at six"})
    assert [each["skill"] for each in answer.json()["hypotheses"]] == ["alarms"]
    assert home.taken == []


def test_silence_reaches_the_runtime(home: SmallHome, knock: Knock) -> None:
    assert knock("POST", "/v1/turns", json={"silence": True}).status_code == 200
    assert home.taken == [TurnRequest(silence=True)]
