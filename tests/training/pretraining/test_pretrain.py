"""The whole of it, with a tiny teacher and tiny sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
pytest.importorskip("onnx", reason="onnx is not installed: sayso[train]")

from sayso.encoders import Encoder
from sayso.encoders.files import MODEL, SCALES, TOKENIZER, WORDS
from sayso.errors import DataError, EncoderError
from sayso.training.pretraining import descent, folder
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.steps import WORK, pretrain
from tests.training.pretraining import teacher
from tests.training.pretraining.sets import write_sets

SMALL = Recipe(layers=(1,), heads=1, inner=40, vocabulary=160, distil_steps=0, task_steps=0)
RECIPE = replace(SMALL, distil_steps=6, distil_batch=8, task_steps=6, intents=4, each=2)
CUT = Recipe(layers=(0, 1), vocabulary=1000, distil_steps=0, task_steps=0)
SERVES = (MODEL, WORDS, SCALES, TOKENIZER)


class Stopped(Exception):
    """Ends a run at a step, as Ctrl-C would."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return teacher.write_teacher(tmp_path_factory.mktemp("teacher"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sets(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def rough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random weights lose more in rounding than real ones."""
    monkeypatch.setattr(folder, "LEAST_COSINE", 0.9)
    monkeypatch.setattr(descent, "_SAVED_EVERY", 2)


def run(
    data: Path, out: Path, tiny: Path, recipe: Recipe = RECIPE, stop: tuple[str, int] | None = None
) -> Mapping[str, Any]:
    def tell(stage: str, done: int, total: int) -> None:
        if (stage, done) == stop:
            raise Stopped

    return pretrain(data, out, tiny, recipe, name="tiny", progress=tell)


def files(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in SERVES}


def test_without_steps_it_only_cuts_and_reads_no_data(tmp_path: Path, tiny: Path) -> None:
    measured = run(tmp_path / "nowhere", tmp_path / "out", tiny, CUT)
    encoder = Encoder.load(tmp_path / "out")
    assert encoder.dimension == teacher.WIDTH
    assert measured["mean cosine of int8 to torch, sentences"] > 0.9
    assert len(encoder.encode(["play the alarm"])[0].states) == 3
    assert not (tmp_path / "out" / WORK).exists()
    assert len(np.load(tmp_path / "out" / WORDS)) == len(teacher.vocabulary())


def test_an_export_that_differs_from_torch_is_refused(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "LEAST_COSINE", 1.1)
    with pytest.raises(EncoderError, match=r"out: mean cosine to torch is .* below 1\.1"):
        run(tmp_path, tmp_path / "out", tiny, CUT)


def test_missing_sets_are_named_before_anything_is_computed(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(DataError, match="missing; give the folder"):
        run(tmp_path / "nowhere", tmp_path / "out", tiny)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_whole_makes_an_encoder_with_its_papers(tmp_path: Path, tiny: Path, data: Path) -> None:
    out = tmp_path / "out"
    measured = run(data, out, tiny)
    encoder = Encoder.load(out)
    assert encoder.name == "tiny"
    assert np.isfinite(encoder.pooled(["play nina song 3", "start the lamp"])).all()
    card = json.loads((out / "encoder.json").read_text(encoding="utf-8"))
    assert card["measured"] == measured
    assert "clinc150" in card["sets"]
    assert card["recipe"]["task_steps"] == 6
    untaught = tmp_path / "untaught"
    run(data, untaught, tiny, SMALL)
    assert files(untaught)[MODEL] != files(out)[MODEL]


@pytest.mark.slow
def test_weights_of_before_the_tasks_are_kept_as_far_as_asked(
    tmp_path: Path, tiny: Path, data: Path
) -> None:
    made = {}
    for kept in (0.0, 0.5, 1.0):
        run(data, tmp_path / "out", tiny, replace(RECIPE, kept=kept))
        made[kept] = files(tmp_path / "out")
    run(data, tmp_path / "distilled", tiny, replace(RECIPE, task_steps=0))
    assert made[1.0] == files(tmp_path / "distilled")
    assert len({made[kept][MODEL] for kept in made}) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "stop",
    [
        ("reading", 3),
        ("teacher", 128),
        ("prune", 1),
        ("distil", 1),
        ("distil", 3),
        ("tasks", 1),
        ("tasks", 5),
    ],
    ids=str,
)
def test_wherever_it_is_stopped_it_goes_on_to_the_same_bytes(
    tmp_path: Path, tiny: Path, data: Path, stop: tuple[str, int]
) -> None:
    run(data, tmp_path / "whole", tiny)
    with pytest.raises(Stopped):
        run(data, tmp_path / "stopped", tiny, stop=stop)
    run(data, tmp_path / "stopped", tiny)
    assert files(tmp_path / "stopped") == files(tmp_path / "whole")


@pytest.mark.slow
def test_damaged_vectors_of_the_teacher_are_a_clear_error(
    tmp_path: Path, tiny: Path, data: Path
) -> None:
    with pytest.raises(Stopped):
        run(data, tmp_path / "out", tiny, stop=("distil", 1))
    kept = tmp_path / "out" / WORK / "taught.npz"
    kept.write_bytes(kept.read_bytes()[:-100])
    with pytest.raises(EncoderError, match=r"work: damaged .*delete it, start again"):
        run(data, tmp_path / "out", tiny)
