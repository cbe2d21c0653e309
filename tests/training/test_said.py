"""What the log adds to a skill's own lessons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import sayso
from sayso.encoders import Encoder
from sayso.training.said import said
from sayso.training.train import train
from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.skills import Intent, Language, Skill, Slot

SING = Intent("Sing", ("how does it sing", "sing like a {bird}"), (Slot("bird", "Bird"),))
LANGUAGE = Language("en-US", "owl", intents=(SING,))
OWN = [Label("how does it sing", "owl", "Sing", "en-US")]
HEARD = Label("make a hoot", "owl", "Sing", "en-US", source=LabelSource.LOG, weight=0.6)


def learnt(label: Label) -> list[Label]:
    return said("owl", LANGUAGE, OWN, [label])


def test_what_people_said_to_a_skill_is_learnt_by_it_alone() -> None:
    assert learnt(HEARD) == [HEARD]
    assert learnt(replace(HEARD, skill="wren")) == []
    assert learnt(replace(HEARD, locale="de-DE")) == []


@pytest.mark.parametrize(
    "label",
    [
        replace(HEARD, weight=-0.6),
        replace(HEARD, source=LabelSource.AGREED),
        replace(HEARD, text="How does it sing"),
        replace(HEARD, intent="Dance"),
        replace(HEARD, spans=(Span("pitch", 0, 4),)),
    ],
    ids=["against it", "models agree", "known", "no such intent", "no such slot"],
)
def test_other_labels_are_not(label: Label) -> None:
    assert learnt(label) == []


def test_the_slots_of_what_was_said_are_learnt() -> None:
    label = replace(HEARD, text="hoot like a wren", spans=(Span("bird", 12, 16),))
    assert learnt(label) == [label]


def test_a_trained_home_finds_a_skill_by_what_people_said_to_it(tmp_path: Path) -> None:
    encoder = Encoder.load()
    skills = [
        Skill(name, name, languages=[Language("en-US", name, intents=(Intent("Ask", (text,)),))])
        for name, text in (("owl", "how does it sing"), ("tides", "when is the water high"))
    ]
    label = Label("will my boots get wet", "owl", "Ask", "en-US", source=LabelSource.LOG)
    before = sayso.load(train(skills, tmp_path / "before", encoder=encoder), encoder=encoder)
    after = sayso.load(
        train(skills, tmp_path / "after", encoder=encoder, labels=[label]), encoder=encoder
    )
    assert [e.shortlist("will my boots be wet", 1)[0][0] for e in (before, after)] == [
        "tides",
        "owl",
    ]
