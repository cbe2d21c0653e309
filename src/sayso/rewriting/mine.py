"""Turns and verdicts -> rewrites that are worth a trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sayso.feedback.opposed import opposed
from sayso.rewriting.ballots import Ballots, ballots
from sayso.rewriting.candidates import Candidate, Gates, Votes, candidates, votes_of
from sayso.rewriting.population import Mined
from sayso.rewriting.trials import Block, judge
from sayso.types.lessons import Arm, Trial
from sayso.understanding.online.differences import Crossing, difference, has_rules

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from sayso.events.engines import Engine

LEAST_VOTERS = 2  # of a move that is looked at: what one person does once is no path
Alike = Callable[[Sequence[str], Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, and what it is understood as. side_effects: of that; None: it is not understood."""

    text: int
    words: str
    shown: str
    language: str
    users: int
    private: bool
    skill: str | None
    intent: str | None
    side_effects: bool | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a log gives. trials: of rewrites that it shows at work, by id."""

    mined: Sequence[Mined]
    trials: Mapping[str, Trial]


def mine(
    engine: Engine,
    turns: ir.Table,
    verdicts: ir.Table,
    texts: ir.Table,
    gates: Gates,
    alike: Alike,
) -> Findings:
    """The rewrites of a log, those that a gate bars among them, and how live ones fare.

    alike: how like each other texts are, in [0, 1], by sound or by meaning.
    """
    counted = ballots(engine, turns, verdicts, texts)
    found = candidates(_votes(engine, counted), gates)
    wordings = _wordings(engine, counted, texts, found)
    mined = [
        one
        for each in found
        for one in _spelled_out(
            each, wordings.get(each.said, ()), wordings.get(each.meant, ()), gates.users
        )
    ]
    return Findings(_unlike_barred(mined, gates, alike), _trials(engine, counted.tried))


def _votes(engine: Engine, counted: Ballots) -> Votes:
    # Whatever wordings a state has, the text that it is named by is understood as all of them are.
    meant = counted.readings.select("skill", "intent", "slots", state="text")
    enough = counted.moves.filter(counted.moves.voters >= LEAST_VOTERS)
    names = ("state", "after", "votes_bp", "well_bp", "voters")
    return votes_of(
        _rows(engine, counted.people, "state", "users"),
        _rows(engine, counted.ends, "state", "well_bp", "badly_bp"),
        _rows(engine, enough, *names),
        _rows(engine, counted.applied, *names),
        {
            state: tuple(reading)
            for state, *reading in _rows(engine, meant, "state", "skill", "intent", "slots")
        },
    )


def _rows(engine: Engine, table: ir.Table, *columns: str) -> list[tuple[Any, ...]]:
    """Rows in one order, whatever engine they come from."""
    held = engine.fetch(table.select(*columns))
    return sorted(zip(*(held[name].to_pylist() for name in columns), strict=True))


def _wordings(
    engine: Engine, counted: Ballots, texts: ir.Table, found: Sequence[Candidate]
) -> dict[int, list[Wording]]:
    """State -> its wordings, those that most people use first."""
    wanted = sorted({state for each in found for state in (each.said, each.meant)})
    if not wanted:
        return {}
    states = counted.states.filter(counted.states.state.isin(wanted))
    named = texts.join(states, "text")
    read = counted.readings.select("text", "skill", "intent", "side_effects")
    joined = named.left_join(read, "text").select(
        "state", "text", "words", "shown", "language", "users", "private", "skill", "intent",
        "side_effects",
    )  # fmt: skip
    by_state: dict[int, list[Wording]] = {}
    for row in engine.fetch(joined).to_pylist():
        by_state.setdefault(row.pop("state"), []).append(Wording(**row))
    return {
        state: sorted(there, key=lambda x: (-x.users, x.text)) for state, there in by_state.items()
    }


def _spelled_out(
    each: Candidate, said: Sequence[Wording], meant: Sequence[Wording], people: int
) -> list[Mined]:
    """A candidate of states as rewrites of wordings, into the commonest wording of what is meant.

    Only what so many people say word for word is looked up: rarer wordings count together as votes,
    but each may fare otherwise, and may be what a person is known by. Nothing that held personal
    data is looked up, or put into anybody's mouth.
    """
    targets = [wording for wording in meant if not wording.private]
    if not targets:
        return []
    target = targets[0]
    return [
        Mined(
            wording.language,
            wording.words,
            target.shown,
            each.evidence,
            each.barred or _not_allowed(wording, target),
        )
        for wording in said
        if wording.users >= people and not wording.private and wording.words != target.words
    ]


def _not_allowed(said: Wording, meant: Wording) -> str:
    """What bars a rewrite whatever the votes say."""
    if said.language != meant.language:
        return "another language"
    if meant.side_effects is None:
        return "nothing understands what it would become"
    if meant.side_effects:
        return "it would act with side effects"
    lost = difference(said.words, meant.words, meant.language)
    if lost.crossing is Crossing.NEVER:
        return lost.what
    # Second thoughts ask the person in a language without rules; a table cannot.
    if not has_rules(meant.language) and opposed(said.words, meant.words):
        return "it asks for the opposite"
    return ""


def _unlike_barred(mined: Sequence[Mined], gates: Gates, alike: Alike) -> list[Mined]:
    """Those that are unlike what was said need more people to vouch for them."""
    open_ = [each for each in mined if not each.barred]
    likeness = dict(
        zip(
            (each.id for each in open_),
            alike([each.said for each in open_], [each.meant for each in open_]),
            strict=True,
        )
    )
    return [
        replace(each, barred="unlike what was said")
        if not each.barred
        and likeness[each.id] < gates.alike
        and each.evidence.voters < gates.unlike_voters
        else each
        for each in mined
    ]


def _trials(engine: Engine, tried: ir.Table) -> dict[str, Trial]:
    """rewrite -> its trial so far, day by day."""
    days: dict[str, dict[Any, dict[str, tuple[int, int]]]] = {}
    for rewrite, day, arm, users, defects in _rows(
        engine, tried, "rewrite", "day", "arm", "users", "defects"
    ):
        days.setdefault(rewrite, {}).setdefault(day, {})[arm] = (users, defects)
    nobody = (0, 0)
    return {
        rewrite: judge(
            Block(*arms.get(Arm.APPLIED, nobody), *arms.get(Arm.HELD_OUT, nobody))
            for _, arms in sorted(blocks.items())
        )
        for rewrite, blocks in days.items()
    }
