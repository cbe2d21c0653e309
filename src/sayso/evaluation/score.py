"""Expectations + readings -> a Report.

Semantic error rate counts the intent as one more slot: SemER = (deletions + insertions +
substitutions) / (correct + deletions + substitutions). Slot F1 is micro, exact span and name; where
a test set tells no span, exact value and name. Out-of-scope rows stand apart: they count in
`out_of_scope_recall` alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from sayso.errors import EvaluationError
from sayso.evaluation.testset import Expectation, ExpectedSlot
from sayso.runtime.engine import Engine
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue

MOST_CONFUSIONS = 10


@dataclass(frozen=True, slots=True)
class Report:
    """What a test set shows. Shares are in [0, 1]; None where the set has nothing to measure.

    intent_accuracy: the first reading is right, whatever the router then does.
    acted_right, acted_wrong, asked, abstained: outcomes, as shares of the in-scope rows.
    wrong_actions_per_1000: of all rows, acts on the wrong intent or on what is out of scope.
    confusions: (expected, read, how often), most frequent first.
    """

    rows: int
    intent_accuracy: float | None
    macro_f1: float | None
    slot_f1: float | None
    semer: float | None
    irer: float | None
    out_of_scope_rows: int
    out_of_scope_recall: float | None
    acted_right: float | None
    acted_wrong: float | None
    asked: float | None
    abstained: float | None
    wrong_actions_per_1000: float | None
    p50_ms: float
    p99_ms: float
    confusions: Sequence[tuple[str, str, int]] = ()

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return asdict(self)

    def missed(self, goals: Sequence[tuple[str, float]]) -> list[str]:
        """Goals, as (measure, least value), that are not reached, in words.

        Raises EvaluationError for a measure there is none of.
        """
        problems = []
        for name, least in goals:
            value = getattr(self, name, None) if name in Report.__slots__ else None
            if not isinstance(value, int | float):
                known = [k for k, v in asdict(self).items() if isinstance(v, int | float)]
                raise EvaluationError(f'no measure "{name}" here; there are {", ".join(known)}')
            if value < least:
                problems.append(f"{name} is {value:.4f}, less than {least:g}")
        return problems


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: what was expected, what was decided, how long it took."""

    expected: Expectation
    decision: Decision
    latency_ms: float

    @property
    def first(self) -> Hypothesis | None:
        """The best reading, acted upon or not."""
        return self.decision.chosen or next(iter(self.decision.hypotheses), None)

    @property
    def acted(self) -> bool:
        """Whether a skill was called."""
        return self.decision.outcome is Outcome.ACT

    @property
    def right(self) -> bool:
        """Whether the best reading has the expected intent (and skill, if told)."""
        first, want = self.first, self.expected
        return (
            first is not None and first.intent == want.intent and want.skill in (None, first.skill)
        )


def evaluate(
    tests: Sequence[Expectation],
    engine: Engine,
    *,
    locale: str,
    now: datetime,
    done: Callable[[int], None] = lambda count: None,
) -> Report:
    """Every sentence by itself, outside any conversation. done: told how many rows are judged."""
    judged = []
    for i, expected in enumerate(tests, start=1):
        context = Context(conversation="", now=now, locale=expected.locale or locale)
        started = time.perf_counter()
        decision = engine.decide(expected.text, context)
        judged.append(Judged(expected, decision, (time.perf_counter() - started) * 1000))
        done(i)
    return report(judged)


