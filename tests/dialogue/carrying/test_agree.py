"""A carried value of a costly intent is agreed to before it is used."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.carrying.agree import agreement
from sayso.dialogue.questions import next_question
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent, Slot
from tests.dialogue.nouns import context

PERSON = Slot("person", "FRIEND", required=True, ask=("Whom?",))
RING = Intent("Ring", slots=(PERSON,), side_effects=True)
INES = SlotValue("person", "FRIEND", "ines", normalised="Ines Vale")
CARRIED = Hypothesis("phone", "Ring", (INES,), carried={"person": "said before"})


def test_who_is_carried_to_a_costly_intent_is_asked_about() -> None:
    question = next_question(RING, CARRIED, context(), confirmed=False)
    assert question is not None
    assert question.speech == "Did you mean Ines Vale?"
    assert question.awaiting.slot == "person"
    agreed = replace(question.awaiting, agreed=("person",))
    assert next_question(RING, CARRIED, context(), confirmed=False, before=agreed) is None


def test_a_yes_to_the_whole_says_it_all() -> None:
    whole = replace(RING, confirm=("Ring {person}?",))
    assert agreement(whole, PERSON, CARRIED, "en-US") == ()
    vague = replace(RING, confirm=("Shall I really ring?",))
    assert agreement(vague, PERSON, CARRIED, "en-US") == ("Did you mean Ines Vale?",)


def test_what_is_said_now_or_costs_nothing_is_not_asked_about() -> None:
    said = replace(CARRIED, slots=(replace(INES, start=5, end=9),))
    assert agreement(RING, PERSON, said, "en-US") == ()
    assert agreement(RING, PERSON, replace(CARRIED, carried={}), "en-US") == ()
    assert agreement(replace(RING, side_effects=False), PERSON, CARRIED, "en-US") == ()


def test_the_skills_own_question_goes_first() -> None:
    own = replace(PERSON, confirm=("{person}, right?",))
    assert agreement(RING, own, CARRIED, "en-US") == ("{person}, right?",)
