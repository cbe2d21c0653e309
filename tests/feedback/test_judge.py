"""Verdicts: a row a turn, on both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from sayso.events.engines import Engine
from sayso.events.read import read
from sayso.feedback.judge import _Detected, judge, rephrases
from sayso.types.lessons import Verdict
from tests.events.logs import number, rows_of, turn, write


def said_next(
    windows: Mapping[str, Sequence[Any]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What was not understood is said again by the next turn."""
    bad = np.array([each == "abstain" for each in windows["outcome_0"]], dtype=bool)
    return bad.astype(np.int64), np.where(bad, 9000, 100)


def test_every_turn_has_a_verdict_with_its_evidence(engine: Engine, tmp_path: Path) -> None:
    rows = [
        turn("play quinn", 0, outcome="abstain", skill=None, intent=None, confidence=None),
        turn("play queen", 6, played_s=200.0),
        turn("thanks", 11, skill=None, intent=None),
        turn("play abba", 500),
        turn("play abba", 0, user="bob", failed=True),
    ]
    write(tmp_path / "log.parquet", rows)
    events = read(engine, tmp_path / "log.parquet", number)
    judged = judge(engine, events, rephrases(engine, events.windows, said_next))
    assert not judged.choice.own
    assert judged.verdicts.columns == tuple(ibis.schema(Verdict).names)
    verdicts = rows_of(judged.verdicts, "turn")
    users = {row["number"]: row["user"] for row in rows_of(events.turns, "number")}
    ana = [row for row in verdicts if users[row["turn"]] == number("ana")]
    (bob,) = [row for row in verdicts if users[row["turn"]] == number("bob")]
    first, second, third, _ = ana
    assert first["defect_bp"] > 8000
    assert "rephrased=surely" in first["evidence"]
    assert (first["rephrased_by"], first["rephrased_bp"]) == (second["turn"], 9000)
    assert second["defect_bp"] < 1000
    assert (second["rephrased_by"], second["rephrased_bp"]) == (None, 100)
    assert (third["rephrased_by"], third["rephrased_bp"]) == (None, 0)
    assert bob["defect_bp"] > 8000
    assert bob["evidence"].startswith("broken=failed")


def test_an_empty_log_has_no_verdicts(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path / "log.parquet", [])
    events = read(engine, tmp_path / "log.parquet", number)
    judged = judge(engine, events, rephrases(engine, events.windows, said_next))
    assert rows_of(judged.verdicts, "turn") == []


def test_who_answers_a_question_of_the_assistant_does_not_say_the_same_again(
    engine: Engine, tmp_path: Path
) -> None:
    rows = [
        turn("what time do we have", 0, outcome="ask", speech="Which one?", ended=False),
        turn("world clock", 6, basis="answer"),
    ]
    write(tmp_path / "log.parquet", rows)
    events = read(engine, tmp_path / "log.parquet", number)
    seen: list[Any] = []

    def looked_at(
        windows: Mapping[str, Sequence[Any]],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        seen.append(windows["words_1"])
        none = np.zeros(len(windows["turn"]), np.int64)
        return none, none

    _Detected(looked_at)(engine.fetch(events.windows).to_batches()[0])
    assert seen == [[None]]