def report(judged: Sequence[Judged]) -> Report:
    """All measures of a judged test set."""
    inside = [row for row in judged if row.expected.intent is not None]
    outside = [row for row in judged if row.expected.intent is None]
    told = [row for row in inside if row.expected.slots is not None]
    times = [row.latency_ms for row in judged]
    errors = [_slot_counts(row) for row in told]
    outcomes = Counter(row.decision.outcome for row in inside)
    acted = [row for row in inside if row.acted]
    wrong = sum(row.acted and not row.right for row in judged)
    return Report(
        rows=len(judged),
        intent_accuracy=_share(sum(row.right for row in inside), len(inside)),
        macro_f1=_macro_f1(inside),
        slot_f1=_f1(errors),
        semer=_semer(told, errors),
        irer=_share(sum(not _perfect(row) for row in told), len(told)),
        out_of_scope_rows=len(outside),
        out_of_scope_recall=_share(
            sum(row.decision.outcome is Outcome.ABSTAIN for row in outside), len(outside)
        ),
        acted_right=_share(sum(row.right for row in acted), len(inside)),
        acted_wrong=_share(sum(not row.right for row in acted), len(inside)),
        asked=_share(outcomes[Outcome.ASK], len(inside)),
        abstained=_share(outcomes[Outcome.ABSTAIN], len(inside)),
        wrong_actions_per_1000=_share(1000 * wrong, len(judged)),
        p50_ms=float(np.percentile(times, 50)),
        p99_ms=float(np.percentile(times, 99)),
        confusions=_confusions(inside),
    )


def _share(count: float, total: float) -> float | None:
    return count / total if total else None


def _macro_f1(rows: Sequence[Judged]) -> float | None:
    """Mean F1 over the intents that are expected."""
    expected = Counter(_expected_name(row) for row in rows)
    read = Counter(_read_name(row) for row in rows)
    right = Counter(_expected_name(row) for row in rows if row.right)
    scores = [2 * right[name] / (count + read[name]) for name, count in expected.items()]
    return float(np.mean(scores)) if scores else None


def _expected_name(row: Judged) -> str:
    skill = row.expected.skill
    return f"{skill}.{row.expected.intent}" if skill else str(row.expected.intent)


def _read_name(row: Judged) -> str:
    if row.first is None:
        return "nothing"
    return f"{row.first.skill}.{row.first.intent}" if row.expected.skill else row.first.intent


def _confusions(rows: Sequence[Judged]) -> tuple[tuple[str, str, int], ...]:
    wrong = Counter((_expected_name(row), _read_name(row)) for row in rows if not row.right)
    return tuple((*pair, count) for pair, count in wrong.most_common(MOST_CONFUSIONS))


@dataclass(frozen=True, slots=True)
class SlotCounts:
    """Slots of one row: found right; of the right name with a wrong value; missed; made up."""

    right: int
    substituted: int
    deleted: int
    inserted: int


def _slot_counts(row: Judged) -> SlotCounts:
    want = list(row.expected.slots or ())
    got = list(row.first.slots if row.first is not None else ())
    right = 0
    for slot in list(want):
        match = next((found for found in got if _same(slot, found)), None)
        if match is not None:
            want.remove(slot)
            got.remove(match)
            right += 1
    names = Counter(slot.name for slot in want) & Counter(slot.name for slot in got)
    substituted = sum(names.values())
    return SlotCounts(right, substituted, len(want) - substituted, len(got) - substituted)


def _same(want: ExpectedSlot, found: SlotValue) -> bool:
    if want.name != found.name:
        return False
    if want.start is not None:
        return (want.start, want.end) == (found.start, found.end)
    said = {value.casefold() for value in (found.value, found.normalised or "")}
    return want.value.casefold() in said


def _f1(counts: Sequence[SlotCounts]) -> float | None:
    right = sum(count.right for count in counts)
    wrong = sum(2 * c.substituted + c.deleted + c.inserted for c in counts)
    return _share(2 * right, 2 * right + wrong)


def _semer(rows: Sequence[Judged], counts: Sequence[SlotCounts]) -> float | None:
    """Semantic error rate; a wrong intent is a substitution, no reading at all a deletion."""
    wrong_intents = sum(not row.right for row in rows)
    errors = sum(c.substituted + c.deleted + c.inserted for c in counts) + wrong_intents
    reference = sum(c.right + c.substituted + c.deleted for c in counts) + len(rows)
    return _share(errors, reference)


def _perfect(row: Judged) -> bool:
    counts = _slot_counts(row)
    return row.right and not (counts.substituted or counts.deleted or counts.inserted)
