"""From skills to a bundle, however many they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import sayso
from sayso import bundle
from sayso.encoders import Encoder
from sayso.errors import SkillError
from sayso.training import fitting
from sayso.training import train as module
from sayso.training.train import train
from sayso.types.skills import Skill
from sayso.understanding.described import descriptions
from tests.training.birds import bird
from tests.understanding.described.lessons import LANGUAGE

BIRDS = ("owl", "wren", "robin", "heron", "swift")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture
def in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "BATCH", 2)
    monkeypatch.setattr(module, "MOST_CALIBRATED", 3)


def test_all_skills_are_learnt_though_few_are_calibrated_on(
    tmp_path: Path, encoder: Encoder, in_batches: None
) -> None:
    skills = [bird(name, "en-US") for name in BIRDS]
    engine = sayso.load(train(skills, tmp_path, encoder=encoder), encoder=encoder)
    assert set(engine.skills) == set(BIRDS)
    for name in BIRDS:
        best = engine.understand(f"where does the {name} have its nest")[0]
        assert (best.skill, best.intent) == (name, "Nest")


def test_every_locale_is_learnt_whether_calibrated_on_or_not(
    tmp_path: Path, encoder: Encoder, in_batches: None
) -> None:
    skills = [bird(name, "en-US", "en-GB") for name in BIRDS] + [bird("stork", "en-GB")]
    engine = sayso.load(train(skills, tmp_path, encoder=encoder), encoder=encoder)
    assert set(engine.skills["owl"].locales) == {"en-US", "en-GB"}
    assert Counter(engine.locales) == {"en-US": 5, "en-GB": 6}


def test_what_is_said_of_slots_is_heard_at_training_and_not_in_a_turn(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    boats = Skill("boats", "Boats", languages=(LANGUAGE,))
    folder = train([boats, bird("owl", "en-US")], tmp_path, encoder=encoder)
    stored = bundle.read(tmp_path).stored("boats")
    assert len(stored.descriptions("en-US").tensors["vectors"]) == 17  # names, texts, values
    engine = sayso.load(folder, encoder=encoder)
    monkeypatch.setattr(descriptions, "vectors_of", None)  # nobody asks for any
    best = engine.understand("hire a boat with four seats")[0]
    assert [(slot.name, slot.value) for slot in best.slots] == [("number_of_seats", "four")]


def test_batches_and_processes_change_nothing(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    skills = [bird(name, "en-US") for name in BIRDS]
    one = train(skills, tmp_path / "one", encoder=encoder)
    monkeypatch.setattr(fitting, "BATCH", 2)
    monkeypatch.setattr("sayso.training.side_by_side.LITTLE", 1)
    other = train(skills, tmp_path / "other", encoder=encoder)
    (mine,), (its,) = one.glob("*.skills"), other.glob("*.skills")
    assert mine.read_bytes() == its.read_bytes()


def test_told_how_far_it_is(tmp_path: Path, encoder: Encoder, in_batches: None) -> None:
    told: list[tuple[str, int, int]] = []
    skills = [bird(name, "en-US") for name in BIRDS]
    train(skills, tmp_path, encoder=encoder, progress=lambda *step: told.append(step))
    ends = {stage: (done, total) for stage, done, total in told}
    assert list(ends) == ["listening", "calibrating", "fitting", "writing"]
    assert all(done == total for done, total in ends.values())
    assert ends["calibrating"] == (6, 6)
    assert ends["fitting"] == (5, 5)


def test_ids_that_could_not_be_opened_again_are_refused(tmp_path: Path, encoder: Encoder) -> None:
    skills = [bird("owl", "en-US"), bird("barn owl", "en-US"), bird("owl", "en-US")]
    with pytest.raises(SkillError) as caught:
        train(skills, tmp_path / "new", encoder=encoder)
    assert caught.value.problems == (
        '"barn owl" is no id; use letters, digits, ".", "_", ":" and "-"',
        "owl: given 2 times; give each an id of its own",
    )
    assert not (tmp_path / "new").exists()


def test_no_skills_make_an_empty_bundle(tmp_path: Path, encoder: Encoder) -> None:
    engine = sayso.load(train([], tmp_path, encoder=encoder), encoder=encoder)
    assert engine.shortlist("where does the owl nest") == []
