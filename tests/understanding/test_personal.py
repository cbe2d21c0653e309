"""What is known of a person moves the right skills, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sayso.types.people import Person, Use
from sayso.understanding.fusion import Floats
from sayso.understanding.personal import (
    PERSONAL,
    Candidates,
    Moment,
    Personal,
    personal_features,
    shipped_personal,
)

EVENING = datetime(2026, 5, 4, 20, tzinfo=UTC)
NOW = Moment(EVENING, "screen")
SKILLS = ("tides", "harbour", "chess", "owls")
SCORES = np.array([2.0, 1.0, 0.0, 0.0], np.float32)
# Tides and harbour are alike, the others like nothing.
VECTORS = np.array([[1, 0, 0], [0.8, 0.6, 0], [0, 0, 1], [0, 0, 0]], np.float32)
FOUND = Candidates(SKILLS, SCORES, VECTORS)


def figures(
    person: Person, moment: Moment = NOW, common: Mapping[str, float] | None = None
) -> dict[str, dict[str, float]]:
    table = personal_features(FOUND, person, moment, common)
    return {
        skill: dict(zip(PERSONAL, row.tolist(), strict=True))
        for skill, row in zip(SKILLS, table, strict=True)
    }


def best(person: Person, personal: Personal | None = None) -> str:
    personal = personal or shipped_personal()
    return SKILLS[int(personal.added(SCORES, personal_features(FOUND, person, NOW)).argmax())]


def used(count: int, *, days: float = 1, hour: int = 20, device: str = "screen") -> Use:
    return Use(count, EVENING - timedelta(days=days), {hour: count}, {device: count})


def test_of_whom_nothing_is_known_the_scores_stay_as_they_were() -> None:
    table = personal_features(FOUND, Person(), NOW)
    assert np.array_equal(shipped_personal().added(SCORES, table), SCORES)


def test_an_enabled_skill_passes_one_that_is_a_little_likelier() -> None:
    assert best(Person()) == "tides"
    assert best(Person(["harbour"])) == "harbour"


def test_who_wants_a_neutral_ranking_gets_that_of_anybody() -> None:
    person = Person(["harbour"], {"harbour": used(50)}, neutral=True)
    assert not personal_features(FOUND, person, NOW).any()
    assert best(person) == "tides"


def test_only_enabled_skills_have_the_flag() -> None:
    flags = {skill: row["enabled"] for skill, row in figures(Person(["chess"])).items()}
    assert flags == {"tides": 0, "harbour": 0, "chess": 1, "owls": 0}


def test_attention_goes_to_what_is_like_the_enabled_skills() -> None:
    seen = {skill: row["attention"] for skill, row in figures(Person(["tides"])).items()}
    assert seen["tides"] == pytest.approx(1.0)
    assert seen["harbour"] == pytest.approx(0.8)
    assert seen["chess"] == seen["owls"] == 0


def test_of_several_enabled_skills_attention_goes_to_the_likeliest() -> None:
    seen = figures(Person(["tides", "chess"]))
    assert seen["tides"]["attention"] > 0.8 > 0.2 > seen["chess"]["attention"] > 0


def test_a_skill_that_does_not_fit_is_hardly_attended_to() -> None:
    far = Candidates(SKILLS, np.array([20, 0, 0, 0], np.float32), VECTORS)
    table = personal_features(far, Person(["chess"]), NOW)
    assert table[2, PERSONAL.index("attention")] == pytest.approx(1.0)
    assert table[2, PERSONAL.index("attended")] < 0.001


def test_what_is_used_more_than_other_skills_is_likelier() -> None:
    seen = figures(Person(["tides", "chess"], {"chess": used(20)}))
    assert seen["chess"]["uses"] > 0 > seen["tides"]["uses"]
    assert seen["owls"]["uses"] == 0


def test_a_person_without_habits_has_those_of_everybody() -> None:
    everybody = {"chess": 90.0, "tides": 10.0}
    assert figures(Person(["tides", "chess"]))["chess"]["uses"] == 0
    seen = figures(Person(["tides", "chess"]), common=everybody)
    assert seen["chess"]["uses"] > 0 > seen["tides"]["uses"]


def test_habits_of_ones_own_outweigh_those_of_everybody() -> None:
    person = Person(["tides", "chess"], {"tides": used(40)})
    seen = figures(person, common={"chess": 90.0, "tides": 10.0})
    assert seen["tides"]["uses"] > seen["chess"]["uses"]


def test_a_skill_used_at_this_hour_and_on_this_device_is_likelier() -> None:
    uses = {"tides": used(9, hour=8, device="phone"), "chess": used(9, hour=21)}
    seen = figures(Person(["tides", "chess"], uses))
    assert seen["chess"]["hour"] > 0 > seen["tides"]["hour"]
    assert seen["chess"]["device"] > 0 > seen["tides"]["device"]


def test_an_hour_or_device_that_is_not_known_says_nothing() -> None:
    uses = {"tides": used(9, hour=8, device="phone"), "chess": used(9, hour=21)}
    seen = figures(Person(["tides", "chess"], uses), Moment())
    assert all(row["hour"] == row["device"] == 0 for row in seen.values())


def test_midnight_is_near_to_eleven() -> None:
    late = Moment(EVENING.replace(hour=0), "screen")
    uses = {"tides": used(9, hour=23), "chess": used(9, hour=12)}
    seen = figures(Person(["tides", "chess"], uses), late)
    assert seen["tides"]["hour"] > seen["chess"]["hour"]


def test_what_was_used_today_is_more_recent_than_what_was_used_last_week() -> None:
    uses = {"tides": used(1, days=7), "chess": used(1, days=0)}
    seen = figures(Person((), uses))
    assert seen["chess"]["recency"] > seen["tides"]["recency"] > seen["owls"]["recency"] == 0


def test_skills_that_are_gone_leave_no_trace() -> None:
    gone = Person(["lost", "tides"], {"lost": used(99)})
    assert figures(gone) == figures(Person(["tides"]))


@pytest.mark.parametrize("name", ["flags", "attention", "habits"])
def test_each_kind_of_knowledge_can_be_switched_off(name: str) -> None:
    ones = np.ones((len(SKILLS), len(PERSONAL)), np.float32)
    weights = dict.fromkeys(PERSONAL, 1.0)
    on, off = Personal(weights), Personal.from_json({"weights": weights, name: False})
    less = (on.added(SCORES, ones) - off.added(SCORES, ones)).round().tolist()
    assert less == [{"flags": 2, "attention": 2, "habits": 4}[name]] * len(SKILLS)


def test_contributions_are_all_that_is_added() -> None:
    table: Floats = personal_features(FOUND, Person(["chess"], {"chess": used(3)}), NOW)
    personal = shipped_personal()
    more = personal.added(SCORES, table) - SCORES
    assert sum(personal.contributions(table[2]).values()) == pytest.approx(more[2], abs=1e-4)


def test_weights_survive_json() -> None:
    personal = Personal({"enabled": 2.5}, habits=False)
    assert Personal.from_json(personal.to_json()) == personal
