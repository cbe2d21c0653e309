"""Turns and verdicts -> votes: how many people went from request to request, and how it ended.

A state is a request as it was understood, so that wordings are pooled; a wording that enough people
use stands alone, for it may fail where others that were understood alike do not (misheard, the
sentence lost a word that mattered).

Everybody has one ballot for each state, split among what they did next in proportion: one vote a
person for a move at most, and one insistent person teaches nobody.

A turn in which a rewrite was applied counts as a move from what was said to what it was rewritten
to, and how it went is how that move went. What was said fares as it does where nothing is applied.
Without this a rewrite that works hides its own evidence: the next run would retire it, and the one
after that find it again (2205.00029).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.types.lessons import CERTAIN, Arm

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from sayso.events.engines import Engine

ALONE = 10  # people who use a wording from whom on it is a state of its own
DAY = 86_400_000_000  # microseconds
REPHRASED_BP = 5_000  # basis points from which on a later turn is what was meant


@dataclass(frozen=True, slots=True)
class Ballots:
    """Tables of votes, in basis points of a person.

    states: text, state.
    readings: text, skill, intent, slots, side_effects, of the commonest reading of each text.
    moves: state, after, votes_bp, well_bp, voters: people who said the same again as `after`, and
        the part of their votes whose `after` went well.
    applied: the same of people for whom a rewrite made the move.
    people: state, users: who said it, rewritten or not.
    ends: state, well_bp, badly_bp: of those who were left alone.
    tried: rewrite, day, arm, users, defects: people for whom it was applied or held out, and
        those of them for whom it mostly went wrong, day by day.
    """

    states: ir.Table
    people: ir.Table
    readings: ir.Table
    moves: ir.Table
    applied: ir.Table
    ends: ir.Table
    tried: ir.Table


def ballots(engine: Engine, turns: ir.Table, verdicts: ir.Table, texts: ir.Table) -> Ballots:
    """Count the votes. The tables are those of `events` and `feedback`."""
    readings = engine.keep(_readings(turns), "readings")
    states = engine.keep(_states(readings, texts), "states")
    judged = engine.keep(_judged(turns, verdicts), "judged")
    steps = engine.keep(_own_steps(judged), "steps")
    own = engine.keep(_shares(_in_states(steps, states)), "shares")
    applied = engine.keep(_applied_steps(judged), "applied_steps")
    ended = own.after.isnull()
    said = judged.select("user", "text").join(states, "text")
    return Ballots(
        states,
        said.group_by("state").agg(users=said.user.nunique()),
        readings,
        _moves(own),
        _moves(_shares(_in_states(applied, states))),
        own.group_by("state").agg(
            well_bp=own.well_bp.sum(where=ended).fill_null(0),
            badly_bp=own.badly_bp.sum(where=ended).fill_null(0),
        ),
        _tried(judged),
    )


def _judged(turns: ir.Table, verdicts: ir.Table) -> ir.Table:
    """Turns with what is known of how they went."""
    known = verdicts.select("turn", "defect_bp", "rephrased_by", "rephrased_bp")
    named = turns.select("at", "user", "text", "read", "rewrite", "arm", turn="number")
    return named.join(known, "turn")


def _readings(turns: ir.Table) -> ir.Table:
    """What Sayso makes of each text by itself, most often."""
    import ibis

    plain = turns.filter((turns.text == turns.read) & (turns.outcome == "act"))
    read = plain.group_by("text", "language", "skill", "intent", "slots").agg(
        n=plain.count(), side_effects=plain.side_effects.any()
    )
    order = [read.n.desc(), read.skill, read.intent, read.slots]
    first = read.mutate(place=ibis.row_number().over(group_by=read.text, order_by=order))
    return first.filter(first.place == 0).drop("n", "place")


def _states(readings: ir.Table, texts: ir.Table) -> ir.Table:
    """text -> state: itself where many use it, else the least text of those understood alike."""
    few = texts.filter(texts.users < ALONE).select("text")
    rare = readings.join(few, "text")
    alike = [rare.language, rare.skill, rare.intent, rare.slots]
    pooled = rare.select("text", state=rare.text.min().over(group_by=alike))
    joined = texts.select("text").left_join(pooled, "text")
    return joined.select("text", state=joined.state.fill_null(joined.text))


def _own_steps(judged: ir.Table) -> ir.Table:
    """user, said, after (null for an end), well_bp, badly_bp: of texts, a row a turn."""
    import ibis

    other = judged.view()  # or Ibis takes its columns for those of the turn itself
    later = other.select(
        rephrased_by="turn", meant="text", then_bp=CERTAIN - other.defect_bp.cast("int64")
    )
    known = judged.filter(judged.text == judged.read).left_join(later, "rephrased_by")
    again = known.rephrased_bp >= REPHRASED_BP
    defect = known.defect_bp.cast("int64")
    return known.select(
        "user",
        said="text",
        after=ibis.ifelse(again, known.meant, ibis.null("int64")),
        well_bp=ibis.ifelse(again, known.then_bp, CERTAIN - defect),
        badly_bp=ibis.ifelse(again, CERTAIN - known.then_bp, defect),
    )


def _applied_steps(judged: ir.Table) -> ir.Table:
    """The same of moves that a rewrite made; how the turn went is how the move went."""
    applied = judged.filter(judged.text != judged.read)
    defect = applied.defect_bp.cast("int64")
    return applied.select(
        "user", said="text", after="read", well_bp=CERTAIN - defect, badly_bp=defect
    )


def _in_states(steps: ir.Table, states: ir.Table) -> ir.Table:
    """The same between states."""
    of = states.select(said="text", state="state")
    then = states.select(after="text", next="state")
    begun = steps.join(of, "said").select("user", "state", "after", "well_bp", "badly_bp")
    known = begun.left_join(then, "after")
    return known.select("user", "state", "well_bp", "badly_bp", after="next")


def _shares(steps: ir.Table) -> ir.Table:
    """user, state, after, well_bp, badly_bp: each person's ballot for each state, split."""
    cast = steps.group_by("user", "state", "after").agg(
        n=steps.count(), well_bp=steps.well_bp.sum(), badly_bp=steps.badly_bp.sum()
    )
    whole = cast.n.sum().over(group_by=[cast.user, cast.state])
    return cast.mutate(well_bp=cast.well_bp // whole, badly_bp=cast.badly_bp // whole).drop("n")


def _moves(shares: ir.Table) -> ir.Table:
    """state, after, votes_bp, well_bp, voters."""
    moved = shares.filter(shares.after.notnull())
    return moved.group_by("state", "after").agg(
        votes_bp=(moved.well_bp + moved.badly_bp).sum(),
        well_bp=moved.well_bp.sum(),
        voters=moved.user.nunique(),
    )


def _tried(judged: ir.Table) -> ir.Table:
    """How rewrites fared in the open, one vote a person a day."""
    arms = [Arm.APPLIED.value, Arm.HELD_OUT.value]
    tried = judged.filter(judged.rewrite.notnull() & judged.arm.isin(arms))
    daily = tried.mutate(day=tried["at"] // DAY)
    mine = daily.group_by("rewrite", "day", "arm", "user").agg(
        n=daily.count(), defect_bp=daily.defect_bp.cast("int64").sum()
    )
    wrong = (mine.defect_bp * 2 >= mine.n * CERTAIN).cast("int64")
    judged_daily = mine.mutate(wrong=wrong)
    return judged_daily.group_by("rewrite", "day", "arm").agg(
        users=judged_daily.count(), defects=judged_daily.wrong.sum()
    )
