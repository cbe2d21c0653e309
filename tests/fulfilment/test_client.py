from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.fulfilment import Backends
from sayso.types.calls import Call, CallKind
from sayso.types.context import Context
from sayso.types.readings import Corrected, Hypothesis, SlotValue
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill

CONTEXT = Context("c1", datetime(2026, 5, 4, tzinfo=UTC))
REPLIES = {"Open": ("Opening {{ slots.room }}.",)}
SKILL = Skill(
    "shutters",
    "Shutters",
    languages=(Language("en-US", "shutters", intents=(Intent("Close"), Intent("Open"))),),
    fulfilment=Fulfilment(FulfilmentKind.CLIENT, replies=REPLIES),
)


@pytest.fixture
def backends(tmp_path: Path) -> Iterator[Backends]:
    with Backends(home=tmp_path) as opened:
        yield opened


def do(intent: str, *slots: SlotValue) -> Call:
    return Call(CallKind.INTENT, "shutters", Hypothesis("shutters", intent, slots))


def test_what_is_to_be_done_is_told_and_nothing_is_said(backends: Backends) -> None:
    room = SlotValue("room", "ROOM", "sleeping room", normalised="bedroom")
    answer = backends.answer(SKILL, do("Close", room), CONTEXT)
    assert answer.data == {"intent": "Close", "slots": {"room": "bedroom"}}
    assert (answer.speech, answer.ended, answer.failure) == ("", True, None)


def test_reply_is_said_beside(backends: Backends) -> None:
    answer = backends.answer(SKILL, do("Open", SlotValue("room", "ROOM", "study")), CONTEXT)
    assert answer.speech == "Opening study."
    assert answer.data == {"intent": "Open", "slots": {"room": "study"}}


def test_several_values_are_a_list(backends: Backends) -> None:
    rooms = [SlotValue("room", "ROOM", name) for name in ("study", "bedroom", "hall")]
    answer = backends.answer(SKILL, do("Close", *rooms), CONTEXT)
    assert answer.data["slots"] == {"room": ["study", "bedroom", "hall"]}


def test_opening_and_stopping_leave_nothing_to_do(backends: Backends) -> None:
    opened = backends.answer(SKILL, Call(CallKind.LAUNCH, "shutters"), CONTEXT)
    assert (opened.data, opened.ended) == (None, False)
    assert backends.answer(SKILL, do("AMAZON.StopIntent"), CONTEXT).data is None
    ended = backends.answer(SKILL, Call(CallKind.SESSION_ENDED, "shutters"), CONTEXT)
    assert (ended.data, ended.speech) == (None, "")


def test_what_is_put_right_is_told_beside_and_not_spoken_of(backends: Backends) -> None:
    study, hall = (SlotValue("room", "ROOM", name) for name in ("study", "hall"))
    call = do("Close", hall)
    assert call.hypothesis is not None
    right = replace(call.hypothesis, corrects=Corrected((study,)))
    answer = backends.answer(SKILL, replace(call, hypothesis=right), CONTEXT)
    assert answer.data == {
        "intent": "Close",
        "slots": {"room": "hall"},
        "corrects": {"room": "study"},
    }
    assert answer.speech == ""
