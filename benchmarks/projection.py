"""Claim: slots of a request that went well are found in one that did not and says the same.

    python -m benchmarks.projection DATA --write

DATA holds `nlu/{hwu64,slurp}` and `dialogues/sgd`. Pairs are annotated sentences of one intent with
the same slots; the labels of one are hidden, projected from the other and compared, span by span.
Three kinds: `same` values; `other words` for the same value (SGD knows by its canonical values,
hwu64 and slurp by what differs in digits, articles and little words only); `misheard`,
the same values with a word of the failed sentence as a recogniser may write it. `not the same` are
sentences with another value in a slot: what is kept of these teaches a wrong label. Weights and tau
were chosen on train parts; validation parts are reported.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.hardware import write_result
from sayso.encoders import Encoder
from sayso.labels.aligned import (
    WEIGHTS,
    Aligned,
    Near,
    Place,
    Weights,
    Words,
    likenesses,
    settle,
    words_of,
)
from sayso.labels.paraphrased import TAU
from sayso.types.lessons import Label, LabelSource, Span
from sayso.understanding.fold import fold
from sayso.understanding.noise import misheard

KINDS = ("same", "other words", "misheard")
WRONG = "not the same"
MOST = 700  # pairs of a kind and set
SENSE = Weights(0.4, 0.24, 0.36)  # what vectors are worth beside letters and sound
TAUS = tuple(np.round(np.arange(0.02, 0.72, 0.02), 2).tolist())
_ONES = "zero one two three four five six seven eight nine ten eleven twelve"
_DIGITS = {word: str(n) for n, word in enumerate(_ONES.split())}
_SMALL = "the a an my for on at in to of s please o clock oclock"
_LITTLE = frozenset(_SMALL.split())
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Said:
    """An annotated sentence. values: slot -> value as it is compared; words: as it was said."""

    label: Label
    values: dict[str, str]
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """What went well, what did not, and of what kind the pair is."""

    well: Label
    failed: Label
    kind: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A pair with all that alignment needs, whatever the weights."""

    pair: Pair
    target: Words
    near: Sequence[dict[Place, Near]]

    def settled(self, weights: Weights) -> Aligned | None:
        """The slots in their places by these weights."""
        if len(self.near) > len(self.target.places):
            return None
        return settle(self.near, self.pair.well.spans, self.target, weights)


def _value(words: str) -> str:
    """Words of a value as they are compared: digits, no little words, "7am" as "7 am"."""
    apart = re.sub(r"(?<=\d)(?=[a-z])", " ", fold(words)).replace("a m", "am").replace("p m", "pm")
    return " ".join(_DIGITS.get(word, word) for word in apart.split() if word not in _LITTLE)


def _tagged(file: Path) -> Iterator[Said]:
    import pyarrow.parquet as pq

    for row in pq.read_table(file, columns=["tokens", "tags", "intent"]).to_pylist():
        text, spans = "", []
        for token, tag in zip(row["tokens"], row["tags"], strict=True):
            start = len(text) + bool(text)
            text = f"{text} {token}" if text else token
            if tag.startswith("B-"):
                spans.append(Span(tag[2:], start, len(text)))
            elif tag.startswith("I-") and spans:
                spans[-1] = replace(spans[-1], end=len(text))
        words = {span.name: text[span.start : span.end] for span in spans}
        values = {name: _value(said) for name, said in words.items()}
        yield Said(_label(text, row["intent"], spans), values, words)


def _dialogue(file: Path) -> Iterator[Said]:
    import pyarrow.parquet as pq

    for row in pq.read_table(file, columns=["speaker", "text", "slots", "actions"]).to_pylist():
        actions = json.loads(row["actions"] or "[]")
        given = [a for a in actions if a["act"] == "INFORM" and a.get("values")]
        if row["speaker"] != "user" or not given:
            continue
        spans = [Span(s["slot"], s["start"], s["end"]) for s in json.loads(row["slots"] or "[]")]
        values = {a["slot"]: (a.get("canonical") or a["values"])[0] for a in given}
        if sorted(span.name for span in spans) != sorted(values):
            continue
        kind = "+".join(sorted({f"{a['service']}.{a['act']}" for a in actions}))
        words = {span.name: row["text"][span.start : span.end] for span in spans}
        yield Said(_label(row["text"], kind, spans), values, words)


