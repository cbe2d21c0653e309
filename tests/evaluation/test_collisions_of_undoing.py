"""An intent is told of that a skill could take back, if it only said so."""

from __future__ import annotations

from dataclasses import replace

from sayso.evaluation.collisions.nouns import Kind, Severity
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill, Slot
from tests.evaluation.colliding import found

TIME = Slot("time", "AMAZON.TIME")
SET = Intent("SetAlarm", ("wake me at {time}", "set an alarm for {time}"), (TIME,))
CANCEL = Intent("CancelAlarm", ("cancel my {time} alarm",), (TIME,))
CANCEL_ALL = Intent("CancelAllAlarms", ("cancel every alarm",))


def told(*intents: Intent, by: FulfilmentKind = FulfilmentKind.PYTHON) -> list[str]:
    language = Language("en-US", "alarm", intents=intents)
    skill = Skill("alarm", "Alarm", languages=(language,), fulfilment=Fulfilment(by))
    findings = [each for each in found(skill) if each.kind is Kind.UNDONE]
    assert all(each.severity is Severity.NOTE for each in findings)
    return [each.advice for each in findings]


def test_the_intent_that_may_take_it_back_is_named() -> None:
    assert told(SET, CANCEL, CANCEL_ALL) == [
        "undo: CancelAlarm, if that takes it back, or undo: false, if there is nothing to take back"
    ]


def test_nothing_is_told_of_a_skill_that_says_it() -> None:
    assert told(replace(SET, undo="CancelAlarm"), CANCEL) == []
    assert told(replace(SET, undo=""), CANCEL) == []


def test_nothing_is_told_where_no_intent_would_do() -> None:
    assert told(SET, Intent("CancelTrip", ("cancel the trip",))) == []
    needs = Slot("day", "AMAZON.DATE", required=True, ask=("Which day?",))
    assert told(SET, replace(CANCEL, slots=(TIME, needs))) == []


def test_that_both_names_end_in_intent_says_nothing() -> None:
    put = replace(SET, name="SetAlarmIntent")
    assert told(put, replace(CANCEL, name="CancelOrderIntent")) == []
    [advice] = told(put, replace(CANCEL, name="CancelAlarmIntent"))
    assert advice.startswith("undo: CancelAlarmIntent,")


def test_nothing_is_told_of_what_leaves_nothing() -> None:
    assert told(SET, CANCEL, by=FulfilmentKind.REPLIES) == []
    assert told(replace(SET, samples=("what rings at {time}", "is {time} free")), CANCEL) == []
