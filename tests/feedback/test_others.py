"""How the same words went for others counts, too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.expr.types import Table

from sayso.events.engines import Engine
from sayso.feedback.others import CHANCE_BP, NAMES, PEOPLE, beside_others, figures, packaged
from tests.events.logs import rows_of

SILENT, BAD, FINE = 1500, 9000, 100


def tables(
    engine: Engine, folder: Path, said: list[tuple[int, int, int]], outright: Sequence[int] = ()
) -> tuple[Table, Table]:
    """Each of `said` is a person, a text, and the chance in basis points that it went wrong."""
    turns: list[dict[str, Any]] = [
        {"number": at, "user": user, "text": text, "read": text, "helpful": None, "undone": None}
        for at, (user, text, _) in enumerate(said)
    ]
    for at in outright:
        turns[at]["helpful"] = False
    verdicts: list[dict[str, Any]] = [
        {"turn": at, "defect_bp": bad, "evidence": "", "rephrased_by": None, "rephrased_bp": 0}
        for at, (_, _, bad) in enumerate(said)
    ]
    schema = pa.schema(
        [
            *((name, pa.int64()) for name in ("turn", "defect_bp")),
            ("evidence", pa.string()),
            *((name, pa.int64()) for name in ("rephrased_by", "rephrased_bp")),
        ]
    )
    told = pa.schema(
        [
            *((name, pa.int64()) for name in ("number", "user", "text", "read")),
            *((name, pa.bool_()) for name in ("helpful", "undone")),
        ]
    )
    pq.write_table(pa.Table.from_pylist(turns, schema=told), folder / "turns.parquet")
    pq.write_table(pa.Table.from_pylist(verdicts, schema=schema), folder / "verdicts.parquet")
    return engine.read(folder / "turns.parquet"), engine.read(folder / "verdicts.parquet")


def test_who_gives_up_in_silence_where_others_try_again_was_not_served(
    engine: Engine, tmp_path: Path
) -> None:
    others = [(user, 7, BAD) for user in range(10)]
    turns, verdicts = tables(engine, tmp_path, [(99, 7, SILENT), *others])
    silent = rows_of(beside_others(turns, verdicts), "turn")[0]
    assert silent["defect_bp"] > 5000
    assert silent["evidence"] == "others"


def test_who_says_again_what_serves_everybody_else_is_believed_less(
    engine: Engine, tmp_path: Path
) -> None:
    others = [(user, 7, FINE) for user in range(30)]
    turns, verdicts = tables(engine, tmp_path, [(99, 7, 4000), *others])
    assert rows_of(beside_others(turns, verdicts), "turn")[0]["defect_bp"] < 3000


def test_words_that_nobody_else_says_keep_their_verdict(engine: Engine, tmp_path: Path) -> None:
    said = [(1, 7, SILENT), (1, 7, BAD), (2, 8, FINE)]
    turns, verdicts = tables(engine, tmp_path, said)
    found = rows_of(beside_others(turns, verdicts), "turn")
    assert [row["defect_bp"] for row in found] == [SILENT, BAD, FINE]


def test_whoever_says_that_it_did_not_help_is_believed(engine: Engine, tmp_path: Path) -> None:
    others = [(user, 7, FINE) for user in range(30)]
    turns, verdicts = tables(engine, tmp_path, [(99, 7, BAD), *others], outright=[0])
    assert rows_of(beside_others(turns, verdicts), "turn")[0]["defect_bp"] == BAD


def test_an_insistent_one_is_one_voice(engine: Engine, tmp_path: Path) -> None:
    said = [(1, 7, FINE), (2, 7, FINE), *[(3, 7, BAD)] * 100]
    turns, verdicts = tables(engine, tmp_path, said)
    first = rows_of(figures(turns, verdicts), "turn")[0]
    assert CHANCE_BP[first["others"] - 1] <= (FINE + BAD) // 2 < CHANCE_BP[first["others"]]
    assert first["people"] == 1  # two others: not below the first end, below the second


@pytest.mark.parametrize("people", range(len(PEOPLE) + 1))
def test_the_worse_it_went_for_others_the_worse_it_was(people: int) -> None:
    steps = [[own, others, people] for own in (0, 8, 19) for others in range(len(CHANCE_BP) + 1)]
    chances = packaged().predict(np.array(steps, np.float32))
    assert packaged().names == NAMES
    for at in range(0, len(steps), len(CHANCE_BP) + 1):
        rising = chances[at : at + len(CHANCE_BP) + 1]
        assert all(one <= other + 1e-9 for one, other in pairwise(rising))
