"""What a skill has turned down makes it less likely for nearly the same words, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sayso
from sayso import bundle
from sayso.encoders import Encoder
from sayso.runtime import load
from sayso.runtime.engine import Engine
from sayso.runtime.explain import explain
from sayso.training.train import train
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Intent, Language, Skill
from sayso.types.turns import Context
from sayso.understanding.cards import pack
from sayso.understanding.shortlist import register, registering

BIRDS = ("owl", "wren", "robin", "heron", "swift", "finch")
ASKED = "what does the owl weigh"
AGAIN = "what does an owl weigh"
OTHER = "how does the owl sing"
HERE = Context("", datetime(2026, 11, 21, tzinfo=UTC))
LABEL = Label(ASKED, "owl", "Sing", "en-US", source=LabelSource.LOG, weight=-0.9)


def bird(name: str) -> Skill:
    samples = (f"how does the {name} sing", f"play me the {name}", f"what does the {name} do")
    language = Language("en-US", f"{name} songs", intents=(Intent("Sing", samples),))
    return Skill(name, f"{name.title()} Songs", languages=[language])


@pytest.fixture(params=["memory", "register"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where to train; the skills are few enough for memory, or searched as if very many."""
    if request.param == "register":
        for module in (load, register, registering):
            monkeypatch.setattr(module, "LARGE", 3)
    return tmp_path


def engine(folder: Path, encoder: Encoder, *labels: Label) -> Engine:
    train([bird(name) for name in BIRDS], folder, encoder=encoder, labels=labels)
    return sayso.load(folder, encoder=encoder)


def scores(engine: Engine, text: str) -> dict[str, float]:
    return dict(engine.shortlist(text, 20))


def test_nearly_the_same_words_cost_the_skill_and_nobody_else(
    folder: Path, encoder: Encoder
) -> None:
    plain = engine(folder / "plain", encoder)
    taught = engine(folder / "taught", encoder, LABEL)
    for text in (ASKED, AGAIN):
        before, after = scores(plain, text), scores(taught, text)
        assert after.pop("owl") < before.pop("owl") - 0.5
        assert after == before
    assert scores(taught, OTHER) == scores(plain, OTHER)


def test_the_reading_loses_what_the_skill_loses(folder: Path, encoder: Encoder) -> None:
    taught = engine(folder, encoder, LABEL)
    reading = next(x for x in taught.understand(AGAIN) if x.skill == "owl")
    assert reading.features["refused"] < -0.5
    assert all(x.features["refused"] == 0 for x in taught.understand(OTHER))


def test_it_is_said_why(folder: Path, encoder: Encoder) -> None:
    said = explain(engine(folder, encoder, LABEL), AGAIN, HERE)
    assert {skill: each.text for skill, each in said.doubts.items()} == {"owl": ASKED}
    assert said.doubts["owl"].lost < -0.5
    assert any(x.get("refused", 0) < 0 for x in said.contributions)


def test_who_names_the_skill_or_is_talking_to_it_is_sent_there(
    folder: Path, encoder: Encoder
) -> None:
    taught = engine(folder, encoder, LABEL)
    named = taught.decide(f"ask owl songs {ASKED}", HERE)
    within = taught.decide(ASKED, replace(HERE, active="owl"))
    for decision in (named, within):
        reading = next(x for x in decision.hypotheses if x.skill == "owl")
        assert reading.features["refused"] == 0


def test_a_sample_of_the_skills_own_is_not_doubted(folder: Path, encoder: Encoder) -> None:
    plain = engine(folder / "plain", encoder)
    label = replace(LABEL, text=OTHER)
    assert scores(engine(folder / "taught", encoder, label), OTHER) == scores(plain, OTHER)


def test_a_new_version_of_the_skill_has_refused_nothing(folder: Path, encoder: Encoder) -> None:
    plain = engine(folder / "plain", encoder)
    taught = engine(folder / "taught", encoder, LABEL)
    taught.add(bird("owl"))
    assert scores(taught, AGAIN) == pytest.approx(scores(plain, AGAIN), abs=1e-3)
    bundle.change(folder / "taught", [pack(plain.fit(bird("owl")))])
    again = sayso.load(folder / "taught", encoder=encoder)
    assert scores(again, AGAIN) == pytest.approx(scores(plain, AGAIN), abs=1e-3)


def test_a_skill_that_is_removed_leaves_no_trace(folder: Path, encoder: Encoder) -> None:
    engine(folder, encoder, LABEL)
    bundle.change(folder, remove=["owl"])
    found = bundle.read(folder)
    assert found.manifest.refused == []
    left = [
        text
        for part in found.parts.values()
        for x in part.examples.values()
        for text in x.settings.get("refused", ())
    ]
    assert left == []
    assert "owl" not in scores(sayso.load(folder, encoder=encoder), AGAIN)


def test_another_change_leaves_what_was_refused(folder: Path, encoder: Encoder) -> None:
    before = scores(engine(folder, encoder, LABEL), AGAIN)
    bundle.change(folder, remove=["wren"])
    again = sayso.load(folder, encoder=encoder)
    again.add(bird("quillander"))
    after = scores(again, AGAIN)
    left = {skill: score for skill, score in before.items() if skill != "wren"}
    assert {skill: after[skill] for skill in left} == pytest.approx(left, abs=1e-5)
