"""How fast and how small the packaged encoder is; with --fp32, against the model it was made of.

    python scripts/make_encoder.py --out /tmp/encoder --fp32-out /tmp/fp32.onnx
    python benchmarks/encoder.py --fp32 /tmp/fp32.onnx --write

Each figure comes from a process of its own; the two models take turns, so that a busy neighbour
disturbs both. Times are of the whole of `Encoder.encode`: tokens, model, arrays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.hardware import write_result

ROUNDS = 5

# 6 to 10 words each, as people talk to an assistant.
UTTERANCES = (
    "set an alarm for seven thirty tomorrow morning",
    "play some quiet jazz in the living room",
    "what is the weather like in Paris this weekend",
    "turn off all the lights in the kitchen please",
    "how much money is left in my savings account",
    "remind me to call my mother when I get home",
    "book a table for two at an italian restaurant",
    "add milk and eggs to my shopping list",
    "what time does the next train to London leave",
    "tell me how long it takes to boil an egg",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fp32", type=Path, help="fp32 ONNX from make_encoder.py --fp32-out")
    parser.add_argument("--write", action="store_true", help="write results/encoder.json")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folders = {"int8": packaged_folder()}
        if arguments.fp32:
            folders["fp32"] = folder_with(arguments.fp32, Path(temporary) / "fp32")
        result = compare(folders)
    print(json.dumps(result, indent=2))
    if arguments.write:
        write_result("encoder", result)


def compare(folders: dict[str, Path]) -> dict[str, Any]:
    """Figures of each encoder folder: medians over ROUNDS processes; and fp32 over int8."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
    for _ in range(ROUNDS):
        for name, folder in folders.items():
            command = [sys.executable, "-m", "benchmarks.encoder", "--measure", str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            rounds[name].append(json.loads(done.stdout))
    result: dict[str, Any] = {"rounds": ROUNDS}
    for name, seen in rounds.items():
        result[name] = {key: round(median(r[key] for r in seen), 3) for key in seen[0]}
    if "fp32" in folders:
        int8, fp32 = result["int8"], result["fp32"]
        result["fp32_over_int8"] = {key: round(fp32[key] / int8[key], 2) for key in int8}
        result["cosine_to_fp32"] = agreement(folders["int8"], folders["fp32"])
    return result


def measure(folder: Path) -> dict[str, float]:
    """Figures of one encoder, in this process, which must not have loaded one before."""
    import onnxruntime  # noqa: F401 - what the model adds is asked, beyond the libraries
    import tokenizers  # noqa: F401

    from sayso.encoders import Encoder

    bare_mb = memory_mb()
    start = time.perf_counter()
    encoder = Encoder.load(folder)
    load_ms = (time.perf_counter() - start) * 1000
    loaded_mb = memory_mb()
    for text in UTTERANCES:
        encoder.encode([text])
    times_ms = []
    for _ in range(50):
        for text in UTTERANCES:
            start = time.perf_counter()
            encoder.encode([text])
            times_ms.append((time.perf_counter() - start) * 1000)
    many = list(UTTERANCES) * 20
    start = time.perf_counter()
    encoder.encode(many)
    bulk_s = time.perf_counter() - start
    p50_ms, p99_ms = np.percentile(times_ms, [50, 99])
    return {
        "p50_ms": float(p50_ms),
        "p99_ms": float(p99_ms),
        "bulk_texts_per_s": len(many) / bulk_s,
        "load_ms": load_ms,
        "rss_after_load_mb": loaded_mb - bare_mb,
        "rss_after_runs_mb": memory_mb() - bare_mb,
        "model_mb": (folder / "model.onnx").stat().st_size / 1e6,
    }


def agreement(folder: Path, reference: Path) -> dict[str, float]:
    """Cosines between the vectors that two encoders give the utterances above."""
    from sayso.encoders import Encoder

    a, b = (Encoder.load(f).encode(UTTERANCES) for f in (folder, reference))
    pooled = [float(x.pooled @ y.pooled) for x, y in zip(a, b, strict=True)]
    states = np.concatenate([x.states for x in a]), np.concatenate([y.states for y in b])
    norms = np.linalg.norm(states[0], axis=1) * np.linalg.norm(states[1], axis=1)
    tokens = (states[0] * states[1]).sum(axis=1) / norms
    return {
        "pooled_mean": round(float(np.mean(pooled)), 4),
        "pooled_least": round(min(pooled), 4),
        "tokens_mean": round(float(tokens.mean()), 4),
        "tokens_least": round(float(tokens.min()), 4),
    }


def packaged_folder() -> Path:
    from sayso.encoders.files import find_encoder

    return find_encoder(None)


def folder_with(model: Path, folder: Path) -> Path:
    """An encoder folder like the packaged one, but around another model file."""
    shutil.copytree(packaged_folder(), folder, ignore=shutil.ignore_patterns("model.onnx"))
    shutil.copyfile(model, folder / "model.onnx")
    card = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    card["sha256"]["model.onnx"] = hashlib.sha256(model.read_bytes()).hexdigest()
    (folder / "encoder.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def memory_mb() -> float:
    """Resident memory of this process."""
    import psutil

    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
