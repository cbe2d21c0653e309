"""Train features = serve features; a home's own misgivings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sayso.events.engines import Engine
from sayso.events.read import read
from sayso.feedback.beforehand import beforehand, figures_of, fitted
from sayso.feedback.judge import judge, rephrases
from sayso.routing.misgivings import FEATURES, figures
from tests.events.logs import number, rows_of, turn, write
from tests.feedback.test_judge import said_next


def test_what_others_met_is_known_and_not_what_oneself_did(engine: Engine, tmp_path: Path) -> None:
    rows = [
        turn("play quinn", 0, failed=True),
        turn("play quinn", 900, failed=True),
        turn("play quinn", 0, user="bob", outcome="abstain", confidence=None, basis="answer"),
        turn("play abba", 900, user="bob"),
    ]
    write(tmp_path / "log.parquet", rows)
    events = read(engine, tmp_path / "log.parquet", number)
    judged = judge(engine, events, rephrases(engine, events.windows, said_next))
    known = beforehand(events.turns, events.texts, judged.verdicts)
    told = {(row["user"], row["turn"]): row for row in rows_of(known, "turn")}
    bob = sorted(
        (row for row in told.values() if row["user"] == number("bob")), key=lambda r: r["turn"]
    )
    ana = [row for row in told.values() if row["user"] == number("ana")]
    assert [row["others"] for row in bob] == [2, 0]
    assert bob[0]["others_defect_bp"] == sum(row["defect_bp"] for row in ana)
    assert [row["others"] for row in ana] == [1, 1]
    assert (bob[0]["in_dialogue"], bob[0]["words"]) == (1, 2)
    served = figures(
        outcome=["abstain"],
        confidence=[np.nan],
        words=[2],
        others=[2],
        others_defect_bp=[bob[0]["others_defect_bp"]],
        in_dialogue=[True],
    )
    table = figures_of(known.filter(known.turn == bob[0]["turn"]).to_pyarrow())
    np.testing.assert_array_equal(table, served)


def test_a_home_learns_what_fails_there(engine: Engine, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: sayso[learn]")
    rows = [
        turn(text, 900.0 * at, user=f"user-{at % 20}", failed=text == "play quinn", id=str(at))
        for at in range(200)
        for text in [("play quinn", "play abba")[at % 2]]
    ]
    write(tmp_path / "log.parquet", rows)
    events = read(engine, tmp_path / "log.parquet", number)
    judged = judge(engine, events, rephrases(engine, events.windows, said_next))
    known = beforehand(events.turns, events.texts, judged.verdicts)
    model = fitted(known)
    assert model is not None
    assert model.names == FEATURES
    told = known.order_by("turn").to_pyarrow()
    chance = model.predict(figures_of(told))
    bad = told["defect_bp"].to_numpy() > 5000
    assert chance[bad].min() > 0.6 > 0.4 > chance[~bad].max()
