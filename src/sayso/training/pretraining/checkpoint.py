"""Where a run of training stands, on disk: arrays and numbers, no pickle."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from sayso.errors import EncoderError

_STATE = "optimiser"


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
    # Each parameter with its own number of steps: some learn only in some of them.
    for number, state in optimiser.state_dict()["state"].items():
        tensors |= {f"{_STATE}/{number}/{k}": v.contiguous() for k, v in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    save_file(tensors, fresh, {"key": key, "step": str(step)})
    os.replace(fresh, path)


def load(
    path: Path, key: str, modules: Mapping[str, nn.Module], optimiser: torch.optim.AdamW
) -> int:
    """Steps done, modules and optimiser as they were then; 0 if there is no such checkpoint.

    Raises EncoderError if the file is damaged.
    """
    if not path.is_file():
        return 0
    try:
        with safe_open(path, framework="pt") as file:
            meta = file.metadata()
            if meta["key"] != key:
                return 0
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        step = int(meta["step"])
        own = {name: _under(f"{name}/", tensors) for name in modules}
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise EncoderError(
            f"{path}: not a checkpoint of Sayso, or damaged ({error}); delete it and start again"
        ) from error
    for name, module in modules.items():
        module.load_state_dict(own[name])
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _under(f"{_STATE}/", tensors).items():
        number, _, part = name.partition("/")
        states.setdefault(int(number), {})[part] = tensor
    optimiser.load_state_dict(optimiser.state_dict() | {"state": states})
    return step


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
