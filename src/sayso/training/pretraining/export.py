"""A trained network -> the files that serve: int8 layers in ONNX, an int8 word table beside them.

The graph is written by hand, with those of ONNX Runtime's fused BERT operators that are fast,
rather than exported from torch and then pattern-matched: the same vectors, the same bytes on each
run. The word table, half of the weights, stays outside it, so that all processes of a machine map
one copy.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from sayso.encoders.files import MODEL, SCALES, WORDS
from sayso.training.pretraining.network import EPSILON, HEAD_WIDTH, count_layers

Weights = Mapping[str, NDArray[Any]]


def write_weights(weights: Weights, folder: Path) -> None:
    """Write model.onnx, words.npy and scales.npy. weights: of `network.Network`, by name."""
    table, scales = rounded(np.asarray(weights["words.weight"], np.float32))
    np.save(folder / WORDS, table)
    np.save(folder / SCALES, scales)
    write_layers(weights, folder / MODEL)


def write_layers(weights: Weights, path: Path) -> None:
    """Write the layers above the word table, int8."""
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / "fp32.onnx"
        onnx.save(graph(weights), whole)
        quantise(whole, path)


def rounded(words: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(pieces, d) int8 and (pieces,) scales: row * scale is the word's vector."""
    scales = np.maximum(np.abs(words).max(axis=1), 1e-12) / 127
    return np.rint(words / scales[:, None]).astype(np.int8), scales.astype(np.float32)


class _Graph:
    """Nodes and constants in the order they are added. Methods return the new tensor's name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, array: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def weight(self, name: str) -> str:
        array = np.asarray(self.weights[name], np.float32)
        # torch keeps (out, in); MatMul wants (in, out).
        return self.constant(name, array.T if array.ndim == 2 else array)

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def normed(self, summed: Sequence[str], norm: str, output: str) -> str:
        total = self.add("Add", summed, f"{norm}.total")
        gains = [self.weight(f"{norm}.weight"), self.weight(f"{norm}.bias")]
        return self.add("LayerNormalization", [total, *gains], output, epsilon=EPSILON)

    def fused(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        return self.add(operator, inputs, output, domain="com.microsoft", **attributes)


def graph(weights: Weights) -> onnx.ModelProto:
    """In: embedded (texts, tokens, width), the pieces' rows of the word table, no padding.
    Out: token_states, of the same shape; pooled (texts, width), their unit mean.
    """
    made = _Graph(weights)
    states = _embedded(made)
    layers = count_layers(weights)
    for layer in range(layers):
        output = "token_states" if layer == layers - 1 else f"layer{layer}"
        states = _layer(made, f"layers.{layer}.", states, output)
    # A mean's divisor is lost when the vector is scaled to length 1, so a sum does.
    made.add("ReduceSum", [states, made.constant("over", np.array([1]))], "sum", keepdims=0)
    made.add("LpNormalization", ["sum"], "pooled", axis=-1, p=2)
    shape = ["texts", "tokens", weights["positions"].shape[1]]
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, dimensions)
        for name, dimensions in (
            ("embedded", shape),
            ("token_states", shape),
            ("pooled", [shape[0], shape[2]]),
        )
    ]
    return helper.make_model(
        helper.make_graph(made.nodes, "encoder", values[:1], values[1:], made.constants),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        ir_version=8,
    )


def _embedded(made: _Graph) -> str:
    positions = made.constant("positions", np.asarray(made.weights["positions"], np.float32))
    start, axis = made.constant("start", np.array([0])), made.constant("axis", np.array([0]))
    length = made.add("Shape", ["embedded"], "length", start=1, end=2)
    position = made.add("Slice", [positions, start, length, axis], "position")
    return made.normed(["embedded", position], "embedded_norm", "normal")


def _layer(made: _Graph, prefix: str, states: str, output: str) -> str:
    def product(inputs: str, dense: str) -> str:
        name = f"{prefix}{dense}"
        return made.add("MatMul", [inputs, made.weight(f"{name}.weight")], f"{name}.product")

    def biased(inputs: str, dense: str) -> str:
        name = f"{prefix}{dense}"
        return made.add("Add", [product(inputs, dense), made.weight(f"{name}.bias")], name)

    qkv = [made.weight(f"{prefix}qkv.weight"), made.weight(f"{prefix}qkv.bias")]
    heads = made.weights[f"{prefix}mixed.weight"].shape[1] // HEAD_WIDTH
    seen = made.fused("Attention", [states, *qkv], f"{prefix}seen", num_heads=heads)
    middle = made.normed([biased(seen, "mixed"), states], f"{prefix}mixed_norm", f"{prefix}middle")
    wide = [product(middle, "wide"), made.weight(f"{prefix}wide.bias")]
    active = made.fused("BiasGelu", wide, f"{prefix}active")
    return made.normed([biased(active, "narrow"), middle], f"{prefix}norm", output)


def quantise(whole: Path, int8: Path) -> None:
    """Round weights to 7 bits per column; activations to 8 at run time, one scale a tensor."""
    logging.getLogger().setLevel(logging.ERROR)  # it advises a pre-processing that is done above
    quantize_dynamic(
        whole,
        int8,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        # 7 bits of 8: processors without VNNI add products in 16 bits, which full weights overflow,
        # so a bundle trained on one machine would meet other vectors on the next.
        reduce_range=True,
        # Shape inference knows no fused operators and would leave their outputs untyped.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
