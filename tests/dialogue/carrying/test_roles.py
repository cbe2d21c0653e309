"""What a slot's value is, by its type and name, and how far it goes."""

from __future__ import annotations

import pytest

from sayso.dialogue.carrying.roles import Role, Way, is_guarded, mode_of, parts, role_of, way_of
from sayso.types.skills import Carry, Intent, Slot


@pytest.mark.parametrize(
    ("name", "kind", "role"),
    [
        ("city", "CITY", Role.PLACE),
        ("where", "AMAZON.City", Role.PLACE),
        ("check_in_date", "WORDS", Role.WHEN),
        ("day", "AMAZON.DATE", Role.WHEN),
        ("x", "AMAZON.TIME", Role.WHEN),
        ("recipient", "FRIEND", Role.PERSON),
        ("name", "AMAZON.FirstName", Role.PERSON),
        ("door", "DOOR", Role.LOCK),
        ("pinCode", "AMAZON.FOUR_DIGIT_NUMBER", Role.AMOUNT),
        ("account", "ACCOUNT", Role.MONEY),
        ("price", "AMAZON.NUMBER", Role.MONEY),
        ("days", "AMAZON.NUMBER", Role.AMOUNT),
        ("people", "AMAZON.NUMBER", Role.AMOUNT),
        ("color", "COLOR", Role.THING),
    ],
)
def test_a_role_is_told_by_type_and_name(name: str, kind: str, role: Role) -> None:
    assert role_of(name, kind) is role


def test_a_movement_has_a_start_and_a_goal() -> None:
    assert way_of("from_location") is way_of("originCity") is Way.START
    assert way_of("to_city") is way_of("destination") is Way.GOAL
    assert way_of("city") is Way.NEITHER


def test_a_name_is_taken_apart() -> None:
    assert parts("check_in_date") == parts("CheckInDate") == ("check", "in", "date")
    assert parts("GPSPosition2") == ("gps", "position", "2")


COSTLY, CHEAP = Intent("Do", side_effects=True), Intent("Do")


@pytest.mark.parametrize(
    ("slot", "intent", "mode"),
    [
        (Slot("city", "CITY"), CHEAP, Carry.ALWAYS),
        (Slot("city", "CITY"), COSTLY, Carry.ONCE),
        (Slot("contact", "NAME"), CHEAP, Carry.ONCE),
        (Slot("door", "DOOR"), CHEAP, Carry.ONCE),
        (Slot("account", "WORDS"), CHEAP, Carry.ONCE),
        (Slot("contact", "NAME", carry=Carry.ALWAYS), COSTLY, Carry.ALWAYS),
        (Slot("city", "CITY", carry=Carry.NEVER), CHEAP, Carry.NEVER),
    ],
)
def test_people_money_locks_and_what_is_costly_go_no_further_than_one_turn(
    slot: Slot, intent: Intent, mode: Carry
) -> None:
    assert mode_of(slot, intent) is mode


def test_a_slot_is_guarded_by_what_it_holds_unless_its_skill_says_otherwise() -> None:
    assert is_guarded(Slot("recipient", "NAME"))
    assert is_guarded(Slot("city", "CITY", carry=Carry.ONCE))
    assert not is_guarded(Slot("city", "CITY"))
    assert not is_guarded(Slot("recipient", "NAME", carry=Carry.ALWAYS))
