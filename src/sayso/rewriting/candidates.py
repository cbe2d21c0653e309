"""Votes -> candidates: what is said in vain, and what those who said it meant.

A candidate is the likeliest last request of a walk that ends well, if it passes every gate. The
gates are data: what each asks for stands in `Gates`, and a candidate that fails names the first
one it failed, for the report.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.stats import beta

from sayso.rewriting.walks import Chain, Counts, chain_of, success_after
from sayso.types.lessons import CERTAIN, Evidence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
VOUCHING = 10.0  # people for whom a rewrite was applied who halve the word of those who rephrased


@dataclass(frozen=True, slots=True)
class Gates:
    """What a candidate must clear.

    users: people who said it. voters: people who went on to what is meant, and its share of all
        who went on to anything else that ended well, in whatever words.
    lift: how many times likelier a walk ends well in what is meant than in what was said. Who gives
        up in silence looks served, so it takes little; gain: how many times better those fare who
        go on to what is meant.
    fails: success of what was said, at most; a request that mostly works is left alone.
    others: people, for each voter, who say what is meant by themselves: what only those say who
        were led there is no request that people know.
    alike: how like each other both must be, by sound or meaning, in [0, 1], unless as many as
        `unlike_voters` people vouch for it.
    """

    users: int = 30
    voters: int = 8
    share: float = 0.5
    lift: float = 0.5
    gain: float = 2.0
    fails: float = 0.6
    others: float = 0.5
    alike: float = 0.5
    unlike_voters: int = 100


@dataclass(frozen=True, slots=True)
class Votes:
    """`Ballots` in memory, states numbered 0..n-1.

    states: (n,) their ids. meanings: (n,), equal for states that are understood alike.
    users: (n,) who said it, rewritten or not; well, badly: (n,), of those who were left alone.
    moves, moved_well, voters: (n, n), sparse: votes, the part that went well, and people; applied,
    applied_well, helped: the same of moves that a rewrite made.
    """

    states: Ints
    meanings: Ints
    users: Floats
    well: Floats
    badly: Floats
    moves: sparse.csr_array
    moved_well: sparse.csr_array
    voters: sparse.csr_array
    applied: sparse.csr_array
    applied_well: sparse.csr_array
    helped: sparse.csr_array


@dataclass(frozen=True, slots=True)
class Candidate:
    """said, meant: ids of states. barred: the gate that it failed, "" if none."""

    said: int
    meant: int
    evidence: Evidence
    barred: str = ""


def candidates(votes: Votes, gates: Gates) -> list[Candidate]:
    """For every state that enough people say and that often fails, its best rewrite.

    A state that is itself rewritten is no target. Barred ones come along, for the report.
    """
    worth_a_look = _worth_a_look(votes, gates)
    if not len(worth_a_look):
        return []
    chain = _superposed(votes)
    reached = success_after(chain, worth_a_look)
    found = [_best(int(i), reached[[row]], votes, gates) for row, i in enumerate(worth_a_look)]
    there = [each for each in found if each is not None]
    rewritten = {each.said for each in there if not each.barred}
    return [_unless_rewritten(each, rewritten) for each in there]


def _superposed(votes: Votes) -> Chain:
    """The chain of moves that people made and those that rewrites made, as if people had.

    What failed after a rewrite counts where it belongs: for the pair, not for its target, which
    fares as it does with those who say it themselves.
    """
    return chain_of(Counts(votes.moves + votes.applied, votes.well, votes.badly))


def _worth_a_look(votes: Votes, gates: Gates) -> Ints:
    """States that enough people say, some of whom went on to say something else."""
    moved = np.asarray((votes.moves + votes.applied).sum(axis=1)).ravel()
    own = np.asarray(votes.moves.diagonal())
    failing = _success(votes) < gates.fails
    return np.flatnonzero((votes.users >= gates.users) & (moved > own) & failing)


def _success(votes: Votes) -> Floats:
    """Share of people whom a state, left alone, serves at once."""
    moved = np.asarray(votes.moves.sum(axis=1)).ravel()
    total = votes.well + votes.badly + moved
    return np.asarray(np.divide(votes.well, total, out=np.ones_like(total), where=total > 0))


def _best(i: int, row: sparse.csr_array, votes: Votes, gates: Gates) -> Candidate | None:
    """The likeliest last request other than i itself, with its evidence and the gate it fails.

    People put what they mean in many ways: first what they mean, then the likeliest way.
    """
    targets, chances = row.indices.astype(np.int64), row.data
    meanings = votes.meanings[targets]
    other = meanings != votes.meanings[i]
    if not other.any():
        return None
    by_meaning = np.bincount(meanings, np.where(other, chances, 0.0))
    meant = int(np.argmax(by_meaning))
    alike = targets[meanings == meant]
    j = int(alike[np.argmax(chances[meanings == meant])])
    ends_there = float(by_meaning[meant])
    ends_here = float(chances[targets == i].sum())
    evidence = _evidence(i, j, alike, ends_there / max(ends_here, 1e-9), votes)
    share = ends_there / float(by_meaning.sum())
    barred = _barred(i, j, share, evidence, gates, votes)
    return Candidate(int(votes.states[i]), int(votes.states[j]), evidence, barred)


def _evidence(i: int, j: int, alike: Ints, lift: float, votes: Votes) -> Evidence:
    """How those fared who left i alone, and those who came from it to j or what means the same.

    Who rephrases tells what they meant; for whom it is applied may have meant something else. So
    the more people it was applied for, the less the former count.
    """
    alone_well = float(votes.well[i])
    alone_all = alone_well + float(votes.badly[i]) + float(votes.moves[[i]].sum())
    applied = float(votes.applied[i, j])
    worth = VOUCHING / (VOUCHING + applied)
    led_well = worth * _sum(votes.moved_well, i, alike) + float(votes.applied_well[i, j])
    led_all = worth * _sum(votes.moves, i, alike) + applied
    before, after = _bounds(alone_well, alone_all), _bounds(led_well, led_all)
    return Evidence(
        users=int(votes.users[i]),
        # Those whom a live rewrite spares the detour would have voted for it: without them it would
        # lose its support in time, be retired, and be found again.
        voters=int(_sum(votes.voters, i, alike) + votes.helped[i, j]),
        before=before[1],
        before_high=before[2],
        after=after[1],
        after_low=after[0],
        lift=min(lift, 999.0),
    )


def _sum(matrix: sparse.csr_array, i: int, columns: Ints) -> float:
    """Of some columns of a row."""
    return float(matrix[[i]][:, columns].sum())


def _bounds(well: float, total: float) -> tuple[float, float, float]:
    """Lower 95 % bound, mean and upper bound of a share, with one vote either way before any."""
    a, b = well + 1.0, max(total - well, 0.0) + 1.0
    low, high = beta.ppf([0.025, 0.975], a, b)
    return float(low), a / (a + b), float(high)


def _barred(
    i: int,
    j: int,
    share: float,
    evidence: Evidence,
    gates: Gates,
    votes: Votes,
) -> str:
    """The first gate that a candidate does not clear."""
    led = float(votes.voters[i, j])
    if evidence.voters < gates.voters:
        return "too few people"
    if share < gates.share:
        return "people meant different things"
    if evidence.lift < gates.lift:
        return "ends well as it is"
    if evidence.after < gates.gain * evidence.before:
        return "not much better"
    if evidence.after_low <= evidence.before_high:
        return "not surely better"
    if votes.users[j] - led < gates.others * led:
        return "nobody else says what it would become"
    return ""


def _unless_rewritten(each: Candidate, rewritten: set[int]) -> Candidate:
    if each.barred or each.meant not in rewritten:
        return each
    return Candidate(each.said, each.meant, each.evidence, "its target is itself rewritten")


def votes_of(
    people: Sequence[tuple[int, int]],
    ends: Sequence[tuple[int, int, int]],
    moves: Sequence[tuple[int, int, int, int, int]],
    applied: Sequence[tuple[int, int, int, int, int]] = (),
    meant: Mapping[int, Hashable] | None = None,
) -> Votes:
    """`Votes` from rows of the tables of `Ballots`, columns in their order there.

    meant: state -> how it is understood; one that is not understood means nothing else.
    """
    said, ended, own, led = (
        np.array(rows, np.int64).reshape(-1, width)
        for rows, width in ((people, 2), (ends, 3), (moves, 5), (applied, 5))
    )
    states = np.unique(np.concatenate([said[:, 0], own[:, 1], led[:, 1]]))

    def column(rows: Ints, of: int, unit: float) -> Floats:
        filled = np.zeros(len(states))
        filled[np.searchsorted(states, rows[:, 0])] = rows[:, of] / unit
        return filled

    def matrix(rows: Ints, of: int, unit: float) -> sparse.csr_array:
        at = (np.searchsorted(states, rows[:, 0]), np.searchsorted(states, rows[:, 1]))
        return sparse.csr_array((rows[:, of] / unit, at), shape=(len(states), len(states)))

    known = meant or {}
    numbers: dict[Hashable, int] = {}
    meanings = [
        numbers.setdefault(known.get(state, ("", state)), len(numbers)) for state in states.tolist()
    ]
    return Votes(
        states,
        np.array(meanings, np.int64),
        column(said, 1, 1),
        column(ended, 1, CERTAIN),
        column(ended, 2, CERTAIN),
        *(matrix(own, of, unit) for of, unit in ((2, CERTAIN), (3, CERTAIN), (4, 1))),
        *(matrix(led, of, unit) for of, unit in ((2, CERTAIN), (3, CERTAIN), (4, 1))),
    )
