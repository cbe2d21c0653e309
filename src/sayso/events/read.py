"""An export of the log -> texts, turns and windows, without personal data.

Read top to bottom, this is what is done to a log before anything is learnt from it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.events.engines import Engine
from sayso.events.rows import Counted, sound
from sayso.events.texts import forms, texts
from sayso.events.turns import people, turns
from sayso.events.windows import windows

if TYPE_CHECKING:
    from ibis.expr.types import Table

CONVERSATION_S = 120.0  # the longest pause in a conversation
REPHRASE_S = 45.0  # the longest before something is said again


@dataclass(frozen=True, slots=True)
class Events:
    """The tables that are learnt from, and what became of the log's rows."""

    texts: Table
    turns: Table
    windows: Table
    counted: Counted | None = None


def read(
    engine: Engine,
    log: str | Path,
    pseudonym: Callable[[str], int],
    *,
    began: Callable[[str], None] = lambda step: None,
) -> Events:
    """All that is learnt from, of an export: a Parquet file, a folder of them, or a glob.

    pseudonym: a person's number, the same for the same person. began: told each step's name.
    The tables stay in `engine.work`; what names a person or holds an unscrubbed text does not.
    """
    try:
        began("rows")
        rows, counted = sound(engine, log)
        began("texts")
        every = forms(engine, rows)
        began("people")
        persons = people(engine, rows, pseudonym)
        began("turns")
        spoken = turns(engine, rows, every, persons, gap_s=CONVERSATION_S)
        began("counts")
        known = texts(engine, every, spoken)
        began("windows")
        seen = windows(engine, spoken, known, reach_s=REPHRASE_S)
    finally:
        _forget_raw(engine.work)
    return Events(known, spoken, seen, counted)


def opened(engine: Engine) -> Events:
    """The tables that an earlier `read` left in `engine.work`. Raises DataError."""
    return Events(engine.kept("texts"), engine.kept("turns"), engine.kept("windows"))


def _forget_raw(work: Path) -> None:
    """Delete what holds texts or names as they came."""
    for name in ("forms", "people", "replies", "slots"):
        for folder in (work / name, work / f"{name}.draft"):
            shutil.rmtree(folder, ignore_errors=True)
