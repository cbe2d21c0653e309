"""Test sets -> Expectations: Parquet, CSV, JSON lines, or Alexa's NLU evaluation set.

A table has `text` and `intent`, and may have `skill` (else an intent of that name in any skill is
right), `locale` and `slots`: a JSON list of {"slot" or "name", "value", "start", "end"} or an
object name -> value. An intent that is empty or `oos` expects Sayso to abstain.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.errors import EvaluationError, MissingExtraError

OUT_OF_SCOPE = ("", "oos", "none")


@dataclass(frozen=True, slots=True)
class ExpectedSlot:
    """A slot that should be found. start, end: characters of the text, None if not told."""

    name: str
    value: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """A sentence and what it means. intent None: no skill should act. slots None: not told."""

    text: str
    intent: str | None
    skill: str | None = None
    slots: Sequence[ExpectedSlot] | None = None
    locale: str | None = None


def read_tests(path: Path) -> list[Expectation]:
    """A test set. Raises EvaluationError naming the file, the row and what is wrong."""
    readers: Mapping[str, Callable[[Path], Iterable[Mapping[str, Any]]]] = {
        ".parquet": _parquet,
        ".csv": _csv,
        ".jsonl": _json_lines,
        ".json": _alexa,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise EvaluationError(f"{path}: unknown kind of test set; use {', '.join(readers)}")
    try:
        rows = list(reader(path))
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise EvaluationError(f"{path}: cannot be read: {error}; mend the file") from error
    if not rows:
        raise EvaluationError(f"{path}: holds no rows; nothing would be measured")
    return [_expectation(row, f"{path}: row {i}") for i, row in enumerate(rows, start=1)]


def _parquet(path: Path) -> list[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise MissingExtraError("pyarrow", "evaluation") from error
    try:
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    except ArrowException as error:
        raise ValueError(str(error)) from error
    return rows


def _csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _json_lines(path: Path) -> list[dict[str, Any]]:
    # Not splitlines: JSON allows some of the line ends it knows inside of a text.
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    return [json.loads(line) for line in lines if line.strip()]


def _alexa(path: Path) -> list[dict[str, Any]]:
    """Alexa's evaluation set: {"data": [{"inputs": ..., "expected": [{"intent": ...}]}]}."""
    raw = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), list):
        raise ValueError('no "data" list; this is not an Alexa NLU evaluation set')
    return [_alexa_row(item) for item in raw["data"]]


def _alexa_row(item: Any) -> dict[str, Any]:
    try:
        intent = item["expected"][0]["intent"]
        slots = [
            {"name": name, "value": value}
            for name, slot in (intent.get("slots") or {}).items()
            for value in _alexa_values(slot)
        ]
        return {"text": item["inputs"]["utterance"], "intent": intent["name"], "slots": slots}
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"an item lacks {error}") from error


def _alexa_values(slot: Mapping[str, Any]) -> list[str]:
    """Values of `slotValue` (simple or list), or of the older `value`."""
    told = slot.get("slotValue", slot)
    if told.get("type") == "List":
        return [str(each["value"]) for each in told["values"]]
    return [str(told["value"])]


def _expectation(row: Any, where: str) -> Expectation:
    if not isinstance(row, Mapping):
        raise EvaluationError(f'{where}: is no object; write {{"text": ..., "intent": ...}}')
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise EvaluationError(f'{where}: no "text"; give the sentence')
    if "intent" not in row:
        raise EvaluationError(f'{where}: no "intent"; give its name, or leave it empty')
    intent = _name(row, "intent", where)
    return Expectation(
        text=text,
        intent=None if (intent or "").casefold() in OUT_OF_SCOPE else intent,
        skill=_name(row, "skill", where),
        slots=_slots(row.get("slots"), text, where),
        locale=_name(row, "locale", where),
    )


def _name(row: Mapping[str, Any], key: str, where: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise EvaluationError(f'{where}: "{key}" is no text; write a name, or leave it empty')
    return value or None


def _slots(raw: Any, text: str, where: str) -> tuple[ExpectedSlot, ...] | None:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw) if raw.strip() else None
        except ValueError as error:
            raise EvaluationError(f'{where}: "slots" is no JSON: {error}') from error
    if raw is None:
        return None
    if isinstance(raw, Mapping):
        raw = [{"name": name, "value": value} for name, value in raw.items()]
    try:
        slots = tuple(
            ExpectedSlot(
                str(slot.get("name") or slot["slot"]),
                str(slot["value"]),
                slot.get("start"),
                slot.get("end"),
            )
            for slot in raw
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f'{where}: "slots" needs name and value each: {error}') from error
    for slot in slots:
        if not _spans(slot, text):
            raise EvaluationError(
                f'{where}: slot "{slot.name}": start and end must lie in "text", or be left out'
            )
    return slots


def _spans(slot: ExpectedSlot, text: str) -> bool:
    """Whether a slot's place lies within the text, or is not told."""
    if slot.start is None or slot.end is None:
        return slot.start is slot.end
    told = isinstance(slot.start, int) and isinstance(slot.end, int)
    return told and 0 <= slot.start < slot.end <= len(text)
