"""A run that was stopped ends where it would have ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed: sayso[train]")

import torch

from sayso.errors import EncoderError
from sayso.training.pretraining import checkpoint, descent

STEPS = 12


def silent(stage: str, done: int, total: int) -> None:
    """Told of progress; says nothing."""


class Pair(torch.nn.Module):
    """Two parts, of which one learns only in some steps."""

    def __init__(self) -> None:
        super().__init__()
        self.always = torch.nn.Linear(6, 4)
        self.seldom = torch.nn.Parameter(torch.ones(4))


def loss(module: Any, step: int) -> Any:
    seen = torch.randn(5, 6, generator=torch.Generator().manual_seed(step))
    out = module.always(seen)
    if step % 3 == 1:
        out = out * module.seldom
    return (out**2).mean() + out.mean()


def run(path: Path, key: str = "k", stopped_at: int | None = None, steps: int = STEPS) -> Any:
    """The weights after `steps`; or those of a run that is killed in a step."""
    torch.manual_seed(3)
    module = Pair()

    def loss_of(step: int) -> Any:
        if step == stopped_at:
            raise KeyboardInterrupt
        return loss(module, step)

    optimiser = descent.optimiser_of((module, 0.01))
    try:
        descent.descend("pair", {"pair": module}, optimiser, loss_of, steps, (path, key), silent)
    except KeyboardInterrupt:
        assert stopped_at is not None
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def same(one: Any, other: Any) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(autouse=True)
def often_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descent, "_SAVED_EVERY", 2)


@pytest.mark.parametrize("stopped_at", [0, 1, 2, 5, 8, 11])
def test_a_stopped_and_resumed_run_ends_with_the_same_weights(
    tmp_path: Path, stopped_at: int
) -> None:
    whole = run(tmp_path / "whole")
    run(tmp_path / "stopped", stopped_at=stopped_at)
    assert same(run(tmp_path / "stopped"), whole)


def test_a_run_stopped_twice_too(tmp_path: Path) -> None:
    run(tmp_path / "a", stopped_at=5)
    run(tmp_path / "a", stopped_at=9)
    assert same(run(tmp_path / "a"), run(tmp_path / "b"))


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    whole = run(tmp_path / "a")
    assert same(run(tmp_path / "a", stopped_at=0), whole)


def test_a_checkpoint_of_another_recipe_is_not_used(tmp_path: Path) -> None:
    run(tmp_path / "a", key=checkpoint.key("one"), stopped_at=8)
    other = run(tmp_path / "a", key=checkpoint.key("other"))
    assert same(other, run(tmp_path / "b"))
    assert checkpoint.key("one", 1) != checkpoint.key("one", 2)
    assert checkpoint.key("one", 1) == checkpoint.key("one", 1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole[:4],
        lambda whole: b"",
        lambda whole: b"\xff" * 100,
        lambda whole: b"not a checkpoint",
    ],
    ids=["half", "a byte short", "four bytes", "empty", "ones", "text"],
)
def test_a_damaged_checkpoint_is_a_clear_error(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    run(path, stopped_at=8)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(EncoderError, match=r"checkpoint\.safetensors: .*delete it and start again"):
        run(path)


def test_a_file_of_tensors_that_is_no_checkpoint_is_a_clear_error(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"x": torch.zeros(1)}, tmp_path / "a")
    with pytest.raises(EncoderError, match="not a checkpoint of Sayso"):
        run(tmp_path / "a")


def test_a_crash_while_saving_leaves_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "a", stopped_at=4)
    before = (tmp_path / "a").read_bytes()

    def full(tensors: object, path: Path, metadata: object) -> None:
        path.write_bytes(b"half of it")
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "save_file", full)
        with pytest.raises(OSError, match="no space"):
            run(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == before
    assert same(run(tmp_path / "a"), run(tmp_path / "b"))
