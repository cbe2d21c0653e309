"""From turns and verdicts to labels, on every engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.expr.types import Table

from sayso.events.engines import Engine
from sayso.labels.pairs import pairs, paraphrases
from sayso.labels.paraphrased import paraphrased

HARD, EASY, SECRET = "let me hear jazz while i cook dinner", "play some jazz", "jazz for 555 1234"
TEXTS = {1: HARD, 2: EASY, 3: SECRET}


def tables(engine: Engine, folder: Path, said: list[tuple[int, int, int, int]]) -> list[Table]:
    """Each of `said` is a person, the text that failed, the one that worked, and its defect."""
    turns: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    for at, (user, failed, well, bad) in enumerate(said):
        meant = {"skill": "music", "intent": "Play", "slots": '{"genre": "jazz"}'}
        none = {"skill": None, "intent": None, "slots": "{}"}
        row = {"user": user, "language": "en", "failed": False}
        turns.append({**row, **none, "number": 2 * at, "text": failed, "outcome": "abstain"})
        turns.append({**row, **meant, "number": 2 * at + 1, "text": well, "outcome": "act"})
        first = {"turn": 2 * at, "defect_bp": 9000, "rephrased_by": 2 * at + 1}
        verdicts.append({**first, "rephrased_bp": 9000})
        last = {"turn": 2 * at + 1, "defect_bp": bad, "rephrased_by": None, "rephrased_bp": 0}
        verdicts.append(last)
    texts = [{"text": n, "shown": text, "private": n == 3} for n, text in TEXTS.items()]
    opened = []
    for name, rows in (("turns", turns), ("verdicts", verdicts), ("texts", texts)):
        place = folder / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(rows), place)
        opened.append(engine.read(place))
    return opened


def test_what_several_people_said_in_vain_becomes_an_example(
    engine: Engine, tmp_path: Path
) -> None:
    found = pairs(*tables(engine, tmp_path, [(user, 1, 2, 1000) for user in (1, 2, 3, 3)]))
    (pair,) = paraphrases(found, lambda language: f"{language}-US")
    assert (pair.users, pair.same) == (frozenset({1, 2, 3}), 0.9)
    assert pair.failed_well == pytest.approx(0.1)
    assert pair.went_well == pytest.approx(0.9)
    (label,) = paraphrased([pair]).labels
    assert (label.text, label.intent, label.locale) == (HARD, "Play", "en-US")
    assert [label.text[span.start : span.end] for span in label.spans] == ["jazz"]


def test_what_is_private_teaches_nothing(engine: Engine, tmp_path: Path) -> None:
    found = pairs(*tables(engine, tmp_path, [(user, 3, 2, 1000) for user in (1, 2, 3)]))
    assert list(paraphrases(found, str)) == []


def test_a_slot_that_cannot_be_placed_leaves_the_pair_out(engine: Engine, tmp_path: Path) -> None:
    found = pairs(*tables(engine, tmp_path, [(1, 1, 2, 1000)]))
    assert list(paraphrases(found, str, lambda *said: None)) == []
