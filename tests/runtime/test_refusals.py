"""What a skill has turned down makes it less likely for nearly the same words, and nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from sayso.types.context import Context
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Intent, Language, Skill
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


@dataclass(frozen=True)
class Homes:
    """The same skills, trained without the label and with it."""

    plain: Engine
    taught: Engine
    folder: Path  # of the latter


@pytest.fixture(scope="module", params=["memory", "register"])
def trained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[Path]:
    """Both bundles; the skills are few enough for memory, or searched as if very many."""
    folder = tmp_path_factory.mktemp("refusals")
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "register":
            for module in (load, register, registering):
                patched.setattr(module, "LARGE", 3)
        skills = [bird(name) for name in BIRDS]
        train(skills, folder / "plain", encoder=encoder)
        own = replace(LABEL, text=OTHER)
        train(skills, folder / "taught", encoder=encoder, labels=[LABEL, own])
        yield folder


@pytest.fixture
def homes(trained: Path, tmp_path: Path, encoder: Encoder) -> Homes:
    folder = Path(shutil.copytree(trained / "taught", tmp_path / "taught"))
    plain = sayso.load(trained / "plain", encoder=encoder)
    return Homes(plain, sayso.load(folder, encoder=encoder), folder)


def scores(engine: Engine, text: str) -> dict[str, float]:
    return dict(engine.shortlist(text, 20))


def test_nearly_the_same_words_cost_the_skill_and_nobody_else(homes: Homes) -> None:
    for text in (ASKED, AGAIN):
        before, after = scores(homes.plain, text), scores(homes.taught, text)
        assert after.pop("owl") < before.pop("owl") - 0.5
        assert after == before


def test_a_sample_of_the_skills_own_is_not_doubted(homes: Homes) -> None:
    assert scores(homes.taught, OTHER) == scores(homes.plain, OTHER)


def test_the_reading_loses_what_the_skill_loses(homes: Homes) -> None:
    reading = next(x for x in homes.taught.understand(AGAIN) if x.skill == "owl")
    assert reading.features["refused"] < -0.5
    assert all(x.features["refused"] == 0 for x in homes.taught.understand(OTHER))


def test_it_is_said_why(homes: Homes) -> None:
    said = explain(homes.taught, AGAIN, HERE)
    assert {skill: each.text for skill, each in said.doubts.items()} == {"owl": ASKED}
    assert said.doubts["owl"].lost < -0.5
    assert any(x.get("refused", 0) < 0 for x in said.contributions)


def test_who_names_the_skill_or_is_talking_to_it_is_sent_there(homes: Homes) -> None:
    named = homes.taught.decide(f"ask owl songs {ASKED}", HERE)
    within = homes.taught.decide(ASKED, replace(HERE, active="owl"))
    for decision in (named, within):
        reading = next(x for x in decision.hypotheses if x.skill == "owl")
        assert reading.features["refused"] == 0


def test_a_new_version_of_the_skill_has_refused_nothing(homes: Homes, encoder: Encoder) -> None:
    before = scores(homes.plain, AGAIN)
    homes.taught.add(bird("owl"))
    assert scores(homes.taught, AGAIN) == pytest.approx(before, abs=1e-3)
    bundle.change(homes.folder, [pack(homes.plain.fit(bird("owl")))])
    again = sayso.load(homes.folder, encoder=encoder)
    assert scores(again, AGAIN) == pytest.approx(before, abs=1e-3)


def test_a_skill_that_is_removed_leaves_no_trace(homes: Homes, encoder: Encoder) -> None:
    assert bundle.read(homes.folder).manifest.refused == ["owl"]
    bundle.change(homes.folder, remove=["owl"])
    found = bundle.read(homes.folder)
    assert found.manifest.refused == []
    assert "owl" not in found.parts
    assert "owl" not in scores(sayso.load(homes.folder, encoder=encoder), AGAIN)


def test_another_change_leaves_what_was_refused(homes: Homes, encoder: Encoder) -> None:
    before = scores(homes.taught, AGAIN)
    bundle.change(homes.folder, remove=["wren"])
    again = sayso.load(homes.folder, encoder=encoder)
    again.add(bird("quillander"))
    after = scores(again, AGAIN)
    left = {skill: score for skill, score in before.items() if skill != "wren"}
    assert {skill: after[skill] for skill in left} == pytest.approx(left, abs=1e-5)
