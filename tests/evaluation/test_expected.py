"""What a turn came to, beside what was expected: questions in the air and acts of back-ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sayso.evaluation.expected import Seen, problems
from sayso.evaluation.overheard import Called
from sayso.types.calls import Answer, Call, CallKind
from sayso.types.context import Asked, Awaiting
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.turns import Reply

SIX = SlotValue("time", "AMAZON.TIME", "six", normalised="06:00")
ALARM = Hypothesis("alarm", "SetAlarm", (SIX,))
CLOCK = Hypothesis("clock", "TellTime")


def called(reading: Hypothesis, answer: Answer | None = None) -> Called:
    return Called(Call(CallKind.INTENT, reading.skill, reading), answer or Answer("Done."))


def seen(chosen: Hypothesis | None, *calls: Called, awaiting: Awaiting | None = None) -> Seen:
    outcome = Outcome.ACT if chosen else Outcome.ABSTAIN
    return Seen(Reply("", decision=Decision(outcome, chosen)), calls, awaiting)


ASKING = Awaiting(Asked.SLOT, ALARM, "date")
SURE = Awaiting(Asked.CONFIRM, ALARM)
SURE_OF_SLOT = Awaiting(Asked.CONFIRM, ALARM, "time")
WHICH = Awaiting(Asked.WHICH, options=(ALARM, CLOCK))
DONE = seen(ALARM, called(ALARM))


@pytest.mark.parametrize(
    ("turn", "expect"),
    [
        (DONE, {"acts": True, "runs": [{"skill": "alarm", "intent": "SetAlarm"}]}),
        (DONE, {"slots": {"time": "SIX"}, "lacks": "date", "confirms": False}),
        (DONE, {"runs": [{"skill": "alarm", "intent": "SetAlarm", "slots": {"time": "06:00"}}]}),
        (seen(ALARM, awaiting=ASKING), {"asks": "date", "acts": False}),
        (seen(ALARM, awaiting=ASKING), {"asks": "alarm.date", "slots": {"time": "06:00"}}),
        (seen(None, awaiting=ASKING), {"skill": "alarm", "outcome": "abstain", "runs": []}),
        (seen(CLOCK, called(CLOCK), awaiting=ASKING), {"acts": True, "asks": "alarm.date"}),
        (seen(ALARM, awaiting=SURE), {"confirms": True, "acts": False}),
        (seen(ALARM, awaiting=SURE_OF_SLOT), {"confirms": "time"}),
        (seen(None, awaiting=WHICH), {"which": ["clock", "alarm.SetAlarm"]}),
    ],
)
def test_what_is_so_is_no_problem(turn: Seen, expect: dict[str, Any]) -> None:
    assert problems(turn, expect) == []


@pytest.mark.parametrize(
    ("turn", "expect", "told"),
    [
        (DONE, {"acts": False}, "acts: did alarm.SetAlarm, expected nothing"),
        (DONE, {"asks": "date"}, "asks: nothing, expected date"),
        (DONE, {"lacks": ["date", "time"]}, "slot time: six, expected none"),
        (DONE, {"runs": []}, "runs: alarm.SetAlarm, expected nothing"),
        (
            DONE,
            {"runs": [{"skill": "alarm", "intent": "SetAlarm", "slots": {"date": "x"}}]},
            "run 1: slot date: missing, expected x",
        ),
        (
            seen(ALARM, awaiting=ASKING),
            {"acts": True},
            "acts: did nothing, awaits slot alarm.SetAlarm date, expected it done",
        ),
        (
            seen(ALARM, called(ALARM), awaiting=ASKING),
            {"acts": True},
            "acts: did alarm.SetAlarm, awaits slot alarm.SetAlarm date, expected it done",
        ),
        (
            seen(ALARM, awaiting=ASKING),
            {"asks": "reminder.date"},
            "asks: slot alarm.SetAlarm date, expected reminder.date",
        ),
        (
            seen(ALARM, awaiting=SURE),
            {"confirms": "time"},
            "confirms: confirm alarm.SetAlarm, expected time",
        ),
        (
            seen(ALARM, awaiting=SURE),
            {"confirms": False},
            "confirms: confirm alarm.SetAlarm, expected False",
        ),
        (
            seen(None, awaiting=WHICH),
            {"which": "lights"},
            "which: which alarm.SetAlarm or clock.TellTime, expected lights",
        ),
    ],
)
def test_what_is_not_so_is_told(turn: Seen, expect: dict[str, Any], told: str) -> None:
    assert problems(turn, expect) == [told]


@pytest.mark.parametrize(
    "answer",
    [
        Answer("Which day?", ask_slot="date"),
        Answer("Sure?", confirm=True),
        Answer(delegate=True),
        Answer(failure="it raised"),
    ],
)
def test_a_back_end_that_asks_delegates_or_fails_has_done_nothing(answer: Answer) -> None:
    assert problems(seen(ALARM, called(ALARM, answer)), {"acts": False, "runs": []}) == []


def test_all_values_of_a_slot_are_compared_where_a_list_is_expected() -> None:
    items = [SlotValue("item", "ITEM", name) for name in ("salt", "pepper")]
    turn = seen(replace(ALARM, slots=items))
    assert problems(turn, {"slots": {"item": ["pepper", "salt"]}}) == []
    assert problems(turn, {"slots": {"item": "salt"}}) == []
    assert problems(turn, {"slots": {"item": ["salt"]}}) == [
        "slot item: {'salt'} and {'pepper'}, expected ['salt']"
    ]


def test_slots_are_those_after_the_turn() -> None:
    later = replace(ALARM, slots=())
    assert (
        problems(seen(ALARM, called(ALARM, Answer("Ok.", updated=later))), {"lacks": "time"}) == []
    )
