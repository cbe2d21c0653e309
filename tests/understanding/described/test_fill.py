"""An engine that is given a skill of descriptions finds its slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sayso.encoders.encoder import Encoder
from sayso.runtime.engine import Engine
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Hypothesis, Utterance
from sayso.types.skills import Skill
from sayso.understanding.described.fill import fill
from sayso.understanding.heard import hear
from tests.understanding.described.lessons import HIRE, LANGUAGE

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BOATS = Skill("boats", "Boats", "Boats for hire on lakes", (LANGUAGE,))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def slots_of(encoder: Encoder, skill: Skill, text: str) -> Mapping[str, str]:
    engine = Engine([], encoder=encoder)
    engine.add(skill)
    turn = engine.turn(Utterance(text, text), Context("c", NOW))
    best = turn.decision.hypotheses[0]
    return {slot.name: slot.normalised or slot.value for slot in best.slots}


def test_slots_that_stand_in_no_sample_are_found(encoder: Encoder) -> None:
    found = slots_of(encoder, BOATS, "hire a boat with four seats on March 3rd")
    assert found == {"hire_date": "2027-03-03", "number_of_seats": "4"}


def test_without_descriptions_they_are_not(encoder: Encoder) -> None:
    plain = [replace(slot, description="") for slot in HIRE.slots]
    language = replace(LANGUAGE, intents=(replace(HIRE, slots=tuple(plain)),))
    skill = replace(BOATS, languages=(language,))
    assert slots_of(encoder, skill, "hire a boat with four seats on March 3rd") == {}


def test_words_that_are_no_date_fill_no_date(encoder: Encoder) -> None:
    assert "hire_date" not in slots_of(encoder, BOATS, "hire a boat on whatever day it was")


def test_the_only_day_fills_the_only_slot_that_takes_one(encoder: Encoder) -> None:
    found = slots_of(encoder, BOATS, "hire a boat, and I think it should be on friday")
    assert found["hire_date"] == "2026-11-27"  # it is Friday: the next one


def test_a_place_in_a_row_is_no_second_day(encoder: Encoder) -> None:
    found = slots_of(encoder, BOATS, "hire a boat for the third race tomorrow")
    assert found["hire_date"] == "2026-11-21"


def test_now_alone_is_no_day(encoder: Encoder) -> None:
    assert slots_of(encoder, BOATS, "hire a boat, that's all for now") == {}


def test_an_answer_is_for_the_slot_that_was_asked_for(encoder: Encoder) -> None:
    engine = Engine([], encoder=encoder)
    engine.add(BOATS)
    held = engine.view("en-US").installed["boats"]
    pending = Hypothesis("boats", "HireBoat")
    context = Context("c", NOW, active="boats", awaiting=Awaiting(Asked.SLOT, pending, "lake_name"))
    heard = hear("Lake Garda please", encoder)
    (tag,) = fill(heard, held, "HireBoat", (), context).tags
    assert (tag.name, heard.utterance.text[tag.start : tag.end]) == ("lake_name", "Lake Garda")


def test_less_will_do_for_what_was_asked_for(encoder: Encoder) -> None:
    engine = Engine([], encoder=encoder)
    engine.add(BOATS)
    held = engine.view("en-US").installed["boats"]
    pending = Hypothesis("boats", "HireBoat")
    asked = Context("c", NOW, active="boats", awaiting=Awaiting(Asked.SLOT, pending, "lake_name"))
    heard = hear("I think Como", encoder)
    found = fill(heard, held, "HireBoat", (), asked).tags
    assert [heard.utterance.text[tag.start : tag.end] for tag in found] == ["Como"]
    assert list(fill(heard, held, "HireBoat", (), Context("c", NOW)).tags) == []
