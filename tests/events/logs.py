"""Small logs for tests: rows of `LoggedTurn` with what matters named, written as Parquet."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sayso.types.lessons import LoggedTurn

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def turn(said: str, second: float = 0.0, **told: Any) -> LoggedTurn:
    """A turn of ana on her lamp, `second` seconds after noon."""
    at = NOON + timedelta(seconds=second)
    values = {
        "id": f"{told.get('user', 'ana')}/{told.get('device', 'lamp')}/{second}",
        "at": at,
        "user": "ana",
        "device": "lamp",
        "device_type": "speaker",
        "conversation": "c",
        "turn": 0,
        "locale": "en-US",
        "said": said,
        "text": said,
        "outcome": "act",
        "skill": "music",
        "intent": "play",
        "slots": "{}",
        "confidence": 0.9,
        "basis": "words",
        "side_effects": False,
        "speech": "Here you are.",
        "failed": False,
        "ended": True,
        "rewrite": None,
        "arm": None,
        "barge_in_ms": None,
        "played_s": None,
        "helpful": None,
        "undone": None,
    }
    return LoggedTurn(**{**values, **told})


def write(
    path: Path,
    rows: Sequence[LoggedTurn],
    *,
    without: Sequence[str] = (),
    extra: Mapping[str, Any] | None = None,
) -> Path:
    """Rows as a Parquet file. without: columns left out; extra: columns with one value."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {
        "at": pa.timestamp("us", "UTC"),
        "turn": pa.int64(),
        **dict.fromkeys(("confidence", "barge_in_ms", "played_s"), pa.float64()),
        **dict.fromkeys(("side_effects", "failed", "ended", "helpful", "undone"), pa.bool_()),
    }
    names = [each.name for each in dataclasses.fields(LoggedTurn) if each.name not in without]
    columns = {
        name: pa.array([getattr(row, name) for row in rows], kinds.get(name, pa.string()))
        for name in names
    }
    for name, value in (extra or {}).items():
        columns[name] = pa.array([value] * len(rows))
    parquet.write_table(pa.table(columns), path)
    return path


def number(user: str) -> int:
    """A number for a person: the same on every engine."""
    return int.from_bytes(hashlib.blake2b(user.encode(), digest_size=8).digest(), "big") >> 1


def rows_of(table: Any, *order: str) -> list[dict[str, Any]]:
    """All rows of a table, in an order."""
    rows: list[dict[str, Any]] = table.order_by(list(order)).to_pyarrow().to_pylist()
    return rows
