"""What the weights are learnt from and what they are judged by have nothing in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.situations.world import TESTING, TRAINING, read

from sayso.understanding.fold import fold
from sayso.understanding.situation.state import reports

LEARNT, JUDGED = read(TRAINING), read(TESTING)
JUDGED_SKILLS = {**JUDGED["skills"], **JUDGED["later"]["skills"]}
JUDGED_TURNS = [*JUDGED["turns"], *JUDGED["later"]["turns"]]
LEARNT_SITUATIONS = [x for each in LEARNT["around"].values() for x in each] + LEARNT["nothing"]


def sentences(skills: Mapping[str, Any]) -> Iterator[str]:
    for skill in skills.values():
        for samples in skill["intents"].values():
            yield from map(fold, samples)


def things(situations: list[dict[str, Any]]) -> set[str]:
    """Names of what is reported, of types, places and what happened."""
    found = set()
    for each in situations:
        found |= {report.thing for report in reports(each.get("state", {}))}
        found |= {each[name] for name in ("type", "place") if name in each}
        found |= {told["text"] for told in each.get("happened", ()) if "text" in told}
    return found


def test_no_skill_is_in_both() -> None:
    assert not LEARNT["skills"].keys() & JUDGED_SKILLS.keys()
    names = ({x["name"] for x in skills.values()} for skills in (LEARNT["skills"], JUDGED_SKILLS))
    assert not set.intersection(*names)


def test_no_sentence_is_in_both() -> None:
    learnt = {*sentences(LEARNT["skills"]), *(fold(x["say"]) for x in LEARNT["unclear"])}
    learnt |= {fold(x["say"]) for x in LEARNT["clear"]}
    judged = {*sentences(JUDGED_SKILLS), *(fold(x["say"]) for x in JUDGED_TURNS)}
    assert learnt & judged == set()


def test_no_thing_is_in_both() -> None:
    assert things(LEARNT_SITUATIONS) & things(JUDGED_TURNS) == set()


def test_every_sentence_that_is_unclear_has_situations_for_each_of_its_skills() -> None:
    for one in LEARNT["unclear"]:
        for skill in one["means"]:
            rings = skill in [*LEARNT["ring"], *LEARNT["used"], *LEARNT["habits"]]
            assert LEARNT["around"].get(skill) or rings, (one["say"], skill)
