"""Layers go to torch and back and say the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from sayso.encoders import Encoder
from sayso.encoders.files import MODEL
from sayso.training.finetuning.layers import layers_of, network_of
from sayso.training.pretraining.network import Network

TEXTS = ("play the quixotic song", "tell me", "zyzzyva")


def in_torch(network: Network, encoder: Encoder, text: str) -> torch.Tensor:
    ids = torch.tensor([encoder.pieces(text)])
    with torch.no_grad():
        return network(ids, torch.ones_like(ids))[0][0, 1:-1]


def test_the_network_sees_what_the_encoder_sees(encoder: Encoder) -> None:
    network = network_of(encoder.folder)
    for seen in encoder.encode(TEXTS):
        states = in_torch(network, encoder, seen.text).numpy()
        lengths = np.linalg.norm(states, axis=1) * np.linalg.norm(seen.states, axis=1)
        assert ((states * seen.states).sum(axis=1) / lengths).min() > 0.95


def test_layers_that_learnt_nothing_come_back_as_they_were(encoder: Encoder) -> None:
    layers = layers_of(network_of(encoder.folder))
    assert layers.dtype == np.uint8
    again = encoder.tuned(layers.tobytes())
    for old, new in zip(encoder.encode(TEXTS), again.encode(TEXTS), strict=True):
        np.testing.assert_allclose(new.states, old.states, atol=1e-3)


def test_layers_that_were_narrowed_keep_their_shape(encoder: Encoder, tmp_path: Path) -> None:
    from sayso.training.pretraining.network import Layer

    network = network_of(encoder.folder)
    width = network.words.embedding_dim
    network.layers[0] = Layer(width, 1, 40)
    for name in ("words.npy", "scales.npy"):
        (tmp_path / name).write_bytes((encoder.folder / name).read_bytes())
    layers_of(network).tofile(tmp_path / MODEL)
    again = network_of(tmp_path)
    shapes = [[tuple(p.shape) for p in x.layers[0].parameters()] for x in (network, again)]
    assert shapes[0] == shapes[1]


def test_words_do_not_learn(encoder: Encoder) -> None:
    learning = {
        name for name, x in network_of(encoder.folder).named_parameters() if x.requires_grad
    }
    assert "words.weight" not in learning
    assert "layers.0.qkv.weight" in learning
