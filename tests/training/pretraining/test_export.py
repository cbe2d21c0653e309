"""What serves computes what was trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
pytest.importorskip("onnx", reason="onnx is not installed: sayso[train]")

import onnxruntime
import torch

from sayso.encoders.files import MODEL, SCALES, WORDS
from sayso.training.pretraining.export import graph, rounded, write_weights
from sayso.training.pretraining.network import Layer, Network, from_minilm, keep_words, padded
from tests.training.pretraining import teacher

Floats = NDArray[np.float32]
TEXTS = ([3, 14, 15, 9, 2], [6, 5, 35], [1], list(range(40)))


@pytest.fixture
def network() -> Network:
    """Random, two layers, as wide as MiniLM."""
    torch.manual_seed(0)
    made = Network(vocabulary=50, layers=2, width=384, inner=64)
    torch.nn.init.normal_(made.positions, std=0.1)
    made.eval()
    return made


def weights(network: Network) -> dict[str, NDArray[Any]]:
    return {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}


def in_torch(network: Network, ids: list[int]) -> tuple[Floats, Floats]:
    tokens = torch.tensor([ids])
    with torch.no_grad():
        states, pooled = network(tokens, torch.ones_like(tokens))
    return states[0].numpy(), pooled[0].numpy()


def in_onnx(model: bytes | str, embedded: Floats) -> tuple[Floats, Floats]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    states, pooled = session.run(["token_states", "pooled"], {"embedded": embedded[None]})
    return states[0], pooled[0]


def cosines(a: Floats, b: Floats) -> Floats:
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.asarray((a * b).sum(axis=-1) / lengths)


@pytest.mark.parametrize("ids", TEXTS, ids=len)
def test_the_graph_agrees_with_torch(network: Network, ids: list[int]) -> None:
    model = graph(weights(network)).SerializeToString()
    states, pooled = in_onnx(model, weights(network)["words.weight"][ids])
    expected_states, expected_pooled = in_torch(network, ids)
    np.testing.assert_allclose(states, expected_states, atol=1e-4)
    np.testing.assert_allclose(pooled, expected_pooled, atol=1e-4)


def test_the_graph_of_fewer_heads_agrees_with_torch(network: Network) -> None:
    network.layers[1] = Layer(384, 5, 30)
    model = graph(weights(network)).SerializeToString()
    states, _ = in_onnx(model, weights(network)["words.weight"][TEXTS[0]])
    np.testing.assert_allclose(states, in_torch(network, TEXTS[0])[0], atol=1e-4)


def test_the_rounded_files_agree_with_torch_nearly(network: Network, tmp_path: Path) -> None:
    write_weights(weights(network), tmp_path)
    words, scales = np.load(tmp_path / WORDS), np.load(tmp_path / SCALES)
    assert (words.dtype, scales.dtype) == (np.int8, np.float32)
    for ids in TEXTS:
        states, pooled = in_onnx(str(tmp_path / MODEL), words[ids] * scales[ids, None])
        expected_states, expected_pooled = in_torch(network, ids)
        assert cosines(pooled, expected_pooled) > 0.98
        assert cosines(states, expected_states).mean() > 0.98


def test_the_same_weights_make_the_same_bytes(network: Network, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_weights(weights(network), tmp_path / name)
    for name in (MODEL, WORDS, SCALES):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_word_table_loses_less_than_half_a_step() -> None:
    words = np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32)
    words[3] = 0
    table, scales = rounded(words)
    assert np.all(np.abs(table * scales[:, None] - words) <= scales[:, None] * 0.51)
    assert np.abs(table).max() == 127


def test_padding_changes_nothing(network: Network) -> None:
    with torch.no_grad():
        states, pooled = network(*padded(TEXTS))
    for row, ids in enumerate(TEXTS):
        expected_states, expected_pooled = in_torch(network, ids)
        np.testing.assert_allclose(states[row, : len(ids)], expected_states, atol=1e-5)
        np.testing.assert_allclose(pooled[row], expected_pooled, atol=1e-5)


def test_a_student_starts_from_the_layers_it_is_given(tmp_path: Path) -> None:
    from sayso.training.pretraining.minilm import read_weights

    found = read_weights(teacher.write_teacher(tmp_path))
    student = from_minilm(found, [1])
    key = "encoder.layer.1.intermediate.dense.weight"
    np.testing.assert_array_equal(weights(student)["layers.0.wide.weight"], found[key])
    keep_words(student, [5, 9])
    table = found["embeddings.word_embeddings.weight"]
    np.testing.assert_array_equal(weights(student)["words.weight"], table[[5, 9]])
