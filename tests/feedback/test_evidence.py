"""What speaks for and against a turn, read off the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sayso.events.engines import Engine
from sayso.events.read import read
from sayso.feedback.evidence import FIELDS, NAMES, evidence, packed, unpacked
from sayso.types.lessons import LoggedTurn
from tests.events.logs import number, rows_of, turn, write


@given(st.lists(st.tuples(*[st.integers(0, len(field.steps) - 1) for field in FIELDS]), min_size=1))
def test_what_is_packed_is_unpacked(values: list[tuple[int, ...]]) -> None:
    bins = np.array(values, np.int64)
    assert (unpacked(packed(bins)) == bins).all()


def facts(
    engine: Engine,
    tmp_path: Path,
    *rows: LoggedTurn,
    again: dict[int, tuple[int | None, int]] | None = None,
) -> list[dict[str, str]]:
    """What is known of each turn, by field. again: turn -> (said again by, basis points)."""
    import ibis

    write(tmp_path / "log.parquet", rows)
    events = read(engine, tmp_path / "log.parquet", number)
    told = [(of, by, bp) for of, (by, bp) in (again or {}).items()]
    schema = {"turn": "int64", "rephrased_by": "int64", "rephrased_bp": "int64"}
    rephrases = ibis.memtable(told, schema=schema)
    found: list[dict[str, Any]] = rows_of(
        evidence(events.turns, events.windows, events.texts, rephrases), "turn"
    )
    bins = unpacked(np.array([row["key"] for row in found]))
    return [
        {name: FIELDS[at].steps[row[at]] for at, name in enumerate(NAMES)} for row in bins.tolist()
    ]


def test_what_follows_is_evidence(engine: Engine, tmp_path: Path) -> None:
    told = facts(
        engine,
        tmp_path,
        turn("play quinn", 0, barge_in_ms=800.0, confidence=0.4),
        turn("stop", 4, skill=None, intent="AMAZON.StopIntent"),
        turn("play queen", 12, played_s=200.0),
        turn("thank you", 50, skill=None, intent=None),
        again={0: (2, 9000), 2: (None, 300)},
    )
    first, _, third, last = told
    assert (first["barge_in"], first["next"], first["pause"]) == ("at_once", "stop", "quick")
    assert (first["rephrased"], first["confidence"]) == ("surely", "low")
    assert (first["outcome"], first["before"]) == ("acted", "first")
    assert (third["next"], third["dwell"], third["rephrased"]) == ("thanks", "long", "no")
    assert (third["before"], third["pause"]) == ("after_stop", "long")
    assert (last["next"], last["pause"]) == ("silence", "none")


def test_what_came_before_is_evidence(engine: Engine, tmp_path: Path) -> None:
    told = facts(
        engine,
        tmp_path,
        turn("play quinn", 0, outcome="abstain", skill=None, intent=None, confidence=None),
        turn("play quinn", 4, speech="I don't know that."),
        turn("play queen", 9, ended=False, helpful=False, undone=True, failed=True),
    )
    assert [each["before"] for each in told] == ["first", "repeats", "after_failure"]
    assert [each["next"] for each in told] == ["repeated", "same_intent", "silence"]
    assert [each["broken"] for each in told] == ["none", "refused", "failed"]
    assert (told[0]["outcome"], told[0]["confidence"]) == ("abstained", "none")
    last = told[2]
    assert (last["waiting"], last["helpful"], last["undone"]) == ("yes", "no", "yes")


def test_another_pause_or_conversation_is_none(engine: Engine, tmp_path: Path) -> None:
    told = facts(engine, tmp_path, turn("play quinn", 0), turn("stop", 60), turn("stop", 900))
    assert [each["next"] for each in told] == ["silence"] * 3
    assert [each["before"] for each in told] == ["first", "other", "first"]
