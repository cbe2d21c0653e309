"""Labels that cost skills their own samples are not learnt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sayso.encoders import Encoder, Encoders
from sayso.training.judging import Judged, judge
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Intent, Language, Skill

TIDES = tuple(
    f"{verb} {what}"
    for verb in ("when is the", "tell me the", "what time is")
    for what in ("water high", "water low", "spring tide", "next ebb")
)
OWLS = tuple(
    f"{verb} {what}"
    for verb in ("how does the owl", "why does the owl", "where does the owl")
    for what in ("sing", "nest", "hunt", "sleep")
)
GOOD = ("will the owl hoot", "is the owl awake by now", "does an owl see at noon")


def skill(name: str, samples: Sequence[str]) -> Skill:
    return Skill(name, name, languages=[Language("en-US", name, intents=(Intent("Ask", samples),))])


GULLS = ("does the gull bark", "a gull in the harbour", "feed the gull", "gull cries please")
SKILLS = [skill("tides", TIDES), skill("owl", OWLS), skill("gull", GULLS)]


def said(text: str, skill: str = "owl", weight: float = 1.0) -> Label:
    return Label(text, skill, "Ask", "en-US", source=LabelSource.LOG, weight=weight)


@pytest.fixture(scope="module")
def encoders() -> Encoders:
    return Encoders(Encoder.load())


def judged(labels: Sequence[Label], encoders: Encoders) -> Judged:
    return judge(SKILLS, labels, encoders, engine="shared")


def test_what_costs_nothing_is_learnt(encoders: Encoders) -> None:
    labels = [said(text) for text in GOOD]
    found = judged(labels, encoders)
    assert (found.kept, found.held_back) == (labels, [])
    assert found.before <= found.after
    assert found.asked == len(TIDES) + len(OWLS) + len(GULLS)


def test_sentences_that_take_another_skills_samples_are_held_back(encoders: Encoders) -> None:
    bad = [said(f"{text} please") for text in TIDES]
    found = judged(bad, encoders)
    assert found.kept == []
    assert found.held_back == bad
    assert found.after == found.before > 0


def test_only_the_skill_that_costs_is_held_back(encoders: Encoders) -> None:
    bad, good = [said(f"{text} please", "tides") for text in OWLS], said("does a gull bark", "gull")
    found = judged([*bad, good], encoders)
    assert (found.kept, found.held_back) == ([good], bad)


def test_labels_of_skills_and_locales_that_are_not_there_are_none(encoders: Encoders) -> None:
    away = [said("hoot", "wren"), Label("uhu", "owl", "Ask", "de-DE", source=LabelSource.LOG)]
    found = judged(away, encoders)
    assert (found.kept, found.held_back, found.asked) == ([], [], 0)
