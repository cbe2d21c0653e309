"""Gradient descent that can be stopped at any step and gone on with, to the same weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from sayso.training.pretraining import checkpoint

if TYPE_CHECKING:
    from sayso.training.progress import Progress

_WARM_UP, _SAVED_EVERY, _LAST_RATE = 60, 100, 0.02


def optimiser_of(*parts: tuple[nn.Module, float]) -> torch.optim.AdamW:
    """An optimiser of these modules, each at its own peak rate."""
    groups = [{"params": list(x.parameters()), "lr": rate, "peak": rate} for x, rate in parts]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def descend(
    title: str,
    modules: Mapping[str, nn.Module],
    optimiser: torch.optim.AdamW,
    loss_of: Callable[[int], Tensor],
    steps: int,
    kept: tuple[Path, str],
    progress: Progress,
) -> None:
    """Steps of gradient descent, from where the checkpoint stands to the last.

    kept: the checkpoint's path and key. loss_of: the loss of a step, and of nothing but its number.
    """
    path, key = kept
    done = checkpoint.load(path, key, modules, optimiser)
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    for step in range(done, steps):
        pace(optimiser, step, steps, _WARM_UP)
        optimiser.zero_grad()
        loss_of(step).backward()  # type: ignore[no-untyped-call, unused-ignore]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if (step + 1) % _SAVED_EVERY == 0 or step + 1 == steps:
            checkpoint.save(path, key, step + 1, modules, optimiser)
        progress(title, step + 1, steps)


def pace(optimiser: torch.optim.AdamW, step: int, steps: int, warm_up: float) -> None:
    """Set the rates: up to their peaks in the first `warm_up` steps, then down in a line."""
    share = min((step + 1) / warm_up, max(_LAST_RATE, 1 - step / steps))
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * share
