"""What held-out readings teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sayso.routing.rank import DEFAULT_NONE, DEFAULT_WEIGHTS, FEATURES, WHICH, shipped
from sayso.training import calibrate as calibrating
from sayso.training.calibrate import (
    ORPHAN,
    Course,
    calibrate,
    choice,
    half_taught,
    held_out,
    orphans,
    unlisted,
)
from sayso.training.ranking import FITTED, Choice, fit
from sayso.types.readings import Hypothesis
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding import installing
from sayso.understanding.familiarity import TEMPERATURE
from sayso.understanding.heard import hear, hear_all
from sayso.understanding.lessons import about, lessons_of
from tests.understanding.fake_encoder import FakeEncoder

ENCODER = FakeEncoder()
STRANGERS = ("who wrote the odyssey", "book a flight to rome", "asdf jkl", "why is the sky blue")


def course(id: str, intents: Sequence[Intent], locale: str = "en-US") -> Course:
    rooms = SlotType("ROOM", (TypeValue("kitchen"), TypeValue("cellar")))
    language = Language(locale, intents=tuple(intents), types=(rooms,))
    skill = Skill(id, id.title(), languages=(language,))
    lessons = lessons_of(skill, language)
    texts = [*(lesson.text for lesson in lessons), *about(skill, language)]
    return Course(skill, language, lessons, hear_all(texts, ENCODER))


def courses(locale: str = "en-US") -> list[Course]:
    room = (Slot("room", "ROOM"),)
    return [
        course(
            "lights",
            (
                Intent("On", ("turn on the {room} light", "light the {room}", "shine"), room),
                Intent("Off", ("turn off the {room} light", "darken the {room}", "out"), room),
            ),
            locale,
        ),
        course(
            "jokes",
            (Intent("Joke", ("tell me a joke", "make me laugh", "say something funny")),),
            locale,
        ),
    ]


def test_a_home_gets_a_ranker_and_a_temperature_for_each_skill() -> None:
    told = courses()
    done: list[int] = []
    novel = [(hear(x.text, ENCODER), x) for each in told for x in unlisted(each)]
    found = calibrate(
        told, hear_all(STRANGERS, ENCODER), novel, engine="shared", done=lambda: done.append(1)
    )
    assert len(done) == 4
    assert set(found.temperatures) == {"lights", "jokes"}
    assert all(0 < temperature <= 3 for temperature in found.temperatures.values())
    assert set(found.ranker.weights) == set(FEATURES)
    assert found.ranker.which == WHICH
    for name in set(DEFAULT_WEIGHTS) - set(FITTED):
        assert found.ranker.weights[name] == DEFAULT_WEIGHTS[name]


def test_a_held_out_sample_is_no_known_sentence() -> None:
    told = courses()
    for fold in (0, 1):
        view = half_taught(told, hear_all(STRANGERS, ENCODER), fold, engine="shared")
        for one in held_out(told, [], [], fold, view):
            assert all(reading.features["known"] == 0.0 for reading in one.readings)


def test_a_lesson_whose_intent_nobody_reads_is_none_of_the_readings() -> None:
    told = courses()
    view = half_taught(told, hear_all(STRANGERS, ENCODER), 0, engine="shared")
    lesson = replace(told[0].lessons[0], intent="Unheard")
    found = choice(hear("shine", ENCODER), lesson, view)
    assert found.right == len(found.readings) > 0
    assert found.meant is None


def test_a_reading_is_stronger_for_what_was_taught_than_for_a_stranger() -> None:
    told = courses()
    view = half_taught(told, [], 0, engine="shared")
    taught, strange = (
        max(x.features["strength"] for x in choice(hear(text, ENCODER), None, view).readings)
        for text in ("tell me something funny", "why is the sky blue")
    )
    assert strange < taught <= 0.0


def test_for_a_stranger_none_of_the_readings_is_right() -> None:
    told = courses()
    view = half_taught(told, hear_all(STRANGERS, ENCODER), 0, engine="shared")
    found = choice(hear("who wrote the light", ENCODER), None, view)
    assert found.readings
    assert found.right == len(found.readings)


@pytest.mark.parametrize(("locale", "told_of_strangers"), [("en-GB", True), ("de-DE", False)])
def test_strangers_are_told_where_their_language_is_spoken(
    locale: str, told_of_strangers: bool
) -> None:
    view = half_taught(courses(locale), hear_all(STRANGERS, ENCODER), 0, engine="shared")
    for held in view.installed.values():
        assert (held.familiarity.acceptor is not None) == told_of_strangers
        assert held.familiarity.temperature == TEMPERATURE


def reading(skill: str, accept: float) -> Hypothesis:
    return Hypothesis(skill, "Do", features={**dict.fromkeys(FEATURES, 0.0), "accept": accept})


def test_a_feature_that_tells_right_from_wrong_gains_weight() -> None:
    right = [Choice([reading("a", 3.0), reading("b", -3.0)], 0)] * 50
    none = [Choice([reading("a", -3.0)], 1)] * 50
    told = fit([*right, *none])
    assert told.weights["accept"] > DEFAULT_WEIGHTS["accept"]
    against = fit([Choice([reading("a", 3.0)], 1)] * 50)
    assert against.weights["accept"] < DEFAULT_WEIGHTS["accept"]
    assert against.none > DEFAULT_NONE


def test_a_list_counts_as_much_as_its_weight() -> None:
    light, heavy = (fit([Choice([reading("a", 3.0)], 1, weight)] * 50) for weight in (0.1, 1.0))
    assert DEFAULT_NONE < light.none < heavy.none
    assert fit([Choice([reading("a", 3.0)], 1, 0.5)] * 2) == fit([Choice([reading("a", 3.0)], 1)])


def test_without_lists_the_shipped_weights_stay() -> None:
    assert fit([]) == shipped()


def test_readings_that_the_shipped_weights_order_wrongly_make_them_blunter() -> None:
    agree = fit([Choice([reading("a", 1.5), reading("b", -1.0)], 0)] * 50)
    doubt = fit([Choice([reading("a", 1.5), reading("b", -1.0)], 1)] * 50)
    assert doubt.sharpness < 1.0 < agree.sharpness
    assert doubt.which == agree.which == WHICH


def test_a_lesson_is_nobodys_in_a_home_without_its_skill() -> None:
    lists = [
        Choice([reading("a", 1.0), reading("b", 0.5), reading("a", 0.1)], 0),
        Choice([reading("a", 1.0)], 0),  # nobody else comes near
        Choice([reading("a", 1.0)], 1),  # a stranger's
    ]
    assert orphans(lists) == [Choice([reading("b", 0.5)], 1, ORPHAN)]


def test_of_a_very_large_course_some_samples_of_every_intent_take_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = (Slot("room", "ROOM"),)
    samples = [f"{{room}} light number {at}" for at in range(200)]
    large = course("lights", (Intent("On", samples, room), Intent("Off", samples[:50], room)))
    monkeypatch.setattr(calibrating, "MOST_TAUGHT", 100)
    seen: list[int] = []
    plain = installing.fit_heard

    def counted(*given: Any, **how: Any) -> Any:
        seen.append(len(given[2]))
        assert len(given[3]) > len(given[2])  # with what was said about the skill
        assert {x.intent for x in given[2]} >= {"On", "Off"}
        return plain(*given, **how)

    monkeypatch.setattr(calibrating, "fit_heard", counted)
    calibrate([large], hear_all(STRANGERS, ENCODER), [], engine="shared")
    assert len(seen) == 2
    assert sum(seen) <= 100
