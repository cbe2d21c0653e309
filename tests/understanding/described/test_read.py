"""What the package has learnt reads a service that no dialogue was ever about."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sayso.encoders.encoder import Encoder
from sayso.errors import BundleError
from sayso.understanding.described.past import Known, Named, Offer, Past
from sayso.understanding.described.read import Read, load, reader_for, shipped
from sayso.understanding.described.slots import DescribedSkill, describe
from sayso.understanding.heard import hear
from tests.understanding.described.lessons import LANGUAGE


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def boats(encoder: Encoder) -> DescribedSkill:
    return describe(LANGUAGE, encoder)


def read(encoder: Encoder, boats: DescribedSkill, text: str, past: Past | None = None) -> Read:
    return shipped().read(hear(text, encoder), boats, past or Past())


def values(one: Read) -> Mapping[str, str]:
    return {slot: found.value for slot, found in one.found.items()}


def test_values_are_read_from_the_words(encoder: Encoder, boats: DescribedSkill) -> None:
    one = read(encoder, boats, "I want to hire a boat with 4 seats on March 3rd")
    assert one.intent == "HireBoat"
    assert values(one) == {"number_of_seats": "4", "hire_date": "March 3rd"}


def test_the_answer_to_a_question_is_for_the_slot_that_was_asked_for(
    encoder: Encoder, boats: DescribedSkill
) -> None:
    past = Past("FindBoats", asked=("lake_name",), did=("REQUEST",), fresh=False)
    one = read(encoder, boats, "Lake Garda, please", past)
    assert values(one) == {"lake_name": "Lake Garda"}


def test_a_yes_takes_what_was_offered(encoder: Encoder, boats: DescribedSkill) -> None:
    named = {"lake_name": "Lake Como", "hire_date": "today"}
    offers = [Offer(slot, value, Named.CONFIRM) for slot, value in named.items()]
    past = Past("HireBoat", offers=offers, did=("CONFIRM",), fresh=False)
    assert values(read(encoder, boats, "Yes, that's right.", past)) == named
    assert values(read(encoder, boats, "No, that's wrong.", past)) == {}


def test_a_yes_answers_a_question_of_yes_or_no(encoder: Encoder, boats: DescribedSkill) -> None:
    past = Past("HireBoat", asked=("has_motor",), did=("REQUEST",), fresh=False)
    assert values(read(encoder, boats, "Yes, please", past)) == {"has_motor": "True"}


def test_small_talk_changes_nothing(encoder: Encoder, boats: DescribedSkill) -> None:
    past = Past("HireBoat", {"lake_name": "Lake Como"}, did=("NOTIFY_SUCCESS",), fresh=False)
    assert values(read(encoder, boats, "Thank you very much!", past)) == {}


def test_what_was_learnt_comes_back_out_of_its_file() -> None:
    again = load(shipped().to_bytes())
    assert again.to_bytes() == shipped().to_bytes()
    assert len(again.to_bytes()) < 1_000_000


def test_a_damaged_file_says_what_to_do() -> None:
    with pytest.raises(BundleError, match="make_described"):
        load(shipped().to_bytes()[:1000])


def test_vectors_of_another_encoder_are_not_read(encoder: Encoder) -> None:
    assert reader_for(encoder) is shipped()
    assert reader_for(None) is None
    assert reader_for(object()) is None


def test_a_value_of_another_skill_is_carried_to_a_slot_of_its_kind(
    encoder: Encoder, boats: DescribedSkill
) -> None:
    lake = boats.slots[boats.places["lake_name"]]
    day = boats.slots[boats.places["hire_date"]]
    past = Past(known=[Known(lake, "Lake Como", "cabins"), Known(day, "today", "cabins")])
    found = values(read(encoder, boats, "Find me a boat there, please", past))
    assert found.get("lake_name") == "Lake Como"
