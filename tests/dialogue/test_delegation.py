"""Who leads the dialogue: Sayso by the skill file, or the back-end, turn by turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sayso.dialogue.conclude import conclude
from sayso.dialogue.delegation import leads
from sayso.dialogue.moves import Move
from sayso.dialogue.respond import respond
from sayso.types.calls import Answer, Call, Progress
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill, Slot
from tests.dialogue.nouns import act, context, reading, slot

TABLE = Intent(
    "Table",
    slots=(
        Slot("people", "AMAZON.NUMBER", required=True, ask=("How many?",), confirm=("{people}?",)),
        Slot("day", "AMAZON.DATE", required=True, ask=("Which day?",)),
    ),
    confirm=("Book it?",),
)
BELL = Intent("Bell", slots=TABLE.slots, side_effects=True)
TWO, DAY = slot("people", "two"), slot("day", "today")


def inn(kind: FulfilmentKind = FulfilmentKind.ALEXA, **extra: Any) -> Skill:
    language = Language("en-US", "the inn", intents=(TABLE, BELL), extra=extra)
    return Skill("inn", "Inn", languages=(language,), fulfilment=Fulfilment(kind))


def said(chosen: Hypothesis, before: Context | None = None, skill: Skill | None = None) -> Move:
    return respond(act(chosen), before or context(), {"inn": skill or inn()})


def no(before: Context, skill: Skill | None = None) -> Move:
    heard = Hypothesis("inn", "AMAZON.NoIntent", confidence=1.0)
    decision = Decision(Outcome.ACT, heard, basis=Basis.ANSWER)
    return respond(decision, before, {"inn": skill or inn()})


def asking(asked: Asked, *slots: Any, of: str | None = None, theirs: bool = True) -> Context:
    pending = reading("Table", *slots, skill="inn")
    return context(awaiting=Awaiting(asked, pending, of, theirs=theirs))


def call_of(move: Move) -> Call:
    assert move.call is not None
    return move.call


def test_a_back_end_that_leads_is_called_before_anything_is_asked() -> None:
    call = call_of(said(reading("Table", skill="inn")))
    assert (call.progress, call.confirmed) == (Progress.STARTED, False)


def test_an_answer_is_brought_to_the_back_end_until_nothing_is_missing() -> None:
    before = asking(Asked.SLOT, of="people")
    assert (
        call_of(said(reading("Table", TWO, skill="inn"), before)).progress is Progress.IN_PROGRESS
    )


@pytest.mark.parametrize(
    ("kind", "extra", "who"),
    [
        (FulfilmentKind.ALEXA, {}, True),
        (FulfilmentKind.HTTPS, {}, True),
        (FulfilmentKind.PYTHON, {}, False),
        (FulfilmentKind.REPLIES, {"dialog": {"delegationStrategy": "SKILL_RESPONSE"}}, False),
        (FulfilmentKind.ALEXA, {"dialog": {"delegationStrategy": "ALWAYS"}}, False),
        (FulfilmentKind.ALEXA, {"dialog": {"delegationStrategy": "odd"}}, True),
        (FulfilmentKind.ALEXA, {"dialog": ["odd"]}, True),
        (
            FulfilmentKind.ALEXA,
            {
                "dialog": {
                    "delegationStrategy": "ALWAYS",
                    "intents": [{"name": "Table", "delegationStrategy": "SKILL_RESPONSE"}],
                }
            },
            True,
        ),
    ],
)
def test_who_leads_is_told_by_the_model_and_else_by_the_kind(
    kind: FulfilmentKind, extra: dict[str, Any], who: bool
) -> None:
    skill = inn(kind, **extra)
    assert leads(skill, skill.languages[0], TABLE) is who


def test_what_has_side_effects_is_asked_first_unless_the_model_says_otherwise() -> None:
    skill = inn()
    assert not leads(skill, skill.languages[0], BELL)
    told = inn(dialog={"delegationStrategy": "SKILL_RESPONSE"})
    assert leads(told, told.languages[0], BELL)


def test_delegating_remembers_what_was_agreed_to_and_asked_for() -> None:
    pending = reading("Table", TWO, DAY, skill="inn")
    before = context(awaiting=Awaiting(Asked.CONFIRM, pending, "people", tried=("day",)))
    call = call_of(said(pending, before))
    assert (call.agreed, call.tried) == (("people",), ("day",))
    move = conclude(Answer(delegate=True), call, act(pending), context(), inn())
    assert move.reply is not None
    assert move.reply.speech == "Book it?"
    assert move.context.awaiting is not None
    assert move.context.awaiting.agreed == ("people",)


def test_a_slot_that_the_back_end_calls_confirmed_is_not_asked_about() -> None:
    pending = reading("Table", TWO, DAY, skill="inn")
    answer = Answer(delegate=True, updated=pending, agreed=("people",))
    move = conclude(answer, call_of(said(pending)), act(pending), context(), inn())
    assert move.reply is not None
    assert move.reply.speech == "Book it?"


def test_a_no_to_the_whole_is_told_and_nothing_is_done_that_could_be_put_right() -> None:
    call = call_of(no(asking(Asked.CONFIRM, TWO, DAY)))
    assert (call.denied, call.confirmed, call.progress) == (True, False, Progress.COMPLETED)
    move = conclude(Answer("As you like."), call, act(reading("Table")), context(), inn())
    assert move.context.done is None


def test_a_no_to_a_value_is_told_with_the_value() -> None:
    call = call_of(no(asking(Asked.CONFIRM, TWO, of="people")))
    assert (call.refused, call.denied, call.progress) == (("people",), False, Progress.IN_PROGRESS)
    assert call.hypothesis is not None
    assert call.hypothesis.slots == (TWO,)


def test_a_value_that_was_refused_is_asked_for_when_the_back_end_delegates() -> None:
    call = call_of(no(asking(Asked.CONFIRM, TWO, DAY, of="people")))
    move = conclude(Answer(delegate=True), call, act(reading("Table")), context(), inn())
    assert move.reply is not None
    assert move.reply.speech == "How many?"
    other = reading("Table", slot("people", "three"), DAY, skill="inn")
    changed = Answer(delegate=True, updated=other)
    move = conclude(changed, call, act(reading("Table")), context(), inn())
    assert move.reply is not None
    assert move.reply.speech == "three?"


def test_a_no_to_a_question_of_sayso_calls_nobody() -> None:
    before = asking(Asked.CONFIRM, TWO, DAY, theirs=False)
    move = no(before, inn(FulfilmentKind.PYTHON))
    assert move.call is None
    assert move.reply is not None
    assert move.reply.speech == "Okay."


def test_a_model_that_always_delegates_hears_of_the_no_too() -> None:
    skill = inn(dialog={"delegationStrategy": "ALWAYS"})
    pending = reading("Table", TWO, DAY, skill="inn")
    agreed = Awaiting(Asked.CONFIRM, pending, "people")
    asked = said(pending, context(awaiting=agreed), skill)
    assert asked.reply is not None
    assert asked.reply.speech == "Book it?"
    assert call_of(no(asked.context, skill)).denied


def test_nobody_is_asked_a_third_time_by_delegation_either() -> None:
    call = replace(call_of(said(reading("Table", skill="inn"))), tried=("people", "people"))
    move = conclude(Answer(delegate=True), call, act(reading("Table")), context(), inn())
    assert move.reply is not None
    assert (move.reply.speech, move.context.awaiting) == ("Okay.", None)
