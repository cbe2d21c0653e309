"""What a run learnt, from how many people, and what it is worth: for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.jobs.charts import CHARTS, Chart, draw
from sayso.jobs.daily import Day, by_day
from sayso.rewriting.ballots import REPHRASED_BP
from sayso.rewriting.mine import Findings
from sayso.runtime.taught import open_online
from sayso.types.lessons import CERTAIN, Policy, Rewrite, RewriteState

if TYPE_CHECKING:
    from sayso.jobs.lessons import Examples, Seen
    from sayso.jobs.work import Run

MARKDOWN, JSON = "report.md", "report.json"
TELLING = (MARKDOWN, JSON, *CHARTS)  # files of a version that only tell
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
class Behind:
    """How many people stand behind a rewrite: said it, went on to what is meant."""

    id: str
    state: str
    people: int
    voters: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to.

    rows: of the log, by what became of them. turns, people, texts: that were learnt from.
    defects: expected share of turns that were not what was wanted; evidence: what spoke for it
    most, by name. rephrased: share of turns that were said again. barred: candidates by the gate
    that they failed. states: rewrites by state. examples: what the gate of new examples said;
    dropped: pairs of texts that gave none, by why. days: how each went. learnt: how much there is
    now, by kind. behind: of all rewrites that are not retired, those of most people first.
    policies: ways to deal with turns that are tried or proven, each with its state and why.
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
    days: Sequence[Day] = ()
    learnt: Mapping[str, int] = field(default_factory=dict)
    behind: Sequence[Behind] = ()
    policies: Mapping[str, str] = field(default_factory=dict)

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
    requests: Path,
    examples: Examples,
    before: Sequence[Rewrite],
    population: Sequence[Rewrite],
    policies: Sequence[Policy],
    run: Run,
) -> Report:
    """Count what a run saw and did. requests: the folder of what went well."""
    turns, verdicts = seen.events.turns, seen.verdicts
    of_turns = turns.aggregate(n=turns.count(), people=turns.user.nunique()).to_pyarrow()
    count, people = of_turns["n"][0].as_py(), of_turns["people"][0].as_py()
    of_verdicts = verdicts.aggregate(
        defect=verdicts.defect_bp.cast("int64").sum(),
        again=(verdicts.rephrased_bp >= REPHRASED_BP).cast("int64").sum(),
    ).to_pyarrow()
    named = verdicts.filter(verdicts.evidence != "")
    held = named.group_by("evidence").agg(n=named.count()).to_pyarrow()
    strongest: Counter[str] = Counter()
    for each, n in zip(held["evidence"].to_pylist(), held["n"].to_pylist(), strict=True):
        strongest[each.split("+")[0]] += n  # not in the tables: to Spark, "+" is a pattern
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
        evidence=dict(sorted(strongest.items())),
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
        days=by_day(turns, verdicts),
        learnt=_learnt(population, requests, examples),
        behind=_behind(population),
        policies={each.id: f"{each.state.value}: {each.reason}" for each in policies},
    )


def _learnt(population: Sequence[Rewrite], requests: Path, examples: Examples) -> Mapping[str, int]:
    states = Counter(each.state for each in population)
    online = open_online(requests)
    return {
        **{f"rewrites, {state}": states[state] for state in RewriteState if states[state]},
        "requests": sum(map(len, online.indexes.values())) if online is not None else 0,
        "examples": len(examples.labels) + len(examples.sure),
    }


def _behind(population: Sequence[Rewrite]) -> Sequence[Behind]:
    alive = [each for each in population if each.state is not RewriteState.RETIRED]
    alive.sort(key=lambda each: (-each.evidence.users, each.id))
    return [
        Behind(each.id, each.state.value, each.evidence.users, each.evidence.voters)
        for each in alive
    ]


def write_report(folder: Path, report: Report) -> None:
    """Both reports and the charts, into a folder."""
    (folder / JSON).write_text(json.dumps(asdict(report), indent=1), encoding="utf-8")
    charts = draw(folder, report)
    (folder / MARKDOWN).write_text(markdown(report, charts), encoding="utf-8")


def markdown(report: Report, charts: Sequence[Chart] = ()) -> str:
    """The report for people."""
    lines = [
        f"# What was learnt, {report.at[:16].replace('T', ' ')}",
        "",
        report.in_words(),
        "",
        *(line for each in charts for line in (f"![{each.alt}]({each.file})", "")),
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
        "",
        "| how turns are dealt with | |",
        "| --- | --- |",
        *(f"| {name} | {state} |" for name, state in report.policies.items()),
    ]
    return "\n".join(lines) + "\n"


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _cell(text: Any) -> str:
    return str(text).replace("|", "\\|")
