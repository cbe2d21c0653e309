"""What rewriting could repair at best."""

from __future__ import annotations

from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.oracle import ceiling
from sayso.evaluation.households.simulate import simulate
from tests.evaluation.households.town import by_heart, small_town


def test_the_oracle_repairs_what_failed_and_hurts_nothing() -> None:
    town, engine = small_town(30), by_heart()
    truth = [one for _, true in simulate(town, engine, 3, 1) for one in true]
    best = ceiling(town.world, Assistant(engine), truth, floor=5)
    assert best.any.value < best.by_table.value <= best.by_floor.value < best.none.value
    assert best.table["make it bubble"] == "put the kettle on"
    assert best.table["i fancy hearing slow ferry"] == "please play slow ferry"
    assert best.repairable > 0.8
