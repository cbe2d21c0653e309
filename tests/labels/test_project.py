"""What a log gives, taken together."""

from __future__ import annotations

from dataclasses import replace

from sayso.labels import project
from sayso.labels.votes import LEAST_PEOPLE
from sayso.settings import Settings
from sayso.types.turns import Interaction, Trace
from tests.labels.turns import turn

NO = "Sorry, I don't know that one."
NAMES = {"quiz": ["lemon quiz"]}


def of_version(each: Interaction, version: str) -> Interaction:
    return replace(each, reply=replace(each.reply, trace=Trace(versions={"skill": version})))


def test_what_most_were_refused_is_no_label_for_the_skill_as_well() -> None:
    served = [turn("start a round", user=f"served-{n}", named=True) for n in range(3)]
    refused = [turn("start a round", user=f"refused-{n}", speech=NO) for n in range(5)]
    assert [x.weight > 0 for x in project(served, NAMES)] == [True]
    assert [x.weight > 0 for x in project([*served, *refused], NAMES)] == [False]


def test_what_another_version_turned_down_says_nothing() -> None:
    old = [of_version(turn("price of gold", user=x, speech=NO), "aa") for x in "abc"]
    assert project(old, NAMES, {"quiz": "bb"}) == []
    assert len(project(old, NAMES, {"quiz": "aa"})) == 1


def test_how_many_people_it_takes_can_be_chosen() -> None:
    turns = [turn("start a round", user=x, named=True) for x in "abc"]
    assert len(project(turns, NAMES)) == 1
    assert project(turns, NAMES, least_people=4) == []


def test_the_settings_ask_for_as_many_people_as_the_room_does() -> None:
    assert Settings().learning.people == LEAST_PEOPLE
