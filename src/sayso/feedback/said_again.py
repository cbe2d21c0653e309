"""The table of rephrases: for each turn that somebody followed up, which later turn repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sayso.feedback.rephrased import AHEAD, detect
from sayso.feedback.vectors import open_vectors

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

    from sayso.events.engines import Engine


def said_again(engine: Engine, windows: Table, vectors: Path | None) -> Table:
    """turn, rephrased_by (null where nothing repeats it), rephrased_bp: one row a window.

    vectors: folder of `write_vectors`; None where no text has any.
    """
    import ibis

    schema = ibis.schema({"turn": "int64", "rephrased_by": "int64", "rephrased_bp": "int32"})
    return engine.map_batches(windows, _Detected(vectors), schema, "rephrases")


class _Detected:
    """Rephrases of a batch; an object, since Spark sends it to other processes."""

    def __init__(self, vectors: Path | None) -> None:
        self._vectors = vectors

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import pyarrow as pa

        columns = {name: batch[name].to_pylist() for name in batch.schema.names}
        places, chances = detect(columns, self._cosine(columns))
        turns = batch["turn"].to_numpy()
        # The next turn of a conversation has the next number.
        by = pa.array(turns + places, pa.int64(), mask=places == 0)
        kept = pa.array(chances, pa.int32())
        return pa.record_batch({"turn": batch["turn"], "rephrased_by": by, "rephrased_bp": kept})

    def _cosine(self, columns: dict[str, list[Any]]) -> Any:
        if self._vectors is None:
            return None
        known = open_vectors(self._vectors)
        ids = {
            words: text
            for k in range(AHEAD + 1)
            for words, text in zip(columns[f"words_{k}"], columns[f"text_{k}"], strict=True)
        }

        def cosine(earlier: Sequence[str], later: Sequence[str]) -> NDArray[np.float32]:
            one, other = (np.array([ids[x] for x in texts], np.int64) for texts in (earlier, later))
            return known.cosine(one, other)

        return cosine
