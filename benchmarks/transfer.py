"""Transfer against scratch in the same bi-LSTM, beside both of Sayso's engines.

    python -m benchmarks.transfer DATA --cache FOLDER --write

DATA holds `skills/`, `nlu/` and `dialogues/`; without them the benchmark says so and stops. What is
measured goes into FOLDER at once, so that a stopped run goes on where it was; with everything there
it only draws tables and curves. `--kept` draws what is there of a run not yet done. `--methods`,
`--sets`, `--sizes` and `--skills` choose a part; `--skills N` takes every k-th skill in order of
kind and size. Every fifth skill, by a hash of its id, is for tuning (`--tune`), never reported.

A figure about a public set takes an encoder, for `--encoder` and `--teacher`, that has not seen it.
Layers pretrained in a run leave out all of its `--sets`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.transferring import data, methods


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder of what is measured")
    parser.add_argument("--methods", nargs="*", default=methods.METHODS, choices=methods.METHODS)
    parser.add_argument("--sets", nargs="*", default=data.SETS, choices=data.SETS)
    parser.add_argument("--sizes", nargs="*", type=size, default=data.SIZES, help="5 10 ... all")
    parser.add_argument("--skills", type=int, help="how many take part (default: all)")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--encoder", type=Path, help="folder; default: the packaged encoder")
    parser.add_argument("--teacher", type=Path, help="encoder to imitate; default: the packaged")
    parser.add_argument("--tune", action="store_true", help="search settings on the tuning skills")
    parser.add_argument("--kept", action="store_true", help="measure nothing: report what is kept")
    parser.add_argument("--write", action="store_true", help="write the result and the curves")
    arguments = parser.parse_args()
    if not (arguments.data / "skills" / "alexa_models.parquet").is_file():
        print(f"skipped: {arguments.data} has no skills/alexa_models.parquet")
        return
    try:
        import torch
    except ImportError:
        print("skipped: torch is not installed; run: pip install 'sayso[train]'")
        return
    torch.set_num_threads(1)
    from benchmarks.transferring import report, runs

    arguments.cache.mkdir(parents=True, exist_ok=True)
    if arguments.tune:
        report.show_tuning(runs.tune(arguments))
        return
    rows = runs.measure(arguments)
    if not rows:
        print(f"skipped: {arguments.cache} has no target with all that was asked for; drop --kept")
        return
    result = report.result(rows, arguments)
    report.show(result)
    if arguments.write:
        report.write(result)


def size(word: str) -> int | None:
    """`all`, or a number of utterances an intent."""
    return None if word == "all" else int(word)


if __name__ == "__main__":
    main()
