"""What speaks for or against a turn, in few steps each, packed into one whole number a turn.

Distinct combinations are few, thousands where turns are millions: a model is fitted to them and
asked about them, once each, and both engines get the same numbers. All of what follows a turn is
known only afterwards: this is for learning from a log, not for a turn that is going on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sayso.feedback.answers import STOP, STOPPING, THANKS, WRONG, said

if TYPE_CHECKING:
    from ibis.expr.types import Column, Table


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is known of a turn.

    steps: names of its values 0, 1, ...; neutral: the value that says least. rises: a higher value
    never makes a defect less likely, whatever a model was fitted on.
    """

    name: str
    steps: tuple[str, ...]
    neutral: int = 0
    rises: bool = False


FIELDS = (
    Field("outcome", ("acted", "unknown", "asked", "abstained"), rises=True),
    Field("broken", ("none", "refused", "failed"), rises=True),  # of what was acted upon
    Field("barge_in", ("none", "late", "early", "at_once"), rises=True),
    Field("rephrased", ("no", "hardly", "perhaps", "likely", "surely"), rises=True),
    Field(
        "next",
        ("thanks", "silence", "other", "same_intent", "repeated", "stop", "wrong"),
        neutral=2,
        rises=True,
    ),
    Field("pause", ("none", "quick", "short", "middling", "long"), neutral=3),
    Field("before", ("first", "repeats", "after_failure", "after_stop", "other"), neutral=4),
    Field("dwell", ("long", "untold", "short", "cut_short"), neutral=1, rises=True),
    Field("helpful", ("yes", "untold", "no"), neutral=1, rises=True),
    Field("undone", ("no", "yes"), rises=True),
    Field("waiting", ("no", "yes"), rises=True),  # a question was left unanswered
    Field("confidence", ("none", "very_low", "low", "middling", "high", "very_high"), neutral=4),
    Field("place", ("fresh", "in_dialogue")),
)
NAMES = tuple(field.name for field in FIELDS)
BARGE_MS = (1000.0, 3000.0)  # spoken over at once, early; later is late
DWELL_S = (10.0, 30.0)
REPHRASED_BP = (500, 2000, 5000, 8000)
PAUSE_S = (5.0, 12.0, 25.0)
CONFIDENCE = (0.3, 0.5, 0.7, 0.9)

Bins = NDArray[np.int64]


def place(name: str) -> int:
    """The column of a field."""
    return NAMES.index(name)


def step(name: str, value: str) -> int:
    """The number of a field's value."""
    return FIELDS[place(name)].steps.index(value)


def unpacked(keys: NDArray[np.int64]) -> Bins:
    """Packed numbers -> (n, FIELDS) values."""
    left, columns = np.asarray(keys, np.int64), []
    for field in reversed(FIELDS):
        left, value = np.divmod(left, len(field.steps))
        columns.append(value)
    return np.stack(columns[::-1], axis=1)


def packed(bins: Bins) -> NDArray[np.int64]:
    """(n, FIELDS) values -> packed numbers."""
    keys = np.zeros(len(bins), np.int64)
    for at, field in enumerate(FIELDS):
        keys = keys * len(field.steps) + bins[:, at]
    return keys


def evidence(turns: Table, windows: Table, texts: Table, rephrases: Table) -> Table:
    """One row a turn: turn, key (packed), rephrased_by, rephrased_bp.

    turns, windows, texts: tables of `events`. rephrases: turn, rephrased_by (null where it is not
    said again) and rephrased_bp, at most one row a turn.
    """
    answers = _answers(texts)
    later = windows.select(
        "turn", "text_0", "text_1", "intent_0", "intent_1", "skill_0", "skill_1", "gap_s_1"
    )
    later = later.left_join(answers, later.text_1 == answers.answer).drop("answer")
    before = windows.select(
        number=windows.turn + 1,
        text_b=windows.text_0,
        bad_b=_bad(windows),
        intent_b=windows.intent_0,
    )
    before = before.left_join(answers, before.text_b == answers.answer).drop("answer")
    before = before.rename(kind_b="kind")
    every = turns.left_join(later, turns.number == later.turn)
    every = every.left_join(before, "number").drop("number_right")
    told = rephrases.select(again="turn", by="rephrased_by", bp="rephrased_bp")
    every = every.left_join(told, every.number == told.again)
    values = _values(every)
    key = reduce(
        lambda left, field: left * len(field.steps) + values[field.name],
        FIELDS[1:],
        values[FIELDS[0].name].cast("int64"),
    )
    return every.select(
        turn=every.number,
        key=key.cast("int64"),
        rephrased_by=every.by,
        rephrased_bp=every.bp.fill_null(0).cast("int64"),
    )


