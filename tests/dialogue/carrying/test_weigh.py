"""How probably a value is meant, and what asks for it at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.dialogue.carrying.roles import Role
from sayso.dialogue.carrying.weigh import (
    FIGURES,
    LINE,
    Offer,
    Wanted,
    Weights,
    best,
    figures,
    share_of_words,
    shipped_weights,
    warrant,
)
from sayso.types.context import Spoken
from sayso.types.readings import SlotValue
from sayso.types.skills import Carry
from tests.dialogue.nouns import NOW


def spoken(
    skill: str, name: str, kind: str, *, turn: int = 1, mode: Carry = Carry.ALWAYS
) -> Spoken:
    value = SlotValue(name, kind, "Rome", normalised="Rome")
    return Spoken(skill, "Look", value, mode, "ana", turn, NOW)


CITY = Wanted("beds", "Find", "town", "CITY", required=True)
THERE = Wanted("beds", "Find", "town", "CITY", pointed=frozenset({Role.PLACE}))


def likely(offer: Offer, wanted: Wanted, turn: int = 2) -> float:
    return shipped_weights().probability(offer, wanted, turn, share_of_words)


def test_the_shipped_weights_know_the_figures_and_no_others() -> None:
    weights = shipped_weights()
    for table in (weights.within, weights.across):
        assert {*table} <= {"bias", *FIGURES}
    assert Weights.from_json(weights.to_json()) == weights
    assert {*figures(Offer(spoken("sky", "city", "CITY")), CITY, 2, share_of_words)} == {*FIGURES}


def test_a_city_is_likely_for_a_city_and_not_for_a_day() -> None:
    rome = Offer(spoken("sky", "city", "CITY"), holds=True)
    day = Wanted("beds", "Find", "date", "AMAZON.DATE")
    assert likely(rome, CITY) > LINE > likely(Offer(spoken("sky", "city", "CITY")), day)


def test_the_same_slot_of_the_skill_itself_is_the_likeliest() -> None:
    mine = Offer(spoken("beds", "town", "CITY"), holds=True)
    assert likely(mine, CITY) > likely(Offer(spoken("sky", "city", "CITY"), holds=True), CITY)


def test_who_went_somewhere_is_there_and_not_where_they_started() -> None:
    goal = Offer(spoken("rail", "to_city", "STOP"), holds=True)
    start = Offer(spoken("rail", "from_city", "STOP"), holds=True)
    assert likely(goal, THERE) > LINE
    assert likely(goal, THERE) > likely(start, THERE)


def test_the_nearer_of_two_is_likelier() -> None:
    near = Offer(spoken("sky", "city", "CITY", turn=4), holds=True)
    far = Offer(spoken("sky", "city", "CITY", turn=1), holds=True)
    assert likely(near, CITY, 5) > likely(far, CITY, 5)
    found = best([near, far], CITY, 5, share_of_words, shipped_weights())
    assert found is not None
    assert found[0] is near


def test_nothing_is_best_of_nothing() -> None:
    assert best([], CITY, 2, share_of_words, shipped_weights()) is None


def test_another_skill_is_given_only_what_words_point_back_to() -> None:
    rome = Offer(spoken("sky", "city", "CITY"), holds=True)
    assert not warrant(rome.spoken, CITY)
    assert "point back" in warrant(rome.spoken, THERE)


def test_a_skill_goes_on_from_what_it_was_told_before() -> None:
    found = Offer(spoken("beds", "town", "CITY"))
    book = Wanted("beds", "Book", "town", "CITY", required=True, agreed=True)
    assert warrant(found.spoken, book)
    assert not warrant(found.spoken, replace(book, agreed=False)), "nobody would notice"
    again = Wanted("beds", "Look", "town", "CITY", required=True, agreed=True)
    assert not warrant(found.spoken, again), "a new request of the same kind begins anew"
    assert not warrant(found.spoken, replace(book, required=False)), "it can do without"
    assert warrant(found.spoken, Wanted("beds", "Look", "town", "CITY", elliptical=True))


@pytest.mark.parametrize("mode", [Carry.ALWAYS, Carry.ONCE])
def test_people_are_carried_only_when_they_are_pointed_at(mode: Carry) -> None:
    ines = Offer(spoken("phone", "person", "FRIEND", mode=mode))
    ring = Wanted("phone", "Ring", "person", "FRIEND", required=True, guarded=True)
    assert not warrant(ines.spoken, ring)
    her = Wanted(
        "phone", "Ring", "person", "FRIEND", guarded=True, pointed=frozenset({Role.PERSON})
    )
    assert warrant(ines.spoken, her)


def test_it_may_be_a_lock_and_no_place_or_person() -> None:
    it = frozenset({Role.THING})
    assert Wanted("doors", "Lock", "door", "DOOR", pointed=it).is_pointed_at
    assert Wanted("light", "On", "lamp", "LAMP", pointed=it).is_pointed_at
    assert not Wanted("sky", "Look", "city", "CITY", pointed=it).is_pointed_at
    assert not Wanted("heat", "Up", "degrees", "AMAZON.NUMBER", pointed=it).is_pointed_at
    assert not Wanted("phone", "Ring", "person", "FRIEND", pointed=it).is_pointed_at


def test_names_are_alike_by_their_words_where_there_is_no_encoder() -> None:
    assert share_of_words("pickup_city", "city") == pytest.approx(0.5)
    assert share_of_words("city", "color") == 0.0
