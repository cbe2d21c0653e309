"""Only skills that read better with layers of their own get them, and keep them until retrained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sayso import bundle
from sayso.encoders import Encoder
from sayso.errors import BundleError
from sayso.runtime.load import load
from sayso.runtime.local_stores import LocalStores
from sayso.training.calibrate import Course
from sayso.training.finetuning import finetune as room
from sayso.training.finetuning.finetune import Plan, Trial, finetuned, is_better
from sayso.training.finetuning.tune import Tuning
from sayso.training.progress import Progress
from sayso.training.train import train
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.heard import TextEncoder
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit, fit_heard
from sayso.understanding.lessons import about, hear_lessons, lessons_of
from sayso.understanding.tuned import layers_of

SHORT = Tuning(epochs=2, least_steps=0, batch=16)
PLAN = Plan(SHORT, SHORT, least_samples=20)
ONCE = replace(PLAN, many_samples=40)
BELL = Skill(
    "bell",
    "Bell",
    languages=(Language("en-US", "bell", intents=(Intent("Ring", ("ring", "ring the bell")),)),),
)


def course_of(skill: Skill, encoder: TextEncoder | None, locale: str = "en-US") -> Course:
    language = replace(skill.languages[0], locale=locale)
    skill = replace(skill, languages=(language,))
    lessons = lessons_of(skill, language)
    heard = hear_lessons(lessons, about(skill, language), encoder)
    return Course(skill, language, lessons, heard)


def fitted(course: Course, engine: str = "shared") -> Installed:
    return fit_heard(
        course.skill, course.language, course.lessons, course.heard, engine=engine, strangers=None
    )


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Whether tuned layers are found better."""
    said = {"opens": True}
    monkeypatch.setattr(room, "is_better", lambda before, after: said["opens"])
    return said


def test_layers_that_read_better_are_kept(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool]
) -> None:
    course = course_of(jukebox, encoder)
    held = fitted(course)
    steps: list[tuple[int, int]] = []
    fresh, trial = finetuned(course, encoder, held, PLAN, progress=lambda *x: steps.append(x))
    assert trial.kept
    assert trial.held_out == trial.samples == 42, "each third is kept apart once"
    assert max(trial.before, trial.after) <= trial.held_out
    assert layers_of(fresh.model) is not None
    assert fresh.examples is held.examples, "the shortlist compares shared vectors"
    assert fresh.familiarity.acceptor is held.familiarity.acceptor
    assert fresh.familiarity.temperature != held.familiarity.temperature
    assert steps[-1][0] == steps[-1][1] > 0


def test_of_many_samples_a_tenth_is_kept_apart_once(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool]
) -> None:
    course = course_of(jukebox, encoder)
    steps: list[tuple[int, int]] = []
    fresh, trial = finetuned(
        course, encoder, fitted(course), ONCE, progress=lambda *x: steps.append(x)
    )
    assert layers_of(fresh.model) is not None
    assert 0 < trial.held_out < 10
    assert steps[-1][0] == steps[-1][1] > 0


def test_layers_that_read_no_better_are_left(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool]
) -> None:
    gate["opens"] = False
    course = course_of(jukebox, encoder)
    held = fitted(course)
    fresh, trial = finetuned(course, encoder, held, PLAN)
    assert fresh is held
    assert not trial.kept
    assert trial.held_out > 0
    assert trial.lack == ""


@pytest.mark.parametrize(
    ("gained", "lost", "better"),
    [(0, 0, False), (1, 0, False), (2, 0, True), (5, 3, False), (6, 3, False), (7, 3, True)],
)
def test_better_is_more_than_one_standard_error(gained: int, lost: int, better: bool) -> None:
    before = [False] * gained + [True] * lost + [True, False]
    after = [True] * gained + [False] * lost + [True, False]
    assert is_better(before, after) is better


def test_a_skill_of_few_samples_is_left_and_told_so(encoder: Encoder) -> None:
    course = course_of(BELL, encoder)
    held = fitted(course)
    fresh, trial = finetuned(course, encoder, held)
    assert fresh is held
    assert trial == Trial("bell", "en-US", 2, lack="fewer than 300 written samples")


