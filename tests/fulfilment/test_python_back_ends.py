"""What a Python handler gets and gives, through a real worker."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import FulfilmentError
from sayso.fulfilment import Backends
from sayso.fulfilment.python import read_answer
from sayso.fulfilment.wire import parse_json
from sayso.types.calls import Answer, Call, Card
from sayso.types.context import Context
from sayso.types.readings import Candidate, SlotValue
from tests.fulfilment.skills import ENDED, LAUNCH, NOW, asking, city, context, python_skill

KEYS = st.sampled_from(
    (
        *("speech", "reprompt", "ended", "card", "ask", "confirm", "announce", "cancel"),
        *("title", "text", "image", "key", "due", "in_s"),
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
BERLIN = Candidate("Berlin", "city-1")


def test_a_text_is_said_and_ends_the_session(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(tmp_path, "def handle(request): return 'Sunny.'")
    assert backends.answer(skill, LAUNCH, context()) == Answer("Sunny.")


def test_a_handler_sees_who_asks_what_when_and_where(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(
        tmp_path,
        """
        import json
        def handle(request):
            slot = request.slots["city"]
            return json.dumps([
                request.kind, request.intent, request.user, request.device.type,
                request.device.state["volume"], request.locale, request.time_zone,
                request.now.isoformat(), str(request.now.tzinfo), request.conversation,
                request.confirmed, slot, slot.value, slot.normalised, slot.id, slot.matched,
                request.slot("city"), request.slot("day", "today"), request.slot("items"),
                request.every("city"),
            ])
        """,
    )
    call = asking(city("the capital", BERLIN, normalised="Berlin"), confirmed=True)
    seen = json.loads(backends.answer(skill, call, context()).speech)
    assert seen == [
        *("intent", "Forecast", "ana", "speaker", 3, "en-US", "Europe/Berlin"),
        *("2026-03-14T09:26:53+01:00", "Europe/Berlin", "c1", True),
        *("Berlin", "the capital", "Berlin", "city-1", True, "Berlin", "today", None, ["Berlin"]),
    ]


def test_every_value_of_a_slot_is_there_and_the_first_one_counts(
    backends: Backends, tmp_path: Path
) -> None:
    skill = python_skill(
        tmp_path,
        "def handle(request): return request.slots['city'] + ':' + ','.join(request.every('city'))",
    )
    answer = backends.answer(skill, asking(city("rome"), city("oslo")), context())
    assert answer.speech == "rome:rome,oslo"


def test_attributes_come_back_changed(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(
        tmp_path,
        """
        def handle(request):
            request.attributes["count"] += 1
            return {"speech": "Again?", "reprompt": "Well?"}
        """,
    )
    answer = backends.answer(skill, LAUNCH, context({"count": 1}))
    assert answer == Answer(
        "Again?", reprompt="Well?", ended=False, attributes={"count": 2}, failure=None
    )


def test_a_response_may_carry_all_that_an_answer_holds(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(
        tmp_path,
        """
        from datetime import timedelta
        from sayso.fulfilment.handler import Announce, Card, Response
        def handle(request):
            return Response(
                "Which day?", card=Card("Forecast", "Berlin"), ask="day",
                announce=[Announce("rain", "It rains.", in_s=90),
                          Announce("sun", "Sun!", due=request.now + timedelta(days=1))],
                cancel=["snow"],
            )
        """,
    )
    answer = backends.answer(skill, asking(city("Berlin")), context())
    assert (answer.speech, answer.ask_slot, answer.ended) == ("Which day?", "day", False)
    assert answer.card == Card("Forecast", "Berlin")
    assert [(one.key, one.speech, one.due) for one in answer.announcements] == [
        ("rain", "It rains.", NOW + timedelta(seconds=90)),
        ("sun", "Sun!", NOW + timedelta(days=1)),
    ]
    assert answer.cancelled == ("snow",)


def test_a_handler_may_ask_for_a_yes(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(
        tmp_path, "def handle(request): return {'speech': 'Sure?', 'confirm': True}"
    )
    answer = backends.answer(skill, asking(), context())
    assert (answer.confirm, answer.ended, answer.failure) == (True, False, None)


def test_seconds_from_now_are_seconds_when_the_clocks_change(
    backends: Backends, tmp_path: Path
) -> None:
    skill = python_skill(
        tmp_path,
        """
        def handle(request):
            return {"announce": [{"key": "k", "speech": "Done.", "in_s": 7200}]}
        """,
    )
    zone = ZoneInfo("Europe/Berlin")
    before = Context("c1", datetime(2026, 3, 29, 1, 30, tzinfo=zone), time_zone="Europe/Berlin")
    (rings,) = backends.answer(skill, LAUNCH, before).announcements
    assert rings.due == datetime(2026, 3, 29, 4, 30, tzinfo=zone)


def test_chance_repeats_for_the_same_user_moment_and_turn(
    backends: Backends, tmp_path: Path
) -> None:
    skill = python_skill(
        tmp_path, "def handle(request): return str(request.random.randint(1, 10**9))"
    )

    def throw(user: str, turn: int) -> str:
        return backends.answer(skill, LAUNCH, context(user=user, turn=turn)).speech

    assert throw("ana", 1) == throw("ana", 1)
    assert len({throw("ana", 1), throw("ana", 2), throw("bo", 1)}) == 3


def test_nothing_is_said_when_a_session_ends(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(
        tmp_path, "def handle(request):\n    if request.kind != 'session_ended': return 'no'"
    )
    assert backends.answer(skill, ENDED, context()) == Answer()


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        ("None", "handle returned NoneType"),
        ("7", "handle returned int"),
        ("{'speach': 'hi'}", "speach: Extra inputs are not permitted"),
        ("{'speech': 7}", "speech: Input should be a valid string"),
        ("{'speech': 'x' * 9000}", "speech: String should have at most 8000 characters"),
        ("{'speech': object()}", "a object is no JSON value"),
        ("{'speech': float('nan')}", "not JSON compliant"),
        ("'x' * 10**6", "at most 262,144 are allowed"),
        ("{'speech': 'Where?', 'ask': 'planet'}", 'it asks for "planet", no slot of Forecast'),
        ("{'announce': [{'key': 'k', 'speech': 's'}]}", "give either due or in_s"),
        ("{'announce': [{'key': 'k', 'speech': 's', 'in_s': -1}]}", "announce.0.in_s"),
        ("{'announce': [{'key': 'k', 'speech': 's', 'due': '2026-01-01'}]}", "announce.0.due"),
        ("{'announce': [{'key': 'k', 'speech': 's', 'in_s': 1}] * 101}", "at most 100 items"),
    ],
)
def test_nonsense_becomes_an_apology_that_says_what_is_wrong(
    backends: Backends, tmp_path: Path, returned: str, complaint: str
) -> None:
    skill = python_skill(tmp_path, f"def handle(request): return {returned}")
    answer = backends.answer(skill, asking(), context())
    assert answer.speech == "Sorry, Weather Wise isn't answering right now."
    assert answer.ended
    assert answer.failure is not None
    assert complaint in answer.failure


def test_a_slot_cannot_be_asked_for_when_no_intent_is_under_way(
    backends: Backends, tmp_path: Path
) -> None:
    skill = python_skill(tmp_path, "def handle(request): return {'speech': '?', 'ask': 'day'}")
    answer = backends.answer(skill, LAUNCH, context())
    assert answer.failure == ("weather: it asks for a slot or a yes, but no intent is under way")


def test_a_multi_line_text_is_no_reason_to_fail(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(tmp_path, "def handle(request): return 'ä\\n☀ ' + request.slot('day')")
    call: Call = asking(SlotValue("day", "AMAZON.DATE", "heute", normalised="2026-03-14"))
    assert backends.answer(skill, call, context()).speech == "ä\n☀ 2026-03-14"


@given(JSON, JSON, st.sampled_from([LAUNCH, ENDED, asking()]))
def test_any_json_is_an_answer_or_refused(response: Any, attributes: Any, call: Call) -> None:
    for given_back in (response, {"announce": [response]}, {"card": response}):
        with suppress(FulfilmentError):
            result = {"response": given_back, "attributes": attributes}
            assert isinstance(read_answer(result, call, NOW), Answer)


@given(st.binary(max_size=30) | st.text(alphabet='[]{}",:0123456789eE-.nulNaI').map(str.encode))
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    with suppress(FulfilmentError):
        parse_json(body)


def test_broken_unicode_is_refused_and_not_passed_on(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(tmp_path, "def handle(request): return chr(0xD800)")
    assert "speech: " in (backends.answer(skill, asking(), context()).failure or "")
