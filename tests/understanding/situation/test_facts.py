"""What a context holds besides the words becomes a few short facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sayso.types.context import Asked, Awaiting, Context, Device, Happening
from sayso.types.readings import Hypothesis
from sayso.understanding.situation import NOTHING, look_around
from sayso.understanding.situation.facts import MOST_REPORTS, Fact

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
PLAIN = Context("c", NOW)


def facts(device: Device | None = None, *happened: Happening) -> list[Fact]:
    context = replace(PLAIN, device=device or Device(), happened=happened)
    return list(look_around(context, None).facts)


def test_words_alone_are_no_situation() -> None:
    assert look_around(PLAIN, None) is NOTHING


def test_each_signal_gives_its_facts() -> None:
    device = Device("d", "car", {"oven": "on"}, ("screen", "camera"), "garage")
    assert [(fact.signal, fact.clause) for fact in facts(device)] == [
        ("state", "the oven is on"),
        ("capabilities", "the device has a screen"),
        ("capabilities", "the device has a camera"),
        ("type", "this is a car"),
        ("place", "this is the garage"),
    ]


def test_a_device_that_names_what_it_has_lacks_the_rest() -> None:
    assert facts(Device(capabilities=None)) == []
    clauses = [fact.clause for fact in facts(Device(capabilities=()))]
    assert clauses == ["the device has no screen", "the device has no camera"]


def test_of_many_reports_those_that_say_on_or_off_are_kept() -> None:
    numbers = {f"meter {'abcdefgh'[n % 8]}{'xyz'[n % 3]}": n for n in range(40)}
    found = facts(Device(state={**numbers, "oven": "on"}))
    assert len(found) == MOST_REPORTS
    assert found[0].clause == "the oven is on"


@pytest.mark.parametrize(("minutes", "weight"), [(0, 1.0), (10, 0.5), (20, 0.25)])
def test_what_happened_fades(minutes: int, weight: float) -> None:
    [fact] = facts(None, Happening("the bell rang", at=NOW - timedelta(minutes=minutes)))
    assert fact.signal == "events"
    assert fact.weight == pytest.approx(weight)


def test_what_happened_long_ago_is_forgotten() -> None:
    assert facts(None, Happening("the bell rang", at=NOW - timedelta(hours=1))) == []


def test_a_clock_that_went_back_does_no_harm() -> None:
    [fact] = facts(None, Happening("the bell rang", at=NOW + timedelta(hours=1)))
    assert fact.weight == 1.0


def test_that_a_skill_has_asked_something_is_no_use_of_it() -> None:
    used = Happening(skill="music", used=True), Happening(skill="lights", used=True)
    question = Awaiting(Asked.SLOT, Hypothesis("music", "Play"), "song")
    context = replace(PLAIN, happened=used, awaiting=question)
    assert [fact.skill for fact in look_around(context, None).facts] == ["lights"]
    rang = replace(context, happened=(Happening(skill="music"),))
    assert [fact.skill for fact in look_around(rang, None).facts] == ["music"]


def test_a_skill_that_rang_and_one_that_was_used_are_told_apart() -> None:
    rang, used = facts(None, Happening(skill="alarm-clock"), Happening(skill="music", used=True))
    assert (rang.signal, rang.clause) == ("events", "alarm clock has just rung")
    assert (used.signal, used.clause) == ("used", "it was used a moment ago")


def test_a_happening_without_words_and_skill_says_nothing() -> None:
    assert facts(None, Happening()) == []