def test_other_languages_and_engines_are_left(encoder: Encoder, jukebox: Skill) -> None:
    german = course_of(jukebox, encoder, "de-DE")
    assert "English" in finetuned(german, encoder, fitted(german), PLAN)[1].lack
    deaf = course_of(jukebox, None)
    assert "encoder" in finetuned(deaf, None, fitted(deaf, "maxent-crf"), PLAN)[1].lack
    assert "English" in finetuned(deaf, None, fitted(deaf), PLAN)[1].lack


def finetune(
    course: Course, encoder: TextEncoder | None, held: Installed, tell: Progress
) -> Installed:
    return finetuned(course, encoder, held, PLAN)[0]


def test_a_tuned_bundle_reads_as_the_skill_did_and_a_retrain_drops_its_layers(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool], tmp_path: Path
) -> None:
    train([jukebox, BELL], tmp_path, encoder=encoder, finetune=finetune)
    engine = load(tmp_path, encoder=encoder)
    [held] = engine.installed("jukebox")
    assert layers_of(held.model) is not None
    assert layers_of(engine.installed("bell")[0].model) is None
    assert engine.understand("play the quixotic")[0].intent == "Play"

    again = load(tmp_path, encoder=encoder)
    assert again.understand("tell a song now") == engine.understand("tell a song now")
    engine.add(BELL)
    assert layers_of(engine.installed("jukebox")[0].model) is not None
    engine.add(jukebox)
    assert layers_of(engine.installed("jukebox")[0].model) is None, "a live skill is never tuned"
    engine.remove("jukebox")
    assert engine.understand("ring the bell")[0].skill == "bell"

    train([jukebox, BELL], tmp_path, encoder=encoder)
    assert layers_of(load(tmp_path, encoder=encoder).installed("jukebox")[0].model) is None


def test_without_finetune_the_bundle_is_the_same_to_the_byte(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool], tmp_path: Path
) -> None:
    gate["opens"] = False
    for name, how in (("plain", None), ("tried", finetune)):
        train([jukebox], tmp_path / name, encoder=encoder, finetune=how)
    one, other = (bundle.read(tmp_path / name).manifest.files for name in ("plain", "tried"))
    assert one == other


def test_a_tuned_skill_takes_its_real_size_of_the_budget(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool], tmp_path: Path
) -> None:
    from sayso.encoders import Encoders
    from sayso.runtime.engine_settings import EngineSettings
    from sayso.runtime.load import engine_of

    train([jukebox], tmp_path, encoder=encoder, finetune=finetune)
    stores: LocalStores[Installed] = LocalStores()
    engine = engine_of(
        bundle.read(tmp_path), encoder=Encoders(encoder), settings=EngineSettings(), stores=stores
    )
    layers = layers_of(engine.installed("jukebox")[0].model)
    assert layers is not None
    assert stores.counts().held_bytes > 2 * len(layers)


def test_layers_for_other_words_are_a_damaged_bundle(
    encoder: Encoder, jukebox: Skill, gate: dict[str, bool], tmp_path: Path
) -> None:
    train([jukebox], tmp_path, encoder=encoder, finetune=finetune)
    found = bundle.read(tmp_path)
    [part] = found.parts.values()
    store = part.locales["en-US"]
    broken = {name: x[:50] if name.endswith("layers") else x for name, x in store.tensors.items()}
    part = replace(part, locales={"en-US": replace(store, tensors=broken)})
    said = found.manifest
    bundle.write(
        tmp_path, [part], engine="shared", encoder=said.encoder, routing={}, written_by="0.1"
    )
    with pytest.raises(BundleError, match="run: sayso train"):
        load(tmp_path, encoder=encoder)


def test_a_skill_fitted_alone_has_the_shared_layers(encoder: Encoder, jukebox: Skill) -> None:
    held = fit(jukebox, jukebox.languages[0], engine="shared", encoder=encoder)
    assert layers_of(held.model) is None
