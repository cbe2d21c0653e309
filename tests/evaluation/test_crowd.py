"""Made-up skills stay near real ones, and no two are the same."""

from __future__ import annotations

import pytest

from sayso.errors import EvaluationError
from sayso.evaluation.crowd import EXAMPLES, asked, crowd
from sayso.types.skills import Intent, Language, Skill


def skill(id: str, *samples: str, locale: str = "en-GB") -> Skill:
    intents = (Intent("Ask", samples),)
    told = f"All about {id}.\nMore of it.\nAnd the rest."
    return Skill(id, id.title(), languages=(Language(locale, id, told, intents=intents),))


OWLS = skill("owls", "where do owls nest", "how do owls sing to {place}", "what do owls eat")
TIDES = skill("tides", *(f"when is high water on day {n}" for n in range(9)))
NAMELESS = skill("nameless")


def test_the_skills_at_hand_come_first_and_others_are_made_of_them() -> None:
    made = list(crowd([OWLS, TIDES], 40, locale="en-US"))
    assert len(made) == 40
    assert [each.id for each in made[:2]] == ["owls", "tides"]
    assert len({each.id for each in made}) == 40
    assert {each.id.split(".")[0] for each in made[2:]} == {"owls", "tides"}
    assert all(each.locales == ("en-US",) for each in made)


def test_a_made_up_skill_has_its_number_of_samples_and_a_few_lines() -> None:
    for each in list(crowd([OWLS, TIDES], 30, locale="en-US"))[2:]:
        samples = each.languages[0].intents[0].samples
        assert len(samples) == EXAMPLES
        assert len(each.languages[0].description.splitlines()) == 2


def test_slots_stay_where_they_are() -> None:
    made = list(crowd([OWLS], 30, locale="en-US"))
    texts = [x for each in made for x in each.languages[0].intents[0].samples if "{" in x]
    assert texts
    assert all(text.endswith("{place}") for text in texts)


def test_a_skill_without_samples_is_no_pattern_for_others() -> None:
    made = list(crowd([NAMELESS, OWLS], 20, locale="en-US"))
    assert all(each.id.startswith("owls.") for each in made[2:])


def test_a_seed_gives_the_same_crowd_again() -> None:
    one, again, other = (
        [each.languages[0].intents for each in crowd([OWLS, TIDES], 20, locale="en-US", seed=seed)]
        for seed in (0, 0, 1)
    )
    assert one == again != other


def test_skills_of_another_language_are_none() -> None:
    with pytest.raises(EvaluationError, match="none of 1 skills speaks de"):
        list(crowd([OWLS], 5, locale="de-DE"))


def test_what_is_asked_is_distinct_and_meant_for_a_skill_with_samples() -> None:
    skills = [OWLS, TIDES, NAMELESS]
    questions = asked(skills, 60)
    assert len({one.text.casefold() for one in questions}) == len(questions) == 60
    assert {one.skill for one in questions} == {"owls", "tides"}
    assert not any("{" in one.text for one in questions)
