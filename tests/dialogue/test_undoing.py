"""What was done is taken back before it is done right, if its skill knows how; else it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sayso.dialogue.conclude import conclude
from sayso.dialogue.respond import respond
from sayso.dialogue.undoing import leaves_something, undo_call, undo_reading
from sayso.types.calls import Answer, Call, CallKind
from sayso.types.readings import Corrected, Hypothesis, SlotValue
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill, Slot
from tests.dialogue.nouns import act, context, slot

TABLE, DAY = Slot("table", "any"), Slot("day", "any")
BOOK = Intent("Book", ("book {table}", "i need {table}"), (TABLE, DAY), undo="GiveUp")
GIVE_UP = Intent("GiveUp", ("give up {table}",), (replace(TABLE, required=True),))
LOOK = Intent("Look", ("what is free {day}", "tell me what is free", "book it"), (DAY,))
SEND = Intent("Send", ("send {table}",), (TABLE,), confirm=("Send {table}?",), side_effects=True)


def skill_of(*intents: Intent, kind: FulfilmentKind = FulfilmentKind.PYTHON) -> Skill:
    return Skill("inn", "Inn", "", (Language("en-US", "inn", intents=intents),), Fulfilment(kind))


def put_right(intent: str, *slots: SlotValue, before: str = "six") -> Hypothesis:
    done = Corrected((slot("table", before), slot("day", "monday")))
    return Hypothesis("inn", intent, slots, confidence=1.0, corrects=done)


def undo(skill: Skill, call: Call) -> Call | None:
    return undo_call(call, skill, skill.languages[0])


def call(intent: str, **changes: Any) -> Call:
    return replace(Call(CallKind.INTENT, "inn", put_right(intent, slot("table", "7"))), **changes)


def test_the_undo_is_called_with_what_was_done_as_far_as_it_has_slots_for_it() -> None:
    found = undo(skill_of(BOOK, GIVE_UP), call("Book"))
    assert found is not None
    assert found.undoes
    assert found.hypothesis == Hypothesis("inn", "GiveUp", (slot("table", "six"),), confidence=1.0)


def test_there_is_none_without_what_it_requires() -> None:
    skill = skill_of(BOOK, GIVE_UP)
    assert undo_reading(skill, skill.languages[0], "Book", (slot("day", "monday"),)) is None


def test_a_request_of_its_own_takes_nothing_back() -> None:
    plain = Call(CallKind.INTENT, "inn", Hypothesis("inn", "Book", (slot("table", "7"),)))
    assert undo(skill_of(BOOK, GIVE_UP), plain) is None


def test_a_no_takes_nothing_back() -> None:
    assert undo(skill_of(BOOK, GIVE_UP), call("Book", denied=True)) is None


def test_a_costly_undo_needs_a_yes_to_what_is_right() -> None:
    skill = skill_of(BOOK, replace(GIVE_UP, side_effects=True))
    assert undo(skill, call("Book")) is None
    assert undo(skill, call("Book", confirmed=True)) is not None


def test_what_is_asked_for_as_a_question_leaves_nothing() -> None:
    skill = skill_of(BOOK, LOOK, SEND)
    language = skill.languages[0]
    assert leaves_something(skill, language, "Book")
    assert not leaves_something(skill, language, "Look")
    assert leaves_something(skill, language, "Send")


def test_a_skill_may_say_that_there_is_nothing_to_take_back() -> None:
    skill = skill_of(replace(BOOK, undo=""))
    assert not leaves_something(skill, skill.languages[0], "Book")


def test_a_reply_without_a_back_end_leaves_nothing_unless_it_is_costly() -> None:
    skill = skill_of(replace(BOOK, undo=None), SEND, kind=FulfilmentKind.REPLIES)
    assert not leaves_something(skill, skill.languages[0], "Book")
    assert leaves_something(skill, skill.languages[0], "Send")


def spoken(skill: Skill, told: Call, answer: Answer) -> str:
    reading = told.hypothesis
    assert reading is not None
    move = conclude(answer, told, act(reading), context(), skill)
    assert move.reply is not None
    return move.reply.speech


def test_that_both_are_done_is_told_where_nobody_knows_how_to_undo() -> None:
    skill = skill_of(replace(BOOK, undo=None))
    said = spoken(skill, call("Book"), Answer("It is booked."))
    assert said == "It is booked. What was done first is not taken back."


def test_it_is_not_told_where_the_back_end_has_undone_it() -> None:
    skill = skill_of(replace(BOOK, undo=None))
    assert spoken(skill, call("Book"), Answer("Changed.", corrected=True)) == "Changed."


def test_it_is_not_told_of_a_question() -> None:
    assert spoken(skill_of(LOOK), call("Look"), Answer("Two tables.")) == "Two tables."


def test_it_is_told_in_the_question_and_then_no_more() -> None:
    skill = skill_of(SEND)
    asked = respond(act(put_right("Send", slot("table", "7"))), context(), {"inn": skill})
    assert asked.reply is not None
    assert asked.reply.speech == "What was done first is not taken back. Send 7?"
    assert spoken(skill, call("Send", confirmed=True), Answer("Sent.")) == "Sent."


def test_what_was_put_right_is_what_may_be_put_right_next() -> None:
    skill = skill_of(BOOK, GIVE_UP)
    reading = put_right("Book", slot("table", "7"))
    told = Call(CallKind.INTENT, "inn", reading)
    after = conclude(Answer("Booked."), told, act(reading), context(), skill).context
    assert after.done is not None
    assert after.done.corrects is None
