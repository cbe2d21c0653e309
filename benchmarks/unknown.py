"""What is out of scope, told from what is in scope: CLINC150 as one skill of 150 intents.

    python -m benchmarks.unknown DATA --write [--encoder FOLDER] [--cache FOLDER]

DATA holds `clinc150/train.parquet` and `clinc150/validation.parquet`. The head is that of the
shared engine: its features, its loss and prior, fitted on the full training set (15,000 texts) by
SciPy's L-BFGS, which is faster at this size. Every score sees in-scope training texts alone, save
those named `+ oos`, which also get the 100 out-of-scope rows of train, and those named `+ own`,
which get `strangers.txt`. The learned combination is fitted on training texts too: of five folds
each holds out 30 whole intents, which play the unknown. `a turn` is what the engine itself makes of
its features, by the weights that `routing/rank.py` ships; CLINC150 had no part in them.

The threshold keeps 95 % of a random half of validation's in-scope texts; recall is that of the
other half's out-of-scope texts. Mean and 95 % interval over 1,000 such halves, each half drawn
again with replacement. `kept` is the in-scope share kept on the other half.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.hardware import write_result
from sayso.encoders import Encoder
from sayso.routing.rank import Ranker
from sayso.types.lessons import Label
from sayso.types.skills import Language
from sayso.understanding import familiarity
from sayso.understanding.contenders import READINGS
from sayso.understanding.contract import Heard
from sayso.understanding.familiarity import Familiarity
from sayso.understanding.heads import Sketch
from sayso.understanding.heard import hear
from sayso.understanding.linear import find, vocabulary
from sayso.understanding.shared import SharedFeatures, SharedSettings
from sayso.understanding.shortlist import Examples, Index

Floats = NDArray[Any]
HALVES, KEPT = 1000, 0.95
HELD_INTENTS, FOLDS, PSEUDO_SHARE = 30, 5, 0.2
STEPS = 80
SHRINKAGE = 0.3  # of covariances, towards a multiple of one
OWN = "acceptor + own"
LEARNED = (("energy", "nearest 1"), ("softmax", "nearest 1", OWN))


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as the engine sees them: sketches of the intent head, sentence vectors (n, d)."""

    texts: Sequence[str]
    intents: NDArray[np.str_]
    sketches: Sequence[Sketch]
    pooled: Floats

    def __getitem__(self, keep: Floats) -> Texts:
        places = np.flatnonzero(keep).tolist()
        return Texts(
            [self.texts[i] for i in places],
            self.intents[keep],
            [self.sketches[i] for i in places],
            self.pooled[keep],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", help="folder or hub id of another encoder")
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in")
    parser.add_argument("--write", action="store_true", help="write results/unknown.json")
    arguments = parser.parse_args()
    files = [arguments.data / "clinc150" / f"{name}.parquet" for name in ("train", "validation")]
    if not all(file.is_file() for file in files):
        print(f"skipped: {arguments.data} has no clinc150/train.parquet and validation.parquet")
        return
    encoder = Encoder.load(arguments.encoder)
    if arguments.cache:
        arguments.cache.mkdir(parents=True, exist_ok=True)
    train, validation = (read(file, encoder, arguments.cache) for file in files)
    result = {
        "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint},
        "train": len(train.texts),
        "validation_in_scope": int((validation.intents != "oos").sum()),
        "validation_out_of_scope": int((validation.intents == "oos").sum()),
        **compare(train, validation, strangers(encoder)),
    }
    show(result)
    if arguments.write:
        write_result("unknown", result)


def read(file: Path, encoder: Encoder, cache: Path | None) -> Texts:
    """Texts of a file, heard one by one."""
    import pyarrow.parquet as pq

    columns = pq.read_table(file, columns=["text", "intent"]).to_pydict()
    kept = cache / f"{encoder.fingerprint[:12]}-{file.stem}.npz" if cache else None
    if kept is not None and kept.is_file():
        with np.load(kept) as arrays:
            return rebuilt(columns["text"], columns["intent"], arrays["dense"], arrays["pooled"])
    heard = [hear(text, encoder) for text in columns["text"]]
    made = made_of(heard, columns["intent"])
    if kept is not None:
        dense = np.concatenate([one.dense for one in made.sketches])
        np.savez(kept, dense=dense, pooled=made.pooled)
    return made


def features() -> SharedFeatures:
    return SharedFeatures.of(Language("en-US"), SharedSettings())


def made_of(heard: Sequence[Heard], intents: Sequence[str]) -> Texts:
    looks = features()
    return Texts(
        [one.utterance.text for one in heard],
        np.array(intents),
        [looks.utterance(one) for one in heard],
        np.stack([one.pooled for one in heard if one.pooled is not None]),
    )


def rebuilt(texts: Sequence[str], intents: Sequence[str], dense: Floats, pooled: Floats) -> Texts:
    """As `made_of`, with vectors that were kept: what is not a vector is quick to find again."""
    looks = features()
    sketches = []
    for text, row, vector in zip(texts, dense, pooled, strict=True):
        silent = hear(text, None)
        heard = Heard(
            silent.utterance, silent.words, vector, np.ones((len(silent.words), 1), np.float32)
        )
        sketch = looks.utterance(heard)
        sketches.append(Sketch(row[None], sketch.hashes, sketch.values))
    return Texts(texts, np.array(intents), sketches, pooled)


def strangers(encoder: Encoder) -> Texts:
    lines = familiarity.background()
    return made_of([hear(line, encoder) for line in lines], ["own"] * len(lines))


def compare(train: Texts, validation: Texts, own: Texts) -> dict[str, Any]:
    inside, oos = train[train.intents != "oos"], train[train.intents == "oos"]
    table, head = scores(inside, validation, own)
    for name, negatives in (("oos", [oos]), ("own", [own]), ("own and oos", [own, oos])):
        table[f"background class + {name}"] = background_class(inside, negatives, validation)
    table["acceptor + oos"] = acceptor(inside, oos, validation)
    names = np.unique(inside.intents)
    table |= turn(inside, validation, dict(zip(names, head.T, strict=True)), table[OWN])
    weights = learned(inside, own)
    for title, each in weights.items():
        parts = [weight * table[name] for name, weight in each.items()]
        table[title] = np.sum(parts, axis=0)
    known = validation.intents != "oos"
    right = names[head[known].argmax(axis=1)] == validation.intents[known]
    return {
        "in_scope_accuracy": round(float(right.mean()), 4),
        "weights": weights,
        "scores": {name: judged(score[known], score[~known]) for name, score in table.items()},
    }


def scores(train: Texts, asked: Texts, own: Texts) -> tuple[dict[str, Floats], Floats]:
    """Scores by name, (n,) each, high in scope; and the head's (n, intents), as a turn has them."""
    head, typical = fit_head(train, asked)
    top = np.sort(head, axis=1)
    energy = top[:, -1] + np.log(np.exp(head - top[:, -1:]).sum(axis=1))
    cosines = np.sort(asked.pooled @ train.pooled.T, axis=1)
    near, relative = mahalanobis(train.pooled, train.intents, asked.pooled)
    vectors = (np.concatenate([one.dense for one in x.sketches]) for x in (train, asked))
    head_near, head_relative = mahalanobis(next(vectors), train.intents, next(vectors))
    return {
        "softmax": top[:, -1] - energy,
        "energy": energy,
        "margin": top[:, -1] - top[:, -2],
        "largest score": top[:, -1],
        "nearest 1": cosines[:, -1],
        "nearest 5": cosines[:, -5],
        "nearest 10": cosines[:, -10],
        "Mahalanobis": near,
        "relative Mahalanobis": relative,
        "Mahalanobis, head's vector": head_near,
        "relative Mahalanobis, head's vector": head_relative,
        OWN: acceptor(train, own, asked),
    }, head - typical


def turn(
    train: Texts, asked: Texts, head: Mapping[str, Floats], accept: Floats
) -> dict[str, Floats]:
    """Log-odds, by the ranker's shipped weights, that any reading is meant rather than none.

    head: scores (n,) of each intent; the second one is without what they tell of their height.
    """
    ranker = Ranker()
    examples = Examples("clinc", list(train.intents), list(train.texts), train.pooled)
    index, members = Index([examples]), dict(examples.groups())
    odds: dict[str, list[float]] = {"a turn": [], "a turn without strength": []}
    for place, heard in enumerate(plain(asked)):
        evidence = index.search(heard, 1).evidence["clinc"]
        scores = {name: float(column[place]) for name, column in head.items()}
        readings = []
        for name, chance in Familiarity().tempered(scores)[:READINGS]:
            match = evidence.match(members[name])
            readings.append(
                {
                    "cosine": match.cosine - 0.5,
                    "overlap": match.overlap,
                    "carrier": match.overlap,
                    "probability": chance,
                    "strength": min(scores[name], 0.0),
                    "accept": float(accept[place]),
                }
            )
        for title, less in zip(odds, ({}, {"strength": 0.0}), strict=True):
            found = [ranker.score({**features, **less}) for features in readings]
            odds[title].append(float(np.logaddexp.reduce(found)))
    return {title: np.array(each) for title, each in odds.items()}


def fit_head(train: Texts, asked: Texts) -> tuple[Floats, float]:
    """Scores (n, intents) of a head fitted on the training texts, intents in sorted order.

    And the mean score of the training texts as what they are.
    """
    from scipy.optimize import minimize

    names, classes = np.unique(train.intents, return_inverse=True)
    (dense, words), (hidden, hidden_words) = matrices([train.sketches, asked.sketches])
    target = np.zeros((len(classes), len(names)), np.float32)
    target[np.arange(len(classes)), classes] = 1.0
    l2 = SharedSettings().heads.intent_l2
    width, turned = dense.shape[1], words.T.tocsr()
    shape = (width + words.shape[1], len(names))

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.astype(np.float32).reshape(shape)
        given = dense @ table[:width] + words @ table[width:]
        given -= given.max(axis=1, keepdims=True)
        powers = np.exp(given)
        total = powers.sum(axis=1, keepdims=True)
        value = float(np.log(total).sum() - (given * target).sum())
        left = powers / total - target
        gradient = np.concatenate([dense.T @ left, turned @ left]).ravel().astype(np.float64)
        return value + 0.5 * l2 * float(flat @ flat), gradient + l2 * flat

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    table = found.astype(np.float32).reshape(shape)
    given = hidden @ table[:width] + hidden_words @ table[width:]
    own = (dense @ table[:width] + words @ table[width:])[np.arange(len(classes)), classes]
    return given, float(own.mean())


def matrices(groups: Sequence[Sequence[Sketch]]) -> list[tuple[Floats, Any]]:
    """A group's dense features (n, d), and its words (n, v) as a sparse matrix.

    The words are those of the first group.
    """
    from scipy import sparse

    most = SharedSettings().heads.intent_features
    known = vocabulary([one.hashes for one in groups[0]], most)
    made = []
    for group in groups:
        columns = [find(known, one.hashes[0]) for one in group]
        row = np.repeat(np.arange(len(group)), [len(found) for found in columns])
        column = np.concatenate(columns)
        value = np.concatenate([one.values[0] for one in group]).astype(np.float32)
        seen = column < len(known)
        spelled = (value[seen], (row[seen], column[seen]))
        dense = np.concatenate([one.dense for one in group]).astype(np.float32)
        made.append((dense, sparse.csr_matrix(spelled, (len(group), len(known)))))
    return made


def mahalanobis(train: Floats, intents: Floats, asked: Floats) -> tuple[Floats, Floats]:
    """Minus the squared distance to the nearest intent's mean; and the same beside all texts'."""
    names, classes = np.unique(intents, return_inverse=True)
    means = np.stack([train[classes == i].mean(axis=0) for i in range(len(names))])
    within = precision(train - means[classes])
    left = np.einsum("nd,de,ne->n", asked, within, asked)
    near = (
        left[:, None]
        - 2 * asked @ within @ means.T
        + np.einsum("nd,de,ne->n", means, within, means)
    )
    centred = asked - train.mean(axis=0)
    overall = precision(train - train.mean(axis=0))
    nearest = -near.min(axis=1)
    return nearest, nearest + np.einsum("nd,de,ne->n", centred, overall, centred)


def precision(residuals: Floats) -> Floats:
    covariance = residuals.T @ residuals / len(residuals)
    level = np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    inverse: Floats = np.linalg.inv((1 - SHRINKAGE) * covariance + SHRINKAGE * level)
    return inverse


def together(groups: Sequence[Texts]) -> Texts:
    return Texts(
        [text for group in groups for text in group.texts],
        np.concatenate([group.intents for group in groups]),
        [one for group in groups for one in group.sketches],
        np.concatenate([group.pooled for group in groups]),
    )


def background_class(inside: Texts, negatives: Sequence[Texts], asked: Texts) -> Floats:
    """Log-odds of any intent against one more class, of the negatives."""
    outside = together(negatives)
    renamed = Texts(
        outside.texts, np.array(["~"] * len(outside.texts)), outside.sketches, outside.pooled
    )  # "~" sorts last
    head, _ = fit_head(together([inside, renamed]), asked)
    top = head[:, :-1].max(axis=1)
    odds: Floats = top + np.log(np.exp(head[:, :-1] - top[:, None]).sum(axis=1)) - head[:, -1]
    return odds


def acceptor(inside: Texts, outside: Texts, asked: Texts) -> Floats:
    """What the engine keeps for every skill."""
    lessons = [Label(text, "clinc", "any", "en-US") for text in inside.texts]
    known = familiarity.fit(lessons, plain(inside), familiarity.strangers_of(plain(outside)))
    return np.array([known.accept(familiarity.sketch(one)) for one in plain(asked)])


def plain(texts: Texts) -> list[Heard]:
    """Heard sentences with their vector, without those of words."""
    silent = [hear(text, None) for text in texts.texts]
    pairs = zip(silent, texts.pooled, strict=True)
    return [Heard(one.utterance, one.words, vector) for one, vector in pairs]


def learned(inside: Texts, own: Texts) -> dict[str, dict[str, float]]:
    """Weights that best tell texts of known intents from texts of intents held out."""
    from sklearn.linear_model import LogisticRegression

    chance = np.random.default_rng(0)
    names = chance.permutation(np.unique(inside.intents))
    tables, known = [], []
    for fold in range(FOLDS):
        unknown = np.isin(inside.intents, names[fold * HELD_INTENTS : (fold + 1) * HELD_INTENTS])
        asked = chance.random(len(unknown)) < PSEUDO_SHARE
        tables.append(scores(inside[~unknown & ~asked], inside[asked], own)[0])
        known.append(~unknown[asked])
    target = np.concatenate(known)
    weights = {}
    for chosen in LEARNED:
        rows = [np.stack([table[name] for name in chosen], axis=1) for table in tables]
        spread = np.concatenate(rows).std(axis=0)
        model = LogisticRegression(C=10.0, class_weight="balanced")
        model.fit(np.concatenate(rows) / spread, target)
        pairs = zip(chosen, model.coef_[0] / spread, strict=True)
        weights["learned: " + ", ".join(chosen)] = {x: round(float(w), 4) for x, w in pairs}
    return weights


def judged(inside: Floats, outside: Floats) -> dict[str, float]:
    """Area under the curve; recall, the threshold fixed on one half and scored on the other."""
    chance = np.random.default_rng(0)
    recalls, kept = [], []
    for _ in range(HALVES):
        known, unknown = chance.permutation(inside), chance.permutation(outside)
        fixing, judging = np.array_split(known, 2)
        strange = np.array_split(unknown, 2)[1]
        threshold = np.quantile(chance.choice(fixing, len(fixing)), 1 - KEPT)
        recalls.append(float((chance.choice(strange, len(strange)) < threshold).mean()))
        kept.append(float((judging >= threshold).mean()))
    low, high = np.quantile(recalls, (0.025, 0.975))
    below = (inside[:, None] > outside).mean() + 0.5 * (inside[:, None] == outside).mean()
    figures = {
        "auroc": below,
        "recall": np.mean(recalls),
        "low": low,
        "high": high,
        "kept": np.mean(kept),
    }
    return {name: round(float(figure), 4) for name, figure in figures.items()}


def show(result: Mapping[str, Any]) -> None:
    title = (
        f"CLINC150, {result['encoder']['name']}, in-scope accuracy {result['in_scope_accuracy']}"
    )
    table = Table(title=title)
    for heading in ("score", "AUROC", "recall at 95 % kept", "kept"):
        table.add_column(heading)
    for name, figures in result["scores"].items():
        recall = f"{figures['recall']:.3f} [{figures['low']:.2f}, {figures['high']:.2f}]"
        table.add_row(name, f"{figures['auroc']:.4f}", recall, f"{figures['kept']:.3f}")
    Console(file=sys.stdout).print(table)


if __name__ == "__main__":
    main()
