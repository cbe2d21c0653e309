"""What a request lacks, which value is right, and how carrying is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from benchmarks.carry_over import always, figures, policies
from benchmarks.carrying.requests import Want, kind_of, wants
from benchmarks.sgd.reading import (
    Act,
    Dialogue,
    IntentSchema,
    Service,
    ServiceCall,
    SlotSchema,
    Span,
    State,
    Turn,
)

from sayso.dialogue.carrying.weigh import share_of_words

FOOD = Service(
    "Food",
    "Finds places to eat",
    (
        SlotSchema("city", "City of the place"),
        SlotSchema("party_size", "How many come", True, ("1", "2", "3")),
        SlotSchema("when_date", "Day of the meal"),
        SlotSchema("place_name", "Name of the place"),
    ),
    (
        IntentSchema("Find", "Find a place", False, ("city",), {}),
        IntentSchema("Book", "Book a table", True, ("city", "place_name"), {"party_size": "1"}),
    ),
)
CAB = Service(
    "Cab",
    "Calls cabs",
    (SlotSchema("to_city", "Town to go to"), SlotSchema("riders", "Riders", True, ("1", "2"))),
    (IntentSchema("Ride", "Get a cab", True, ("to_city", "riders"), {}),),
)
SERVICES: Mapping[str, Service] = {"Food": FOOD, "Cab": CAB}


def user(number: int, text: str, *acts: Act, **states: State) -> Turn:
    spans = tuple(
        Span(act.service, act.slot, text.index(value), text.index(value) + len(value), value)
        for act in acts
        for value in act.values
        if act.act == "INFORM" and act.slot and value in text
    )
    return Turn(number, True, text, acts, spans, states)


def system(number: int, *acts: Act, calls: tuple[ServiceCall, ...] = ()) -> Turn:
    return Turn(number, False, "well", acts, (), {}, calls)


def state(intent: str, **values: str) -> State:
    return State(intent, (), {slot: (value,) for slot, value in values.items()})


ROME = Act("Food", "INFORM", "city", ("Rome",))
FIND = user(0, "eat in Rome", ROME, Act("Food", "INFORM_INTENT", "intent", ("Find",)),
            Food=state("Find", city="Rome"))  # fmt: skip
FOUND = system(
    1,
    Act("Food", "OFFER", "place_name", ("Casa",)),
    calls=(ServiceCall("Food", "Find", {"city": "Rome"}),),
)
BOOK = user(2, "book it for two", Act("Food", "INFORM", "party_size", ("2",)),
            Food=state("Book", city="Rome", place_name="Casa", party_size="2"))  # fmt: skip
BOOKED = system(3, calls=(ServiceCall("Food", "Book", {}),))
RIDE = user(4, "a cab to get there", Act("Cab", "INFORM_INTENT", "intent", ("Ride",)),
            Cab=state("Ride"))  # fmt: skip
ASKED = system(5, Act("Cab", "REQUEST", "to_city", ("Rome",)))
AGREED = user(6, "yes", Act("Cab", "AFFIRM"), Cab=state("Ride", to_city="Rome", riders="2"))


def lacking(*turns: Turn) -> dict[tuple[str, str], Want]:
    dialogue = Dialogue("d", ("Food", "Cab"), turns)
    return {(x.wanted.intent, x.wanted.name): x for x in wants(dialogue, SERVICES)}


ALL = lacking(FIND, FOUND, BOOK, BOOKED, RIDE, ASKED, AGREED)


def right(want: Want) -> set[tuple[str, str]]:
    return {(want.offers[x].spoken.skill, want.offers[x].spoken.value.value) for x in want.right}


def test_what_is_said_or_was_just_offered_is_not_lacking() -> None:
    assert {*ALL} == {("Book", "city"), ("Ride", "to_city"), ("Ride", "riders")}


def test_a_value_of_an_earlier_request_is_right_within_a_service() -> None:
    assert right(ALL["Book", "city"]) == {("Food", "Rome")}
    assert ALL["Book", "city"].turn == 1


def test_a_value_that_is_proposed_later_and_agreed_to_is_right_across_services() -> None:
    assert right(ALL["Ride", "to_city"]) == {("Food", "Rome")}
    assert ALL["Ride", "to_city"].wanted.is_pointed_at
    assert right(ALL["Ride", "riders"]) == {("Food", "2")}


def test_a_request_that_comes_to_hold_something_else_has_no_right_value() -> None:
    other = user(6, "no, Bari", Act("Cab", "INFORM", "to_city", ("Bari",)), Cab=state("Ride", to_city="Bari"))  # fmt: skip # noqa: E501
    found = lacking(FIND, FOUND, BOOK, BOOKED, RIDE, ASKED, other)
    assert found["Ride", "to_city"].offers
    assert right(found["Ride", "to_city"]) == set()
    assert right(found["Ride", "riders"]) == set()


def test_a_catalogue_offers_only_what_it_has() -> None:
    three = user(2, "book it for three", Act("Food", "INFORM", "party_size", ("3",)),
                 Food=state("Book", city="Rome", place_name="Casa", party_size="3"))  # fmt: skip
    assert lacking(FIND, FOUND, three, BOOKED, RIDE, ASKED, AGREED)["Ride", "riders"].offers == []


@pytest.mark.parametrize(
    ("slot", "kind"),
    [("city", "AMAZON.City"), ("when_date", "AMAZON.DATE"), ("party_size", "AMAZON.NUMBER")],
)
def test_a_slot_has_the_type_that_its_schema_tells(slot: str, kind: str) -> None:
    assert kind_of(FOOD, slot) == kind


def rows(policy: Any) -> dict[str, float]:
    return figures([*ALL.values()], policy, {"Food"})["all"]


def test_never_misses_everything_and_always_takes_the_same_name_or_type() -> None:
    never = policies(share_of_words)["never"]
    assert (rows(never)["f1"], rows(never)["false"], rows(never)["missed"]) == (0.0, 0, 3)
    assert rows(always)["hits"] == 3


def test_a_wrong_value_is_false_and_the_right_one_missed() -> None:
    want = ALL["Ride", "to_city"]
    wrong = next(x for x in range(len(want.offers)) if x not in want.right)
    found = figures([want], lambda _: wrong, {"Food"})
    assert (found["all"]["false"], found["all"]["missed"]) == (1, 1)
    assert {*found} >= {"across", "across 1 turns", "across 2 turns", "unseen services"}


def test_what_is_served_takes_what_words_point_back_to() -> None:
    served = policies(share_of_words)["served"]
    place = served(ALL["Ride", "to_city"])
    assert place in ALL["Ride", "to_city"].right
    assert served(ALL["Ride", "riders"]) is None, "nothing in the text points to a number"
