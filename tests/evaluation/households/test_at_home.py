"""Simulated turns in a home's store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pyarrow import parquet

from sayso.evaluation.households.at_home import keep
from sayso.evaluation.households.simulate import simulate
from sayso.stores.store import Store
from sayso.types.lessons import LoggedTurn
from tests.evaluation.households.town import by_heart, small_town


def test_what_is_kept_comes_back_from_the_stores_export(tmp_path: Path) -> None:
    rows, _ = next(simulate(small_town(4), by_heart(), 1, 1))
    rows[0] = replace(rows[0], barge_in_ms=700.0, helpful=True, undone=True, played_s=12.5)
    asked = [row.outcome for row in rows]
    assert {"act", "abstain"} <= set(asked)
    with Store.open("sqlite:///log.db", tmp_path) as store:
        keep(rows, store)
        store.export(tmp_path / "export")
    found = parquet.read_table(tmp_path / "export" / "part-00000.parquet").to_pylist()
    back = [LoggedTurn(**row) for row in found]
    assert sorted(back, key=lambda row: row.id) == sorted(rows, key=lambda row: row.id)