def _label(text: str, intent: str, spans: Iterable[Span]) -> Label:
    ordered = sorted(spans, key=lambda span: span.start)
    return Label(text, "home", intent, "en", ordered, source=LabelSource.LOG)


def _pairs(said: Iterable[Said], seed: int, others: Iterable[Said] = ()) -> list[Pair]:
    """Pairs whose failed sentence is of `said`; what went well may be of `others`, too."""
    chance = Random(seed)
    groups: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    failing = list(said)
    mine = set(map(id, failing))
    for one in (*failing, *others):
        if one.words and len(one.words) == len(one.label.spans):
            groups[one.label.intent, *sorted(one.words)].append(one)
    found: dict[str, list[Pair]] = {kind: [] for kind in (*KINDS, WRONG)}
    for _, group in sorted(groups.items()):
        by_value: dict[str, list[Said]] = defaultdict(list)
        for one in group:
            by_value[json.dumps(one.values, sort_keys=True)].append(one)
        for alike in by_value.values():
            for _ in range(min(8, len(alike) - 1)):
                well, failed = chance.sample(alike, 2)
                if id(failed) not in mine:
                    well, failed = failed, well
                same = fold(well.label.text) == fold(failed.label.text)
                if same or id(failed) not in mine:
                    continue
                plain = all(fold(well.words[n]) == fold(failed.words[n]) for n in well.words)
                found["same" if plain else "other words"].append(
                    Pair(well.label, failed.label, "same" if plain else "other words")
                )
                if plain:
                    noisy = _spoilt(failed.label, chance)
                    found["misheard"].append(Pair(well.label, noisy, "misheard"))
        if len(by_value) > 1:
            for _ in range(min(4, len(by_value))):
                first, second = chance.sample(sorted(by_value), 2)
                well, failed = chance.choice(by_value[first]), chance.choice(by_value[second])
                if id(failed) in mine:
                    found[WRONG].append(Pair(well.label, failed.label, WRONG))
    return [pair for some in found.values() for pair in chance.sample(some, min(MOST, len(some)))]


def _spoilt(label: Label, chance: Random) -> Label:
    """The sentence with a word of a slot misheard."""
    span = chance.choice(list(label.spans))
    words = [m for m in _WORD.finditer(label.text, span.start, span.end) if m.group().isalpha()]
    if not words:
        return label
    word = chance.choice(words)
    heard = misheard(word.group(), chance)
    if chance.random() < 0.5:
        heard = misheard(heard, chance)
    longer = len(heard) - len(word.group())
    spans = [
        Span(
            one.name,
            one.start + (longer if one.start >= word.end() else 0),
            one.end + (longer if one.end >= word.end() else 0),
        )
        for one in label.spans
    ]
    text = label.text[: word.start()] + heard + label.text[word.end() :]
    return replace(label, text=text, spans=spans)


def _look(pairs: Iterable[Pair], encoder: Encoder) -> list[Looked]:
    found = []
    for pair in pairs:
        source, target = [
            words_of(label.text, encoder.encode_one(label.text))
            for label in (pair.well, pair.failed)
        ]
        near = [likenesses(source, span, target) for span in pair.well.spans]
        found.append(Looked(pair, target, near))
    return found


def _told(looked: Sequence[Looked], weights: Weights) -> NDArray[np.float64]:
    """(pairs, 4): cost, slots placed rightly, placed, true."""
    rows = []
    for each in looked:
        found, gold = each.settled(weights), set(each.pair.failed.spans)
        if found is None:
            rows.append((2.0, 0, 0, len(gold)))
        else:
            rows.append((found.cost, len(gold & set(found.spans)), len(found.spans), len(gold)))
    return np.array(rows, dtype=float).reshape(-1, 4)


def _at(told: NDArray[np.float64], tau: float) -> dict[str, float]:
    """Slot F1 of what is kept, and the share that is."""
    kept = told[told[:, 0] <= tau]
    right, said, true = kept[:, 1:].sum(axis=0).tolist()
    return {"f1": 2 * right / max(said + true, 1), "coverage": len(kept) / max(len(told), 1)}


