"""Where a run of training stands, on disk: arrays and numbers, no pickle."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

_MOMENTS = ("exp_avg", "exp_avg_sq")


def key(*parts: object) -> str:
    """What a checkpoint belongs to; one of other parts is not gone on with."""
    return sha256(repr(parts).encode()).hexdigest()


def save(
    path: Path, key: str, step: int, modules: Mapping[str, nn.Module], optimiser: torch.optim.AdamW
) -> None:
    """Write modules, optimiser and the number of steps done; the old file stands until then."""
    tensors: dict[str, Tensor] = {}
    for name, module in modules.items():
        tensors |= {f"{name}/{k}": v.detach().contiguous() for k, v in module.state_dict().items()}
    for number, parameter in enumerate(_parameters(optimiser)):
        for moment in _MOMENTS:
            if moment in optimiser.state[parameter]:
                tensors[f"{moment}/{number}"] = optimiser.state[parameter][moment].contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    save_file(tensors, fresh, {"key": key, "step": str(step)})
    os.replace(fresh, path)


def load(
    path: Path, key: str, modules: Mapping[str, nn.Module], optimiser: torch.optim.AdamW
) -> int:
    """Steps done, modules and optimiser as they were then; 0 if there is no such checkpoint."""
    if not path.is_file():
        return 0
    with safe_open(path, framework="pt") as file:
        meta = file.metadata()
        if meta["key"] != key:
            return 0
        step = int(meta["step"])
        names = set(file.keys())
        for name, module in modules.items():
            module.load_state_dict({k: file.get_tensor(f"{name}/{k}") for k in module.state_dict()})
        for number, parameter in enumerate(_parameters(optimiser)):
            if f"exp_avg/{number}" in names:
                moments = {m: file.get_tensor(f"{m}/{number}") for m in _MOMENTS}
                optimiser.state[parameter] = {"step": torch.tensor(float(step)), **moments}
    return step


def _parameters(optimiser: torch.optim.AdamW) -> list[nn.Parameter]:
    return [parameter for group in optimiser.param_groups for parameter in group["params"]]
