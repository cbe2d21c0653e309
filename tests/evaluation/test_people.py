"""Simulated people."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from sayso.evaluation.people import HOURS, Population, Request, requests

TOPICS = {f"{topic}-{at}": topic for topic in ("tea", "owls", "tides", "chess") for at in range(30)}
KNOWN = {"tea-0": 10_000.0}


def asked(seed: int = 1, people: int = 40, each: int = 60) -> dict[str, list[Request]]:
    by_person: dict[str, list[Request]] = defaultdict(list)
    for one in requests(TOPICS, KNOWN, people=people, each=each, seed=seed):
        by_person[one.person].append(one)
    return by_person


def test_a_seed_gives_the_same_people() -> None:
    assert asked() == asked()
    assert asked() != asked(seed=2)


def test_everyone_has_five_to_thirty_skills_at_first_and_asks_in_order_of_time() -> None:
    for mine in asked().values():
        assert 5 <= len(mine[0].enabled) <= 30
        assert len(mine) == 60
        moments = [HOURS * one.day + one.hour for one in mine]
        assert moments == sorted(moments)


def test_nine_in_ten_requests_are_for_what_was_enabled_before() -> None:
    everyone = [one for mine in asked().values() for one in mine]
    share = sum(one.skill in one.enabled for one in everyone) / len(everyone)
    assert 0.85 < share < 0.95


def test_a_skill_that_was_tried_may_be_enabled_from_then_on_but_not_before() -> None:
    grown = 0
    for mine in asked().values():
        for one, following in pairwise(mine):
            fresh = following.enabled - one.enabled
            assert fresh <= {one.skill}
            grown += len(fresh)
    assert grown > 0


def test_people_differ_in_their_topics_and_have_habits() -> None:
    favourites = set()
    for mine in asked().values():
        skills = Counter(one.skill for one in mine)
        topics = Counter(TOPICS[skill] for skill in mine[0].enabled)
        favourites.add(topics.most_common(1)[0][0])
        ((_, often),) = skills.most_common(1)
        assert often > 60 / len(skills)
    assert favourites == set(TOPICS.values())


def test_better_known_skills_are_enabled_more_often() -> None:
    counts = Counter(skill for mine in asked().values() for skill in mine[0].enabled)
    tea = [counts[skill] for skill, topic in TOPICS.items() if topic == "tea"]
    assert counts["tea-0"] == max(tea)


def test_who_has_every_skill_has_none_left_to_try() -> None:
    few = {f"skill-{at}": "one topic" for at in range(30)}
    keen = Population(fewest=30, most=30, explores=1.0)
    for one in requests(few, {}, people=2, each=5, seed=0, population=keen):
        assert one.skill in one.enabled


def test_too_few_skills_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        next(requests({"a": "x"}, {}, people=1, each=1, seed=0))


def test_a_population_without_curiosity_stays_with_what_it_has() -> None:
    settled = Population(explores=0.0)
    for one in requests(TOPICS, {}, people=5, each=20, seed=0, population=settled):
        assert one.skill in one.enabled