def _interval(told: NDArray[np.float64], tau: float) -> tuple[float, float]:
    """95 % of the F1, by bootstrap over pairs."""
    random = np.random.default_rng(0)
    drawn = [_at(told[random.integers(0, len(told), len(told))], tau)["f1"] for _ in range(500)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def _tuned(looked: Sequence[Looked]) -> None:
    """Print what weights do on train parts: coverage at F1 .95, and wrong pairs kept there."""
    good = [each for each in looked if each.pair.kind != WRONG]
    bad = [each for each in looked if each.pair.kind == WRONG]
    steps = (0.0, 0.2, 0.4, 0.6)
    for sense, share in product(steps, (0.0, 0.3, 0.6)):
        weights = Weights(sense, (1 - sense) * (1 - share), (1 - sense) * share)
        told, wrong = _told(good, weights), _told(bad, weights)
        curve = [(tau, _at(told, tau)) for tau in TAUS]
        fine = [(tau, each) for tau, each in curve if each["f1"] >= 0.95] or curve[:1]
        tau, best = max(fine, key=lambda item: item[1]["coverage"])
        line = f"sense {sense:.1f} sound {share:.1f}: coverage {best['coverage']:.3f} "
        print(line + f"F1 {best['f1']:.3f} tau {tau} wrong kept {_at(wrong, tau)['coverage']:.3f}")


def _sets(data: Path, part: str) -> dict[str, list[Pair]]:
    home = _home(data, part)
    others = _home(data, "train") if part != "train" else []
    return {
        "hwu64 + slurp": _pairs(home, 1, others),
        "sgd": _pairs(_dialogue(data / f"dialogues/sgd/{part}.parquet"), seed=2),
    }


def _home(data: Path, part: str) -> list[Said]:
    return [x for n in ("hwu64", "slurp") for x in _tagged(data / f"nlu/{n}/{part}.parquet")]


def measure(data: Path, encoder: Encoder) -> dict[str, Any]:
    result: dict[str, Any] = {"tau": TAU}
    for name, pairs in _sets(data, "validation").items():
        looked = _look(pairs, encoder)
        told = {
            kind: _told([x for x in looked if x.pair.kind == kind], WEIGHTS)
            for kind in (*KINDS, WRONG)
        }
        every = np.concatenate([told[kind] for kind in KINDS])
        mine: dict[str, Any] = {
            kind: {"pairs": len(told[kind]), **_at(told[kind], TAU)} for kind in KINDS
        }
        mine["all"] = {"pairs": len(every), **_at(every, TAU), "interval": _interval(every, TAU)}
        mine[WRONG] = {"pairs": len(told[WRONG]), "kept": _at(told[WRONG], TAU)["coverage"]}
        mine["curve"] = [{"tau": tau, **_at(every, tau)} for tau in TAUS]
        exact = [x for x in looked if x.pair.kind != WRONG]
        mine["with sense"] = _at(_told(exact, SENSE), TAU)
        mine["word for word only"] = _at(_told(exact, Weights(0.0, 1.0, 0.0)), 0.0)
        result[name] = mine
        print(name, json.dumps({k: v for k, v in mine.items() if k != "curve"}, indent=1))
        print("  tau: F1, coverage:", _curve(mine["curve"]), flush=True)
    return result


def _curve(points: Sequence[dict[str, float]]) -> str:
    return "  ".join(f"{p['tau']}: {p['f1']:.3f}, {p['coverage']:.2f}" for p in points[::4])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--tune", action="store_true", help="show weights and tau on train parts")
    parser.add_argument("--write", action="store_true", help="write results/projection.json")
    arguments = parser.parse_args()
    encoder = Encoder.load()
    if arguments.tune:
        for name, pairs in _sets(arguments.data, "train").items():
            print(name, len(pairs))
            _tuned(_look(pairs, encoder))
    result = measure(arguments.data, encoder)
    if arguments.write:
        write_result("projection", result)


if __name__ == "__main__":
    main()