def _answers(texts: Table) -> Table:
    """Texts that speak of the answer: answer (their id), kind."""
    import ibis

    known = ibis.memtable(said(), schema={"language": "string", "words": "string", "kind": "int64"})
    return texts.join(known, ["language", "words"]).select(answer="text", kind="kind")


def _bad(windows: Table) -> Column:
    """Whether a window's first turn was not acted upon."""
    return (windows.outcome_0 != "act") | windows.failed_0 | windows.refused_0


def _values(every: Table) -> dict[str, Column]:
    """The value of each field, as a column."""
    import ibis

    def among(
        column: Column, limits: Sequence[float], values: Sequence[int], null: int = 0
    ) -> Column:
        """The first of `values` below the first limit, the next below the next, and so on."""
        cases = [(column < limit, value) for limit, value in zip(limits, values, strict=False)]
        return ibis.cases((column.isnull(), null), *cases, else_=values[-1])

    alone = every.text_1.isnull()
    stops = every.kind.fill_null(0) == STOP
    stops = stops | every.intent_1.isin(STOPPING).fill_null(False)
    same = (every.intent_0 == every.intent_1) & (every.skill_0 == every.skill_1)
    stopped = (every.kind_b.fill_null(0) == STOP) | every.intent_b.isin(STOPPING).fill_null(False)
    return {
        "outcome": ibis.cases(
            (every.outcome == "act", 0),
            (every.outcome == "ask", 2),
            (every.outcome == "abstain", 3),
            else_=1,
        ),
        # To abstain is to refuse, in whatever words.
        "broken": ibis.cases(
            (every.failed, 2), (every.refused & (every.outcome == "act"), 1), else_=0
        ),
        "barge_in": among(every.barge_in_ms, BARGE_MS, (3, 2, 1)),
        "rephrased": ibis.cases(
            (every.bp.isnull(), 0),
            *[(every.bp < limit, at) for at, limit in enumerate(REPHRASED_BP)],
            else_=len(REPHRASED_BP),
        ),
        "next": ibis.cases(
            (alone, 1),
            (stops, 5),
            (every.kind.fill_null(0) == THANKS, 0),
            (every.kind.fill_null(0) == WRONG, 6),
            (every.text_0 == every.text_1, 4),
            (same.fill_null(False), 3),
            else_=2,
        ),
        "pause": among(every.gap_s_1, PAUSE_S, (1, 2, 3, 4)),
        "before": ibis.cases(
            (every.position == 0, 0),
            (every.text_b.isnull(), 4),
            (every.text_b == every.text, 1),
            (stopped, 3),
            (every.bad_b, 2),
            else_=4,
        ),
        "dwell": among(every.played_s, DWELL_S, (3, 2, 0), null=1),
        "helpful": ibis.cases((every.helpful.isnull(), 1), (every.helpful, 0), else_=2),
        "undone": every.undone.fill_null(False).ifelse(1, 0),
        "waiting": ((every.ended == False) & alone).ifelse(1, 0),  # noqa: E712
        "confidence": among(every.confidence, CONFIDENCE, (1, 2, 3, 4, 5)),
        "place": every.basis.isin(("answer", "session")).fill_null(False).ifelse(1, 0),
    }
