"""What `sayso bench selection` found, kept as a result and drawn.

    sayso bench selection --skills 100000 --data DATA/skills --keep FOLDER --json > found.json
    python -m benchmarks.selection_scale found.json --write

Draws docs/selection-curves/scale.svg (needs matplotlib, extra `train`): latency, recall and memory
by number of skills.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.hardware import write_result

PICTURE = Path(__file__).parents[1] / "docs" / "selection-curves" / "scale.svg"
GOALS = {
    "p50_ms": 3.0,
    "p99_ms": 6.0,
    "decision_p99_ms": 15.0,
    "resident_mb": 80.0,
    "add_ms": 50.0,
    "recall_kept": 0.97,
    "growth": 3.0,
}
PANELS = (
    ("ms a sentence", (("p50_ms", "half of them", "o"), ("p99_ms", "99 of 100", "s"))),
    ("recall@20", (("recall", "register", "o"), ("recall_exact", "comparing all", "s"))),
    ("MB resident", (("resident_mb", "encoder and register", "o"),)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("found", type=Path, help="what `sayso bench selection --json` printed")
    parser.add_argument("--write", action="store_true", help="commit it to results/, and draw")
    arguments = parser.parse_args()
    found = json.loads(arguments.found.read_text(encoding="utf-8"))
    for key, goal in GOALS.items():
        print(f"{key:16} {found.get(key, '-'):>10}   goal {goal}")
    if arguments.write:
        write_result("selection_scale", found)
        draw(found["curve"])


def draw(curve: Sequence[Mapping[str, Any]], path: Path = PICTURE) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    path.parent.mkdir(parents=True, exist_ok=True)
    skills = [each["skills"] for each in curve]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "sayso", "font.size": 9}):
        figure = Figure(figsize=(9.6, 2.9), layout="constrained")
        for place, (title, lines) in enumerate(PANELS, 1):
            axes = figure.add_subplot(1, len(PANELS), place)
            for (key, label, mark), colour in zip(lines, ("#0072b2", "#d55e00"), strict=False):
                axes.plot(skills, [x[key] for x in curve], f"{mark}-", color=colour, label=label)
            axes.set(title=title, xlabel="skills", xscale="log", ylim=(0, None))
            axes.grid(alpha=0.3)
            axes.legend(frameon=False)
        figure.savefig(path, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
