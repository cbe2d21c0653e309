"""Turns and what followed -> verdicts: a row a turn, with the evidence named.

Rephrases are found batch by batch; all else is counted in tables, and Python meets each distinct
combination of evidence once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sayso.events.engines import Engine
from sayso.events.read import Events
from sayso.events.windows import LATER
from sayso.feedback.defects import Choice, chosen, estimate
from sayso.feedback.evidence import evidence, unpacked
from sayso.feedback.others import beside_others
from sayso.types.readings import Basis

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

# Windows, as columns -> for each, which later turn says the same again (0: none), and how surely.
Detect = Callable[[Mapping[str, Sequence[Any]]], tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class Judged:
    """The table of verdicts (columns of `Verdict`), and which model gave them."""

    verdicts: Table
    choice: Choice


def rephrases(engine: Engine, windows: Table, detect: Detect) -> Table:
    """Which later turn says the same again: turn, rephrased_by (or null), rephrased_bp."""
    import ibis

    schema = ibis.schema({"turn": "int64", "rephrased_by": "int64", "rephrased_bp": "int64"})
    return engine.map_batches(windows, _Detected(detect), schema, "rephrases")


class _Detected:
    """`detect` for a batch of windows; an object, since Spark sends it to other processes."""

    def __init__(self, detect: Detect) -> None:
        self._detect = detect

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import pyarrow as pa

        columns = {name: batch[name].to_pylist() for name in batch.schema.names}
        for k in range(1, LATER + 1):
            # Who answers a question of the assistant does not say the same again.
            columns[f"words_{k}"] = [
                None if basis == Basis.ANSWER else words
                for words, basis in zip(columns[f"words_{k}"], columns[f"basis_{k}"], strict=True)
            ]
        places, chances = self._detect(columns)
        turn = np.asarray(columns["turn"], np.int64)
        # The later turns of a window have the next numbers.
        later = pa.array(turn + places, pa.int64(), mask=np.asarray(places) == 0)
        return pa.record_batch(
            {
                "turn": pa.array(turn),
                "rephrased_by": later,
                "rephrased_bp": pa.array(np.asarray(chances, np.int64)),
            }
        )


def judge(engine: Engine, events: Events, rephrases: Table) -> Judged:
    """A verdict for every turn, from what followed and from how the same words went for others.

    rephrases: as the function of that name gives them.
    """
    looked = first_look(engine, events, rephrases)
    kept = engine.keep(beside_others(events.turns, looked.verdicts), "verdicts")
    shutil.rmtree(engine.work / "looked", ignore_errors=True)
    return Judged(kept, looked.choice)


def first_look(engine: Engine, events: Events, rephrases: Table) -> Judged:
    """A verdict for every turn by itself, by the model that suits the home best."""
    import ibis

    found = evidence(events.turns, events.windows, events.texts, rephrases)
    found = engine.keep(found, "evidence")
    distinct = found.group_by("key").aggregate(turns=lambda each: each.count()).order_by("key")
    rows = engine.fetch(distinct)
    keys = rows["key"].to_numpy().astype(np.int64)
    bins = unpacked(keys)
    counts = rows["turns"].to_numpy().astype(np.int64)
    choice = chosen(bins, counts)
    chances, named = estimate(bins, choice.model)
    told = ibis.memtable(
        {"key": keys, "defect_bp": chances, "evidence": named},
        schema={"key": "int64", "defect_bp": "int64", "evidence": "string"},
    )
    verdicts = found.join(told, "key").select(
        "turn", "defect_bp", "evidence", "rephrased_by", "rephrased_bp"
    )
    kept = engine.keep(verdicts, "looked")
    shutil.rmtree(engine.work / "evidence", ignore_errors=True)
    return Judged(kept, choice)
