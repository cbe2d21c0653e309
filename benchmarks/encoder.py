"""How small and how fast the packaged encoder is; with --reference, beside the model it came from.

    sayso pretrain - /tmp/minilm --layers 0,1,2,3,4,5 --vocabulary 30522 --distil-steps 0 \\
        --task-steps 0
    python -m benchmarks.encoder --reference /tmp/minilm --write

The reference is measured twice: as Sayso lays an encoder out (the word table mapped beside the
layers), and as MiniLM int8 is commonly served, in one ONNX file, without Sayso (needs onnx).
Each figure comes from a process of its own; the encoders take turns, so that a busy neighbour
disturbs all. Times are of ten words, one thread: tokens, model, arrays. Memory is what is added to
a process that has imported onnxruntime and sayso.encoders (8 MB, half of it hashlib's);
`own` is this process's alone, `mapped` lies in files (code of the libraries) and is shared by all
processes that use them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.hardware import write_result

ROUNDS = 5
REPEATS = 50
GOALS = {"files_mb": 12.0, "p50_ms": 2.0, "memory_mb": 32.0}
MOST_RATIO = 0.5
ONE_FILE = "one.onnx"

# Ten words each, as people talk to an assistant.
UTTERANCES = (
    "set an alarm for seven thirty tomorrow morning and snooze it",
    "play some quiet jazz in the living room for me please",
    "what is the weather going to be like in Paris tomorrow",
    "turn off all the lights in the kitchen and the hallway",
    "how much money is left in my savings account right now",
    "remind me to call my mother when I get home tonight",
    "book a table for two at the italian restaurant on friday",
    "add milk and eggs to my shopping list for the weekend",
    "what time does the next train to London leave this evening",
    "tell me how long it takes to boil an egg hard",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reference", type=Path, help="MiniLM's folder, made as said above")
    parser.add_argument("--encoder", type=Path, help="another folder than the packaged one")
    parser.add_argument("--write", action="store_true", help="write results/encoder.json")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folders = {"encoder": arguments.encoder or packaged_folder()}
        if arguments.reference:
            folders["minilm_one_file"] = one_file(arguments.reference, Path(temporary))
            folders["minilm_same_layout"] = arguments.reference
        result = compare(folders)
    print(json.dumps(result, indent=2))
    if arguments.write:
        write_result("encoder", result)


def compare(folders: Mapping[str, Path]) -> dict[str, Any]:
    """Figures of each encoder: medians over ROUNDS processes; and the first over the others."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
    for _ in range(ROUNDS):
        for name, folder in folders.items():
            command = [sys.executable, "-m", "benchmarks.encoder", "--measure", str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            rounds[name].append(json.loads(done.stdout))
    result: dict[str, Any] = {"rounds": ROUNDS, "name": name_of(folders["encoder"])}
    for name, seen in rounds.items():
        result[name] = {key: round(median(r[key] for r in seen), 3) for key in seen[0]}
    ours = result["encoder"]
    result["goals"] = {
        key: {"goal": goal, "measured": ours[key], "met": ours[key] <= goal}
        for key, goal in GOALS.items()
    }
    for name in folders:
        if name != "encoder":
            # Each round's own ratio: what disturbed one encoder disturbed the other.
            result[f"ratio_to_{name}"] = {
                key: round(
                    median(
                        a[key] / b[key]
                        for a, b in zip(rounds["encoder"], rounds[name], strict=True)
                    ),
                    2,
                )
                for key in (*GOALS, "p99_ms", "memory_own_mb")
            }
    if "minilm_one_file" in folders:
        ratios = result["ratio_to_minilm_one_file"]
        for key in GOALS:
            met = ratios[key] <= MOST_RATIO
            result["goals"][key] |= {"ratio": ratios[key], "ratio_met": met}
    return result


def measure(folder: Path) -> dict[str, float]:
    """Figures of one encoder, in this process, which must not have loaded one before."""
    import onnxruntime  # noqa: F401 - what the model adds is asked, beyond the libraries

    from sayso.encoders import Encoder

    bare = memory_mb()
    start = time.perf_counter()
    alone = (folder / ONE_FILE).is_file()
    encode: Callable[[str], object] = (
        plain_encoder(folder) if alone else in_one(Encoder.load(folder))
    )
    load_ms = (time.perf_counter() - start) * 1000
    for text in UTTERANCES:
        encode(text)
    times_ms = []
    for _ in range(REPEATS):
        for text in UTTERANCES:
            start = time.perf_counter()
            encode(text)
            times_ms.append((time.perf_counter() - start) * 1000)
    p50_ms, p99_ms = np.percentile(times_ms, [50, 99])
    now = memory_mb()
    return {
        "files_mb": sum((folder / name).stat().st_size for name in serving(folder)) / 1e6,
        "p50_ms": float(p50_ms),
        "p99_ms": float(p99_ms),
        "load_ms": load_ms,
        "memory_mb": now["all"] - bare["all"],
        "memory_own_mb": now["own"] - bare["own"],
        "memory_mapped_mb": (now["all"] - now["own"]) - (bare["all"] - bare["own"]),
    }


def serving(folder: Path) -> list[str]:
    """The files that must be there to encode a text."""
    from sayso.encoders.files import CARD, MODEL, SCALES, TOKENIZER, WORDS

    return (
        [ONE_FILE, TOKENIZER]
        if (folder / ONE_FILE).is_file()
        else [CARD, MODEL, SCALES, TOKENIZER, WORDS]
    )


def in_one(encoder: Any) -> Callable[[str], object]:
    return lambda text: encoder.encode([text])


def plain_encoder(folder: Path) -> Callable[[str], object]:
    """onnxruntime and tokenizers as anybody would use them."""
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(folder / ONE_FILE), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return lambda text: session.run(
        ["token_states", "pooled"], {"input_ids": np.array([tokenizer.encode(text).ids])}
    )


def one_file(folder: Path, out: Path) -> Path:
    """The encoder of `folder` with its word table inside the graph, in folder `out`."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    from sayso.encoders.files import MODEL, SCALES, TOKENIZER, WORDS

    model = onnx.load(folder / MODEL)
    tables = ((WORDS, "words"), (SCALES, "word_scales"))
    for file, name in tables:
        array = np.load(folder / file)
        array = array if array.ndim == 2 else array[:, None]
        model.graph.initializer.append(numpy_helper.from_array(array, name))
    for node in reversed(
        [
            helper.make_node("Gather", ["words", "input_ids"], ["rows"]),
            helper.make_node("Gather", ["word_scales", "input_ids"], ["row_scales"]),
            helper.make_node("Cast", ["rows"], ["real_rows"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["real_rows", "row_scales"], ["embedded"]),
        ]
    ):
        model.graph.node.insert(0, node)
    del model.graph.input[:]
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])
    model.graph.input.append(ids)
    onnx.save(model, out / ONE_FILE)
    (out / TOKENIZER).write_bytes((folder / TOKENIZER).read_bytes())
    return out


def packaged_folder() -> Path:
    from sayso.encoders.files import find_encoder

    return find_encoder(None)


def name_of(folder: Path) -> str:
    from sayso.encoders.files import read_card

    return read_card(folder).name


def memory_mb() -> dict[str, float]:
    """Resident memory of this process, and how much of it lies in no file."""
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return {"all": kilobytes["Rss"] * 1.024e-3, "own": kilobytes["Anonymous"] * 1.024e-3}


if __name__ == "__main__":
    main()
