"""Labels are taken if they repair what fails and cost nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sayso.encoders import Encoder, Encoders
from sayso.training.tail import Gate, gate
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
PLACES = ("sandbank", "mudflats", "causeway", "jetty", "slipway", "islet", "ford", "breakwater")
FAILING = tuple(f"can i still get to the {place} on foot" for place in PLACES)


def skill(name: str, samples: Sequence[str]) -> Skill:
    return Skill(name, name, languages=[Language("en-US", name, intents=(Intent("Ask", samples),))])


GULLS = ("how far is the gull", "can i still feed a gull", "walk the gull")
SKILLS = [skill("tides", TIDES), skill("owl", OWLS), skill("gull", GULLS)]


def meant(text: str, skill: str) -> Label:
    return Label(text, skill, "Ask", "en-US", source=LabelSource.LOG)


@pytest.fixture(scope="module")
def encoders() -> Encoders:
    return Encoders(Encoder.load())


def gated(labels: Sequence[Label], encoders: Encoders, tail: Sequence[Label] | None = None) -> Gate:
    return gate(SKILLS, labels, encoders, engine="shared", tail=tail)


def test_what_repairs_failing_requests_is_taken_and_told_in_words(encoders: Encoders) -> None:
    labels = [meant(text, "tides") for text in FAILING]
    found = gated(labels, encoders)
    assert found.taken == labels
    assert found.asked == len(labels)
    assert found.after > found.before
    assert str(found).startswith(f"{len(labels)} new examples, +")
    assert str(found).endswith("points on held-out; taken")


def test_what_costs_a_skill_its_own_samples_is_not_taken(encoders: Encoders) -> None:
    bad = [meant(f"{text} please", "owl") for text in TIDES]
    found = gated(bad, encoders)
    assert found.taken == []
    assert found.held_back == bad
    assert "not taken" in str(found)


def test_what_does_not_help_other_people_is_not_taken(encoders: Encoders) -> None:
    labels = [meant(text, "tides") for text in FAILING]
    found = gated(labels, encoders, tail=[meant("how does the owl sing at dusk", "owl")])
    assert (found.taken, found.asked, found.won) == ([], 1, 0)


def test_no_labels_are_none(encoders: Encoders) -> None:
    assert str(gated([], encoders)) == "no new examples"
