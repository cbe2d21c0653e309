"""The mature domains: what the bottom bi-LSTM is pretrained on, with the target left out.

hwu64, slurp and the English of massive_th come from one collection and count as one set; snips and
xsid are near relatives and do too. No text of any target, train or test, is ever among the sources.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.transferring.data import LOCALE, set_label
from sayso.types.lessons import Label, Span
from sayso.understanding.heard import clean

GROUPS: Mapping[str, str] = {
    "clinc150": "clinc150",
    "banking77": "banking77",
    "hwu64": "home",
    "slurp": "home",
    "massive_th": "home",
    "snips": "snips",
    "xsid": "snips",
    "nlupp": "nlupp",
    "restaurants8k": "restaurants8k",
    "sgd": "sgd",
}
MOST_OF_A_SET = 9_000
LEAST_OF_AN_INTENT = 3


def read_sources(data: Path) -> dict[str, list[Label]]:
    """Set -> labels. An intent of `` teaches slots only."""
    found = {name: _nlu(data / "nlu" / name, name) for name in GROUPS if name != "sgd"}
    found["sgd"] = _sgd(data / "dialogues" / "sgd" / "train.parquet")
    chance = random.Random(0)
    return {
        name: chance.sample(labels, min(len(labels), MOST_OF_A_SET))
        for name, labels in found.items()
        if labels
    }


def without(
    sources: Mapping[str, Sequence[Label]], targets: Collection[str], texts: Collection[str]
) -> dict[str, list[Label]]:
    """The sources of other groups than these sets', less the given case-folded texts."""
    groups = {GROUPS[target] for target in targets}
    kept = {
        name: [label for label in labels if label.text.casefold() not in texts]
        for name, labels in sources.items()
        if GROUPS[name] not in groups
    }
    return {name: _common_intents(labels) for name, labels in kept.items() if labels}


def _common_intents(labels: Sequence[Label]) -> list[Label]:
    sizes: dict[str, int] = {}
    for label in labels:
        sizes[label.intent] = sizes.get(label.intent, 0) + 1
    return [
        label if sizes[label.intent] >= LEAST_OF_AN_INTENT else replace(label, intent="")
        for label in labels
    ]


def _nlu(folder: Path, name: str) -> list[Label]:
    rows = [row for path in sorted(folder.glob("*.parquet")) for row in _rows(path, name)]
    made = [label for row in rows if (label := set_label(row)) is not None]
    made = [x if x.intent.strip() else replace(x, intent="") for x in made]
    return list({(x.text, x.intent): x for x in made}.values())


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    if "fewshot" in path.name:  # rows of train
        return []
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    if name == "massive_th":
        rows = [{**x, "text": x["text_en"], "tokens": None} for x in rows if x["text_en"]]
    if name == "xsid":
        rows = [row for row in rows if row["locale"] == "en"]
    return [{**row, "intent": row["intent"] or " "} for row in rows if row["intent"] != "oos"]


def _sgd(path: Path) -> list[Label]:
    """What people said in the dialogues: service and intent, and the slots' places."""
    import pyarrow.parquet as pq

    columns = ["speaker", "text", "services", "intent", "slots", "actions"]
    labels = {}
    for row in pq.read_table(path, columns=columns).to_pylist():
        if row["speaker"] != "user":
            continue
        acts = {act["act"] for act in json.loads(row["actions"] or "[]")}
        intent = f"{row['services'][0]}.{row['intent']}" if acts & {"INFORM_INTENT"} else ""
        spans = _spans(json.loads(row["slots"] or "[]"))
        if (intent or spans) and clean(row["text"]) == row["text"]:
            labels[row["text"]] = Label(row["text"], "sgd", intent, LOCALE, spans)
    return list(labels.values())


def _spans(slots: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    found: list[Span] = []
    for slot in sorted(slots, key=lambda x: (x["start"], x["end"])):
        if not found or slot["start"] >= found[-1].end:
            found.append(Span(slot["slot"], slot["start"], slot["end"]))
    return tuple(found)


def read_phrases(data: Path) -> list[str]:
    """English phrases of a skill store's catalogue: no labels, for the teacher alone."""
    import pyarrow.parquet as pq

    table = pq.read_table(data / "skills" / "catalogue_phrases.parquet").to_pylist()
    english = [row for row in table if str(row["locale"]).startswith("en")]
    texts = (clean(row["name_free"] or row["phrase"]) for row in english)
    return sorted({text for text in texts if text})
