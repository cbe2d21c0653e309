"""An encoder's int8 layers -> a network of torch that goes on learning -> int8 layers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from sayso.encoders.files import MODEL, SCALES, WORDS
from sayso.training.pretraining.export import write_layers
from sayso.training.pretraining.network import HEAD_WIDTH, Layer, Network, count_layers

_QUANTISED, _SCALE, _ZERO = "_quantized", "_scale", "_zero_point"  # as ONNX Runtime names them
Arrays = dict[str, NDArray[Any]]


def network_of(folder: Path) -> Network:
    """The encoder of a folder, its weights as they are rounded there. Words do not learn."""
    state = _weights(folder / MODEL)
    words = np.load(folder / WORDS) * np.load(folder / SCALES)[:, None]
    network = Network(len(words), 0, words.shape[1], 0)
    network.layers = nn.ModuleList(
        Layer(
            words.shape[1],
            state[f"layers.{at}.mixed.weight"].shape[1] // HEAD_WIDTH,
            len(state[f"layers.{at}.wide.weight"]),
        )
        for at in range(count_layers(state))
    )
    state["words.weight"] = words
    network.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
    network.words.weight.requires_grad_(False)
    return network


def layers_of(network: Network) -> NDArray[np.uint8]:
    """The bytes of an ONNX model, as `sayso.encoders.Encoder.tuned` takes them."""
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / MODEL
        write_layers(weights, path)
        return np.fromfile(path, np.uint8)


def _weights(model: Path) -> Arrays:
    """Weights by their names in `Network`, without the words."""
    found = {x.name: numpy_helper.to_array(x) for x in onnx.load(model).graph.initializer}
    weights: Arrays = {}
    for name, array in found.items():
        plain = name.removesuffix(_QUANTISED)
        if plain != name:
            whole = array.astype(np.float32) - found[plain + _ZERO].astype(np.float32)
            # MatMul has (in, out), torch wants (out, in).
            weights[plain] = np.ascontiguousarray((whole * found[plain + _SCALE]).T)
        elif name == "positions" or name.endswith((".weight", ".bias")):
            weights[name] = np.array(array, np.float32)
    return weights
