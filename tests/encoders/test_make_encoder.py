"""scripts/make_encoder.py: the hand-written graph computes BERT, as a plain numpy one does."""

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("onnx", reason="needed only to make an encoder")
pytest.importorskip("safetensors")

import onnxruntime

Floats = npt.NDArray[np.float32]

HEADS, WIDTH, INNER, LAYERS, WORDS, POSITIONS = 3, 24, 40, 2, 50, 16


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "make_encoder.py"
    spec = importlib.util.spec_from_file_location("make_encoder", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def weights() -> dict[str, Floats]:
    """A tiny random BERT under Hugging Face's names."""
    shapes = {
        "embeddings.word_embeddings.weight": (WORDS, WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        for name, out, into in (
            ("attention.self.query", WIDTH, WIDTH),
            ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", INNER, WIDTH),
            ("output.dense", WIDTH, INNER),
        ):
            shapes[f"{prefix}{name}.weight"] = (out, into)
            shapes[f"{prefix}{name}.bias"] = (out,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{prefix}{name}.weight"] = shapes[f"{prefix}{name}.bias"] = (WIDTH,)
    random = np.random.default_rng(0)
    return {name: random.normal(0, 0.5, shape).astype("f") for name, shape in shapes.items()}


def plain_bert(w: dict[str, Floats], ids: list[int]) -> tuple[Floats, Floats]:
    """Token states (tokens, width) and unit mean (width,) of one unpadded text."""

    def linear(x: Floats, name: str) -> Floats:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x: Floats, name: str) -> Floats:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * w[f"{name}.weight"] + w[f"{name}.bias"]

    def heads(x: Floats) -> Floats:
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(LAYERS):
        p = f"encoder.layer.{layer}."
        q, k, v = (heads(linear(x, f"{p}attention.self.{n}")) for n in ("query", "key", "value"))
        scores = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS))
        mixed = scores / scores.sum(-1, keepdims=True) @ v
        mixed = mixed.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        x = norm(linear(mixed, f"{p}attention.output.dense") + x, f"{p}attention.output.LayerNorm")
        inner = linear(x, f"{p}intermediate.dense")
        inner = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))).astype("f") / 2
        x = norm(linear(inner, f"{p}output.dense") + x, f"{p}output.LayerNorm")
    mean = x.mean(0)
    return x, mean / np.linalg.norm(mean)


def test_the_graph_agrees_with_plain_bert_padded_or_not(
    script: ModuleType, weights: dict[str, Floats]
) -> None:
    model = script.bert_graph(weights, heads=HEADS, max_tokens=POSITIONS)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    texts = [[3, 14, 15, 9, 2], [6, 5, 35]]
    padded = np.array([texts[0], [*texts[1], 0, 0]])
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    states, pooled = session.run(None, {"input_ids": padded, "attention_mask": mask})
    for row, ids in enumerate(texts):
        expected_states, expected_pooled = plain_bert(weights, ids)
        np.testing.assert_allclose(states[row, : len(ids)], expected_states, atol=1e-4)
        np.testing.assert_allclose(pooled[row], expected_pooled, atol=1e-5)


def test_weights_of_other_bytes_are_refused(script: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"other")
    with pytest.raises(ValueError, match=r"model\.safetensors: sha256 is .* not 53aa51"):
        script.check_sha256(file, script.WEIGHTS_SHA256)
