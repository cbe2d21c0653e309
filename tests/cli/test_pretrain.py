"""`sayso pretrain`: what it takes, and what it says when it cannot run."""

from __future__ import annotations

import inspect
from dataclasses import asdict
from pathlib import Path

import pytest

from sayso.cli.pretrain import pretrain
from sayso.training.pretraining.recipe import Recipe
from tests.cli.conftest import Sayso


@pytest.mark.parametrize("layers", ["", "6", "-1", "0,9", "one", "0;2"])
def test_layers_that_the_teacher_has_not_are_refused(
    sayso: Sayso, tmp_path: Path, layers: str
) -> None:
    result = sayso("pretrain", tmp_path, tmp_path / "out", "--layers", layers)
    assert result.code == 2
    assert "give numbers from 0 to 5" in result.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "wrong", [("--task-steps", "-1"), ("--distil-steps", "-1"), ("--vocabulary", "0")], ids=str
)
def test_numbers_that_make_no_sense_are_refused(
    sayso: Sayso, tmp_path: Path, wrong: tuple[str, str]
) -> None:
    assert sayso("pretrain", tmp_path, tmp_path / "out", *wrong).code == 2


@pytest.mark.usefixtures("no_torch")
def test_without_torch_it_names_the_extra(sayso: Sayso, tmp_path: Path) -> None:
    result = sayso("pretrain", tmp_path, tmp_path / "out")
    assert result.code == 2
    assert "is not installed; run: pip install 'sayso[train]'" in result.err


def test_a_folder_that_is_no_minilm_is_an_error_in_words(sayso: Sayso, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
    result = sayso("pretrain", tmp_path, tmp_path / "out", "--teacher", tmp_path)
    assert result.code == 2
    assert "model.safetensors: missing; give a folder that holds" in result.err


def test_what_is_not_asked_for_is_as_in_the_recipe() -> None:
    """The recipe is not imported for `--help`, so its numbers stand twice."""
    asked = {name: each.default for name, each in inspect.signature(pretrain).parameters.items()}
    recipe = asdict(Recipe())
    recipe["layers"] = ",".join(map(str, recipe["layers"]))
    recipe["without"] = None
    shared = asked.keys() & recipe.keys()
    assert {"layers", "heads", "inner", "vocabulary", "distil_steps", "seed"} <= shared
    assert {name: asked[name] for name in shared} == {name: recipe[name] for name in shared}
