"""What a skill says of its dialogue: prompts, rules and reprompts that will not come out right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.evaluation.collisions.nouns import Collision, Kind, Severity
from sayso.types.skills import (
    Check,
    Fulfilment,
    FulfilmentKind,
    Intent,
    Language,
    Rule,
    Skill,
    Slot,
    SlotType,
    TypeValue,
)
from tests.evaluation.colliding import found

SIZES = SlotType("SIZE", (TypeValue("small"), TypeValue("large")))
SIZE = Slot("size", "SIZE", required=True, ask=("Small or large?",))
ORDER = Intent("Order", ("a pizza please", "a {size} pizza", "bring me a {size} one"), (SIZE,))


def told(
    slot: Slot = SIZE, intent: Intent = ORDER, by: FulfilmentKind = FulfilmentKind.REPLIES
) -> list[Collision]:
    language = Language("en-US", "pizza", intents=(replace(intent, slots=(slot,)),), types=(SIZES,))
    skill = Skill("pizza", "Pizza", languages=(language,), fulfilment=Fulfilment(by))
    return [*found(skill)]


def test_a_skill_whose_prompts_fit_is_not_told_of() -> None:
    assert told() == []
    assert told(replace(SIZE, confirm=("A {size} one?",), reprompt=("What size?",))) == []


@pytest.mark.parametrize(
    "slot",
    [
        replace(SIZE, ask=("Which {sise}?",)),
        replace(SIZE, confirm=("A {sise} one?",)),
        replace(SIZE, reprompt=("Is {sise} right?",)),
        replace(SIZE, valid=(Rule(Check.KNOWN, say=("There is no {sise} one.",)),)),
    ],
)
def test_braces_in_a_prompt_around_what_is_no_slot(slot: Slot) -> None:
    (one,) = told(slot)
    assert (one.kind, one.severity) == (Kind.PROMPT, Severity.WARNING)
    assert one.said == "{sise} in a prompt is no slot of Order"


def test_braces_in_the_question_whether_it_shall_be_done() -> None:
    (one,) = told(intent=replace(ORDER, confirm=("Shall I order {what}?",)))
    assert one.said.startswith("{what}")


def test_a_type_without_values_knows_all_words() -> None:
    known = (Rule(Check.KNOWN),)
    (one,) = told(replace(SIZE, type="AMAZON.SearchQuery", valid=known))
    assert (one.kind, one.severity) == (Kind.KNOWN, Severity.WARNING)
    assert told(replace(SIZE, valid=known)) == []


def test_a_reprompt_of_a_slot_that_nothing_asks_for() -> None:
    loose = replace(SIZE, required=False, reprompt=("What size?",))
    (one,) = told(loose)
    assert (one.kind, one.severity) == (Kind.UNSAID, Severity.WARNING)
    assert told(loose, by=FulfilmentKind.ALEXA)[0].severity is Severity.NOTE
    assert told(replace(loose, valid=(Rule(Check.KNOWN),))) == []


def test_a_required_slot_that_every_sample_names_is_noted() -> None:
    always = replace(ORDER, samples=("a {size} pizza", "bring me a {size} one", "{size} please"))
    (one,) = told(intent=always)
    assert (one.kind, one.severity) == (Kind.WHOLE, Severity.NOTE)
    assert "{size}" in one.advice
