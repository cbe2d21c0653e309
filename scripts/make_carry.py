"""The weights of carry-over: sayso/dialogue/carrying/carry.json.

    python -m scripts.make_carry DATA

Fitted on the train part of SGD (DATA/dialogues/sgd; Rastogi et al. 2020, CC BY-SA 4.0): one example
for each value that a slot of a request could hold, see `benchmarks.carrying.requests`. Of the words
nothing is learnt but whether they point back, so that the weights hold for other skills and other
tongues. Takes what `test` installs (scikit-learn, pyarrow).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.carrying.requests import Want, wants
from benchmarks.sgd.reading import dialogues, schema
from sklearn.linear_model import LogisticRegression

from sayso.dialogue import carrying
from sayso.dialogue.carrying.likeness import likeness
from sayso.dialogue.carrying.weigh import FIGURES, SHIPPED, Alike, figures
from sayso.encoders import Encoder

REGULARISATION = 1.0  # inverse strength, of the L2 penalty


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the data, with dialogues/sgd in it")
    parser.add_argument("--every", type=int, default=1, help="take every n-th dialogue")
    arguments = parser.parse_args()
    folder = arguments.data / "dialogues" / "sgd"
    services = schema(folder / "schema_train.json")
    found = [
        want
        for dialogue in dialogues(folder / "train.parquet", every=arguments.every)
        for want in wants(dialogue, services)
    ]
    written = fit(found, likeness(Encoder.load(threads=1)))
    made = {
        "by": "python -m scripts.make_carry",
        "of": "SGD, train: Rastogi et al. 2020 (arXiv:1909.05855), CC BY-SA 4.0",
        "slots": len(found),
        "every": arguments.every,
    }
    path = Path(next(iter(carrying.__path__))) / SHIPPED
    path.write_text(json.dumps({"made": made, **written}, indent=1) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


def fit(found: Sequence[Want], alike: Alike) -> dict[str, Any]:
    """The weights `within` a skill and `across` skills, as `Weights.from_json` reads them."""
    rows: dict[str, list[list[float]]] = {"within": [], "across": []}
    right: dict[str, list[bool]] = {"within": [], "across": []}
    for want in found:
        for place, offer in enumerate(want.offers):
            which = "within" if offer.spoken.skill == want.wanted.skill else "across"
            known = figures(offer, want.wanted, want.turn, alike)
            rows[which].append([known[name] for name in FIGURES])
            right[which].append(place in want.right)
    return {which: _logistic(rows[which], right[which]) for which in rows}


def _logistic(rows: Sequence[Sequence[float]], right: Sequence[bool]) -> dict[str, float]:
    model = LogisticRegression(C=REGULARISATION, max_iter=1000).fit(np.array(rows), np.array(right))
    weights = dict(zip(FIGURES, model.coef_[0].tolist(), strict=True))
    return {"bias": round(float(model.intercept_[0]), 3)} | {
        name: round(weight, 3) for name, weight in weights.items() if round(weight, 3)
    }


if __name__ == "__main__":
    main()
