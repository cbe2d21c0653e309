"""What a run learnt, from how many people, and what it is worth: for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.rewriting.mine import Findings
from sayso.types.lessons import CERTAIN, Rewrite

if TYPE_CHECKING:
    from sayso.jobs.lessons import Examples, Seen
    from sayso.jobs.work import Run

MARKDOWN, JSON = "report.md", "report.json"
MOST_SHOWN = 30  # rewrites in the report for people; the one for programs has all


@dataclass(frozen=True, slots=True)
class Change:
    """A rewrite that came into another state in this run."""

    id: str
    said: str
    meant: str
    before: str | None
    after: str
    reason: str
    people: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to.

    rows: of the log, by what became of them. turns, people, texts: that were learnt from.
    defects: expected share of turns that were not what was wanted; evidence: what spoke for it
    most, by name. rephrased: share of turns that were said again. barred: candidates by the gate
    that they failed. states: rewrites by state. examples: what the gate of new examples said;
    dropped: pairs of texts that gave none, by why. layers: how second thoughts do, a line each.
    """

    at: str
    resumed: bool
    rows: Mapping[str, int]
    turns: int
    people: int
    texts: int
    defects: float
    evidence: Mapping[str, int]
    rephrased: float
    candidates: int
    barred: Mapping[str, int]
    states: Mapping[str, int]
    changes: Sequence[Change] = field(default_factory=tuple)
    examples: str = ""
    dropped: Mapping[str, int] = field(default_factory=dict)
    layers: Sequence[str] = ()

    def in_words(self) -> str:
        """One line for the end of a run."""
        if not self.turns:
            return "The log is empty: nothing to learn from."
        new = sum(each.before is None for each in self.changes)
        told = f"{self.turns:,} turns of {self.people:,} people: {self.defects:.1%} went wrong, "
        told += f"{self.rephrased:.1%} were said again. "
        served = ", ".join(
            f"{self.states[state]} {state}"
            for state in ("live", "canary", "shadow")
            if self.states.get(state)
        )
        told += f"{new} new rewrites; {served or 'none served'}."
        return f"{told} {self.examples[:1].upper()}{self.examples[1:]}." if self.examples else told


def report_of(
    seen: Seen,
    findings: Findings,
    examples: Examples,
    before: Sequence[Rewrite],
    population: Sequence[Rewrite],
    run: Run,
) -> Report:
    """Count what a run saw and did."""
    turns, verdicts = seen.events.turns, seen.verdicts
    of_turns = turns.aggregate(n=turns.count(), people=turns.user.nunique()).to_pyarrow()
    count, people = of_turns["n"][0].as_py(), of_turns["people"][0].as_py()
    of_verdicts = verdicts.aggregate(
        defect=verdicts.defect_bp.cast("int64").sum(),
        again=(verdicts.rephrased_bp >= CERTAIN // 2).cast("int64").sum(),
    ).to_pyarrow()
    named = verdicts.filter(verdicts.evidence != "")
    strongest = (
        named.mutate(name=named.evidence.split("+")[0])
        .group_by("name")
        .agg(n=lambda each: each.count())
    )
    held = strongest.to_pyarrow()
    counted = seen.events.counted
    known = {each.id: each.state for each in before}
    return Report(
        at=run.now.isoformat(),
        resumed=run.resumed,
        rows=asdict(counted) if counted is not None else {},
        turns=count,
        people=people,
        texts=seen.events.texts.count().to_pyarrow().as_py(),
        defects=(of_verdicts["defect"][0].as_py() or 0) / CERTAIN / max(count, 1),
        evidence=dict(sorted(zip(held["name"].to_pylist(), held["n"].to_pylist(), strict=True))),
        rephrased=(of_verdicts["again"][0].as_py() or 0) / max(count, 1),
        candidates=len(findings.mined),
        barred=dict(Counter(each.barred for each in findings.mined if each.barred)),
        states=dict(Counter(each.state.value for each in population)),
        changes=[
            Change(
                each.id,
                each.said,
                each.meant,
                known[each.id].value if each.id in known else None,
                each.state.value,
                each.reason,
                each.evidence.users,
            )
            for each in population
            if known.get(each.id) is not each.state
        ],
        examples=examples.in_words,
        dropped=examples.dropped,
    )


def write_report(folder: Path, report: Report) -> None:
    """Both reports, into a folder."""
    (folder / JSON).write_text(json.dumps(asdict(report), indent=1), encoding="utf-8")
    (folder / MARKDOWN).write_text(markdown(report), encoding="utf-8")


def markdown(report: Report) -> str:
    """The report for people."""
    lines = [
        f"# What was learnt, {report.at[:16].replace('T', ' ')}",
        "",
        report.in_words(),
        "",
        *(f"- {line}" for line in report.layers),
        *([""] if report.layers else []),
        "| what spoke for a defect most | turns |",
        "| --- | --- |",
        *(f"| {name} | {count:,} |" for name, count in _most_first(report.evidence)),
        "",
        "| what kept a candidate from being tried | candidates |",
        "| --- | --- |",
        *(f"| {name} | {count:,} |" for name, count in _most_first(report.barred)),
        "",
        "| what is said | is read as | people | was | is | why |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {_cell(x.said)} | {_cell(x.meant)} | {x.people:,} | {x.before or 'new'} "
            f"| {x.after} | {x.reason} |"
            for x in sorted(report.changes, key=lambda x: -x.people)[:MOST_SHOWN]
        ),
    ]
    return "\n".join(lines) + "\n"


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _cell(text: Any) -> str:
    return str(text).replace("|", "\\|")
